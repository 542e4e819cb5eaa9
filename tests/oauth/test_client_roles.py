"""Clients that call for themselves: their roles give what the same roles give staff, for as long as they are held."""

from typing import Any

import pytest

from app.bulk.demo import PASSWORD
from app.services.client import secret_hash
from tests.clients.login import LoginClient
from tests.clients.program import Done, cadastre
from tests.clients.waiting import SOON, within

ME = "{ me { clientId capabilities scopeOrgs { id } admin { id } } }"
ORGS = "{ orgs(first: 100) { nodes { id } } }"
CUSTOMERS = "{ customers(first: 1, filter: {phone: {isNull: false}}) { nodes { phone } } }"
UPDATE = """mutation ($name: String!, $version: Int!) {
  updateOrg(input: {id: "8830", expectedVersion: $version, name: $name}) { org { updatedBy } errors { code } } }"""
KEEPER_SEES = {"9099"}


class Program:
    """A client that calls for itself, and its operator."""

    def __init__(self, login: LoginClient) -> None:
        self.login = login
        self.secret = self.run("add", "--grant", "client_credentials").stdout.split()[-1]

    def run(self, command: str, *options: object) -> Done:
        """Run `cadastre client`, which must succeed."""
        done = cadastre("client", command, "backend", *options, url=self.login.url)
        assert done.returncode == 0, done.stderr
        return done

    def token(self, secret: str | None = None) -> str:
        """Ask for a token that must be given."""
        form = {"grant_type": "client_credentials", "client_id": "backend", "client_secret": secret or self.secret}
        return str(self.login.post("/oauth/token", form).json()["access_token"])

    def ask(self, token: str, query: str, org: int | None = None, **variables: Any) -> Any:
        """Ask with a token, in an organisation; the callers are found anew."""
        self.login.forget_callers()
        headers = {"authorization": f"Bearer {token}"} | ({} if org is None else {"cadastre-org": str(org)})
        return self.login.client.post("/graphql", json={"query": query, "variables": variables}, headers=headers).json()

    def orgs(self, token: str, org: int | None = None) -> set[str]:
        """Give the ids of the organisations that are seen."""
        return {node["id"] for node in self.ask(token, ORGS, org)["data"]["orgs"]["nodes"]}


@pytest.fixture
def program(login: LoginClient) -> Program:
    """Register a client that holds no role."""
    return Program(login)


def as_staff(login: LoginClient, query: str, account: str) -> Any:
    """Ask as a member of staff."""
    headers = {"authorization": f"Bearer {login.log_in(account)['access_token']}"}
    return login.client.post("/graphql", json={"query": query}, headers=headers).json()


def test_a_role_counts_for_tokens_of_before_and_only_while_it_is_held(program: Program) -> None:
    token = program.token()
    assert program.orgs(token) == set()
    program.run("grant", "--org", 9099, "--role", 42500)
    assert program.orgs(token) >= KEEPER_SEES
    staff = as_staff(program.login, ORGS, "lisi")["data"]["orgs"]["nodes"]
    assert program.orgs(token) == {node["id"] for node in staff}
    program.run("revoke", "--org", 9099, "--role", 42500)
    assert program.orgs(token) == set()


def test_a_role_that_is_granted_counts_without_waiting(program: Program) -> None:
    token = program.token()
    headers = {"authorization": f"Bearer {token}"}
    assert program.orgs(token) == set()
    program.run("grant", "--org", 9099, "--role", 42500)

    def sees_some() -> bool:
        answer = program.login.client.post("/graphql", json={"query": ORGS}, headers=headers).json()
        return bool(answer["data"]["orgs"]["nodes"])

    assert within(SOON, sees_some)


def test_me_says_what_the_client_may_do(program: Program) -> None:
    token = program.token()
    nothing: dict[str, Any] = {"clientId": "backend", "capabilities": [], "scopeOrgs": [], "admin": None}
    assert program.ask(token, ME)["data"] == {"me": nothing}
    for org, role in ((8829, 20463), (2, 20463), (40024, 110), (40024, 209)):
        program.run("grant", "--org", org, "--role", role)
    staff = as_staff(program.login, ME, "yanggc4")["data"]["me"]
    assert program.ask(token, ME)["data"]["me"] == {**staff, "clientId": "backend", "admin": None}


def test_an_ordinary_role_gives_the_capabilities_of_its_menus(program: Program) -> None:
    program.login.sql("update menu set capability = 'ORG_WRITE' where id = 20483")
    program.login.sql("insert into org_menu (org_id, menu_id) values (9099, 20483) on conflict do nothing")
    program.login.sql("insert into org_role_menu (org_id, role_id, menu_id) values (9099, 42500, 20483)")
    program.run("grant", "--org", 9099, "--role", 42500)
    me = program.ask(program.token(), ME)["data"]["me"]
    assert (me["capabilities"], me["scopeOrgs"]) == (["ORG_WRITE"], [{"id": "9099"}])


def test_the_header_narrows_a_client_as_staff(program: Program) -> None:
    program.run("grant", "--org", 8829, "--role", 20463)
    token = program.token()
    whole, narrowed = program.orgs(token), program.orgs(token, 9099)
    assert KEEPER_SEES <= narrowed < whole
    assert program.ask(token, ME, 9099)["data"]["me"]["scopeOrgs"] == [{"id": "9099"}]
    for hidden in (2, 15264, 6419, 999999999):
        assert program.ask(token, ME, hidden)["errors"][0]["extensions"]["code"] == "INVALID_INPUT"


