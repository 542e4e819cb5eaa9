"""A list is the same from every start, and an index serves each start."""

import asyncio
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
from strawberry.utils.str_converters import to_camel_case

from app import models
from app.access.caller import Caller
from app.access.policies import CHANGE, POLICIES
from app.db.embedded import EmbeddedServer
from app.db.pool import Pool
from app.db.rendering import render
from app.db.scope import Extent, Scope
from app.declarations.resolvers import core_schema
from app.execution.execution import Execution
from app.execution.request import Request
from app.graphql.schema import NOUNS, schema
from app.loaders.filtering import Filter
from app.loaders.links import KEYS
from app.loaders.lists import all_rows, starting_for
from app.loaders.window import Window
from app.models.status import Status
from app.settings import Settings
from tests.databases import copy_of, execute, opened, plan_of
from tests.worlds.visibility import CALLERS, Seen, World, scope_of, seen_by, world_of

PLURALS = {model.__tablename__: to_camel_case(plural) for model, (_, _, plural) in NOUNS.items()}
ORDINARY = [account for account in CALLERS if account != "supperadm"]
PAGE, MOST_PAGES = 7, 8


@dataclass
class Asking:
    """What a caller sees, and a way to ask as them."""

    scope: Scope
    seen: Seen
    runner: asyncio.Runner
    pool: Pool
    executions: dict[bool, Execution]
    """The two executors. All callers share their plans, as in the running program."""

    def execution(self, *, compiled: bool) -> Execution:
        return self.executions[compiled]

    def page(self, execution: Execution, query: str, *, is_small: bool, **variables: Any) -> Any:
        caller = Caller(
            self.scope.actor or 0,
            "test",
            "",
            self.scope.is_super,
            self.scope.scopes,
            self.scope.admin_scopes,
            {},
            is_small=is_small,
        )
        answer = self.runner.run(execution.answer(Request(query, variables), caller)).body
        assert "errors" not in answer, answer["errors"]
        return answer["data"]["page"]


@pytest.fixture(scope="module")
def world(demo_url: str) -> World:
    """Give all rows of the demo world."""
    return world_of(demo_url)


@pytest.fixture(scope="module")
def running(demo_url: str) -> Iterator[tuple[asyncio.Runner, Pool, dict[bool, Execution]]]:
    """Run both executors over one connection."""
    pool = Pool(demo_url, 1)
    settings = {compiled: Settings(database_url=demo_url, compiled=compiled) for compiled in (True, False)}
    with asyncio.Runner() as runner:
        runner.run(pool.open())
        yield runner, pool, {each: Execution(core_schema(schema), pool, settings[each]) for each in settings}
        runner.run(pool.close())


@pytest.fixture(scope="module", params=ORDINARY)
def asking(
    request: pytest.FixtureRequest, world: World, running: tuple[asyncio.Runner, Pool, dict[bool, Execution]]
) -> Asking:
    """Ask as each caller who does not see everything."""
    scope = scope_of(world, request.param)
    return Asking(scope, seen_by(world, scope), *running)


