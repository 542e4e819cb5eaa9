"""A range of times is read by an index, or in the order of ids, whatever statistics say about it."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import psycopg
import pytest

from app import models
from app.db.exchange import Call
from app.db.partitions import make_missing
from app.db.rendering import render
from app.db.scope import Scope
from app.graphql.schema import NOUNS
from app.loaders.filtering import FILTERABLE
from app.loaders.links import KEYS
from app.loaders.lists import all_rows
from app.loaders.reads import Page
from tests.clients.api import Api
from tests.databases import run_call

SIZE = 20
FEW_ROWS = 10 * SIZE
OLDEST, OLDER, NEWER, LATER = (datetime(year, 1, 1, tzinfo=UTC) for year in (1990, 1999, 2098, 2099))
ALL_NEWER = "update space set updated_at = '2098-06-01'"
ALL_OLDEST = "update space set updated_at = '1998-06-01'"
ALL_OLDER = "update space set updated_at = '2020-01-01'"
ONE_NEWER = "update space set updated_at = '2098-06-01' where id = (select max(id) from space)"
ONE_OLDER = "update space set updated_at = '1998-06-01' where id = (select max(id) from space)"
INSERT = "insert into change (time, operation, entity, entity_id) values (%s, 'INSERT', 'role', 1)"
OTHER_TIME = "update change set time = time + interval '1 microsecond'"


@pytest.fixture
def connection(generated_url: str) -> Iterator[psycopg.Connection]:
    """Give a transaction of the owner that is undone, in which writing leaves no changes behind."""
    with psycopg.connect(generated_url) as connection:
        connection.execute("alter table space disable trigger user")
        yield connection
        connection.rollback()


def rows_read(connection: psycopg.Connection, model: type[models.Entity], given: dict[str, Any], **more: Any) -> int:
    """Run a list as a request of the super administrator does and count the rows of tables in its plan.

    The rows that `ids_in_range` reads are not in it: at most 20,001.
    """
    (plan,) = run_call(connection, page_of(connection, model, given, **more), "explain (analyze, format json)")
    return touched(plan[0]["Plan"] if isinstance(plan, list) else json.loads(plan)[0]["Plan"])


def page_of(connection: psycopg.Connection, model: type[models.Entity], given: dict[str, Any], **more: Any) -> Call:
    """Become the super administrator and return the statement of a page."""
    page = Page(all_rows(model), searched=True)
    arguments = {"filter": given, "first": SIZE, **more}
    window = page.slice(arguments).window(page.matching(arguments, sees_personal=True))
    run_call(connection, Scope.everything().opening)
    return render(page.edge.rows(("id",), window)).call({KEYS: [0]})


def touched(node: dict[str, Any]) -> int:
    """Add up the rows that the scans of tables returned, and those that they left out."""
    counted = ("Actual Rows", "Rows Removed by Filter", "Rows Removed by Index Recheck")
    own = sum(node.get(name, 0) * node["Actual Loops"] for name in counted) if "Relation Name" in node else 0
    return int(own) + sum(map(touched, node.get("Plans", ())))


@pytest.mark.parametrize(
    ("before", "after", "range_"),
    [
        (ALL_NEWER, ONE_NEWER, {"gte": NEWER}),
        (ALL_NEWER, ONE_NEWER, {"gt": NEWER, "lt": LATER}),
        (ALL_NEWER, ONE_NEWER, {"gt": LATER}),
        (ALL_OLDEST, ONE_OLDER, {"lt": OLDER}),
        (ALL_OLDEST, ONE_OLDER, {"lte": OLDER}),
    ],
)
def test_a_narrow_range_is_read_by_its_index_although_statistics_say_that_it_has_all_rows(
    connection: psycopg.Connection, before: str, after: str, range_: dict[str, datetime]
) -> None:
    for statement in (before, "analyze space", ALL_OLDER, after):
        connection.execute(statement.encode())
    assert rows_read(connection, models.Space, {"updatedAt": range_}) <= FEW_ROWS


def test_a_range_within_and_is_read_by_its_index(connection: psycopg.Connection) -> None:
    for statement in (ALL_NEWER, "analyze space", ALL_OLDER, ONE_NEWER):
        connection.execute(statement.encode())
    joined = {"and": [{"updatedAt": {"gte": NEWER}}, {"and": [{"type": {"eq": "HOUSE"}}]}]}
    assert rows_read(connection, models.Space, joined) <= FEW_ROWS


@pytest.mark.parametrize(
    ("before", "after", "ranges"),
    [
        (ALL_NEWER, ONE_NEWER, [{"gte": OLDEST}, {"gte": NEWER}]),
        (ALL_OLDEST, ONE_OLDER, [{"gte": OLDEST}, {"lt": OLDER}]),
        (ALL_OLDEST, ONE_OLDER, [{"lt": LATER}, {"lt": OLDER}]),
    ],
)
def test_ranges_that_and_joins_are_read_as_one(
    connection: psycopg.Connection, before: str, after: str, ranges: list[dict[str, datetime]]
) -> None:
    for statement in (before, "analyze space", ALL_OLDER, after):
        connection.execute(statement.encode())
    first, second = ({"updatedAt": range_} for range_ in ranges)
    assert rows_read(connection, models.Space, {"and": [first, {"and": [second]}]}) <= FEW_ROWS


def test_without_the_two_ways_the_whole_table_is_read(connection: psycopg.Connection) -> None:
    """PostgreSQL takes the order of the ids, and looks for rows that are no longer there."""
    for statement in (ALL_NEWER, "analyze space", ALL_OLDER, ONE_NEWER):
        connection.execute(statement.encode())
    assert rows_read(connection, models.Space, {"or": [{"updatedAt": {"gte": NEWER}}]}) > FEW_ROWS


@pytest.mark.parametrize("range_", [{"gte": OLDER}, {"gt": OLDER, "lt": NEWER}, {"lt": NEWER}, {"lte": NEWER}])
def test_a_wide_range_is_read_in_the_order_of_ids_although_statistics_say_that_it_is_empty(
    connection: psycopg.Connection, range_: dict[str, datetime]
) -> None:
    for statement in ("analyze change", OTHER_TIME):
        connection.execute(statement.encode())
    assert rows_read(connection, models.Change, {"time": range_}) <= FEW_ROWS


@pytest.mark.parametrize(
    ("month", "range_", "order"),
    [
        (3, {"gte": datetime(2024, 3, 5, tzinfo=UTC)}, "DESC"),
        (3, {"gt": datetime(2024, 3, 5, tzinfo=UTC), "lt": LATER}, "DESC"),
        (3, {"gt": datetime(2024, 2, 29, 23, 59, 59, 999_999, tzinfo=UTC)}, "DESC"),
        (1, {"lt": datetime(2024, 1, 25, tzinfo=UTC)}, "ASC"),
        (1, {"gte": datetime(2024, 1, 1, tzinfo=UTC), "lt": datetime(2024, 2, 1, tzinfo=UTC)}, "DESC"),
        (1, {"gte": OLDER, "lte": datetime(2024, 1, 25, tzinfo=UTC)}, "ASC"),
    ],
)
def test_a_wide_range_of_changes_reads_no_other_month(
    connection: psycopg.Connection, month: int, range_: dict[str, datetime], order: str
) -> None:
    """In the order of ids each partition would be read to its end, for a row of the range that it does not have."""
    make_missing(connection, datetime(2024, 1, 1, tzinfo=UTC))
    connection.execute(f"update change set time = '2024-0{month}-20'".encode())
    connection.execute("update change set time = '2024-02-20' where id in (select id from change limit 5000)")
    by_id = [{"field": "ID", "direction": order}]
    assert SIZE <= rows_read(connection, models.Change, {"time": range_}, orderBy=by_id) <= FEW_ROWS


EDGES = (
    "0001-01-01T00:00:00Z",
    "2019-07-01T00:00:00Z",
    "2024-01-31T23:59:59.999999Z",
    "2024-02-01T00:00:00Z",
    "2024-02-29T12:00:00Z",
    "2024-02-29T23:59:59.999999Z",
    "2024-03-01T00:00:00Z",
    "2024-03-01T00:00:00.000001Z",
    "2024-12-31T23:59:59.999999Z",
    "2025-01-01T00:00:00Z",
    "9999-12-31T23:59:59.999999Z",
)
"""Moments around the ends of months, of which the first three months of 2024 and their next one have partitions."""


@pytest.mark.parametrize("zone", [0, 8, -12])
@pytest.mark.parametrize("operator", ["gt", "gte", "lt", "lte"])
def test_a_range_that_begins_or_ends_with_a_month_has_exactly_its_rows(
    connection: psycopg.Connection, operator: str, zone: int
) -> None:
    make_missing(connection, datetime(2024, 1, 1, tzinfo=UTC))
    connection.execute("delete from change")
    for time in ("-infinity", *EDGES, "infinity"):
        connection.execute(INSERT, [time])
    for edge in EDGES[1:-1] if zone else EDGES:  # the ends of the calendar are times of UTC alone
        asked = datetime.fromisoformat(edge).astimezone(timezone(timedelta(hours=zone)))
        call = page_of(connection, models.Change, {"time": {operator: asked}}, orderBy=[{"field": "ID"}])
        found = psycopg.RawCursor(connection).execute(call.sql, call.values).fetchall()
        wanted = f"select id from change where time {COMPARE[operator]} %s order by id"
        assert [row[-1:] for row in found] == connection.execute(wanted.encode(), [edge]).fetchall(), edge


def test_a_range_after_the_time_that_all_rows_have_is_narrow(connection: psycopg.Connection) -> None:
    """An import writes all rows at one time."""
    (time,) = connection.execute("select max(time) from change").fetchone() or ()
    assert rows_read(connection, models.Change, {"time": {"gt": time}}) <= FEW_ROWS
    assert rows_read(connection, models.Change, {"time": {"lt": time}}) <= FEW_ROWS


def test_reading_a_narrow_range_of_changes_ends_with_the_page(connection: psycopg.Connection) -> None:
    """A community that gets another organisation makes a change of each of its spaces at one time."""
    many = "update change set time = time + interval '1 second' where id in (select id from change limit 5000)"
    (time,) = connection.execute("select max(time) from change").fetchone() or ()
    for statement in ("analyze change", many):
        connection.execute(statement.encode())
    assert rows_read(connection, models.Change, {"time": {"gt": time}}) <= FEW_ROWS


PAGES, WANTED = 3, 250
ALL = """query ($f: {noun}Filter, $after: String) {{
  page: {plural}(filter: $f, first: 100, after: $after, orderBy: [{{ field: ID }}]) {{
    nodes {{ id }} pageInfo {{ endCursor }} }} }}"""
COMPARE = {"gt": ">", "gte": ">=", "lt": "<", "lte": "<="}


def pages(api: Api, model: type[models.Entity], given: dict[str, Any]) -> list[str]:
    noun, _, plural = NOUNS[model]
    query, after, shown = ALL.format(noun=noun.__name__, plural=plural), None, list[str]()
    for _ in range(PAGES):
        page = api.data(query, {"f": given, "after": after})["page"]
        shown, after = [*shown, *(node["id"] for node in page["nodes"])], page["pageInfo"]["endCursor"]
    return shown


@pytest.mark.parametrize("operator", COMPARE)
@pytest.mark.parametrize(("model", "name"), [(models.Space, "updatedAt"), (models.Change, "time")])
def test_pages_have_the_rows_of_the_range(
    generated_api: Api, model: type[models.Entity], name: str, operator: str
) -> None:
    """The community has fewer spaces than a wide range, and more changes."""
    table, column = model.__tablename__, FILTERABLE[model].columns[name].key
    ((time,),) = generated_api.sql(f"select max({column}) from {table}")
    wanted = f"select id::text from {table} where {column} {COMPARE[operator]} %s order by id limit {WANTED}"
    first = [id_ for (id_,) in generated_api.sql(wanted, time)]
    assert pages(generated_api, model, {name: {operator: time.isoformat()}})[:WANTED] == first


def test_requests_learn_nothing_of_columns_that_they_may_not_read(connection: psycopg.Connection) -> None:
    run_call(connection, Scope.everything().opening)
    ask = "select ids_in_range(%s, %s, '-infinity', 'infinity')"
    assert connection.execute(ask, ["space", "created_at"]).fetchone() != (None,)
    for table, column in (("login", "started_at"), ("personal_read", "read_at"), ("admin", "password_hash")):
        with pytest.raises(psycopg.errors.InsufficientPrivilege), connection.transaction():
            connection.execute(ask, [table, column])
