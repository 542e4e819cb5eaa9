"""What lists of a small scope start from: `reach_from_scope`, and the ids that `changes_in_scope` lists."""

from collections.abc import Sequence

import psycopg
import pytest

from app.access.change_reach import CHANGES_IN_SCOPE
from app.access.policies import CHANGE, POLICIES
from app.db.scope import Scope
from tests.databases import run_call

GRANT = """
insert into app_grant (app_id, app_type, org_id)
select 'reach', 'COMMUNITY', top.id from org top join org on org.parent_id = top.id and org.type = 'BUSINESS'
where top.parent_id is null and top.id not in (select org_id from app_grant where app_type = 'COMMUNITY')
order by top.id limit 1 returning org_id
"""
BELOW = "select path from org where parent_id = %s and type = 'BUSINESS' order by path limit 1"
VISIBLE = "select id from change where entity = 'app_grant' and {condition} order by id"


def test_a_caller_below_a_top_organisation_lists_the_changes_of_its_apps(demo_url: str) -> None:
    """The apps of the top organisation are visible below it; lists from a small scope left their changes out."""
    start = POLICIES[CHANGE].reach_from_scope
    reach = f"{start.column} = any(array({start.ids}))"
    with psycopg.connect(demo_url) as connection:
        (top,) = connection.execute(GRANT).fetchone() or (0,)
        (path,) = connection.execute(BELOW, [top]).fetchone() or ("",)
        run_call(connection, Scope(None, is_super=False, scopes=(path,), admin_scopes=()).opening)
        visible = connection.execute(VISIBLE.format(condition="true")).fetchall()
        assert visible
        assert connection.execute(VISIBLE.format(condition=reach)).fetchall() == visible
        connection.rollback()


NEW_ORG = """
insert into org (path, depth, code, name, full_name, type)
values ('9999999/', 0, 'reach', 'reach', 'reach', 'BUSINESS') returning id
"""
MERGE = """
with pair as (
  select min(customer_id) as keep, max(customer_id) as lose from property_relation where space_org_path = %s
)
update customer set merged_into_id = pair.keep from pair where customer.id = pair.lose
"""
DEEPEST = "select path from org where type = 'BUSINESS' order by depth desc, path limit 3"
NUMBERS = (0, 1, 40, 700, None)


def check_listed(connection: psycopg.Connection, *paths: str, administrative: Sequence[str] = ()) -> None:
    """Compare what the function lists, from both ends, with what the policies show."""
    run_call(connection, Scope(None, is_super=False, scopes=paths, admin_scopes=tuple(administrative)).opening)
    visible = [id_ for (id_,) in connection.execute("select id from change order by id").fetchall()]
    assert visible
    for newest in (False, True):
        expected = visible[::-1] if newest else visible
        for number in NUMBERS:
            listed = connection.execute("select changes_in_scope(%s, %s)", [newest, number]).fetchone()
            assert listed == (expected[:number],)


def test_the_changes_of_the_documents_ids_are_listed_as_the_policies_show_them(demo_url: str) -> None:
    """These ids are not unique over all tables."""
    with psycopg.connect(demo_url) as connection:
        paths = [path for (path,) in connection.execute(DEEPEST)]
        for path in paths:
            with connection.transaction(force_rollback=True):
                check_listed(connection, path)


@pytest.mark.parametrize("administrative", [["8829/8830/"], ["8829/"], ["8829/", "8829/8830/8831/"], ["6419/"]])
def test_the_changes_below_overlapping_paths_are_listed_once(demo_url: str, administrative: list[str]) -> None:
    """An import may change the kind of an organisation, so that paths of both kinds are those of one tree."""
    with psycopg.connect(demo_url) as connection:
        check_listed(connection, "8829/8830/", administrative=administrative)


@pytest.mark.parametrize("spaces", [60, 3000])
def test_the_changes_of_what_came_from_another_organisation_are_listed(generated_url: str, spaces: int) -> None:
    """Their earliest changes have the path of the former organisation; of 3,000, the move alone makes more than 700."""
    with psycopg.connect(generated_url) as connection:
        ((org,),) = connection.execute(NEW_ORG).fetchall()
        connection.execute("update org set path = id || '/' where id = %s", [org])
        moved = "select id from space where type <> 'COMMUNITY' order by path limit %s"
        move = f"update space set org_id = %s, org_path = %s where id = any(array({moved}))"
        connection.execute(move, [org, f"{org}/", spaces])
        connection.execute(MERGE, [f"{org}/"])
        check_listed(connection, f"{org}/")
        connection.rollback()


OTHERS = """
insert into change (time, transaction_id, operation, entity, entity_id)
select now() + interval '1 month', 1, 'INSERT', 'space', 700000000000 + number from generate_series(1, 3000) number
"""


def test_a_partition_without_statistics_is_read_by_the_records_alone(empty_url: str) -> None:
    """Each of the changes that others had written there was compared with all records in scope."""
    query = CHANGES_IN_SCOPE.replace("newest", "true").replace("most", "11000")
    with psycopg.connect(empty_url) as connection:
        connection.execute(OTHERS)
        connection.execute("set local enable_seqscan = off")
        plan = [line.strip() for (line,) in connection.execute(f"explain {query}".encode())]
        connection.rollback()
    compared = [line for line in plan if "entity_id = ANY (record" in line]
    assert compared
    assert [line for line in compared if line.startswith("Filter:")] == []
