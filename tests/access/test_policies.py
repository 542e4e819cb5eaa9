"""The policies in the database, in `app.access.policies` and in docs/access.md are the same."""

import re
from collections.abc import Iterator
from importlib import import_module
from itertools import chain
from typing import Any

import psycopg
import pytest

from app import models
from app.access.change_policies import CHANGE_POLICY, CHANGES, CREATE_POLICY, DELETE_POLICY
from app.access.change_reach import CHANGE_FUNCTIONS
from app.access.grants import FUNCTIONS
from app.access.policies import CHANGE, POLICIES, POLICY, RECORDED, RESERVED, SECRET_COLUMNS, changes_of
from app.access.staff_rights import STAFF_FUNCTIONS
from app.db.scope import ROLE
from scripts.access_page import PAGE, printed
from tests.worlds.nouns import skip_while_incomplete

POLICIES_THERE = """
select tablename, policyname, permissive, roles::text[], cmd, qual, with_check from pg_policies
where schemaname = current_schema() order by tablename, policyname
"""
MODULES = import_module("migrations.versions.0018_request_functions").MODULES

RECORDER = "record_change"
"""The function of the triggers that record changes; tests/db/test_changes.py tests it."""

REFUSERS = ("refuse_insert_of_customer_org", "refuse_insert_of_org_role", "refuse_update_of_customer")
"""The functions of the triggers that refuse what others have; tests/access/test_naming.py tests them."""

PUSHER = "write_push_task"

FORGETTER = "forget_login_failures"
"""The function of the trigger that writes what the push service is told; tests/push tests it."""

NUMBERERS = ("take_numbers", "take_work_order_numbers")
"""The functions that take the numbers of new nodes and work orders; tests/access/test_numbering.py and
tests/services/test_work_order.py test them."""

OF_TRIGGERS = (RECORDER, PUSHER, FORGETTER)

SUMMERS = (
    "count_spaces", "count_relations", "count_occupancy", "count_parking", "recount_spaces", "totals_of_orgs",
    "totals_of_spaces", "kept_spaces",
)  # fmt: skip
"""The functions that keep and read the totals of spaces; tests/graphql/test_summary.py, test_counts.py and
test_scope.py test them."""

FOLLOWERS = (
    "place_property_relation",
    "move_property_relations",
    "place_verification",
    "move_verifications",
    "place_work_order",
    "move_work_orders",
)
"""The functions of the triggers that keep the paths of relations, claims and work orders; tests/db/test_properties.py
tests them."""

SETTLER = "settled_change"
"""The function that tells which changes no running transaction may precede; tests/db/test_changes.py tests it."""

RANGES = "ids_in_range"
"""The function that lists the ids of a short range of times; tests/loaders/test_moments.py tests it."""

OF_REQUESTS = frozenset(function.name for function in chain.from_iterable(MODULES))
"""The functions by which requests do what follows in rows of others; tests/db/test_request_functions.py tests them."""

RUN_AS_THE_OWNER = """
select proname, pg_get_functiondef(oid), has_function_privilege('public', oid, 'execute') from pg_proc
where pronamespace = current_schema()::regnamespace and prosecdef order by proname
"""


@pytest.fixture
def owner(empty_url: str) -> Iterator[psycopg.Connection]:
    """Give a connection as the tables' owner."""
    skip_while_incomplete()
    with psycopg.connect(empty_url) as connection:
        yield connection
        connection.rollback()


def rows(connection: psycopg.Connection, sql: str, *parameters: object) -> list[tuple[Any, ...]]:
    return connection.execute(sql, parameters).fetchall()


def names(connection: psycopg.Connection, sql: str) -> set[str]:
    return {name for (name,) in rows(connection, sql)}


def relations(connection: psycopg.Connection, kinds: str) -> set[str]:
    in_schema = "relnamespace = current_schema()::regnamespace"
    own = f"{in_schema} and relkind in ({kinds}) and not relispartition"
    return names(connection, f"select relname from pg_class where {own}")


def test_every_table_has_a_policy_or_a_reason_to_have_none(owner: psycopg.Connection) -> None:
    assert relations(owner, "'r', 'p', 'f'") == POLICIES.keys() | RESERVED.keys()
    assert not POLICIES.keys() & RESERVED.keys()
    assert models.Base.metadata.tables.keys() <= POLICIES.keys() | RESERVED.keys()
    assert all(policy.words for policy in POLICIES.values())
    assert all(RESERVED.values())


def test_there_is_no_view_which_would_read_as_its_owner(owner: psycopg.Connection) -> None:
    assert relations(owner, "'v', 'm'") == set()


def test_row_level_security_is_on_where_there_is_a_policy(owner: psycopg.Connection) -> None:
    on = names(owner, "select relname from pg_class where relrowsecurity and relkind in ('r', 'p')")
    assert on == POLICIES.keys()


