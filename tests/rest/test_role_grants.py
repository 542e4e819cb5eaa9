"""Role grants at the legacy URLs (document 003, 1.3, 1.4, 6.7 to 6.9, 6.15 to 6.17, and 13.2)."""

from typing import Any

import pytest

from tests.clients.api import Api
from tests.clients.legacy import Legacy, refused

TOP, BELOW, FOREIGN, ABSENT, BUILT_IN = 2, 40019, 15264, 999_999_999, 20463
"""An organisation of yanggc4, one below it, another tenant's, none, and the built-in role."""

ROLE, OTHER_ROLE, FOREIGN_ROLE = 42, 43, 20453
PERSON, COLLEAGUE, FOREIGNER = 43000, 3, 43002
"""Two members of staff of the administrative organisation that serves TOP, and one of another tenant."""

GRANT = [
    "create_by", "update_by", "create_time", "update_time", "id", "org_id", "org_code", "org_name", "org_full_name",
    "admin_name", "admin_id", "role_id", "role_name", "system_default", "admin_ids",
]  # fmt: skip


def held(legacy: Legacy, admin: int, org: int) -> list[int]:
    """Give the roles that a member of staff holds in an organisation."""
    rows = legacy.result(f"orgroleadmin/grant/{admin}")
    return [row["role_id"] for row in rows if row["org_id"] == org]


def grant(legacy: Legacy, role: int, *admins: int, org: int = TOP) -> Any:
    body = {"org_id": org, "role_id": role, "admin_ids": list(admins), "create_org_id": TOP}
    return legacy.send("orgroleadmin/rel", body).json()


@pytest.mark.rules("orgroleadmin-rel/1", "orgroleadmin-rel/2", "orgroleadmin-rel/3", "orgroleadmin-rel/4")
def test_6_7_grants_a_role_to_several_once(staff: Legacy, world: Api) -> None:
    rows = grant(staff, ROLE, PERSON, COLLEAGUE)["result"]
    assert grant(staff, ROLE, PERSON, COLLEAGUE)["result"] == rows
    assert [(row["admin_id"], row["role_id"], row["system_default"]) for row in rows] == [
        (PERSON, ROLE, 1), (COLLEAGUE, ROLE, 1),
    ]  # fmt: skip
    assert list(rows[0]) == GRANT
    assert (rows[0]["org_name"], rows[0]["admin_name"], rows[0]["admin_ids"]) == ("测试顶级业务组织1", "王五", None)
    query = f'{{ adminGrant(id: "{rows[0]["id"]}") {{ isGrantedBySuper }} }}'
    answer = world.post(query, authorization=world.bearer("yanggc4")).json()
    assert answer["data"]["adminGrant"] == {"isGrantedBySuper": False}


@pytest.mark.parametrize(
    "wrong",
    [
        {"role_id": FOREIGN_ROLE}, {"role_id": BUILT_IN}, {"role_id": 110}, {"role_id": None}, {"org_id": FOREIGN},
        {"org_id": ABSENT}, {"admin_ids": []}, {"admin_ids": [FOREIGNER]}, {"admin_ids": [PERSON, ABSENT]},
    ],
)  # fmt: skip
def test_6_7_refuses_what_is_not_the_callers_to_grant(staff: Legacy, wrong: dict[str, object]) -> None:
    before = held(staff, PERSON, TOP)
    body = {"org_id": TOP, "role_id": OTHER_ROLE, "admin_ids": [PERSON], "create_org_id": TOP, **wrong}
    answer = staff.send("orgroleadmin/rel", body)
    assert (answer.status_code, answer.json()["code"], answer.json()["result"]) == (200, "1", None)
    assert held(staff, PERSON, TOP) == before


def test_6_7_as_the_super_administrator_grants_ordinary_roles_too(super_: Legacy) -> None:
    assert [row["role_id"] for row in grant(super_, 27, COLLEAGUE)["result"]] == [27]


@pytest.mark.rules("orgroleadmin-orgroles2admin-rel/1")
def test_6_7a_grants_several_roles_to_one(staff: Legacy) -> None:
    body = {"org_role_ids": [f"{TOP}-27", f"{BELOW}-2071"], "admin_id": PERSON, "create_org_id": TOP}
    rows = staff.result("orgroleadmin/orgroles2admin/rel", body)
    assert [(row["org_id"], row["role_id"], row["admin_id"]) for row in rows] == [
        (TOP, 27, PERSON), (BELOW, 2071, PERSON),
    ]  # fmt: skip
    assert list(rows[0]) == GRANT


