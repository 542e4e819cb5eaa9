"""Log-in, refresh and log-out as document 003, section 2, has them."""

from typing import Any
from urllib.parse import quote, quote_plus

import orjson
import pytest
from joserfc import jwt

from app.bulk.demo import PASSWORD
from tests.clients.legacy import nodes_in, tops_in
from tests.clients.login import LoginClient

WRONG = "wrong"
HONEST = {"name": "杨观超", "id": "1", "orgId": "40015", "org_code": "100000000", "user_name": "yanggc4"}


def nodes(trees: dict[str, Any]) -> dict[int, dict[str, Any]]:
    """Give all nodes of trees by their ids."""
    return {node["id"]: node for node in nodes_in(tops_in(trees))}


def result(login: LoginClient, *arguments: str, **given: Any) -> dict[str, Any]:
    """Give the result of a log-in that must succeed."""
    response = login.legacy_log_in(*arguments, **given)
    assert response.status_code == 200
    body = response.json()
    assert (body["code"], body["message"]) == ("200", "成功")
    found: dict[str, Any] = body["result"]
    return found


@pytest.mark.rules("user-authen/5", "user-authen/7", "user-authen/9", "user-authen/10")
def log_out(login: LoginClient, token: str, app_id: str = "1120", **headers: str) -> Any:
    """Log out."""
    return login.client.post(
        f"/v1/iot/main/user/logout/{app_id}", headers={"authorization": f"bearer {token}", **headers}
    )


def test_h5_gets_its_business_organisations_and_menus(shared_login: LoginClient) -> None:
    found = result(shared_login)
    assert list(found) == ["token", "tokenInfo", "business_org_trees", "menu_trees"]
    assert list(found["token"]) == ["access_token", "token_type", "refresh_token", "scope", "jti", "expires_in"]
    assert (found["token"]["token_type"], found["token"]["scope"]) == ("bearer", "all")
    assert found["tokenInfo"] == {
        "name": "杨观超",
        "orgFullName": "测试顶级行政组织1",
        "id": "1",
        "orgId": "40015",
        "org_code": "100000000",
        "position": None,
        "user_name": "yanggc4",
        "is_supper": 1,
    }
    orgs = nodes(found["business_org_trees"])
    assert {2, 8829, 8830, 8831, 9099} <= set(orgs)
    assert not {15264, 19872, 6419} & set(orgs)
    assert [tree["tree"][0]["id"] for tree in found["business_org_trees"]["trees"]] == [2, 8829]
    assert list(orgs[14328]) == [
        "id", "org_code", "org_name", "parent_code", "parentid", "full_org_name", "org_type", "sub_type", "org_id",
        "src", "parent_org_id", "children",
    ]  # fmt: skip
    assert (orgs[14328]["parentid"], orgs[14328]["org_type"], orgs[14328]["children"]) == (8831, 2, None)
    assert all(org["org_id"] is None or org["org_id"] not in orgs for org in orgs.values())
    assert list(found["menu_trees"]) == list(found["business_org_trees"]) == ["code", "message", "trees"]
    menus = nodes(found["menu_trees"])
    for tree in found["menu_trees"]["trees"]:  # the documents print the menus of 5 twice, with the same codes
        codes = [menu["menu_code"] for menu in nodes({"trees": [tree]}).values()]
        assert len({*codes}) == len(codes)
    assert all(menu["parentid"] is None or menu["parentid"] in menus for menu in menus.values())
    assert all(isinstance(menu["children"], list) for menu in menus.values())


def test_menus_are_those_of_the_roles_held_with_what_stands_above(login: LoginClient) -> None:
    login.sql("delete from admin_grant where admin_id = 1")
    assert result(login)["menu_trees"]["trees"] == []
    assert result(login)["business_org_trees"]["trees"] == []
    ((org, role, menu),) = login.sql(
        """select x.org_id, x.role_id, x.menu_id from org_role_menu x join menu m on m.id = x.menu_id
           join role r on r.id = x.role_id where m.depth = 1 and not r.is_system_default order by x.id limit 1"""
    )
    login.sql("insert into admin_grant (org_id, role_id, admin_id) values (%s, %s, 1)", org, role)
    menus = nodes(result(login)["menu_trees"])
    assert menu in menus
    granted = login.sql("select menu_id from org_role_menu where org_id = %s and role_id = %s", org, role)
    above = login.sql(
        "select parent_id from menu where id = any(%s) and parent_id is not null", [i for (i,) in granted]
    )
    assert set(menus) == {i for (i,) in granted} | {i for (i,) in above}