def test_the_database_has_these_policies_and_no_others(owner: psycopg.Connection) -> None:
    there = rows(owner, POLICIES_THERE)
    for table, policy in POLICIES.items():
        owner.execute(f"drop policy {POLICY} on {table}")
        owner.execute(f"create policy {POLICY} on {table} for select to {ROLE} using ({policy.using})")
    for name, condition in map(changes_of, RECORDED):
        owner.execute(f"drop policy {name} on {CHANGE}")
        owner.execute(f"create policy {name} on {CHANGE} for select to {ROLE} using ({condition})")
    for table, change in CHANGES.items():
        if change.columns:
            owner.execute(f"drop policy {CHANGE_POLICY} on {table}")
            owner.execute(
                f"create policy {CHANGE_POLICY} on {table} for update to {ROLE}"
                f" using ({change.using}) with check ({change.using})"
            )
        if change.created:
            owner.execute(f"drop policy {CREATE_POLICY} on {table}")
            allowed = change.checking
            owner.execute(f"create policy {CREATE_POLICY} on {table} for insert to {ROLE} with check ({allowed})")
        if change.created and change.deletable:
            owner.execute(f"drop policy {DELETE_POLICY} on {table}")
            owner.execute(f"create policy {DELETE_POLICY} on {table} for delete to {ROLE} using ({change.using})")
    assert there == rows(owner, POLICIES_THERE)


COLUMNS = """
select c.relname, a.attname, array(
  select privilege from unnest(array['SELECT', 'INSERT', 'UPDATE', 'REFERENCES']) privilege
  where has_column_privilege('cadastre_app', c.oid, a.attnum, privilege)
)
from pg_class c join pg_attribute a on a.attrelid = c.oid
where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p', 'f')
  and a.attnum > 0 and not a.attisdropped
"""


def test_the_role_reads_columns_that_are_not_secret_and_sets_those_that_may_change(owner: psycopg.Connection) -> None:
    may = "select table_name || ' ' || privilege_type from information_schema.role_table_grants where grantee = '{}'"
    assert names(owner, may.format(ROLE)) == {
        f"{table} DELETE" for table, change in CHANGES.items() if change.created and change.deletable
    }
    assert names(owner, may.format("PUBLIC") + " and table_schema = current_schema()") == set()
    there = {(table, column): privileges for table, column, privileges in rows(owner, COLUMNS)}
    assert there == {key: privileges_on(*key) for key in there}
    assert {(table, column) for table, secret in SECRET_COLUMNS.items() for column in secret} <= there.keys()


def privileges_on(table: str, column: str) -> list[str]:
    is_readable = table in POLICIES and column not in SECRET_COLUMNS.get(table, {})
    may_change = table in CHANGES and column in CHANGES[table].columns
    may_create = table in CHANGES and column in CHANGES[table].created
    return ["SELECT"] * is_readable + ["INSERT"] * may_create + ["UPDATE"] * may_change


def test_a_new_column_is_secret_until_it_is_granted(owner: psycopg.Connection) -> None:
    owner.execute("alter table customer add column pin text")
    assert ("customer", "pin", []) in rows(owner, COLUMNS)


def test_the_role_owns_nothing_and_has_no_power(owner: psycopg.Connection) -> None:
    powers = "rolcanlogin, rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls"
    (role,) = rows(owner, f"select {powers} from pg_roles where rolname = %s", ROLE)
    assert not any(role)
    assert rows(owner, "select 1 from pg_auth_members where member = %s::regrole", ROLE) == []
    assert rows(owner, "select 1 from pg_shdepend where refobjid = %s::regrole and deptype = 'o'", ROLE) == []


def test_the_database_has_these_functions_that_run_as_the_owner_and_no_others(owner: psycopg.Connection) -> None:
    there = rows(owner, RUN_AS_THE_OWNER)
    described = [signature.partition("(")[0] for signature in [*STAFF_FUNCTIONS, *CHANGE_FUNCTIONS]]
    known = [
        *FUNCTIONS,
        *described,
        RECORDER,
        *REFUSERS,
        *NUMBERERS,
        *SUMMERS,
        PUSHER,
        FORGETTER,
        RANGES,
        SETTLER,
        *FOLLOWERS,
        *OF_REQUESTS,
    ]
    assert [name for name, _, _ in there] == sorted(known)
    ids = {f"{name}() returns bigint[]": query for name, query in FUNCTIONS.items()}
    by_index = "returns bigint[] set enable_seqscan = off"
    ids |= {f"{signature} {by_index}": query for signature, query in CHANGE_FUNCTIONS.items()}
    answers = {f"{signature} returns boolean": query for signature, query in STAFF_FUNCTIONS.items()}
    for signature, query in (ids | answers).items():
        owner.execute(
            f"create or replace function {signature} language sql stable parallel safe security definer"
            f" set search_path = pg_catalog, pg_temp begin atomic {query}; end".encode()
        )
    assert there == rows(owner, RUN_AS_THE_OWNER)
    assert not any(for_all for _, _, for_all in there)


def test_the_policy_of_customers_searches_what_they_hold_by_index(owner: psycopg.Connection) -> None:
    owner.execute("set enable_seqscan = off")
    owner.execute("set local role cadastre_app")
    plan = "\n".join(line for (line,) in rows(owner, "explain (costs off) select id from customer where id > 0"))
    for index in ("customer_org_customer_id_org_id_key", "property_relation_customer_id_idx"):
        assert re.search(rf"using {index} on .*\n +Index Cond: \(customer_id = CASE", plan), plan


def test_the_page_says_what_the_policies_say() -> None:
    page = PAGE.read_text("utf-8")
    assert printed(page) == page, "run scripts/schema"


def test_the_page_is_printed_with_the_words_of_the_policies() -> None:
    bare = re.sub(r"^\| `.*\n", "", PAGE.read_text("utf-8"), flags=re.MULTILINE)
    assert "| `org` |" not in bare
    for words in (*(policy.words for policy in POLICIES.values()), *RESERVED.values()):
        assert f" | {words} |\n" in printed(bare)