@pytest.mark.parametrize("table", PLURALS)
@pytest.mark.parametrize("is_small", [True, False])
@pytest.mark.parametrize("compiled", [True, False])
def test_a_list_holds_what_is_visible_wherever_it_starts(
    asking: Asking, table: str, *, is_small: bool, compiled: bool
) -> None:
    execution = asking.execution(compiled=compiled)
    expected = sorted(asking.seen[table], reverse=table == CHANGE)  # changes come newest first
    rows = "totalCount nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }"
    forward = f"query ($at: String, $n: Int) {{ page: {PLURALS[table]}(first: $n, after: $at) {{ {rows} }} }}"
    backward = f"query ($at: String, $n: Int) {{ page: {PLURALS[table]}(last: $n, before: $at) {{ {rows} }} }}"
    size = max(PAGE, len(expected) // MOST_PAGES)
    for query, more, cursor in ((forward, "hasNextPage", "endCursor"), (backward, "hasPreviousPage", "startCursor")):
        found: list[int] = []
        page: Any = {"pageInfo": {more: True, cursor: None}}
        while page["pageInfo"][more]:
            page = asking.page(execution, query, is_small=is_small, n=size, at=page["pageInfo"][cursor])
            ids = [int(node["id"]) for node in page["nodes"]]
            found = found + ids if query is forward else ids + found
            assert page["totalCount"] == len(expected)
        assert found == expected


@pytest.mark.parametrize("table", PLURALS)
@pytest.mark.parametrize("is_small", [True, False])
@pytest.mark.parametrize("compiled", [True, False])
def test_page_numbers_hold_what_is_visible_wherever_a_list_starts(
    asking: Asking, table: str, *, is_small: bool, compiled: bool
) -> None:
    execution = asking.execution(compiled=compiled)
    expected = sorted(asking.seen[table], reverse=table == CHANGE)  # changes come newest first
    rows = "nodes { id } pageInfo { hasNextPage hasPreviousPage }"
    query = f"query ($n: Int) {{ page: {PLURALS[table]}(first: {PAGE}, offset: $n) {{ {rows} }} }}"
    for start in {0, 1, PAGE, len(expected) // 2, max(len(expected) - PAGE, 0), len(expected), len(expected) + 1}:
        page, end = asking.page(execution, query, is_small=is_small, n=start), start + PAGE
        assert [int(node["id"]) for node in page["nodes"]] == expected[start:end]
        beside = {"hasNextPage": len(expected) > end, "hasPreviousPage": start > 0 and bool(expected)}
        assert page["pageInfo"] == beside


@pytest.mark.parametrize("is_small", [True, False])
@pytest.mark.parametrize("order", ["ID", "PATH", "CODE"])
@pytest.mark.parametrize("direction", ["ASC", "DESC"])
def test_orders_and_filters_hold_wherever_a_list_starts(
    asking: Asking, world: World, order: str, direction: str, *, is_small: bool
) -> None:
    chosen = f"first: 100, filter: {{type: {{ne: HOUSE}}}}, orderBy: {{field: {order}, direction: {direction}}}"
    query = f"{{ page: spaces({chosen}) {{ nodes {{ id }} }} }}"
    found = asking.page(asking.execution(compiled=True), query, is_small=is_small)
    rows = [world["space"][key] for key in asking.seen["space"] if world["space"][key]["type"] != "HOUSE"]
    rows.sort(key=lambda row: (row[order.lower()], row["id"]), reverse=direction == "DESC")
    assert [int(node["id"]) for node in found["nodes"]] == [row["id"] for row in rows][:100]


UNDER_OVER_EDGES: dict[str, tuple[str, str, Callable[[Any], Any]]] = {
    "a row": ("spaces", "SpaceFilter", lambda part: {"parent": part}),
    "some rows": ("customers", "CustomerFilter", lambda part: {"spaces": {"some": part}}),
    "no rows": ("customers", "CustomerFilter", lambda part: {"spaces": {"none": part}}),
    "every row": ("spaces", "SpaceFilter", lambda part: {"children": {"every": {"not": part}}}),
    "a path beside the key": (
        "customers",
        "CustomerFilter",
        lambda part: {"propertyRelations": {"some": {"space": part}}},
    ),
    "two edges": ("customers", "CustomerFilter", lambda part: {"spaces": {"some": {"parent": part}}}),
}


@pytest.mark.parametrize("over", UNDER_OVER_EDGES)
def test_a_subtree_over_an_edge_is_the_same_wherever_a_list_starts(asking: Asking, world: World, over: str) -> None:
    """The rows of a small scope are compared one by one; for others, the rows of the subtree are listed."""
    field, type_, filtered = UNDER_OVER_EDGES[over]
    query = f"query ($f: {type_}) {{ page: {field}(first: 100, filter: $f) {{ nodes {{ id }} }} }}"
    tops = [space for space in world["space"].values() if space["type"] == "COMMUNITY"]
    parts = [*({"under": str(top["id"])} for top in tops), {"underCode": tops[0]["code"]}]
    small, large = (
        [asking.page(asking.execution(compiled=True), query, is_small=is_small, f=filtered(part)) for part in parts]
        for is_small in (True, False)
    )
    assert small == large
    assert any(page["nodes"] for page in small) or not asking.seen["customer"]


def test_every_table_says_where_the_list_of_a_caller_of_few_rows_starts() -> None:
    starts = {table: policy.reach_from_scope for table, policy in POLICIES.items()}
    assert all(start.column.startswith(f"{table}.") for table, start in starts.items())
    assert all(
        not policy.org_column or policy.org_column in models.Base.metadata.tables[t].c for t, policy in POLICIES.items()
    )


@pytest.fixture(scope="module")
def filled(server: EmbeddedServer, generated_template: str, worker_id: str) -> Iterator[str]:
    """Give a register in which one community's spaces come before the few of a small organisation."""
    name = f"extents_{worker_id}_{os.getpid()}"
    url = copy_of(server, generated_template, name)
    with psycopg.connect(url) as connection:
        connection.execute(
            "insert into org (id, path, depth, code, name, full_name, type)"
            " values (9, '9/', 0, '9', 'small', 'small', 'BUSINESS')"
        )
        connection.execute(
            "insert into space (id, type, name, full_name, path, depth, code, org_id, org_path)"
            " select i, 'COMMUNITY', 'n', 'n', i || '/', 0, i, 9, '9/' from generate_series(2000000, 2000029) i"
        )
        connection.execute(
            "insert into customer (id, name, phone, top_org_id)"
            " select i, 'n', '1380000' || i % 10000, 9 from generate_series(3000000, 3000029) i"
        )
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("vacuum analyze space, customer")
    yield url
    execute(server, f"drop database if exists {name} with (force)")


def rows_walked(url: str, statement: Any, scope: Scope, table: str = "space") -> int:
    """Run a statement and give how many rows of a table it met, those that were not visible included."""
    return sum(met(scan) for scan in scans_of(plan_for(url, statement, scope)) if scan["Relation Name"] == table)


def plan_for(url: str, statement: Any, scope: Scope) -> dict[str, Any]:
    """Run a statement as a caller and give its plan."""
    with opened(url, scope.opening) as connection:
        return plan_of(connection, render(statement).call({KEYS: [0]}))


def scans_of(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Give the scans of tables that a plan ran."""
    if "Relation Name" in node and node["Actual Loops"]:
        yield node
    for below in node.get("Plans", []):
        yield from scans_of(below)


def met(scan: dict[str, Any]) -> int:
    """Count the rows that a scan gave or threw away."""
    thrown = sum(value for key, value in scan.items() if key.startswith("Rows Removed by"))
    rows: int = round((scan["Actual Rows"] + thrown) * scan["Actual Loops"])
    return rows


@pytest.mark.parametrize("extent", [Extent.SMALL, Extent.LARGE])
def test_a_page_meets_no_more_rows_than_it_may_show(filled: str, extent: Extent) -> None:
    scope = Scope(1, is_super=False, scopes=("9/",), admin_scopes=())
    wanted = Window(limit=21)
    edge = all_rows(models.Space)
    assert rows_walked(filled, starting_for(edge, extent).rows(("id",), wanted), scope) <= 90
    assert rows_walked(filled, edge.rows(("id",), wanted), scope) > 14_000  # what the policy alone would cost


@pytest.mark.parametrize("extent", [Extent.SMALL, Extent.LARGE])
def test_a_page_with_an_offset_meets_no_more_rows_than_lie_before_its_end(filled: str, extent: Extent) -> None:
    scope = Scope(1, is_super=False, scopes=("9/",), admin_scopes=())
    edge = starting_for(all_rows(models.Space), extent)
    assert rows_walked(filled, edge.rows(("id", "name"), Window(limit=6, offset=20)), scope) <= 90


@pytest.mark.parametrize("conditions", [(), (models.Space.status == Status.ENABLED,)])
def test_few_rows_are_expected_of_a_small_organisation_beside_a_large_one(
    filled: str, conditions: tuple[Any, ...]
) -> None:
    """Of one of two organisations PostgreSQL expects half of all spaces, and in a larger table reads all of them."""
    scope = Scope(1, is_super=False, scopes=("9/",), admin_scopes=())
    edge = starting_for(all_rows(models.Space), Extent.SMALL)
    plan = plan_for(filled, edge.rows(("id",), Window(conditions, limit=101)), scope)
    spaces = [scan for scan in scans_of(plan) if scan["Relation Name"] == "space"]
    assert len(spaces) == 2
    assert all(scan["Plan Rows"] <= 101 for scan in spaces)


def test_a_deep_page_skips_ids_and_not_whole_rows(filled: str) -> None:
    """Whole rows are in the table alone, which a page behind ten thousand rows would read for nothing."""
    statement = all_rows(models.Space).rows(("id", "name", "full_name"), Window(limit=11, offset=10_000))
    deep = [scan for scan in scans_of(plan_for(filled, statement, Scope.everything())) if met(scan) > 10_000]
    assert [(scan["Relation Name"], scan["Plan Width"]) for scan in deep] == [("space", 8)]


def test_the_super_administrator_reads_changes_without_their_records(demo_url: str) -> None:
    statement = all_rows(models.Change).rows(("id", "entity"), Window(limit=101, offset=10))
    read = {scan["Relation Name"] for scan in scans_of(plan_for(demo_url, statement, Scope.everything()))}
    assert read
    assert all(name.startswith("change") for name in read)


def test_a_count_meets_no_more_rows_than_it_counts(filled: str) -> None:
    scope = Scope(1, is_super=False, scopes=("9/",), admin_scopes=())
    assert rows_walked(filled, starting_for(all_rows(models.Space), Extent.SMALL).counts(), scope) <= 90


@pytest.mark.parametrize("quantifier", ["some", "none"])
def test_a_filter_by_an_edge_meets_what_the_rows_of_a_small_scope_lead_to(filled: str, quantifier: str) -> None:
    scope = Scope(1, is_super=False, scopes=("9/",), admin_scopes=())
    wanted: dict[str, Any] = {"duplicates": {quantifier: {}}}
    condition = Filter(models.Customer, sees_personal=True, starts_from_scope=True).condition(wanted)
    edge = starting_for(all_rows(models.Customer), Extent.SMALL)
    assert rows_walked(filled, edge.rows(("id",), Window((condition,), limit=21)), scope, "customer") <= 300
