"""What plans can express, and what they may load."""

import traceback
from collections.abc import Sequence
from typing import Any

import pytest
from graphql import GraphQLObjectType, is_introspection_type

from app.db.exchange import Call, ExchangingConnection, Row
from app.declarations.resolvers import core_schema
from app.engine.codegen import Columns, make_build
from app.graphql.schema import schema
from app.loaders.reads import READ
from app.services.write import WRITE
from tests.clients.api import Api, open_api

CONNECTION_FIELDS = {"edges", "groups", "nodes", "pageInfo", "totalCount"}
NOT_PLANNED: dict[str, set[str]] = {
    "PageInfo": {"hasNextPage", "hasPreviousPage", "startCursor", "endCursor"},  # made with its page
    "Difference": {"field", "before", "after"},  # made with its change
    "SpaceSummary": {
        "spaceCount",
        "spaces",
        "houses",
        "parking",
        "openWorkOrderCount",
        "doneWorkOrderCount",
        "workOrderSteps",
    },  # made at once, with what is in it
    "SpaceTotal": {"type", "status", "count", "area", "feeArea"},
    "HouseTotal": {"occupancy", "count"},
    "WorkOrderTotal": {"status", "count", "meanHours"},
    "ParkingTotal": {"status", "count"},
    "DeviceBrand": {"code", "name"},  # constant
    "UserError": {"code", "message", "path", "index"},  # made with its payload
}
"""Fields that carry no read of their own, and why that is right."""


def object_types() -> list[GraphQLObjectType]:
    types = core_schema(schema).type_map.values()
    return [t for t in types if isinstance(t, GraphQLObjectType) and not is_introspection_type(t)]


@pytest.mark.parametrize("type_", object_types(), ids=lambda t: t.name)
def test_every_field_can_be_planned(type_: GraphQLObjectType) -> None:
    if type_.name.endswith("Connection"):
        assert set(type_.fields) == CONNECTION_FIELDS
    elif type_.name.endswith("Edge"):
        assert set(type_.fields) == {"cursor", "node"}
    else:
        unread = {name for name, field in type_.fields.items() if not {READ, WRITE} & field.extensions.keys()}
        assert unread == NOT_PLANNED.get(type_.name, set())


def test_an_answer_tells_how_it_was_run_in_development_only(compiled: Api, api: Api) -> None:
    query = '{ org(id: "6419") { id } }'
    assert compiled.post(query).json()["extensions"]["plan"]["way"] == "compiled"
    assert "plan" not in api.post(query).json()["extensions"]


def test_introspection_is_left_to_graphql_core(compiled: Api) -> None:
    answer = compiled.post("{ __schema { queryType { name } } }").json()
    assert answer["extensions"]["plan"]["way"] == "graphql-core"


TREE = """{ org(id: "6419") { name children { childCount communities { id } } }
  orgs(first: 2) { totalCount nodes { parent { id } } } }"""


def test_in_development_an_answer_shows_the_levels_of_its_plan(compiled: Api) -> None:
    levels = compiled.post(TREE).json()["extensions"]["plan"]["levels"]
    assert [[step["field"] for step in level] for level in levels] == [
        ["org", "orgs"],
        ["org.children", "orgs.parent"],
        ["org.children.childCount", "org.children.communities"],
    ]
    children = levels[1][0]
    assert children["keys"] == "the parents' id"
    assert children["statements"]["rows"][0].startswith("SELECT org.parent_id AS key")
    assert levels[0][1]["statements"].keys() == {"rows"}  # the total of a list at the root comes with its rows


def test_a_plan_is_printed_level_by_level(compiled: Api) -> None:
    compiled.post(TREE)
    execution: Any = compiled.client.app.state.execution  # type: ignore[attr-defined]
    plans = execution.engine.plans.values(lambda _: True)
    (printed,) = [str(plan) for plan in plans if "orgs.parent" in str(plan)]
    lines = printed.splitlines()
    assert lines[:2] == ["level 1", "  org, keys: the argument id"]
    assert "  org.children.childCount, keys: the parents' id" in lines
    assert any(line.startswith("    count: SELECT") for line in lines)


def test_a_traceback_shows_the_line_of_a_generated_function() -> None:
    def fails(_: object) -> None:
        raise ZeroDivisionError

    build = make_build("Org", {"id": "c1", "name": "fails(c1)"}, Columns(["id"]), {"fails": fails})
    with pytest.raises(ZeroDivisionError) as raised:
        build([(None, 1)])
    lines = "".join(traceback.format_exception(raised.value))
    assert "of Org>" in lines
    assert "'name': fails(c1)," in lines