@pytest.mark.rules("user-authen/4", "user-authen/6")
def test_the_super_administrator_gets_everything(shared_login: LoginClient) -> None:
    found = result(shared_login, job_number="supperadm")
    assert found["tokenInfo"]["is_supper"] == 2
    assert {2, 8829, 15264, 19872} <= set(nodes(found["business_org_trees"]))
    assert len(nodes(found["menu_trees"])) == shared_login.sql("select count(*) from menu")[0][0]


@pytest.mark.rules("user-authen/3")
def test_the_app_gets_communities_and_names_itself(shared_login: LoginClient) -> None:
    assert shared_login.legacy_log_in("app-client").json() == {
        "code": "1", "message": "出现异常appId不能为空", "result": None,
    }  # fmt: skip
    found = result(shared_login, "app-client", "?appId=1120")
    assert list(found) == ["token", "tokenInfo", "communities"]
    expected = shared_login.sql(
        "select id from space where type = 'COMMUNITY' and (org_path ^@ '2/' or org_path ^@ '8829/') order by id"
    )
    assert [space["id"] for space in found["communities"]] == [i for (i,) in expected]
    assert len(expected) > 3


def test_ioc_gets_no_menus_and_a_new_client_only_tokens(login: LoginClient) -> None:
    assert list(result(login, "ioc-client")) == ["token", "tokenInfo", "business_org_trees"]
    login.sql(
        """insert into client (client_id, description, grant_types, password_until)
           select 'other-client', description, grant_types, password_until from client where client_id = 'ioc-client'"""
    )
    assert list(result(login, "other-client")) == ["token", "tokenInfo"]


def test_a_legacy_log_in_says_that_it_will_end(shared_login: LoginClient) -> None:
    response = shared_login.legacy_log_in()
    assert response.headers["sunset"] == "Tue, 31 Dec 2030 00:00:00 GMT"
    assert response.headers["deprecation"].startswith("@")
    assert response.headers["cache-control"] == "no-store"


@pytest.mark.rules("user-authen/1", "user-authen/2")
@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"pwd": WRONG}, "出现异常账号或密码错误，或失败次数过多，请稍后再试"),
        ({"job_number": "nobody"}, "出现异常账号或密码错误，或失败次数过多，请稍后再试"),
        ({"job_number": 123456}, "出现异常账号或密码错误，或失败次数过多，请稍后再试"),
        ({"client_id": "nobody"}, "出现异常客户端未登记"),
        ({"client_id": None}, "出现异常client_id不能为空"),
        ({"pwd": ""}, "出现异常pwd不能为空"),
        ({"grant_type": "refresh_token"}, "出现异常grant_type只支持password"),
    ],
)
def test_failures_are_told_as_the_documents_do(shared_login: LoginClient, given: dict[str, Any], message: str) -> None:
    response = shared_login.legacy_log_in(**given)
    assert response.status_code == 200
    assert response.json() == {"code": "1", "message": message, "result": None}


def test_a_failed_log_in_is_counted(login: LoginClient) -> None:
    login.legacy_log_in(pwd=WRONG)
    assert login.sql("select login_failures from admin where account = 'yanggc4'") == [(1,)]


BODIES = [
    b"",
    b"null",
    b"1",
    b'"a"',
    b"[]",
    b"[" * 100_000,
    b"{",
    b'{"a":' + b"1" * 5000 + b"}",
    b"\xff",
    b'{"a":"\\ud800"}',
]


@pytest.mark.parametrize("body", BODIES, ids=range(len(BODIES)))
@pytest.mark.parametrize("path", ["/v1/user/authen", "/v1/oauth/token"])
def test_bodies_that_are_no_objects_are_refused(shared_login: LoginClient, path: str, body: bytes) -> None:
    response = shared_login.client.post(path, content=body, headers={"content-type": "application/json"})
    assert response.status_code in {400, 413}
    assert response.json()["code"] == "400"


@pytest.mark.rules("user-authen/8", "user-authen/11")
def test_an_access_token_is_a_jwt_for_two_hours_of_a_log_in_for_ten(login: LoginClient) -> None:
    token = result(login)["token"]
    claims = jwt.decode(token["access_token"], login.tokens.ring.signing("ES256").key, ["ES256"]).claims
    assert (claims["user_name"], claims["client_id"], claims["scope"]) == ("yanggc4", "h5-client", "all")
    assert (claims["jti"], claims["exp"] - claims["iat"], token["expires_in"]) == (token["jti"], 7200, 7200)
    assert login.sql("select extract(epoch from expires_at - started_at)::int from login") == [(36000,)]