def test_personal_data_are_masked_unless_a_role_lets_them_be_read_and_reads_name_the_client(program: Program) -> None:
    program.run("grant", "--org", 9099, "--role", 42500)
    masked = program.ask(program.token(), CUSTOMERS)["data"]["customers"]["nodes"]
    assert all("****" in node["phone"] for node in masked)
    assert program.login.sql("select count(*) from personal_read") == [(0,)]
    program.run("grant", "--org", 8829, "--role", 20463)
    (shown,) = program.ask(program.token(), CUSTOMERS)["data"]["customers"]["nodes"]
    assert shown["phone"].isdecimal()
    assert program.login.sql("select admin_id, client_id, entity, fields from personal_read") == [
        (None, "backend", "Customer", ["phone"])
    ]
    (line,) = cadastre("personal-reads", "list", "--client", "backend", url=program.login.url).stdout.splitlines()
    assert "  -  backend  Customer phone of 1  " in line
    assert cadastre("personal-reads", "list", "--client", "h5-client", url=program.login.url).stdout == ""


def test_a_change_names_the_client(program: Program) -> None:
    program.run("grant", "--org", 8829, "--role", 20463)
    ((version,),) = program.login.sql("select version from org where id = 8830")
    answer = program.ask(program.token(), UPDATE, name="新名称", version=version)
    assert answer["data"]["updateOrg"] == {"org": {"updatedBy": "client:backend"}, "errors": []}
    program.run("revoke", "--org", 8829, "--role", 20463)
    program.run("grant", "--org", 8831, "--role", 20463)
    answer = program.ask(program.token(), UPDATE, name="另一名称", version=version + 1)
    assert answer["data"]["updateOrg"]["errors"] == [{"code": "NOT_FOUND"}]


def test_a_change_by_staff_names_the_account(login: LoginClient) -> None:
    headers = {"authorization": f"Bearer {login.log_in()['access_token']}"}
    ((version,),) = login.sql("select version from org where id = 8830")
    body = {"query": UPDATE, "variables": {"name": "新名称", "version": version}}
    answer = login.client.post("/graphql", json=body, headers=headers).json()
    assert answer["data"]["updateOrg"]["org"] == {"updatedBy": "yanggc4"}


def test_a_role_in_an_organisation_that_has_become_administrative_gives_nothing(program: Program) -> None:
    program.run("grant", "--org", 9099, "--role", 42500)
    program.login.sql("update org set type = 'ADMINISTRATIVE', business_sub_type = null where id = 9099")
    assert program.ask(program.token(), ME)["data"]["me"]["scopeOrgs"] == []


def test_a_disabled_client_loses_its_tokens_for_good_and_keeps_its_roles(program: Program) -> None:
    program.run("grant", "--org", 9099, "--role", 42500)
    token = program.token()
    assert program.orgs(token) >= KEEPER_SEES
    program.run("disable")
    assert program.ask(token, ME)["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    form = {"grant_type": "client_credentials", "client_id": "backend", "client_secret": program.secret}
    assert program.login.post("/oauth/token", form).json()["error"] == "invalid_client"
    program.run("enable")
    assert program.ask(token, ME)["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    assert program.orgs(program.token()) >= KEEPER_SEES


def test_a_rotated_secret_ends_the_old_one_and_its_tokens(program: Program) -> None:
    token, old = program.token(), program.secret
    new = program.run("rotate").stdout.split()[-1]
    assert new != old
    form = {"grant_type": "client_credentials", "client_id": "backend", "client_secret": old}
    assert program.login.post("/oauth/token", form).json()["error"] == "invalid_client"
    assert program.ask(token, ME)["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    assert program.ask(program.token(new), ME)["data"]["me"]["clientId"] == "backend"
    form = {"token": token, "client_id": "backend", "client_secret": new}
    assert program.login.post("/oauth/introspect", form).json() == {"active": False}


def test_the_log_ins_of_a_disabled_client_do_not_come_back(login: LoginClient) -> None:
    tokens = login.log_in()
    for command in ("disable", "enable"):
        assert cadastre("client", command, "h5-client", url=login.url).returncode == 0
    login.forget_callers()
    assert login.who(tokens["access_token"]).status_code == 401
    assert login.refresh(tokens["refresh_token"]).json()["error"] == "invalid_grant"
    assert login.sql("select end_reason from login") == [("disabled",)]
    assert login.who(login.log_in()["access_token"]).status_code == 200


def test_the_legacy_log_out_refuses_a_client_that_calls_for_itself(program: Program) -> None:
    headers = {"authorization": f"Bearer {program.token()}"}
    answer = program.login.client.post("/v1/iot/main/user/logout/1", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (401, "401")
    assert program.ask(program.token(), ME)["data"]["me"]["clientId"] == "backend"


def test_the_demo_client_calls_for_itself(shared_login: LoginClient) -> None:
    form = {"grant_type": "client_credentials", "client_id": "sync-client", "client_secret": PASSWORD}
    token = shared_login.post("/oauth/token", form).json()["access_token"]
    headers = {"authorization": f"Bearer {token}"}
    me = shared_login.client.post("/graphql", json={"query": ME}, headers=headers).json()["data"]["me"]
    assert (me["scopeOrgs"], "PII_READ" in me["capabilities"]) == ([{"id": "8831"}], True)
    assert shared_login.sql("select secret_hash from client where client_id = 'sync-client'") == [
        (secret_hash(PASSWORD),)
    ]
