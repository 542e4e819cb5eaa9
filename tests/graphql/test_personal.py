"""Personal data: masked for callers without `pii.read`; each plain read of customers' data is recorded."""

import logging
from collections.abc import Iterator
from typing import Any

import orjson
import psycopg
import pytest

from app.graphql.schema import NOUNS
from app.loaders.filtering import FILTERABLE
from app.services.stored_document import hash_of
from tests.clients.api import Api, open_api
from tests.databases import copy_of, execute
from tests.worlds.personal import IDENTITY, MASKED, PHONE, PLAIN, secrets

ANONYMOUS = None
"""A caller without a token, who sees customer 9343 masked."""

CUSTOMER = '{ customer(id: "9343") { phone identity } }'
SHOWN = {"phone": "134****0013", "identity": "430****0013"}
ENTRIES = "select admin_id, client_id, entity, fields, row_count, document_sha256 from personal_read order by number"


@pytest.fixture(scope="module")
def own_url(server: Any, demo_template: str, worker_id: str) -> Iterator[str]:
    """Give the URL of a demo world that these tests write to."""
    name = f"personal_{worker_id}"
    yield copy_of(server, demo_template, name)
    execute(server, f"drop database if exists {name} with (force)")


@pytest.fixture(scope="module", params=[True, False], ids=["compiled", "graphql-core"])
def either(request: pytest.FixtureRequest, own_url: str) -> Iterator[Api]:
    """Give the API with plans, and under graphql-core alone."""
    with open_api(own_url, compiled=request.param, development=True) as api:
        yield api


@pytest.fixture
def entries(own_url: str) -> Iterator[Any]:
    """Give a way to read what was written down, from nothing."""
    with psycopg.connect(own_url, autocommit=True) as connection:
        connection.execute("delete from personal_read")
        yield lambda: connection.execute(ENTRIES).fetchall()


def ask(api: Api, account: str | None, query: str, variables: dict[str, Any] | None = None) -> Any:
    answer = api.post(query, variables, authorization=None if account is None else api.bearer(account)).json()
    assert "errors" not in answer, answer["errors"]
    return answer["data"]


def test_the_demo_world_shows_who_may_read(either: Api) -> None:
    assert ask(either, PLAIN, CUSTOMER)["customer"] == {"phone": PHONE, "identity": IDENTITY}
    assert ask(either, MASKED, CUSTOMER)["customer"] == SHOWN
    assert ask(either, ANONYMOUS, CUSTOMER)["customer"] == SHOWN


EVERYWHERE = """{ customers(first: 100) { nodes { a: phone phone identity verifications { identity appUserPhone } } }
  verifications { edges { node { identity appUserPhone mainCustomerPhone customer { phone } } } }
  admins(first: 100) { nodes { phone email identity } } admin(id: "3410") { phone email identity }
  node(id: "9343") { ... on Customer { phone orgs { id } } }
  nodes(ids: ["9148", "8843"]) { ...A ... on Customer { identity } }
  propertyRelations { nodes { customer { phone identity verifications { identity customer { phone } } } } } }
  fragment A on Admin { phone email identity }"""


def values_of(answer: Any) -> Iterator[str]:
    """Walk an answer to its texts."""
    parts = answer.values() if isinstance(answer, dict) else answer if isinstance(answer, list) else ()
    for part in parts:
        yield from [part] if isinstance(part, str) else values_of(part)


def test_callers_without_the_capability_read_no_plain_value(either: Api, own_url: str) -> None:
    known = secrets(own_url)
    for account in (MASKED, ANONYMOUS):
        text = str(ask(either, account, EVERYWHERE))
        assert "****" in text
        assert [value for value in known if value in text] == []
    assert set(values_of(ask(either, "supperadm", EVERYWHERE))) >= known


@pytest.mark.parametrize("account", ["supperadm", PLAIN, MASKED, ANONYMOUS])
def test_both_ways_give_the_same(own_url: str, account: str | None) -> None:
    answers = []
    for compiled in (True, False):
        with open_api(own_url, compiled=compiled) as api:
            answers.append(ask(api, account, EVERYWHERE))
    assert answers[0] == answers[1]


@pytest.mark.parametrize("accounts", [(PLAIN, MASKED, PLAIN), (MASKED, PLAIN, MASKED)])
def test_a_plan_of_one_caller_does_not_serve_another(either: Api, accounts: tuple[str, ...]) -> None:
    query = '{ customer(id: "9343") { phone } } # ' + accounts[0]
    phones = [ask(either, account, query)["customer"]["phone"] for account in accounts]
    assert phones == [PHONE if account == PLAIN else SHOWN["phone"] for account in accounts]


PERSONAL = {
    ("Admin", "phone"), ("Admin", "email"), ("Admin", "identity"), ("Customer", "phone"), ("Customer", "identity"),
    ("Verification", "identity"), ("Verification", "appUserPhone"), ("Verification", "mainCustomerPhone"),
    ("WorkOrder", "contactPhone"),
}  # fmt: skip


