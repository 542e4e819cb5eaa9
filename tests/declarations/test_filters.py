"""Filters: every operator on every kind of value against Python's own verdict, nesting, and what is refused."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from graphql import GraphQLInputObjectType, get_named_type

from app.loaders.comparisons import COMPARISONS
from tests.clients.api import Api, open_api
from tests.worlds.schema import CORE

Verdict = Callable[[Any, Any], bool]

VERDICTS: dict[str, Verdict] = {
    "eq": lambda have, want: have == want,
    "ne": lambda have, want: have != want,
    "in": lambda have, want: have in want,
    "notIn": lambda have, want: have not in want,
    "contains": lambda have, want: have is not None and want.lower() in have.lower(),
    "startsWith": lambda have, want: have is not None and have.startswith(want),
    "gt": lambda have, want: have is not None and have > want,
    "gte": lambda have, want: have is not None and have >= want,
    "lt": lambda have, want: have is not None and have < want,
    "lte": lambda have, want: have is not None and have <= want,
    "isNull": lambda have, want: (have is None) is want,
}
READ: dict[str, Callable[[Any], Any]] = {"Decimal": Decimal, "DateTime": datetime.fromisoformat}
"""How the values of a scalar are compared in Python; all others as they are answered."""

FIELDS: list[tuple[str, dict[str, Any], str, list[Any]]] = [
    ("spaces", {"under": "13702"}, "parentId", ["41016", "13702", "999"]),
    ("spaces", {"under": "13702"}, "type", ["HOUSE", "PARK_SPACE", "ZONE"]),
    ("spaces", {"under": "13702"}, "name", ["a0", "A", "区", "101", "a区"]),
    ("spaces", {"under": "13702"}, "area", ["88.5", "88.50", "88.51", "-1", "88.504", "1e99"]),
    ("spaces", {"under": "13702"}, "depth", [0, 3, 6, -1]),
    ("spaces", {"under": "41083"}, "externalId", ["006i000P1O8ppJGdzz4oQi", "006i"]),
    (
        "orgs",
        {"under": "8831"},
        "createdAt",
        ["2020-11-11T09:04:27.454Z", "2020-11-12T07:04:27+08:00", "2020-11-11T17:04:27+16:30"],
    ),
    ("orgs", {"under": "6419"}, "status", ["DISABLED", "ENABLED"]),
    ("orgs", {"under": "6419"}, "fourgridId", ["1", "21321371"]),
    ("orgs", {"under": "6419"}, "fullName", ["物业", "美的集团/美", "前期"]),
    ("admins", {"orgId": {"in": ["40017", "40015"]}}, "isSuper", [True, False]),
    ("spaceLocations", {"id": {"in": ["123", "8825"]}}, "longitude", [123.46, 123, -1e300]),
]
LISTS = ("in", "notIn")
DATES = ["1990-01-01", "1990-01-02"]


@dataclass(frozen=True)
class Column:
    """A column of a list, and the filter that holds the list to a few rows."""

    field: str
    scope: dict[str, Any]
    name: str

    def __str__(self) -> str:
        return f"{self.field}.{self.name}"


def operators_of(field: str, name: str) -> tuple[str, list[str]]:
    """Name a filter's scalar and its operators."""
    assert CORE.query_type is not None
    entity = get_named_type(CORE.query_type.fields[field].args["filter"].type)
    assert isinstance(entity, GraphQLInputObjectType)
    comparison = get_named_type(entity.fields[name].type)
    assert isinstance(comparison, GraphQLInputObjectType)
    return comparison.name.removesuffix("Filter"), list(comparison.fields)


def operands(operator: str, values: list[Any]) -> list[Any]:
    if operator == "isNull":
        return [True, False]
    return [values, values[:1], []] if operator in LISTS else values


CASES = [
    (Column(field, scope, name), operator, operand)
    for field, scope, name, values in FIELDS
    for operator in operators_of(field, name)[1]
    for operand in operands(operator, values)
]


