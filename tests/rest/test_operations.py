"""What a log-in answers besides the tokens comes from a stored operation that runs as the caller."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from typing import Any

import psycopg
import pytest
from graphql import OperationDefinitionNode, OperationType, parse, validate
from graphql.execution.values import VariableValues

from app.db.scope import Extent
from app.declarations.resolvers import core_schema
from app.engine.codegen import UnplannableError
from app.engine.compiling import compile_plan
from app.engine.mutation import compile_mutation
from app.engine.operation import Audience, Operation
from app.graphql.schema import schema
from app.rest.dialect import LEGACY
from app.rest.operations import OPERATIONS
from app.settings import Settings
from tests.clients.api import Api, open_api
from tests.clients.login import LoginClient, open_login

SPACE = [
    "create_by", "update_by", "create_time", "update_time", "id", "parentid", "community_id", "space_name",
    "full_space_name", "parent_code", "space_code", "space_type", "src", "org_id", "status", "area", "province", "city",
    "district", "detail", "lon", "lat", "children", "parent_name", "org_id_name",
]  # fmt: skip
MENU = [
    "update_by", "create_time", "update_time", "id", "parentid", "menu_name", "menu_url", "menu_code", "parent_code",
    "full_menu_name", "parent_name", "menu_type", "children",
]  # fmt: skip


def result(login: LoginClient, *arguments: str, **given: Any) -> dict[str, Any]:
    body = login.legacy_log_in(*arguments, **given).json()
    assert body["code"] == "200", body
    found: dict[str, Any] = body["result"]
    return found


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_stored_operation_is_valid(operation: str) -> None:
    assert validate(core_schema(schema), parse(OPERATIONS[operation])) == []


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_stored_operation_has_a_plan(operation: str) -> None:
    definition, *_ = (document := parse(OPERATIONS[operation])).definitions
    assert isinstance(definition, OperationDefinitionNode)
    compile_ = compile_plan if definition.operation is OperationType.QUERY else compile_mutation
    for sees_personal, extent in product((True, False), Extent):
        audience = Audience(sees_personal, extent, LEGACY)
        for runs in (True, False):
            variables = VariableValues({}, dict.fromkeys(OPTIONS, runs))
            assert compile_(Operation.of(core_schema(schema), document, definition, variables, audience))


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ("edges { cursor node { createdAt } }", "cursor"),
        ("nodes { createdAt src: createdAt }", "created_at is read in two ways"),
    ],
)
def test_a_time_that_is_read_raw_is_read_as_nothing_else(rows: str, reason: str) -> None:
    document = parse(f"{{ spaces(first: 1) {{ {rows} }} }}")
    (definition,) = document.definitions
    assert isinstance(definition, OperationDefinitionNode)
    audience = Audience(sees_personal=True, extent=Extent.ALL, dialect=LEGACY)
    with pytest.raises(UnplannableError, match=reason):
        compile_plan(Operation.of(core_schema(schema), document, definition, VariableValues({}, {}), audience))


OPTIONS = ("creates", "upserts", "updates", "moves", "users", "sets")
"""The variables that decide which root fields run."""


def test_communities_have_the_keys_of_a_space_in_their_order(shared_login: LoginClient) -> None:
    spaces = {space["id"]: space for space in result(shared_login, "app-client", "?appId=1120")["communities"]}
    assert {tuple(space) for space in spaces.values()} == {tuple(SPACE)}
    ((created,),) = shared_login.sql(
        "select trunc(extract(epoch from created_at) * 1000)::bigint from space where id = 3429"
    )
    full = spaces[3429]
    assert (full["create_time"], full["community_id"], full["space_type"], full["src"]) == (
        created, 3429, "COMMUNITY", 1,
    )  # fmt: skip
    assert (full["status"], full["province"], full["lat"]) == (1, "AA", 123.56)
    assert full["org_id_name"] == {
        "org_id": full["org_id"], "org_name": "君兰江山小区",
        "full_org_name": "美的集团-业务组织/美的物业/产业发展事业部/君兰江山小区",
    }  # fmt: skip
    bare = spaces[17]
    assert (bare["province"], bare["lon"], bare["lat"], bare["parentid"]) == (None, 0.0, 0.0, None)


def test_menus_have_the_keys_of_the_document_in_their_order(shared_login: LoginClient) -> None:
    (tree, *_) = result(shared_login, job_number="zhangx")["menu_trees"]["trees"]
    (top,) = tree["tree"]
    assert [list(top), list(top["children"][0])] == [MENU, MENU]
    child = top["children"][0]
    assert (child["parentid"], child["parent_code"], child["parent_name"]) == (
        top["id"], top["menu_code"], top["menu_name"],
    )  # fmt: skip
    assert child["children"] == []


def test_a_hidden_parent_has_an_id_and_no_code(shared_login: LoginClient) -> None:
    (tree,) = result(shared_login, job_number="lisi")["business_org_trees"]["trees"]
    (org,) = tree["tree"]
    assert (org["id"], org["parentid"], org["parent_code"]) == (9099, 8831, None)


def test_the_own_department_is_told_even_where_it_is_hidden(login: LoginClient) -> None:
    login.sql("update admin set org_id = 13912 where id = 3")
    info = result(login, job_number="lisi")["tokenInfo"]
    assert (info["orgId"], info["orgFullName"], info["org_code"]) == (
        "13912",
        "置业广场",
        *login.sql("select code from org where id = 13912")[0],
    )
    query = {"query": "{ me { orgFullName admin { org { id } } } }"}
    token = login.log_in("lisi")["access_token"]
    answer = login.client.post("/graphql", json=query, headers={"authorization": f"bearer {token}"})
    assert answer.json()["data"]["me"] == {"orgFullName": "置业广场", "admin": {"org": None}}


@pytest.mark.parametrize(("client", "statements"), [("h5-client", 4), ("ioc-client", 3), ("app-client", 6)])
def test_a_log_in_runs_at_most_so_many_statements_whatever_it_shows(api: Api, client: str, statements: int) -> None:
    for account in ("supperadm", "zhangx"):
        api.post("{ __typename }")  # clears the record
        body = {"job_number": account, "pwd": "cadastre-demo", "client_id": client, "grant_type": "password"}
        assert api.client.post("/v1/user/authen?appId=1", json=body).json()["code"] == "200"
        assert len(api.statements) <= statements


@contextmanager
def with_settings(settings: Settings, **changes: Any) -> Iterator[LoginClient]:
    with open_login(settings.model_copy(update=changes)) as login:
        yield login


TIGHT = {
    f"max_{name}": 1 for name in ("tokens", "length", "depth", "fields", "aliases", "fragments", "spreads", "cost")
}


@pytest.mark.parametrize("changes", [{"trusted_only": True}, TIGHT, {"compiled": False}, {"introspection": False}])
def test_documents_of_the_program_run_whatever_clients_may_send(settings: Settings, changes: dict[str, Any]) -> None:
    with with_settings(settings) as login:
        expected = result(login)
    with with_settings(settings, **changes) as login:
        found = result(login)
    del expected["token"], found["token"]
    assert found == expected


def test_the_budget_of_a_client_does_not_hold_its_log_in(login: LoginClient) -> None:
    expected = result(login)
    login.sql("update client set max_nodes = 1")
    assert result(login)["menu_trees"] == expected["menu_trees"]


def test_more_than_the_program_loads_is_an_error_of_the_envelope(settings: Settings) -> None:
    with with_settings(settings, max_nodes=10) as login:
        answer = login.legacy_log_in()
    assert (answer.status_code, answer.json()) == (
        400, {"code": "400", "message": answer.json()["message"], "result": None},
    )  # fmt: skip
    assert "10" in answer.json()["message"]


def test_a_bug_in_the_operation_is_an_error_of_the_envelope(login: LoginClient) -> None:
    login.sql("revoke all on menu from cadastre_app")
    answer = login.legacy_log_in()
    assert (answer.status_code, answer.json()["code"], answer.json()["result"]) == (500, "500", None)
    assert "menu" not in answer.json()["message"]
    assert login.legacy_log_in("ioc-client").status_code == 200


def test_an_operation_that_takes_too_long_is_an_error_of_the_envelope(settings: Settings) -> None:
    with with_settings(settings, deadline=0.5) as login, psycopg.connect(settings.database_url or "") as other:
        other.execute("lock table menu in access exclusive mode")
        answer = login.legacy_log_in()
    assert (answer.status_code, answer.json()["code"], answer.json()["result"]) == (503, "503", None)


def test_a_log_in_answers_what_me_answers(settings: Settings) -> None:
    with open_api(settings.database_url or "") as api:
        query = "{ me { admin { businessOrgs { id } menus { id } } } }"
        me = api.post(query, authorization=api.bearer("yanggc4")).json()["data"]["me"]["admin"]
    with with_settings(settings) as login:
        found = result(login)
    assert len(me["businessOrgs"]) == str(found["business_org_trees"]).count("'org_code'")
    assert len(me["menus"]) == str(found["menu_trees"]).count("'menu_code'")