def test_these_columns_are_personal_and_none_that_sounds_like_it_is_forgotten() -> None:
    columns = {
        (model.__name__, name): name in FILTERABLE[model].personal
        for model in NOUNS
        for name in FILTERABLE[model].columns
    }
    words = ("phone", "email", "identity", "idcard")
    sounding = {key for key in columns if key[1].lower().endswith(words)}
    assert {key for key, personal in columns.items() if personal} == PERSONAL == sounding


@pytest.mark.parametrize("operator", ["gt", "lt"])
@pytest.mark.parametrize("account", [PLAIN, ANONYMOUS])
def test_no_filter_spells_a_masked_value_out(either: Api, operator: str, account: str | None) -> None:
    query = f'{{ customers(filter: {{phone: {{{operator}: "1341877"}}}}) {{ totalCount }} }}'
    authorization = None if account is None else either.bearer(account)
    (error,) = either.post(query, authorization=authorization).json()["errors"]
    assert f"Expected value of type 'PersonalFilter' not to include unknown field '{operator}'" in error["message"]


BY_FILTER = "query ($f: CustomerFilter) { customers(filter: $f) { totalCount nodes { id phone } } }"


@pytest.mark.parametrize("operand", [{"eq": PHONE}, {"in": ["1", PHONE]}, {"contains": PHONE[1:]}])
def test_a_customer_is_found_by_a_number_or_a_part_of_one(either: Api, operand: dict[str, Any]) -> None:
    found = ask(either, PLAIN, BY_FILTER, {"f": {"phone": operand}})["customers"]
    assert found == {"totalCount": 1, "nodes": [{"id": "9343", "phone": PHONE}]}


GUESSES: list[dict[str, Any]] = [
    {"phone": {"eq": PHONE}},
    {"phone": {"ne": PHONE}},
    {"phone": {"in": [PHONE]}},
    {"phone": {"notIn": [PHONE]}},
    {"phone": {"isNull": False, "eq": PHONE}},
    {"phone": {"contains": PHONE}},
    {"phone": {"startsWith": PHONE}},
    {"id": {"eq": "9343"}, "identity": {"eq": IDENTITY}},
    {"and": [{"id": {"eq": "9343"}}, {"phone": {"eq": PHONE}}]},
    {"or": [{"id": {"eq": "1"}}, {"or": [{"not": {"phone": {"ne": PHONE}}}]}]},
    {"not": {"phone": {"eq": PHONE}}},
]


@pytest.mark.parametrize("guess", GUESSES, ids=str)
@pytest.mark.parametrize("account", [MASKED, ANONYMOUS])
def test_a_masked_value_cannot_be_guessed(either: Api, account: str | None, guess: dict[str, Any]) -> None:
    authorization = None if account is None else either.bearer(account)
    wrong = orjson.loads(orjson.dumps(guess).replace(PHONE.encode(), b"0").replace(IDENTITY.encode(), b"0"))
    answers = [either.post(BY_FILTER, {"f": given}, authorization).json() for given in (guess, wrong)]
    assert answers[0] == answers[1]
    (error,) = answers[0]["errors"]
    assert answers[0]["data"] == {"customers": None}
    assert error["extensions"] == {"code": "FORBIDDEN", "capability": "PII_READ"}
    assert either.statements == []
    assert ask(either, "supperadm", BY_FILTER, {"f": guess})


def test_a_guess_is_refused_in_each_field_that_makes_one(either: Api) -> None:
    guess, harmless = '{phone: {eq: "1"}}', "{phone: {isNull: true}}"
    query = f"""query ($p: PersonalFilter) {{ a: customers(filter: {harmless}) {{ totalCount }}
      b: customers(filter: {guess}) {{ totalCount }} c: admins(filter: {{phone: $p}}) {{ totalCount }}
      d: verifications(filter: {{spaceId: {{eq: "1"}}, appUserPhone: $p}}) {{ nodes {{ id }} }} }}"""
    answer = either.post(query, {"p": {"notIn": []}}, either.bearer(MASKED)).json()
    codes = {error["path"][0]: error["extensions"]["code"] for error in answer["errors"]}
    assert codes == dict.fromkeys("bcd", "FORBIDDEN")
    assert answer["data"]["a"]["totalCount"] >= 0


def test_a_filter_that_was_run_for_one_caller_is_refused_to_another(either: Api) -> None:
    for _ in range(2):
        assert ask(either, PLAIN, BY_FILTER, {"f": {"phone": {"eq": PHONE}}})["customers"]["totalCount"] == 1
        refused = either.post(BY_FILTER, {"f": {"phone": {"eq": PHONE}}}, either.bearer(MASKED)).json()
        assert refused["errors"][0]["extensions"]["code"] == "FORBIDDEN"


def test_nothing_is_ordered_by_personal_data() -> None:
    personal = {
        (model.__name__, FILTERABLE[model].columns[name].key) for model in NOUNS for name in FILTERABLE[model].personal
    }
    ordered = {(model.__name__, column.key) for model in NOUNS for column in FILTERABLE[model].orders.values()}
    assert personal.isdisjoint(ordered)


