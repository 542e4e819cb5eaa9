"""Filters that need no scope are answered by an index, under the policies that every request runs under."""

import re
from typing import Any

import psycopg
import pytest
from sqlalchemy import select

from app import models
from app.db.rendering import render
from app.db.scope import Scope
from app.loaders.filtering import Filter
from app.loaders.links import KEYS
from app.loaders.lists import all_rows
from app.loaders.window import Window
from app.models.space import SpaceType
from tests.clients.waiting import SOON, within
from tests.databases import execute_in, opened, run_call

ORG, COMMUNITY, PART, DEEPER = (str(100_001 + place) for place in (0, 1, 3, 4))
"""The ids of the organisation that was generated, of its community, and of spaces below: the next after those that
the migrations take."""


def test_the_generated_ids_are_the_next_ones(generated_url: str) -> None:
    assert execute_in(generated_url, "select min(id) from org")[0][0] == int(ORG)


def plan_of(url: str, wanted: dict[str, Any], model: type[models.Entity] = models.Space) -> str:
    """Explain a list as a request of the super administrator runs it, by its own role and under the policies."""
    with psycopg.connect(url) as connection:
        return explained(connection, wanted, model)


def explained(connection: psycopg.Connection, wanted: dict[str, Any], model: type[models.Entity]) -> str:
    """Explain a list within the transaction of a connection."""
    condition = Filter(model, sees_personal=True).condition(wanted)
    columns = ("id", "time") if model is models.Change else ("id", "created_by")
    statement = render(all_rows(model).rows(columns, Window((condition,), limit=21)))
    run_call(connection, Scope.everything().opening)
    return "\n".join(run_call(connection, statement.call({KEYS: [0]}), "explain"))


@pytest.mark.parametrize(
    ("wanted", "index"),
    [
        ({"name": {"contains": "生成小区"}}, "space_name_trgm_idx"),
        ({"name": {"contains": "小区"}}, "space_name_letters_idx"),
        ({"name": {"contains": "1栋"}}, "space_name_letters_idx"),
        ({"name": {"contains": "成"}}, "space_name_letters_idx"),
        ({"name": {"startsWith": "生成小区"}}, "space_name_trgm_idx"),
        ({"name": {"eq": "生成小区1"}}, "space_name_idx"),
        ({"parentId": {"eq": COMMUNITY}}, "space_parent_id_idx"),
        ({"under": PART}, "space_path_key"),
        ({"code": {"startsWith": "100000000100000003100000002100000001"}}, "space_code_idx"),
        ({"type": {"eq": "ZONE"}}, "space_type_idx"),
        ({"type": {"notIn": [type_.value for type_ in SpaceType if type_ is not SpaceType.ZONE]}}, "space_type_idx"),
        ({"orgId": {"ne": ORG}}, "space_org_id_idx"),
        ({"orgId": {"notIn": [ORG, COMMUNITY]}}, "space_org_id_idx"),
    ],
)
def test_an_index_answers_what_needs_no_scope(generated_url: str, wanted: dict[str, Any], index: str) -> None:
    check_plan(generated_url, wanted, index)


def test_an_index_answers_that_a_space_is_not_of_the_one_community(generated_url: str) -> None:
    ((community,),) = execute_in(generated_url, "select id from space where type = 'COMMUNITY'")
    check_plan(generated_url, {"communityId": {"ne": str(community)}}, "space_community_id_idx")


def test_an_index_answers_which_phone_numbers_have_a_part(generated_url: str) -> None:
    assert "customer_phone_trgm_idx" in plan_of(generated_url, {"phone": {"contains": "0002345"}}, models.Customer)


@pytest.mark.parametrize("part", ["13", "9-0"])
def test_no_trigram_index_is_read_whole_for_a_part_of_a_phone_number(generated_url: str, part: str) -> None:
    """Every number has digits of it, and PostgreSQL expects few rows of any part."""
    assert "trgm" not in plan_of(generated_url, {"phone": {"contains": part}}, models.Customer)
    assert "trgm" not in plan_of(generated_url, {"customer": {"phone": {"contains": part}}}, models.PropertyRelation)


def is_vacuumed(url: str, table: str) -> bool:
    """Vacuum a table and return whether indexes alone can answer: transactions of other databases delay that."""
    execute_in(url, f"vacuum analyze {table}")
    ((is_visible,),) = execute_in(url, f"select relallvisible = relpages from pg_class where relname = '{table}'")
    return bool(is_visible)


