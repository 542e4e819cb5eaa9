"""The feed page by page: `changeFeed` never skips a slow transaction, and filters as subscriptions do."""

from typing import Any

import psycopg
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Select, select

from app.db.rendering import render
from app.events.event_filter import EventFilter, column_named
from app.events.reading import EVENTS, event_of
from app.models import Change
from tests.clients.api import Api

FEED = """query ($after: String, $filter: ChangeEventFilter) {
  changeFeed(first: 100, after: $after, filter: $filter) {
    edges { cursor node { id entityId } } pageInfo { hasNextPage endCursor } totalCount
  }
}"""
NEW_DEVICE = "insert into device (id, app_id, admin_id, device_id, os) values (%s, 'x', 1, %s, 'iOS')"


def feed(api: Api, after: str | None = None, **filter_: Any) -> Any:
    return data(api, FEED, {"after": after, "filter": filter_ or None})["changeFeed"]


def data(api: Api, query: str, variables: dict[str, Any] | None = None) -> Any:
    """Ask as the super administrator."""
    answer = api.post(query, variables, api.bearer("supperadm")).json()
    assert "errors" not in answer, answer["errors"]
    return answer["data"]


def followed(api: Api, after: str | None) -> tuple[list[str], str | None]:
    """Return the records of the changes behind a cursor, and the last cursor."""
    page = feed(api, after, entity="device")
    return [edge["node"]["entityId"] for edge in page["edges"]], page["pageInfo"]["endCursor"] or after


def test_whoever_goes_on_from_the_last_cursor_misses_no_slow_transaction(own_api: Api, own_url: str) -> None:
    _, cursor = followed(own_api, None)
    with psycopg.connect(own_url) as slow:
        slow.execute(NEW_DEVICE, [49400, "slow"])
        own_api.sql(NEW_DEVICE, 49401, "quick")
        first, cursor = followed(own_api, cursor)
        slow.execute(NEW_DEVICE, [49402, "slow again"])
        own_api.sql(NEW_DEVICE, 49403, "quick again")
        second, cursor = followed(own_api, cursor)
        slow.commit()
    third, _ = followed(own_api, cursor)
    assert [*first, *second, *third] == ["49400", "49401", "49402", "49403"]
    assert third[0] == "49400"  # nothing that may be followed by a smaller number was told before


def test_changes_of_one_record_come_in_the_order_of_the_writes(own_api: Api, own_url: str) -> None:
    """The transaction that began first writes last."""
    with psycopg.connect(own_url) as first, psycopg.connect(own_url) as second:
        first.execute(NEW_DEVICE, [49400, "first"])
        second.execute("update space set area = 1 where id = 2")
        second.commit()
        first.execute("update space set area = 2 where id = 2")
        first.commit()
    page = data(
        own_api,
        '{ changeFeed(first: 100, filter: { entity: ["space"], entityId: ["2"], operation: [UPDATE] }) { nodes {'
        " differences { field after } } } }",
    )["changeFeed"]
    areas = [each["after"] for node in page["nodes"] for each in node["differences"] if each["field"] == "area"]
    assert areas[-2:] == ["1.00", "2.00"]


def test_the_number_of_statements_does_not_depend_on_the_number_of_changes(api: Api) -> None:
    api.data(FEED)
    statements = api.statements
    assert len(statements) == 2, statements  # what is settled, and the page with the number


def test_both_executors_answer_the_same(api: Api) -> None:
    pages = [
        api.data(f"{{ {typename} changeFeed(first: 7) {{ edges {{ cursor node {{ id }} }} totalCount }} }}")
        for typename in ("", "__schema { queryType { name } }")
    ]
    assert pages[0]["changeFeed"] == pages[1]["changeFeed"]


def test_a_filter_whose_variable_is_left_out_is_no_filter_for_everything(api: Api) -> None:
    query = "query ($under: ID) { changeFeed(filter: { under: $under }) { nodes { id } } }"
    assert api.error(query)["extensions"]["code"] == "INVALID_INPUT"


def test_ids_and_cursors_that_are_none_are_refused(api: Api) -> None:
    for arguments in ('filter: { under: "x" }', 'filter: { entityId: "-1" }', 'after: "x"'):
        error = api.error(f"{{ changeFeed({arguments}) {{ nodes {{ id }} }} }}")
        assert error["extensions"]["code"] == "INVALID_INPUT", error


def test_names_of_fields_become_those_of_columns() -> None:
    assert column_named("fullName") == "full_name"
    assert column_named("fourgridSpaceId") == "fourgrid_space_id"


def texts(*values: str) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from(values), max_size=2)


FILTERS = st.builds(
    EventFilter,
    entities=texts("space", "org", "property_relation", "space_location", "parking_detail", "nothing"),
    entity_ids=st.frozensets(st.sampled_from([8829, 8830, 18, 17, 2, 999_999_999]), max_size=2),
    under=st.sampled_from([None, None, 8829, 8830, 119, 17, 2, 999_999_999]),
    operations=texts("INSERT", "UPDATE", "DELETE", "PLACE"),
    changed_fields=texts("name", "full_name", "area"),
)


def read(connection: psycopg.Connection, query: Select[Any], **values: object) -> list[tuple[Any, ...]]:
    """Run a query as the program does."""
    call = render(query).call(values)
    return psycopg.RawCursor(connection).execute(call.sql.encode(), call.values).fetchall()


def test_a_filter_means_the_same_for_new_events_and_for_old_ones(own_api: Api, own_url: str) -> None:
    own_api.sql("update space set name = name || '改', area = 1 where id in (2, 18)")
    own_api.sql("update space set parent_id = 17, path = '17/24/' where id = 2")
    own_api.sql("delete from parking_detail")
    with psycopg.connect(own_url) as connection:
        events = [event_of(row) for row in read(connection, EVENTS.limit(None), after=0, upto=1 << 62)]

        @settings(max_examples=150, deadline=None, derandomize=True, database=None)
        @given(wanted=FILTERS)
        def compare(wanted: EventFilter) -> None:
            found = read(connection, select(Change.id).where(wanted.condition).order_by(Change.id))
            assert [id_ for (id_,) in found] == [event.id for event in events if wanted.matches(event)]

        compare()
