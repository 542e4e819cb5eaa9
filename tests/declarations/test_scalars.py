"""Dates, times and decimal numbers: what is read, and what an error says of the rest."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from graphql import GraphQLError, GraphQLScalarType, parse_value
from graphql.type import is_specified_scalar_type

from tests.clients.api import Api
from tests.worlds.schema import CORE

SCALARS = [type_ for type_ in CORE.type_map.values() if isinstance(type_, GraphQLScalarType)]


def scalar(name: str) -> GraphQLScalarType:
    type_ = CORE.type_map[name]
    assert isinstance(type_, GraphQLScalarType)
    return type_


@pytest.mark.parametrize("type_", [type_ for type_ in SCALARS if not is_specified_scalar_type(type_)], ids=str)
def test_every_scalar_of_our_own_names_its_specification(type_: GraphQLScalarType) -> None:
    assert (type_.specified_by_url or "").startswith("https://")
    assert type_.description


READ: list[tuple[str, object, object]] = [
    ("Date", "2021-01-31", date(2021, 1, 31)),
    ("DateTime", "2021-01-31T12:00:00+08:00", datetime(2021, 1, 31, 4, tzinfo=UTC)),
    ("DateTime", "2021-01-31t04:00:00.25z", datetime(2021, 1, 31, 4, 0, 0, 250_000, tzinfo=UTC)),
    ("DateTime", "2021-01-31 04:00Z", datetime(2021, 1, 31, 4, tzinfo=UTC)),
    ("DateTime", "2021-01-31T04:00:00.123456789-00:00", datetime(2021, 1, 31, 4, 0, 0, 123_456, tzinfo=UTC)),
    ("Decimal", "89.50", Decimal("89.50")),
    ("Decimal", "-0.5e3", Decimal(-500)),
    ("Decimal", 89, Decimal(89)),
    ("Decimal", 89.5, Decimal("89.5")),
]


@pytest.mark.parametrize(("name", "value", "expected"), READ)
def test_a_value_is_read_as_a_variable_and_as_a_literal(name: str, value: object, expected: object) -> None:
    literal = f'"{value}"' if isinstance(value, str) else str(value)
    assert scalar(name).parse_value(value) == expected
    assert scalar(name).parse_literal(parse_value(literal)) == expected


def test_a_long_number_keeps_its_digits() -> None:
    digits = "123456789012345678901234.000000000000000000001"
    assert scalar("Decimal").parse_literal(parse_value(digits)) == Decimal(digits)


REFUSED: dict[str, list[Any]] = {
    "Date": [
        "", "x", "20210131", "2021-1-31", "2021-02-30", "2021-W04-7", " 2021-01-31", "２０２１-01-31", "2021-01-31\n",
        "2021-01-31T00:00:00Z", 20210131, True, 1.5, [], {},
    ],
    "DateTime": [
        "", "yesterday", "2021-01-31", "2021-01-31T12:00:00", "2021-01-31T12:00:00.5", "20210131T120000Z",
        "2021-W04-7T12:00:00Z", "2021-01-31T12:00:00+0800", "2021-01-31T12Z", "2021-13-31T12:00:00Z",
        "2021-01-31T25:01:00Z", "2021-01-31T12:00:00+08:00\n", "２０２１-01-31T12:00:00Z", "2021-01-31T12:00:00+24:00",
        "2021-01-31T12:00:60Z", 0, 1_612_065_600_000, False, [], {},
    ],
    "Decimal": [
        "", "x", "１００", "1_000", "٣", "1,000", " 1", "1\n", "+1", ".5", "5.", "007", "0x1F", "NaN", "sNaN",
        "Infinity", "-inf", "1e", "1e9999999999", "--1", "1.2.3", "１.5", True, False, [], {}, ["1"],
    ],
}  # fmt: skip


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in REFUSED.items() for value in values])
def test_anything_else_is_refused_with_what_to_write(name: str, value: Any) -> None:
    with pytest.raises(GraphQLError, match=f" is not a {name}: "):
        scalar(name).parse_value(value)


NAIVE = "2021-01-31T12:00:00"
LITERALS = {
    '{ orgs(filter: {createdAt: {gt: "2021-01-31T12:00:00"}, under: 1}) { totalCount } }': (
        33,
        f"'{NAIVE}' is not a DateTime: add the offset from UTC, such as {NAIVE}+08:00 in China, or {NAIVE}Z for UTC",
    ),
    "{ orgs(filter: {createdAt: {gt: 5}, under: 1}) { totalCount } }": (
        33, "'5' is not a DateTime: write it as a string",
    ),
    "{ orgs(filter: {createdAt: {gt: TODAY}, under: 1}) { totalCount } }": (
        33, "'TODAY' is not a DateTime: write it as a string",
    ),
    '{ spaces(filter: {area: {gt: "１００"}, under: 1}) { totalCount } }': (
        30, "'１００' is not a Decimal: write digits with a point, such as 89.50",
    ),
    '{ spaces(filter: {area: {in: [1, "1_000"]}, under: 1}) { totalCount } }': (
        34, "'1_000' is not a Decimal: write digits with a point, such as 89.50",
    ),
    "{ spaces(filter: {area: {in: [{a: 1}]}, under: 1}) { totalCount } }": (
        31, "'{ a: 1 }' is not a Decimal: write it as a string",
    ),
    '{ admins(filter: {birthday: {eq: "31.1.2021"}, id: {eq: 1}}) { totalCount } }': (
        34, "'31.1.2021' is not a Date: write the year, the month and the day, such as 2021-01-31",
    ),
    '{ admins(filter: {birthday: {eq: "2021-02-30"}, id: {eq: 1}}) { totalCount } }': (
        34, "'2021-02-30' is not a Date: day is out of range for month",
    ),
}  # fmt: skip


@pytest.mark.parametrize("query", LITERALS)
def test_an_error_has_its_place(api: Api, query: str) -> None:
    column, message = LITERALS[query]
    error = api.error(query)
    assert error["locations"] == [{"line": 1, "column": column}]
    assert (error["message"], error["extensions"]) == (message, {"code": "GRAPHQL_VALIDATION_FAILED"})


def test_a_variable_of_a_wrong_value_has_its_place(api: Api) -> None:
    query = "query ($f: SpaceFilter) { spaces(filter: $f) { totalCount } }"
    error = api.error(query, {"f": {"under": "1", "area": {"in": ["1", "1_000"]}}})
    assert error["locations"] == [{"line": 1, "column": 8}]
    assert error["message"].startswith("Variable '$f' has invalid value at .area.in[1]: '1_000' is not a Decimal")


@pytest.mark.parametrize("text", ["６４１９", "6_419", "+6419", " 6419", "٦٤١٩", "6419.0", "0x1913", "6419\n"])
def test_an_id_is_written_in_ascii_digits(api: Api, text: str) -> None:
    query = "query ($i: ID!) { org(id: $i) { id } nodes(ids: [$i]) { id } orgs(filter: {id: {eq: $i}}) { totalCount } }"
    errors = api.post(query, {"i": text}).json()["errors"]
    assert [error["extensions"]["code"] for error in errors] == ["INVALID_INPUT"] * 3


@pytest.mark.parametrize("text", ["１０", "1_0", "10"])
def test_an_int_is_no_text(api: Api, text: str) -> None:
    error = api.error("query ($n: Int) { orgs(first: $n) { nodes { id } } }", {"n": text})
    assert error["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"