@pytest.mark.rules(
    "orgroleadmin-orgroles2admin-rel/2", "orgroleadmin-orgroles2admin-rel/3", "orgroleadmin-orgroles2admin-rel/4"
)
def test_6_7a_grants_what_the_caller_may_grant_by_who_they_are(staff: Legacy, super_: Legacy) -> None:
    url, built_in, role = "orgroleadmin/orgroles2admin/rel", f"{TOP}-{BUILT_IN}", f"{TOP}-{OTHER_ROLE}"
    body = {"admin_id": 2, "create_org_id": TOP}
    assert staff.send(url, {**body, "org_role_ids": [role, built_in]}).json()["code"] == "1"
    assert super_.send(url, {**body, "org_role_ids": [built_in, role]}).json()["code"] == "1"
    assert OTHER_ROLE not in held(staff, 2, TOP)
    (row,) = super_.result(url, {**body, "org_role_ids": [built_in]})
    assert (row["system_default"], row["admin_id"]) == (2, 2)


@pytest.mark.parametrize("pairs", [["2"], ["2-42-1"], ["a-b"], "2-42", [242], [None], {}])
def test_6_7a_refuses_pairs_that_are_none(staff: Legacy, pairs: object) -> None:
    answer = staff.send("orgroleadmin/orgroles2admin/rel", {"org_role_ids": pairs, "admin_id": PERSON})
    assert (answer.status_code, answer.json()["code"]) == (400, "400")


@pytest.mark.rules("orgroleadmin-rel-reset/1", "orgroleadmin-rel-reset/2", "orgroleadmin-rel-reset/3")
def test_6_9_replaces_the_ordinary_roles_and_spares_the_built_in_one(staff: Legacy, super_: Legacy) -> None:
    body = {"org_id": TOP, "admin_id": 2, "create_org_id": TOP}
    grant(staff, 27, 2)
    grant(super_, ROLE, 2)  # 2 holds the built-in role as well
    answer = staff.send("orgroleadmin/rel/reset", {**body, "role_ids": [OTHER_ROLE]})
    assert answer.headers["deprecation"] == "@1609430400"
    assert (answer.json()["code"], answer.json()["result"]) == ("200", None)
    assert sorted(held(staff, 2, TOP)) == [ROLE, OTHER_ROLE, BUILT_IN]
    staff.result("orgroleadmin/rel/reset", {**body, "role_ids": []})
    assert sorted(held(staff, 2, TOP)) == [ROLE, BUILT_IN]
    super_.result("orgroleadmin/rel/reset", {**body, "role_ids": []})
    assert held(staff, 2, TOP) == [BUILT_IN]
    wrongs: list[dict[str, object]] = [
        {"role_ids": [FOREIGN_ROLE]},
        {"role_ids": [BUILT_IN]},
        {"role_ids": None},
        {"org_id": FOREIGN},
    ]
    for wrong in wrongs:
        assert staff.send("orgroleadmin/rel/reset", {**body, "role_ids": [ROLE], **wrong}).json()["code"] == "1"
    assert held(staff, 2, TOP) == [BUILT_IN]


@pytest.mark.rules("orgroleadmin-rel-delete/1", "orgroleadmin-rel-delete/2", "orgroleadmin-rel-delete/3")
def test_6_15_takes_one_role_or_all_that_the_caller_may_take(staff: Legacy, super_: Legacy) -> None:
    body = {"org_id": TOP, "create_org_id": TOP, "admin_ids": [PERSON, COLLEAGUE, 1]}
    grant(staff, 2077, PERSON, COLLEAGUE)
    grant(staff, 2136, PERSON)
    answer = staff.send("orgroleadmin/rel/delete", {**body, "role_id": 2077}).json()
    assert (answer["code"], answer["result"]) == ("200", None)
    assert 2077 not in held(staff, PERSON, TOP) + held(staff, COLLEAGUE, TOP)
    assert 2136 in held(staff, PERSON, TOP)
    grant(super_, 2136, COLLEAGUE)
    staff.result("orgroleadmin/rel/delete", body)
    assert held(staff, PERSON, TOP) == []
    assert 2136 in held(staff, COLLEAGUE, TOP)
    assert sorted(held(staff, 1, TOP)) == [BUILT_IN, 20592]  # the super administrator granted both
    wrongs: list[dict[str, object]] = [
        {"admin_ids": []},
        {"admin_ids": None},
        {"role_id": BUILT_IN},
        {"org_id": FOREIGN},
        {"org_id": None},
    ]
    for wrong in wrongs:
        assert staff.send("orgroleadmin/rel/delete", {**body, **wrong}).json()["code"] == "1"