@pytest.mark.rules("oauth-token-refresh/1")
def test_only_refresh_tokens_are_exchanged_at_the_url_of_refreshing(shared_login: LoginClient) -> None:
    body = {"client_id": "h5-client", "grant_type": "password", "refresh_token": "abc"}
    answer = shared_login.client.post("/v1/oauth/token", json=body)
    assert answer.json() == {"code": "1", "message": "出现异常grant_type只支持refresh_token", "result": None}


@pytest.mark.rules("oauth-token-refresh/2", "oauth-token-refresh/3", "oauth-token-refresh/4")
@pytest.mark.parametrize("value", [{}, [], True, 1.5, "nul\0nul"])
def test_members_of_a_wrong_type_are_refused(shared_login: LoginClient, value: object) -> None:
    response = shared_login.legacy_log_in(job_number=value)
    assert (response.status_code, response.json()["code"]) == (400, "400")


@pytest.mark.rules("user-logout/1", "user-logout/2")
def test_a_refresh_answers_new_tokens(shared_login: LoginClient) -> None:
    first = result(shared_login)["token"]
    body = {"client_id": "h5-client", "job_number": 123456, "grant_type": "refresh_token"}
    answer = shared_login.client.post("/v1/oauth/token", json={**body, "refresh_token": first["refresh_token"]})
    second = answer.json()["result"]
    assert list(second) == list(first)
    assert second["refresh_token"] != first["refresh_token"]
    assert shared_login.who(second["access_token"]).status_code == 200
    for token in (first["refresh_token"], "abc"):
        answer = shared_login.client.post("/v1/oauth/token", json={**body, "refresh_token": token})
        assert answer.status_code == 401
        assert answer.json() == {"code": "401", "message": "token无效或已过期", "result": None}


def test_log_out_ends_the_log_in_and_removes_no_device(login: LoginClient) -> None:
    login.sql(
        "insert into device (app_id, admin_id, device_id, os) values ('1120', 1, 'a', 'iOS'), ('9', 1, 'b', 'iOS')"
    )
    token = result(login)["token"]
    answer = log_out(login, token["access_token"])
    assert (answer.status_code, answer.json()) == (200, {"code": "200", "message": "成功"})
    assert login.sql("select app_id from device where admin_id = 1 order by 1") == [("1120",), ("9",)]
    assert login.who(token["access_token"]).status_code == 401
    assert login.refresh(token["refresh_token"]).status_code == 400
    assert log_out(login, token["access_token"]).status_code == 401


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer abc", "Basic abc"])
def test_log_out_needs_a_token(shared_login: LoginClient, header: str) -> None:
    answer = shared_login.client.post("/v1/iot/main/user/logout/1120", headers={"authorization": header})
    assert answer.status_code == 401
    assert answer.json()["code"] == "401"


@pytest.mark.parametrize("encode", [quote, quote_plus])
@pytest.mark.parametrize(
    "more", [{}, {"name": "改名 了"}, {"is_supper": 1}, {"is_supper": "1"}, {"id": 1}, {"id": None}]
)
def test_an_honest_token_info_is_accepted(shared_login: LoginClient, encode: Any, more: dict[str, object]) -> None:
    token = shared_login.log_in()["access_token"]
    assert log_out(shared_login, token, tokenInfo=encode(orjson.dumps({**HONEST, **more}).decode())).status_code == 200


@pytest.mark.parametrize("lie", [{"id": "2"}, {"orgId": "6419"}, {"is_supper": 2}, {"user_name": "supperadm"}])
def test_a_false_token_info_is_refused_and_nothing_happens(shared_login: LoginClient, lie: dict[str, object]) -> None:
    token = shared_login.log_in()["access_token"]
    answer = log_out(shared_login, token, tokenInfo=quote(orjson.dumps({**HONEST, **lie}).decode()))
    assert (answer.status_code, answer.json()["code"]) == (403, "403")
    assert shared_login.who(token).status_code == 200


@pytest.mark.parametrize("header", ["abc", "[]", "%ff", "null", "{" * 5000])
def test_a_token_info_that_cannot_be_read_is_refused(shared_login: LoginClient, header: str) -> None:
    answer = log_out(shared_login, shared_login.log_in()["access_token"], tokenInfo=header)
    assert (answer.status_code, answer.json()["code"]) == (400, "400")


def test_the_password_is_that_of_the_demo_world(shared_login: LoginClient) -> None:
    assert result(shared_login, job_number="zhangx", pwd=PASSWORD)["tokenInfo"]["id"] == "43002"