RECORDED: list[tuple[str, list[tuple[str, list[str], int]]]] = [
    (CUSTOMER, [("Customer", ["identity", "phone"], 1)]),
    ('{ a: customer(id: "9343") { phone } b: customer(id: "9343") { phone name } }', [("Customer", ["phone"], 1)]),
    ('{ nodes(ids: ["9343", "9148", "1"]) { ... on Customer { x: phone } } }', [("Customer", ["phone"], 2)]),
    (
        """{ customers(filter: {id: {in: ["9148", "9343"]}}) {
             edges { node { phone } } nodes { verifications { identity } } } }""",
        [("Customer", ["phone"], 2), ("Verification", ["identity"], 3)],
    ),
    ('{ verification(id: "11266") { appUserPhone customer { identity } } }',
     [("Customer", ["identity"], 1), ("Verification", ["app_user_phone"], 1)]),
    ('{ customers(filter: {id: {in: ["9148", "9343"]}}, first: 1) { nodes { phone } } }', [("Customer", ["phone"], 1)]),
    ('{ customer(id: "9343") { id name identityType } customers { totalCount } }', []),
    ('{ customer(id: "999999999") { phone } }', []),
    ('{ customer(id: "9343") { phone @skip(if: true) name } }', []),
    ('{ admin(id: "1") { phone identity email } }', []),
]  # fmt: skip


@pytest.mark.parametrize(("query", "expected"), RECORDED)
def test_who_is_shown_customers_data_in_plain_is_written_down(
    either: Api, entries: Any, query: str, expected: list[tuple[str, list[str], int]]
) -> None:
    ask(either, PLAIN, query)
    wanted = [(1, "h5-client", *each, hash_of(query)) for each in expected]
    assert sorted(entries(), key=str) == sorted(wanted, key=str)
    wrote = [sql for sql in either.statements if "personal_read" in sql]
    assert len(wrote) == len(expected)


FOUND: list[tuple[str, list[tuple[str, list[str], int]]]] = [
    ('{ customers(filter: {phone: {eq: "13418770013"}}) { nodes { id } } }', [("Customer", ["phone"], 1)]),
    ('{ customers(filter: {and: [{not: {identity: {ne: "430421199307280013"}}}]}) { totalCount } }',
     [("Customer", ["identity"], 1)]),
    ('{ org(id: "8829") { customersConnection(filter: {phone: {eq: "13418770013"}}) { totalCount } } }',
     [("Customer", ["phone"], 1)]),
    ('{ verifications(filter: {customer: {phone: {eq: "13418770013"}}}, first: 1) { nodes { id } } }',
     [("Customer", ["phone"], 1)]),
    ("{ customers(filter: {verifications: {some: {identity: {isNull: false}}}}, first: 1) { nodes { id } } }", []),
    ('{ customers(filter: {phone: {eq: "10000000000"}}) { nodes { id } } }', [("Customer", ["phone"], 0)]),
    ('{ admins(filter: {phone: {eq: "13926003676"}}) { nodes { id } } }', []),
]  # fmt: skip


@pytest.mark.parametrize(("query", "expected"), FOUND)
def test_what_a_filter_finds_by_customers_data_is_written_down(
    either: Api, entries: Any, query: str, expected: list[tuple[str, list[str], int]]
) -> None:
    ask(either, PLAIN, query)
    assert entries() == [(1, "h5-client", *each, hash_of(query)) for each in expected]


@pytest.mark.parametrize("account", [MASKED, ANONYMOUS])
def test_who_is_shown_masks_is_not(either: Api, entries: Any, account: str | None) -> None:
    for query, _ in RECORDED:
        ask(either, account, query)
    assert entries() == []


def test_what_cannot_be_written_down_is_not_shown(either: Api, own_url: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with psycopg.connect(own_url, autocommit=True) as connection:
        connection.execute(
            "alter table personal_read add constraint personal_read_broken_check check (row_count < 0) not valid"
        )
        try:
            response = either.post(CUSTOMER, authorization=either.bearer(PLAIN))
            assert ask(either, MASKED, CUSTOMER)["customer"] == SHOWN
        finally:
            connection.execute("alter table personal_read drop constraint personal_read_broken_check")
    assert response.status_code == 503
    assert "data" not in response.json()
    assert response.json()["errors"][0]["extensions"]["code"] == "UNAVAILABLE"
    assert "cannot be recorded: CheckViolation 23514 personal_read_broken_check" in caplog.text
    assert [value for value in (PHONE, IDENTITY) if value in response.text + caplog.text] == []


def test_an_entry_holds_no_value(either: Api, own_url: str, entries: Any) -> None:
    ask(either, "supperadm", EVERYWHERE)
    assert entries()
    with psycopg.connect(own_url) as connection:
        text = str(connection.execute("select * from personal_read").fetchall())
    assert [value for value in secrets(own_url) if value in text] == []
