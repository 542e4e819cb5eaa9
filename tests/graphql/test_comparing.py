"""Comparing customers' personal data is recorded as reading it is, whatever the comparison finds."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import product
from typing import Any

import psycopg
import pytest
from strawberry.utils.str_converters import to_snake_case

from app.db.embedded import EmbeddedServer
from app.graphql.schema import MUTATIONS, NOUNS
from app.loaders.edge import Shape
from app.loaders.filtering import FILTERABLE
from app.models import Entity
from app.services.write import Write
from tests.clients.api import Api, open_api
from tests.clients.legacy import Legacy
from tests.clients.writes import Writer
from tests.databases import copied
from tests.services.customers import TOP, clerk
from tests.worlds.personal import IDENTITY, PHONE, PLAIN
from tests.worlds.schema import PLURALS

NOBODY = "10000000000"
"""A phone number that no customer has."""

ENTRIES = "select entity, fields, row_count from personal_read order by number"
OPERANDS = {
    "eq": f'"{NOBODY}"',
    "ne": f'"{NOBODY}"',
    "in": f'["{NOBODY}"]',
    "notIn": f'["{NOBODY}"]',
    "contains": f'"{NOBODY}"',
    "startsWith": f'"{NOBODY}"',
}


@pytest.fixture(scope="module", params=[True, False], ids=["compiled", "graphql-core"])
def either(request: pytest.FixtureRequest, server: EmbeddedServer, demo_template: str, worker_id: str) -> Iterator[Api]:
    """Give the API over a demo world of this module, with plans and under graphql-core alone."""
    with copied(server, demo_template, worker_id) as url, open_api(url, compiled=request.param) as api:
        yield api


@pytest.fixture
def staff(own_api: Api, own_url: str) -> Writer:
    """Give an administrator of organisation 8829."""
    return Writer(own_api, own_url, PLAIN)


def recorded(api: Api, query: str, account: str = "supperadm") -> list[Any]:
    """Send a query and give what is recorded of it."""
    api.sql("delete from personal_read")
    assert api.post(query, authorization=api.bearer(account)).status_code == 200
    return api.sql(ENTRIES)


def conditions(model: type[Entity]) -> Iterator[tuple[str, tuple[str, list[str]]]]:
    """Give filters that compare each recorded column by each operator, by edges too, and what they compare."""
    yield from comparisons(model, OPERANDS)
    for name, edge in FILTERABLE[model].edges.items():
        for inner, what in comparisons(edge.target, ["eq"]):
            yield f"{{{name}: {inner if edge.shape is Shape.ONE else f'{{some: {inner}}}'}}}", what


def comparisons(model: type[Entity], operators: Iterable[str]) -> Iterator[tuple[str, tuple[str, list[str]]]]:
    """Give filters that compare each recorded column of a model by some operators."""
    filterable = FILTERABLE[model]
    for name, operator in product(sorted(filterable.recorded), operators):
        yield f"{{{name}: {{{operator}: {OPERANDS[operator]}}}}}", (model.__name__, [filterable.columns[name].key])


COMPARING = {
    f"{PLURALS[model.__name__]}(filter: {condition})": what
    for model in NOUNS
    if model.__name__ in PLURALS
    for condition, what in conditions(model)
}


def test_each_personal_column_of_customers_is_compared_in_some_list() -> None:
    """The columns come from the declarations: a new one is compared in the next test."""
    columns = {(entity, column) for entity, (column,) in COMPARING.values()}
    assert columns == {
        (model.__name__, FILTERABLE[model].columns[name].key) for model in NOUNS for name in FILTERABLE[model].recorded
    }
    assert len(COMPARING) > 6 * len(columns)


def test_comparing_a_personal_column_is_recorded_whatever_it_finds(either: Api) -> None:
    authorization = either.bearer("supperadm")
    for field, (entity, columns) in COMPARING.items():
        either.sql("delete from personal_read")
        answer = either.post(f"{{ {field[:-1]}, first: 1, offset: 900) {{ totalCount }} }}", None, authorization).json()
        assert "errors" not in answer, (field, answer)
        assert either.sql(ENTRIES) == [(entity, columns, 0)], field


BY_PHONE = f'filter: {{phone: {{eq: "{NOBODY}"}}}}'
NOT_NOBODY = f'{{phone: {{ne: "{NOBODY}"}}}}'
WAYS = {
    "count": f"{{ customers({BY_PHONE}) {{ totalCount }} }}",
    "groups": f"{{ customers({BY_PHONE}) {{ groups(by: [STATUS]) {{ count }} }} }}",
    "page info": f"{{ customers({BY_PHONE}) {{ pageInfo {{ hasNextPage }} }} }}",
    "typename": f"{{ customers({BY_PHONE}) {{ __typename }} }}",
    "combined": f'{{ customers(filter: {{or: [{{not: {{phone: {{ne: "{NOBODY}"}}}}}}]}}) {{ totalCount }} }}',
    "of a record": f"{{ org(id: {TOP}) {{ customersConnection({BY_PHONE}) {{ totalCount }} }} }}",
    "nested": f"{{ spaces(filter: {{propertyRelations: {{none: {{customer: {NOT_NOBODY}}}}}}}) {{ totalCount }} }}",
    "ordered": f"{{ customers({BY_PHONE}, orderBy: [{{field: NAME}}]) {{ nodes {{ id }} }} }}",
}


@pytest.mark.parametrize("way", WAYS)
def test_each_way_to_ask_is_recorded(either: Api, way: str) -> None:
    ((entity, fields, _),) = recorded(either, WAYS[way], PLAIN)
    assert (entity, fields) == ("Customer", ["phone"])


@pytest.mark.parametrize("compiled", [True, False], ids=["compiled", "graphql-core"])
def test_a_refusal_that_tells_what_was_found_is_recorded(own_url: str, compiled: bool) -> None:  # noqa: FBT001 - a parameter
    query = f'{{ customers(filter: {{phone: {{ne: "{NOBODY}"}}}}, first: 100) {{ nodes {{ id }} }} }}'
    with open_api(own_url, compiled=compiled, max_nodes=3) as api:
        answer = api.post(query, authorization=api.bearer("supperadm")).json()
        assert answer["errors"][0]["extensions"]["code"] == "NODE_LIMIT_EXCEEDED"
        assert api.sql(ENTRIES) == [("Customer", ["phone"], 0)]


@pytest.mark.parametrize("way", ["some", "every", "none"])
def test_a_null_filter_by_an_edge_is_refused(either: Api, way: str) -> None:
    query = f"{{ orgs(filter: {{customers: {{{way}: null}}}}) {{ totalCount }} }}"
    (error,) = either.post(query, authorization=either.bearer("supperadm")).json()["errors"]
    assert error["extensions"]["code"] == "INVALID_INPUT"


@contextmanager
def locked(url: str) -> Iterator[psycopg.Connection]:
    """Lock the customers against every reader."""
    with psycopg.connect(url) as connection:
        connection.execute("lock table customer in access exclusive mode")
        yield connection
        connection.rollback()


@pytest.mark.parametrize("compiled", [True, False], ids=["compiled", "graphql-core"])
def test_a_comparison_that_ends_at_the_deadline_is_recorded(own_url: str, compiled: bool) -> None:  # noqa: FBT001 - a parameter
    with open_api(own_url, compiled=compiled, deadline=2) as api:
        authorization = api.bearer("supperadm")
        assert api.post("{ orgs { totalCount } }", authorization=authorization).status_code == 200
        with locked(own_url):
            answer = api.post(WAYS["count"], authorization=authorization).json()
        assert answer["errors"][0]["extensions"]["code"] in {"TIMEOUT", "UNAVAILABLE"}
        assert api.sql(ENTRIES) == [("Customer", ["phone"], 0)]


def test_a_mutation_that_compares_and_ends_at_the_deadline_is_recorded(own_url: str) -> None:
    customer = {"source": "own", "externalId": "x", "name": "x", "phone": NOBODY, "orgIds": [TOP]}
    with open_api(own_url, deadline=2) as api:
        staff = Writer(api, own_url, PLAIN)
        staff.done("upsertCustomers", "", customers=[customer], dryRun=True)  # makes the plan
        api.sql("delete from personal_read")
        with locked(own_url):
            answer = staff.answer("upsertCustomers", "", {"customers": [customer], "dryRun": True})
        assert answer["errors"][0]["extensions"]["code"] in {"TIMEOUT", "UNAVAILABLE"}
        assert api.sql(ENTRIES) == [("Customer", ["phone"], 1)]


def test_an_export_that_finds_nobody_is_recorded(either: Api) -> None:
    either.sql("delete from personal_read")
    headers = {"authorization": either.bearer(PLAIN), "accept": "text/csv"}
    body = {"query": f"{{ customers({BY_PHONE}) {{ nodes {{ id }} }} }}"}
    assert either.client.post("/graphql", json=body, headers=headers).status_code == 200
    assert either.sql(ENTRIES) == [("Customer", ["phone"], 0)]


def test_an_export_that_is_too_long_is_recorded(own_url: str) -> None:
    with open_api(own_url, max_export=1) as api:
        headers = {"authorization": api.bearer("supperadm"), "accept": "text/csv"}
        body = {"query": f'{{ customers(filter: {{phone: {{ne: "{NOBODY}"}}}}) {{ nodes {{ id }} }} }}'}
        assert api.client.post("/graphql", json=body, headers=headers).json()["errors"][0]["extensions"]["code"] == (
            "EXPORT_TOO_LARGE"
        )
        assert api.sql(ENTRIES) == [("Customer", ["phone"], 0)]


LEGACY = {
    "customer/query/page": ({"customer_phone": NOBODY}, ("Customer", ["phone"], 0)),
    "customer/query/Identity": ({"identity_type": 1, "identity": NOBODY}, ("Customer", ["identity"], 0)),
    "auth/query/page": ({"user_phone": NOBODY}, ("Verification", ["app_user_phone"], 0)),
}
"""Legacy URLs with conditions on personal data, and what is recorded when nothing is found."""


@pytest.mark.parametrize("path", LEGACY)
def test_the_conditions_of_legacy_urls_are_recorded(own_api: Api, path: str) -> None:
    body, expected = LEGACY[path]
    Legacy(own_api, "supperadm").send(path, body)
    assert own_api.sql(ENTRIES) == [expected]


def test_a_value_that_is_taken_is_recorded_although_nothing_is_written(staff: Writer) -> None:
    name = staff.sql("select name from customer where id = 9343")[0][0]
    assert staff.refusals("createCustomer", orgId=TOP, name=name, phone=PHONE) == [("CONFLICT", ["phone"])]
    assert staff.sql(ENTRIES) == [("Customer", ["phone"], 1)]


def test_a_match_is_recorded_although_it_is_only_tried(staff: Writer) -> None:
    """Who sees masks learns by this whom a number belongs to."""
    writer = clerk(staff, TOP)
    row = {"orgId": TOP, "identityType": "IDENTITY_CARD", "identity": IDENTITY}
    other = {"orgId": TOP, "name": "新", "phone": NOBODY}
    writer.done("upsertCustomers", "customers { id name }", customers=[row, other], dryRun=True)
    assert writer.sql(ENTRIES) == [("Customer", ["identity", "phone"], 2)]


def test_a_conflict_at_a_legacy_url_is_recorded(own_api: Api) -> None:
    name = own_api.sql("select name from customer where id = 9343")[0][0]
    person = {"id": 9867, "customer_name": name, "customer_phone": PHONE}
    answer = Legacy(own_api, "supperadm").send("customer/update", person).json()
    assert answer["code"] != "200"
    assert own_api.sql(ENTRIES) == [("Customer", ["phone"], 1)]


STORING = {"create_work_order", "create_work_orders"}
"""Mutations that store personal data of their input, and compare it with nothing."""


def test_each_mutation_that_takes_personal_data_declares_what_it_compares() -> None:
    undeclared = {
        name
        for name, field in MUTATIONS.items()
        if field.write is not None and taken(field.write) - set(compared(field.write))
    }
    assert undeclared == STORING


def taken(write: Write) -> set[str]:
    """Give the recorded personal data that the input of a mutation takes."""
    model, shape = write.read_input.args  # type: ignore[attr-defined]
    if model not in FILTERABLE:  # published events are no records of the schema
        return set()
    names = {to_snake_case(name) for name in FILTERABLE[model].recorded}
    return names & set(shape.__dataclass_fields__)


def compared(write: Write) -> tuple[str, ...]:
    """Give what a mutation compares."""
    return () if write.compares is None else write.compares.fields