def found(api: Api, field: str, wanted: dict[str, Any], shown: str = "id") -> list[dict[str, Any]]:
    """Give all rows of a list, which must not be more than a page."""
    type_ = f"{field[0].upper()}{field[1:-1]}Filter"
    query = f"query ($f: {type_}) {{ {field}(filter: $f, first: 100) {{ totalCount nodes {{ id {shown} }} }} }}"
    page = api.data(query, {"f": wanted})[field]
    assert page["totalCount"] == len(page["nodes"])
    return list(page["nodes"])


def ids(rows: list[dict[str, Any]]) -> list[str]:
    return [row["id"] for row in rows]


def test_the_cases_cover_every_operator_and_every_scalar() -> None:
    assert {operator for _, operator, _ in CASES} == set(COMPARISONS) == set(VERDICTS)
    covered = {operators_of(field, name)[0] for field, _, name, _ in FIELDS} | {"Date"}  # dates have their own test
    filters = (type_.name for type_ in CORE.type_map.values() if isinstance(type_, GraphQLInputObjectType))
    scalars = {"ID", "String", "Int", "Boolean", "DateTime", "Decimal", "Float", "Date"}
    assert scalars <= covered & {name.removesuffix("Filter") for name in filters}


@pytest.mark.parametrize(("column", "operator", "operand"), CASES, ids=str)
def test_an_operator_says_what_python_says(api: Api, column: Column, operator: str, operand: Any) -> None:
    read = READ.get(operators_of(column.field, column.name)[0], lambda value: value)
    want = operand if operator == "isNull" else [*map(read, operand)] if operator in LISTS else read(operand)
    everyone = found(api, column.field, column.scope, column.name)
    values = {row["id"]: None if row[column.name] is None else read(row[column.name]) for row in everyone}
    expected = [id_ for id_, have in values.items() if VERDICTS[operator](have, want)]
    assert values
    assert ids(found(api, column.field, {**column.scope, column.name: {operator: operand}})) == expected


@pytest.mark.parametrize("operator", operators_of("admins", "birthday")[1])
def test_dates_are_compared_as_dates(empty_url: str, operator: str) -> None:
    with psycopg.connect(empty_url) as connection:
        org = "insert into org (path, depth, code, name, full_name, type) values ('1/', 0, '1', 'o', 'o', 'BUSINESS')"
        top = connection.execute(f"{org} returning id").fetchone()
        for name, birthday in (("a", DATES[0]), ("b", DATES[1]), ("c", None)):
            columns = "insert into admin (name, birthday, org_id) values (%s, %s, %s)"
            connection.execute(columns, [name, birthday, top and top[0]])
    with open_api(empty_url) as api:
        scope = {"orgId": {"eq": str(top and top[0])}}
        rows = found(api, "admins", scope, "birthday")
        for operand in operands(operator, DATES):
            expected = [row["id"] for row in rows if VERDICTS[operator](row["birthday"], operand)]
            assert ids(found(api, "admins", {**scope, "birthday": {operator: operand}})) == expected


NESTED: list[tuple[dict[str, Any], Callable[[dict[str, Any]], bool]]] = [
    ({"and": []}, lambda _: True),
    ({"or": []}, lambda _: False),
    ({"not": {}}, lambda _: False),
    ({}, lambda _: True),
    ({"name": None}, lambda _: True),
    ({"and": [{"depth": {"gt": 2}}, {"depth": {"lt": 5}}]}, lambda row: 2 < row["depth"] < 5),
    ({"or": [{"type": {"eq": "HOUSE"}}, {"depth": {"eq": 0}}]}, lambda row: row["type"] == "HOUSE" or not row["depth"]),
    ({"not": {"type": {"eq": "HOUSE"}}}, lambda row: row["type"] != "HOUSE"),
    ({"not": {"area": {"gt": "1"}}}, lambda row: row["area"] is None),  # unknown is not true
    ({"not": {"not": {"area": {"gt": "1"}}}}, lambda row: row["area"] is not None),
    (
        {"type": {"ne": "ZONE"}, "or": [{"not": {"depth": {"lt": 6}}}, {"and": [{"name": {"contains": "车场"}}]}]},
        lambda row: row["type"] != "ZONE" and (row["depth"] >= 6 or "车场" in row["name"]),
    ),
]