@pytest.mark.parametrize(
    ("wanted", "index"),
    [
        ({"type": {"eq": "HOUSE"}, "tenure": {"eq": "OWNER"}, "isMain": {"eq": True}}, "property_relation_type_idx"),
        ({"customer": {"name": {"contains": "王"}}}, "property_relation_customer_id_idx"),
        ({"customer": {"phone": {"contains": "0002345"}}}, "property_relation_customer_id_idx"),
    ],
)
def test_relations_are_counted_without_reading_them(generated_url: str, wanted: dict[str, Any], index: str) -> None:
    condition = Filter(models.PropertyRelation, sees_personal=True).condition(wanted)
    statement = render(all_rows(models.PropertyRelation).counts(Window((condition,))))
    assert within(SOON, lambda: is_vacuumed(generated_url, "property_relation"))
    with opened(generated_url, Scope.everything().opening) as connection:
        plan = "\n".join(run_call(connection, statement.call({KEYS: [0]}), "explain"))
    assert f"Index Only Scan using {index} on property_relation" in plan


def test_a_list_that_starts_from_a_small_scope_reads_only_the_customers_that_it_leads_to() -> None:
    for starts_from_scope, listed in ((True, False), (False, True)):
        wanted = Filter(models.PropertyRelation, sees_personal=True, starts_from_scope=starts_from_scope)
        condition = wanted.condition({"customer": {"phone": {"contains": "13"}}})
        sql = render(select(models.PropertyRelation.id).where(condition)).sql
        assert (sql.startswith("WITH"), "EXISTS" in sql) == (listed, not listed)


def test_an_index_answers_which_changes_are_of_a_table_with_few(generated_url: str) -> None:
    assert "_entity_id_idx" in plan_of(generated_url, {"entity": {"eq": "org"}}, models.Change)


@pytest.mark.parametrize(
    ("wanted", "index"),
    [
        ({"actorId": {"eq": ORG}}, "actor_id"),
        ({"actorAccount": {"eq": "yanggc4"}}, "actor_account"),
        ({"client": {"eq": "h5-client"}}, "client"),
        ({"client": {"in": ["h5-client", "psql"]}}, "client"),
        ({"requestId": {"eq": "1f6c"}}, "request_id"),
        ({"transactionId": {"eq": "4711"}}, "transaction"),
        ({"traceparent": {"eq": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}}, "traceparent"),
        ({"traceparent": {"startsWith": "00-0af7651916cd43dd8448eb211c80319c-"}}, "traceparent"),
        ({"reason": {"eq": "CRM-4711"}}, "reason"),
        ({"reason": {"contains": "CRM-4711"}}, "reason"),
    ],
)
def test_an_index_answers_who_has_changed_what_and_why(generated_url: str, wanted: dict[str, Any], index: str) -> None:
    """What imports write has only the name of the program. Without an index an empty answer would read it all."""
    with psycopg.connect(generated_url) as connection:
        connection.execute("analyze change")  # otherwise PostgreSQL expects reasons in many rows
        plan = explained(connection, wanted, models.Change)
        connection.rollback()
    (full,) = {
        partition for (partition,) in execute_in(generated_url, "select distinct tableoid::regclass::text from change")
    }
    assert re.search(rf"on {full}_{index}_id_idx\b|using {full}_{index}_id_idx\b", plan)


@pytest.mark.parametrize("model", [models.PropertyRelation, models.Verification])
@pytest.mark.parametrize("subtree", [{"under": DEEPER}, {"underCode": "100000100000"}])
@pytest.mark.parametrize("other", [{}, {"type": {"eq": "HOUSE"}}])
def test_what_belongs_to_a_subtree_is_found_by_its_own_path(
    generated_url: str, model: type[models.Entity], subtree: dict[str, str], other: dict[str, Any]
) -> None:
    """Joined with a list of spaces, of which PostgreSQL expects ten, each relation was compared with each space."""
    plan = plan_of(generated_url, {"space": {**subtree, **other}}, model)
    assert f"{model.__tablename__}_space_path_idx" in plan
    assert "space_path_key" not in plan


@pytest.mark.parametrize("text", ["1栋", "2区/1栋"])
def test_what_lies_in_a_space_of_some_name_is_found_by_that_name(generated_url: str, text: str) -> None:
    plan = plan_of(generated_url, {"space": {"fullName": {"contains": text}}}, models.PropertyRelation)
    assert "space_name_letters_idx" in plan
    assert "property_relation_space_path_idx" in plan
    assert "Seq Scan on" not in plan


def test_no_trigram_index_is_read_whole_for_a_text_without_a_trigram(generated_url: str) -> None:
    """PostgreSQL expects as few rows of both indexes, and would take either."""
    with psycopg.connect(generated_url) as connection:
        connection.execute("drop index space_name_letters_idx")
        assert "trgm" not in explained(connection, {"name": {"contains": "1栋"}}, models.Space)
        connection.rollback()


def check_plan(url: str, wanted: dict[str, Any], index: str) -> None:
    plan = plan_of(url, wanted)
    assert index in plan
    assert "Seq Scan on space" not in plan
