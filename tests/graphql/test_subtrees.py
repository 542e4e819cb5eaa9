"""Capabilities hold in the organisation where a role gives them, and below it: nowhere above, nowhere beside."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from app.access.capabilities import CAPABILITIES, SUPER_ONLY
from app.models.capability import Capability
from tests.clients.api import Api, open_api
from tests.databases import copy_of, execute

PLAIN_ROLE, BUILT_IN = 42500, 20463
GRANTS = [
    (40024, BUILT_IN, "lisi"),  # and the plain role of 9099, beside it
    (8829, PLAIN_ROLE, "huangrp5"),  # and the built-in role of 8831, below it
    (9099, PLAIN_ROLE, "zhousi"),
    (9103, PLAIN_ROLE, "zhousi"),  # where a menu of the role gives pii.read
]
PERSONAL = "{ customers(first: 100) { nodes { phone identity } } admins(first: 100) { nodes { phone } } }"
ALL = set(CAPABILITIES)
ORDINARY = ALL - SUPER_ONLY


@pytest.fixture(scope="module")
def own_url(server: Any, demo_template: str, worker_id: str) -> Iterator[str]:
    """Give the URL of a demo world in which some members of staff hold other roles elsewhere."""
    name = f"subtrees_{worker_id}"
    url = copy_of(server, demo_template, name)
    with psycopg.connect(url) as connection:
        for org, role, account in GRANTS:
            connection.execute(
                "insert into org_role (org_id, role_id) values (%s, %s) on conflict do nothing", [org, role]
            )
            connection.execute(
                """insert into admin_grant (org_id, role_id, admin_id)
                   select %s, %s, id from admin where account = %s""",
                [org, role, account],
            )
        menu = connection.execute("update menu set capability = 'PII_READ' where id = 20484 returning id").fetchone()
        assert menu
        connection.execute("insert into org_menu (org_id, menu_id) values (9103, %s) on conflict do nothing", menu)
        connection.execute(
            "insert into org_role_menu (org_id, role_id, menu_id) values (9103, %s, %s)", [PLAIN_ROLE, *menu]
        )
        connection.execute("update admin set phone = '13912345678' where account = 'wangwu'")
    yield url
    execute(server, f"drop database if exists {name} with (force)")


@pytest.fixture(scope="module", params=[True, False], ids=["compiled", "graphql-core"])
def either(request: pytest.FixtureRequest, own_url: str) -> Iterator[Api]:
    """Give the API with plans, and under graphql-core alone."""
    with open_api(own_url, compiled=request.param, require_login=True) as api:
        yield api


def ask(api: Api, account: str, org: str | None, query: str) -> Any:
    """Ask as a member of staff, working in an organisation or not."""
    working_in = {} if org is None else {"cadastre-org": org}
    headers = {"authorization": api.bearer(account), **working_in}
    answer = api.client.post("/graphql", json={"query": query}, headers=headers).json()
    assert "errors" not in answer, answer["errors"]
    return answer["data"]


def held(found: list[str]) -> set[str]:
    return {str(Capability[name].code) for name in found}


IN_PLAIN = [
    ("lisi", None, False, ORDINARY),
    ("lisi", "40024", True, ORDINARY),
    ("lisi", "9099", False, set()),
    ("huangrp5", None, False, ORDINARY),
    ("huangrp5", "8829", False, ORDINARY),  # above
    ("huangrp5", "8830", False, ORDINARY),
    ("huangrp5", "8831", True, ORDINARY),
    ("huangrp5", "9099", True, ORDINARY),  # below
    ("huangrp5-8", None, True, ORDINARY),
    ("huangrp5-8", "9099", True, ORDINARY),
    ("zhousi", None, False, {"pii.read"}),
    ("zhousi", "9103", True, {"pii.read"}),
    ("zhousi", "9099", False, set()),
    ("yanggc4", None, True, ORDINARY),
    ("wangwu", None, False, set()),  # without a role, and so without an organisation in which anything is not held
    ("supperadm", None, True, ALL),
    ("supperadm", "9099", True, ALL),
]


@pytest.mark.parametrize(("account", "org", "plain", "capabilities"), IN_PLAIN)
def test_personal_data_are_plain_where_they_may_be_read_all_over_the_scope_of_the_request(
    either: Api, account: str, org: str | None, capabilities: set[str], *, plain: bool
) -> None:
    found = ask(either, account, org, PERSONAL)
    values = [value for page in found.values() for node in page["nodes"] for value in node.values() if value]
    assert values
    assert {"****" in value for value in values} == {not plain}
    assert held(ask(either, account, org, "{ me { capabilities } }")["me"]["capabilities"]) == capabilities


def test_one_record_is_masked_or_plain_by_where_the_caller_works(either: Api) -> None:
    phones = [
        ask(either, "lisi", org, '{ customer(id: "9343") { phone } }')["customer"]["phone"]
        for org in ("40024", "9099", None, "40024")
    ]
    assert phones == ["13418770013", "134****0013", "134****0013", "13418770013"]


HELD_IN = [
    ("lisi", None, {"40024": ORDINARY, "9099": set(), "8831": set(), "2": set()}),
    ("lisi", "9099", {"9099": set(), "40024": set()}),
    ("lisi", "40024", {"9099": set(), "40024": ORDINARY}),
    ("huangrp5", None, {"8829": set(), "8830": set(), "8831": ORDINARY, "9099": ORDINARY, "2": set()}),
    ("huangrp5-8", None, {"8829": ORDINARY, "9099": ORDINARY, "2": set(), "6419": set()}),
    ("zhousi", None, {"9103": {"pii.read"}, "9099": set()}),
    ("wangwu", None, {"8829": set(), "40015": set()}),
    ("supperadm", None, {"8829": ALL, "9099": ALL, "2": ALL, "6419": set()}),
    ("supperadm", "8829", {"8829": ALL, "9099": ALL, "2": set()}),
]
"""Who, working where, holds what in which organisation; 6419 and 40015 are administrative, some are not visible."""


@pytest.mark.parametrize(("account", "org", "expected"), HELD_IN)
def test_a_caller_is_told_what_they_hold_in_an_organisation(
    either: Api, account: str, org: str | None, expected: dict[str, set[str]]
) -> None:
    asked = {**expected, "999999999": set()}
    fields = " ".join(f'o{id_}: capabilities(orgId: "{id_}")' for id_ in asked)
    found = ask(either, account, org, f"{{ me {{ {fields} }} }}")["me"]
    assert {id_: held(found[f"o{id_}"]) for id_ in asked} == asked


def test_what_is_held_in_several_organisations_takes_one_statement(either: Api) -> None:
    query = '{ me { a: capabilities(orgId: "8829") b: capabilities(orgId: "9099") c: capabilities } }'
    authorization = either.bearer("huangrp5")
    for _ in range(2):
        either.post(query, authorization=authorization)
    assert len(either.statements) == 1


def test_what_is_no_id_is_refused(either: Api) -> None:
    query = '{ me { capabilities(orgId: "x") } }'
    answer = either.post(query, authorization=either.bearer("lisi")).json()
    assert answer["errors"][0]["extensions"]["code"] == "INVALID_INPUT"