@pytest.mark.parametrize(("wanted", "holds"), NESTED)
def test_conditions_nest(api: Api, wanted: dict[str, Any], holds: Callable[[dict[str, Any]], bool]) -> None:
    rows = found(api, "spaces", {"under": "13702"}, "type depth name area")
    assert ids(found(api, "spaces", {"under": "13702", **wanted})) == [row["id"] for row in rows if holds(row)]


def test_under_is_the_subtree_with_its_top(api: Api) -> None:
    query = '{ org(id: "8831") { id descendants(first: 100) { nodes { id } } } }'
    org = api.data(query)["org"]
    subtree = {org["id"], *ids(org["descendants"]["nodes"])}
    assert set(ids(found(api, "orgs", {"under": "8831"}))) == subtree
    assert ids(found(api, "orgs", {"under": "999999999"})) == []
    assert ids(found(api, "orgs", {"under": "8831", "not": {"under": "9099"}})) == [
        id_ for id_ in ids(found(api, "orgs", {"under": "8831"})) if id_ != "9099"
    ]


@pytest.mark.parametrize(("text", "names"), [("%", []), ("\\", []), ("16栋_1", ["16栋_1单元_2602"] * 2), ("16栋%", [])])
def test_wildcards_are_taken_as_they_stand(api: Api, text: str, names: list[str]) -> None:
    for operator in ("contains", "startsWith"):
        rows = found(api, "spaces", {"name": {operator: text}}, "name")
        assert [row["name"] for row in rows] == names


@pytest.mark.parametrize("text", ["君兰江山", "江山", "兰"])
def test_chinese_is_found_within_names(api: Api, text: str) -> None:
    rows = found(api, "spaces", {"name": {"contains": text}}, "name")
    assert {"美的君兰江山", "君兰江山"} <= {row["name"] for row in rows}
    assert all(text in row["name"] for row in rows)


WITHOUT_SCOPE: list[tuple[str, dict[str, Any]]] = [
    ("orgs", {"status": {"eq": "ENABLED"}}),
    ("orgs", {"code": {"contains": "1"}}),
    ("orgs", {"name": {"eq": "美的集团", "in": ["美的物业", "美的集团"]}}),
    ("spaces", {"area": {"gt": "1"}}),
    ("spaces", {"externalId": {"isNull": False}, "source": {"ne": "none"}}),
    ("spaces", {"and": [{"type": {"eq": "HOUSE"}}, {"depth": {"gte": 1}}]}),
    ("spaces", {"or": [{"under": "17"}, {"depth": {"eq": 1}}]}),
    ("spaces", {"not": {"under": "17", "depth": {"eq": 1}}}),
    ("spaces", {"parentId": {"isNull": True}, "depth": {"eq": 0}}),
    ("propertyRelations", {"isMain": {"eq": True}}),
]


@pytest.mark.parametrize(("field", "wanted"), WITHOUT_SCOPE)
def test_every_filter_is_answered_and_a_condition_more_only_narrows(
    api: Api, field: str, wanted: dict[str, Any]
) -> None:
    query = (
        f"query ($f: {field[0].upper()}{field[1:-1]}Filter) {{ {field}(filter: $f, first: 100) {{ nodes {{ id }} }} }}"
    )

    def found_by(wanted: dict[str, Any]) -> list[str]:
        return ids(api.data(query, {"f": wanted})[field]["nodes"])

    wide = found_by(wanted)
    assert wide
    for more in ({"id": {"eq": wide[0]}}, {"and": [{"id": {"eq": wide[0]}}]}, {"id": {"in": wide[:1]}}):
        assert found_by({**wanted, **more}) == wide[:1]
    assert found_by({"and": [wanted, {"updatedAt": {"gte": "1999-01-01T00:00:00Z"}}]}) == wide


def test_the_key_of_a_source_finds_its_record(api: Api) -> None:
    space = api.data("{ spaces(filter: {externalId: {isNull: false}}, first: 1) { nodes { id externalId source } } }")
    (node,) = space["spaces"]["nodes"]
    key = {"externalId": {"eq": node["externalId"]}, "source": {"eq": node["source"]}}
    assert ids(found(api, "spaces", key)) == [node["id"]]
    assert ids(found(api, "spaces", {**key, "source": {"eq": "unknown"}})) == []