def test_the_answer_tells_how_many_rows_it_took(compiled: Api) -> None:
    answer = compiled.post('{ org(id: "6419") { children { id } } }').json()
    assert answer["extensions"]["cost"]["actual"] == 1 + len(answer["data"]["org"]["children"])


@pytest.mark.parametrize("rows", [5, 6])
def test_a_query_never_loads_more_rows_than_its_budget(demo_url: str, rows: int) -> None:
    query = '{ org(id: "6419") { children { id } } }'  # one row, and four below it
    with open_api(demo_url, max_nodes=rows - 1) as api:
        answer = api.post(query).json()
    if rows == 5:
        assert answer["errors"][0]["extensions"]["code"] == "NODE_LIMIT_EXCEEDED"
        assert answer["errors"][0]["extensions"]["allowed"] == rows - 1
        assert "data" not in answer or answer["data"] is None
    else:
        assert len(answer["data"]["org"]["children"]) == 4


def test_a_document_is_compiled_once(compiled: Api) -> None:
    query = "query ($id: ID!) { org(id: $id) { id } }"
    answers = [compiled.data(query, {"id": id_})["org"] for id_ in ("6419", "8829", "99999")]
    assert answers == [{"id": "6419"}, {"id": "8829"}, None]


@pytest.fixture
def trips(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Take down how many statements each round trip to the database carries."""
    found: list[int] = []
    exchange = ExchangingConnection.exchange

    async def counted(connection: ExchangingConnection, calls: Sequence[Call]) -> list[list[Row]]:
        found.append(len(calls))
        return await exchange(connection, calls)

    monkeypatch.setattr(ExchangingConnection, "exchange", counted)
    return found


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ("id", [3 + 1]),  # begin, the caller's settings, commit
        ("id childCount children { id }", [2 + 3 + 1]),
        ("id descendants(first: 2) { nodes { id } }", [2 + 1, 1 + 1]),  # found by the path, which must be read
        ("children { id children { id } }", [2 + 2, 1 + 1]),
        ("parent { id }", [2 + 1, 1 + 1]),
        ("parent { parent { id } }", [2 + 1, 1, 1]),  # there is none, and so no last statement
    ],
)
def test_a_transaction_takes_a_round_trip_for_each_level_and_what_hangs_on_a_known_id_none(
    compiled: Api, trips: list[int], fields: str, expected: list[int]
) -> None:
    parent = compiled.data('{ org(id: "6419") { children { id } } }')["org"]["children"][0]["id"]
    trips.clear()
    compiled.data(f'{{ org(id: "{parent if "parent" in fields else 6419}") {{ {fields} }} }}')
    assert trips == expected


def test_what_hangs_on_a_record_that_is_not_there_is_not_there_either(compiled: Api) -> None:
    query = '{ org(id: "999999999") { name childCount children { name } administrativeOrgs { id } } }'
    assert compiled.data(query) == {"org": None}


def test_what_hangs_on_a_hidden_record_is_hidden_with_it(compiled: Api) -> None:
    """A caller who works in 8830 does not see 8829 above it, and sees 8830 below it."""
    headers = {"authorization": compiled.bearer("supperadm"), "cadastre-org": "8830"}
    query = """{
      hidden: org(id: "8829") { id childCount children { id } descendants { totalCount } }
      again: org(id: "8829") { children { id } }
      shown: org(id: "8830") { id parentId }
    }"""
    answer = compiled.client.post("/graphql", json={"query": query}, headers=headers).json()
    assert answer["data"] == {"hidden": None, "again": None, "shown": {"id": "8830", "parentId": "8829"}}


def test_records_asked_for_together_keep_what_hangs_on_each(compiled: Api) -> None:
    """Aliases with the same statement share its rows; with another selection they have a statement of their own."""
    answer = compiled.data("""{
      one: org(id: "6419") { children { id } }
      same: org(id: "6419") { id children { id } }
      more: org(id: "6419") { name children { id name children { id } } }
      none: org(id: "999999999") { children { id } }
    }""")
    assert answer["one"]["children"] == answer["same"]["children"]
    assert [child["id"] for child in answer["more"]["children"]] == [child["id"] for child in answer["one"]["children"]]
    assert any(child["children"] for child in answer["more"]["children"])
    assert answer["none"] is None


def test_statements_for_long_arguments_are_not_cached(compiled: Api) -> None:
    query = "query ($text: String) { orgs(filter: {name: {contains: $text}}) { nodes { id } } }"
    for text in ("short", "x" * 100_000):
        compiled.data(query, {"text": text})
    execution: Any = compiled.client.app.state.execution  # type: ignore[attr-defined]
    plans = execution.engine.plans.values(lambda _: True)
    (printed,) = [str(plan) for plan in plans if "lower(org.name)" in str(plan).lower() or "LIKE" in str(plan)]
    assert printed.count("    rows: ") == 1
