"""Who calls: `me` tells a front-end who the caller is and what they may do."""

from typing import Any

import psycopg
import pytest

from app.access.capabilities import CAPABILITIES, SUPER_ONLY
from app.access.keys import ASYMMETRIC
from app.access.tokens import Subject
from tests.clients.api import Api, open_api

QUERY = """{ me { id name account isSuper clientId capabilities org { id } adminGrants { org { id } role { name } }
  scopes { id } adminGroups { id } communities { id } menus { id } } }"""
ADMIN = """query ($id: ID!) { admin(id: $id) { id name account isSuper org { id }
  adminGrants { org { id } role { name } } adminGroups { id } communities { id } menus { id } } }"""
OWN = {"clientId", "capabilities", "scopes"}


def me(api: Api, account: str) -> dict[str, Any]:
    found: dict[str, Any] = api.post(QUERY, authorization=api.bearer(account)).json()["data"]["me"]
    return found


def names(capabilities: frozenset[str] | set[str]) -> set[str]:
    return {name.upper().replace(".", "_") for name in capabilities}


@pytest.mark.parametrize(
    ("account", "scopes", "capabilities"),
    [
        ("supperadm", [], set(CAPABILITIES)),
        ("yanggc4", ["2", "8829", "40024"], CAPABILITIES.keys() - SUPER_ONLY),
        ("zhangx", ["15264"], CAPABILITIES.keys() - SUPER_ONLY),
        ("lisi", ["9099"], set()),
    ],
)
def test_a_caller_is_told_who_they_are_and_what_they_may_do(
    api: Api, account: str, scopes: list[str], capabilities: set[str]
) -> None:
    found = me(api, account)
    assert (found["account"], found["isSuper"], found["clientId"]) == (account, account == "supperadm", "h5-client")
    assert [org["id"] for org in found["scopes"]] == scopes
    assert set(found["capabilities"]) == names(capabilities)


@pytest.mark.parametrize("account", ["supperadm", "yanggc4", "zhangx", "lisi", "wangwu"])
def test_what_is_shared_with_the_record_is_the_same(api: Api, account: str) -> None:
    found = me(api, account)
    answer = api.post(ADMIN, {"id": found["id"]}, authorization=api.bearer(account)).json()
    assert answer["data"]["admin"] == {name: value for name, value in found.items() if name not in OWN}


def test_nobody_is_null(api: Api) -> None:
    assert api.data(QUERY) == {"me": None}


def test_a_client_that_calls_for_itself_is_null(empty_url: str) -> None:
    with psycopg.connect(empty_url) as connection:
        columns = "insert into client (client_id, description, grant_types)"
        connection.execute(f"{columns} values ('machine', 'm', '{{client_credentials}}')")
    with open_api(empty_url) as api:
        app: Any = api.client.app
        token = app.state.tokens.make(Subject("machine"), ASYMMETRIC).text
        assert api.post(QUERY, authorization=f"Bearer {token}").json()["data"] == {"me": None}