def test_what_is_computed_filters_as_what_it_is_computed_from(api: Api) -> None:
    def found_by(wanted: dict[str, Any]) -> list[str]:
        return ids(found(api, "spaces", {"under": "13702", **wanted}))

    parking = ["PARK", "PARK_NAME", "PARK_AREA", "PARK_SPACE"]
    assert found_by({"category": {"eq": "PARK"}}) == found_by({"type": {"in": parking}}) != []
    assert found_by({"category": {"ne": "PARK"}}) == found_by({"type": {"notIn": parking}}) != []
    assert found_by({"category": {"in": ["PARK", "ZONE"]}}) == found_by({"type": {"in": [*parking, "ZONE"]}})
    assert found_by({"category": {"notIn": ["PARK"]}, "not": {"category": {"ne": "ZONE"}}}) == found_by(
        {"type": {"eq": "ZONE"}}
    )
    assert found_by({"category": {"isNull": True}}) == found_by({"category": {"in": []}}) == []
    assert found_by({"category": {"isNull": False}}) == found_by({})


@pytest.mark.parametrize(
    ("wanted", "named"),
    [
        ({"name": {"eq": None}}, "name.eq"),
        ({"id": {"in": None}}, "id.in"),
        ({"id": {"isNull": None}}, "id.isNull"),
        ({"id": {}}, "id"),
        ({"under": None}, "under"),
        ({"under": "8831", "id": {}}, "id"),
        ({"not": {"or": [{"name": {"eq": None}}]}}, "name.eq"),
        ({"and": [{"name": {}}]}, "name"),
    ],
)
def test_null_and_nothing_are_no_operands(api: Api, wanted: dict[str, Any], named: str) -> None:
    error = api.error("query ($f: OrgFilter) { orgs(filter: $f) { totalCount } }", {"f": wanted})
    assert error["extensions"]["code"] == "INVALID_INPUT"
    assert f"the filter '{named}'" in error["message"]


@pytest.mark.parametrize(
    "member", [{"name": None}, {"and": None}, {"or": None}, {"not": None}, {"and": [{"id": None}]}, {"and": []}]
)
def test_a_member_that_is_null_is_no_condition(api: Api, member: dict[str, Any]) -> None:
    assert found(api, "orgs", {"under": "8831", **member}) == found(api, "orgs", {"under": "8831"})


def test_no_filter_at_all_is_everything(api: Api) -> None:
    counts = [api.data(f"{{ orgs{given} {{ totalCount }} }}") for given in ("", "(filter: null)", "(filter: {})")]
    assert counts[0] == counts[1] == counts[2]


def test_a_time_is_the_same_in_every_zone(api: Api) -> None:
    scope, times = {"under": "8831"}, ("2020-11-11T09:04:27.454Z", "2020-11-11T17:04:27.454+08:00")
    assert found(api, "orgs", {**scope, "createdAt": {"eq": times[0]}}) != []
    for operator in ("eq", "gte", "ne"):
        utc, chinese = (found(api, "orgs", {**scope, "createdAt": {operator: time}}) for time in times)
        assert utc == chinese


@pytest.mark.parametrize("time", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-01:00"])
def test_a_time_beyond_the_years_is_refused(api: Api, time: str) -> None:
    query = "query ($f: OrgFilter) { orgs(filter: $f) { totalCount } }"
    error = api.error(query, {"f": {"under": "8831", "createdAt": {"gt": time}}})
    assert error["extensions"]["code"] == "INVALID_INPUT"


@pytest.mark.parametrize("condition", [{"contains": "x" * 100_001}, {"in": ["x" * 50_001] * 2}])
def test_a_text_that_no_record_has_is_refused(api: Api, condition: dict[str, Any]) -> None:
    query = "query ($f: OrgFilter) { orgs(filter: $f) { totalCount } }"
    error = api.error(query, {"f": {"children": {"some": {"name": condition}}}})
    assert error["extensions"]["code"] == "INVALID_INPUT"
    (operator,) = condition
    assert f"the texts of the filter 'name.{operator}' have 10000" in error["message"]
    assert api.data(query, {"f": {"name": {"contains": "x" * 100_000}}}) == {"orgs": {"totalCount": 0}}
