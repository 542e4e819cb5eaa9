"""Who calls: `me` tells a front-end who the caller is and what they may do."""

from typing import Any

import psycopg
import pytest
from graphql import GraphQLObjectType

from app.access.capabilities import CAPABILITIES, SUPER_ONLY
from app.access.keys import ASYMMETRIC
from app.access.tokens import Subject
from app.declarations.resolvers import core_schema
from app.graphql.schema import schema
from tests.clients.api import Api, open_api

RECORD = """{ __typename id name account isSuper org { id } adminGrants { org { id } role { name } }
  adminGroups { id } communities { id } menus { id } }"""
QUERY = f"{{ me {{ clientId capabilities scopeOrgs {{ id }} admin {RECORD} }} }}"
ADMIN = f"query ($id: ID!) {{ admin(id: $id) {RECORD} }}"


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
    admin = found["admin"]
    assert (admin["account"], admin["isSuper"], found["clientId"]) == (account, account == "supperadm", "h5-client")
    assert [org["id"] for org in found["scopeOrgs"]] == scopes
    assert set(found["capabilities"]) == names(capabilities)


@pytest.mark.parametrize("account", ["supperadm", "yanggc4", "zhangx", "lisi", "wangwu"])
def test_the_caller_leads_to_the_record_that_its_id_leads_to(api: Api, account: str) -> None:
    admin = me(api, account)["admin"]
    assert api.post(ADMIN, {"id": admin["id"]}, authorization=api.bearer(account)).json()["data"] == {"admin": admin}


def test_nobody_is_null(api: Api) -> None:
    assert api.data(QUERY) == {"me": None}


def test_the_caller_has_no_id_of_its_own() -> None:
    me_type = core_schema(schema).type_map["Me"]
    assert isinstance(me_type, GraphQLObjectType)
    assert ("id" in me_type.fields, me_type.interfaces) == (False, ())


def test_the_caller_takes_no_statement(api: Api) -> None:
    query = "{ me { clientId capabilities orgCode } }"
    authorization = api.bearer("yanggc4")
    for _ in range(2):
        answer = api.post(query, authorization=authorization).json()
    assert answer["data"]["me"]["clientId"] == "h5-client"
    assert api.statements == []


def test_a_client_that_calls_for_itself_has_no_record(empty_url: str) -> None:
    with psycopg.connect(empty_url) as connection:
        columns = "insert into client (client_id, description, grant_types)"
        connection.execute(f"{columns} values ('machine', 'm', '{{client_credentials}}')")
    with open_api(empty_url) as api:
        app: Any = api.client.app
        token = app.state.tokens.make(Subject("machine"), ASYMMETRIC).text
        assert api.post(QUERY, authorization=f"Bearer {token}").json()["data"] == {
            "me": {"clientId": "machine", "capabilities": [], "scopeOrgs": [], "admin": None}
        }