@pytest.mark.rules("orgroleadmin-grant/1")
def test_6_16_lists_the_roles_of_a_member_of_staff(reader: Legacy, ordinary: Legacy) -> None:
    rows = reader.result("orgroleadmin/grant/21770")
    assert [(row["org_id"], row["role_id"], row["admin_name"]) for row in rows] == [
        (40032, 42501, "路人甲1"), (40033, 42501, "路人甲1"),
    ]  # fmt: skip
    assert list(rows[0]) == GRANT
    refused = [ordinary.send(f"orgroleadmin/grant/{id_}").json() for id_ in (FOREIGNER, ABSENT)]
    assert [each["code"] for each in refused] == ["1", "1"]
    assert refused[0]["message"].replace(str(FOREIGNER), str(ABSENT)) == refused[1]["message"]


@pytest.mark.rules("orgroleadmin-space-admin-roles/1")
def test_6_17_lists_the_roles_in_a_project(reader: Legacy) -> None:
    assert reader.result("orgroleadmin/20670/1") == [110, 209]
    assert reader.result("orgroleadmin/20670/2") == []
    assert reader.send(f"orgroleadmin/{ABSENT}/1").json()["code"] == "1"
    assert reader.send("orgroleadmin/rel/x").json()["code"] == "400"
    assert reader.result("orgroleadmin/rel/admins", {"org_id": TOP}) != []  # a literal comes first


@pytest.mark.rules("orgadminrel-delete/1", "orgadminrel-delete/2")
def test_13_2_dismisses_administrators_but_not_those_of_organisations_above(staff: Legacy, super_: Legacy) -> None:
    url, body = "orgAdminRel/delete", {"org_id": 8831, "org_code": "901105109"}
    assert super_.send(url, {**body, "adminIds": [8813, 43001]}).json()["code"] == "1"
    assert held(super_, 8813, 8831) == [BUILT_IN]
    answer = staff.send(url, {**body, "adminIds": [8813]})
    assert (answer.status_code, answer.json()["code"]) == (403, "403")
    assert super_.result(url, {**body, "adminIds": [8811, 8812, 8813]}) is True
    assert held(super_, 8813, 8831) == []
    assert held(super_, 43001, 8829) == [BUILT_IN]
    wrongs: list[dict[str, object]] = [{"adminIds": []}, {"adminIds": None}, {"org_id": None}, {"org_id": ABSENT}]
    for wrong in wrongs:
        assert super_.send(url, {**body, "adminIds": [8811], **wrong}).json()["code"] == "1"


def test_grants_need_the_capability(world: Api) -> None:
    legacy = Legacy(world, "lisi")
    for path, body in (
        ("orgroleadmin/rel", {"org_id": 9099, "role_id": 42500, "admin_ids": [3]}),
        ("orgroleadmin/orgroles2admin/rel", {"org_role_ids": ["9099-42500"], "admin_id": 3}),
        ("orgroleadmin/rel/reset", {"org_id": 9099, "role_ids": [], "admin_id": 3}),
        ("orgroleadmin/rel/delete", {"org_id": 9099, "admin_ids": [3]}),
    ):
        answer = legacy.send(path, body)
        assert (answer.status_code, answer.json()["code"]) == (403, "403")
    assert held(legacy, 3, 9099) == [42500]


@pytest.mark.rules(
    "supper-admin-add/1", "supper-admin-add/2", "supper-admin-add/4", "supper-admin-add/5", "supper-admin-add/6",
    "supper-admin-add/7", "supper-admin-add/8", "supper-admin-unrel/2",
)  # fmt: skip
def test_1_3_and_1_4_administrators_are_appointed_and_dismissed(super_: Legacy) -> None:
    bare = super_.result("org/update", {"org_name": "无菜单", "org_type": 2})["id"]
    message = refused(super_, "supper/orgRoleAdminRel/update", {"admin_ids": [8812], "org_id": bare})
    assert "先授予顶级业务组织菜单范围" in message
    super_.result("supper/menu/org/rel", {"menu_ids": [20481, 20482], "business_org_ids": [bare]})
    rows = super_.result("supper/orgRoleAdminRel/update", {"admin_ids": [8812, 8811], "org_id": bare})
    assert [row["admin_id"] for row in rows] == [8812, 8811]
    assert {(row["role_name"], row["system_default"], row["grant_by_supper"]) for row in rows} == {("管理员", 2, 2)}
    given = super_.result(f"orgrolemenu/detail/{bare}/{BUILT_IN}")
    assert [row["menu_id"] for row in given] == [20481, 20482]
    assert {role["id"] for role in super_.result("supper/orgrolerel/query/nonpage", {"org_id": bare})} == {BUILT_IN}
    for _ in range(2):
        assert super_.result("supper/orgRoleAdminRel/unrel/8812") is None
    assert refused(super_, f"supper/orgRoleAdminRel/unrel/{ABSENT}")
    assert refused(super_, "supper/orgRoleAdminRel/update", {"org_id": bare})
