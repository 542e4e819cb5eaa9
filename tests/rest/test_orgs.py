"""One organisation, its writes and its relations at the legacy URLs (document 003, section 3)."""

from typing import Any

import pytest

from tests.clients.legacy import refused
from tests.rest.orgs import ABSENT, ADMINISTRATIVE, FOREIGN, LOW, MIDDLE, OTHERS, PART, PROJECT, TOP, Orgs, ids


@pytest.mark.rules("org-add/1", "org-add/2", "org-add/4", "org-add/5", "org-add/6")
def test_3_1_an_organisation_is_created_at_the_top_or_below_a_parent(orgs: Orgs) -> None:
    top = orgs.made("租户", parentid=0, org_type=2, sub_type=2)
    assert (top["parentid"], top["parent_code"], top["org_type"], top["sub_type"]) == (None, None, 2, 2)
    body = {"org_name": "小区甲", "org_type": "2", "sub_type": 1, "parentid": str(top["id"])}
    answer = orgs.super.send("org/update", body).json()
    made = answer["result"]
    assert "results" not in answer
    assert made["parent_name"] == "租户"
    assert made["org_code"] == top["org_code"] + "100000000"
    assert (made["parent_code"], made["parentid"], made["src"]) == (top["org_code"], top["id"], 1)
    assert made["full_org_name"] == "租户/小区甲"
    assert orgs.made("租户-行政", parentid=None, org_type=1, sub_type=6)["sub_type"] == 6


@pytest.mark.rules("org-add/3")
@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"parentid": LOW}, "1"),
        ({"org_name": " ", "parentid": LOW}, "1"),
        ({"org_name": "x"}, "1"),
        ({"org_name": "x", "parentid": ABSENT}, "1"),
        ({"org_name": "x", "parentid": LOW, "org_type": 1}, "1"),
        ({"org_name": "x", "parentid": LOW, "org_type": 3}, "1"),
        ({"org_name": "x", "parentid": LOW, "org_type": 2, "sub_type": 6}, "1"),
        ({"org_name": "x", "parentid": LOW, "sub_type": 1}, "1"),
        ({"org_name": {}, "parentid": LOW}, "400"),
        ({"org_name": "x", "parentid": [LOW]}, "400"),
        ({"org_name": "x", "parentid": True}, "400"),
    ],
)
def test_3_1_what_is_wrong_is_refused(orgs: Orgs, body: dict[str, Any], code: str) -> None:
    before = orgs.super.send("org/sub/list", {"id": TOP}).json()["total"]
    refused(orgs.super, "org/update", body, code)
    assert orgs.super.send("org/sub/list", {"id": TOP}).json()["total"] == before


def test_3_1_another_tenants_parent_does_not_exist(orgs: Orgs) -> None:
    absent = refused(orgs.staff, "org/update", {"org_name": "x", "parentid": ABSENT})
    foreign = refused(orgs.staff, "org/update", {"org_name": "x", "parentid": FOREIGN})
    assert foreign.replace(str(FOREIGN), "?") == absent.replace(str(ABSENT), "?")
    assert refused(orgs.staff, "org/update", {"org_name": "x", "org_type": 2}, "403")


@pytest.mark.rules("org-update-batch/1", "org-update-batch/2", "org-update-batch/3", "org-update-batch/4")
def test_3_1_a_list_is_created_below_one_parent(orgs: Orgs) -> None:
    parent = orgs.made("批量")
    answer = orgs.staff.send(
        "org/update", {"parentid": parent["id"], "list": [{"org_name": "甲"}, {"org_name": "乙", "parentid": FOREIGN}]}
    ).json()
    assert answer["result"] is None
    first, second = answer["results"]
    assert (first["org_type"], first["sub_type"], first["parentid"]) == (2, 1, parent["id"])
    assert second["parentid"] == parent["id"]
    assert [first["org_code"], second["org_code"]] == [f"{parent['org_code']}10000000{n}" for n in (0, 1)]
    refused(orgs.staff, "org/update", {"list": [{"org_name": "丙"}]})
    refused(orgs.staff, "org/update", {"parentid": parent["id"], "list": "丙"}, "400")
    refused(orgs.staff, "org/update", {"parentid": parent["id"], "list": ["丙"]}, "400")


def test_3_1_the_types_beside_a_list_are_those_of_its_records(orgs: Orgs) -> None:
    parent = orgs.made("类型", sub_type=2, org_type=2)
    rows = [{"org_name": "甲"}, {"org_name": "乙", "sub_type": 1}]
    body = {"parentid": parent["id"], "org_type": 2, "sub_type": 2, "list": rows}
    assert [row["sub_type"] for row in orgs.staff.send("org/update", body).json()["results"]] == [2, 1]


@pytest.mark.rules("org-update/1", "org-update/2", "org-update/3")
def test_3_2_a_change_may_be_a_move_as_well(orgs: Orgs) -> None:
    old, new = orgs.made("旧"), orgs.made("新")
    moved = orgs.made("孩子", parentid=old["id"])
    below = orgs.made("孙子", parentid=moved["id"])
    body = {"id": moved["id"], "org_name": "孩子2", "org_type": 2, "sub_type": 2, "parentid": new["id"]}
    changed = orgs.staff.result("org/update", body)
    assert changed["full_org_name"] == f"{new['full_org_name']}/孩子2"
    assert (changed["parentid"], changed["parent_code"], changed["sub_type"]) == (new["id"], new["org_code"], 2)
    detail = orgs.staff.result(f"org/detail/{below['id']}")
    assert detail["full_org_name"] == f"{new['full_org_name']}/孩子2/孙子"
    assert detail["org_code"].startswith(changed["org_code"])
    again = orgs.staff.result("org/update", {**body, "org_name": "孩子3"})
    assert again["org_code"] == changed["org_code"]
    for nothing in (None, 0, "", "0"):
        kept = orgs.staff.result("org/update", {"id": moved["id"], "parentid": nothing, "org_name": "孩子4"})
        assert (kept["parentid"], kept["org_name"]) == (new["id"], "孩子4")


@pytest.mark.parametrize(
    "change",
    [{"parentid": FOREIGN}, {"parentid": ABSENT}, {"parentid": PART}, {"org_name": "x\0"}, {"org_type": 1}],
)
def test_3_2_a_move_and_a_rename_are_all_or_nothing(orgs: Orgs, change: dict[str, Any]) -> None:
    target, made = orgs.made("去处"), orgs.made("不动")
    refused(orgs.super, "org/update", {"id": made["id"], "org_name": "动", "parentid": target["id"], **change})
    kept = orgs.staff.result(f"org/detail/{made['id']}")
    assert (kept["org_name"], kept["parentid"]) == ("不动", LOW)
    refused(orgs.staff, "org/update", {"id": made["id"], "parentid": made["id"]})
    refused(orgs.staff, "org/update", {"id": FOREIGN, "org_name": "x"})


@pytest.mark.rules("org-sort/1")
def test_3_3_the_classification_is_constant(orgs: Orgs) -> None:
    found = orgs.staff.result("org/sort")
    assert [(each["org_type"], each["org_name"], len(each["subs"])) for each in found] == [
        (1, "行政组织", 6),
        (2, "业务组织", 2),
    ]
    assert found[1]["subs"] == [
        {"sub_type": "1", "sub_name": "项目类型"},
        {"sub_type": "2", "sub_name": "非项目类型"},
    ]
    orgs.api.post("{ __typename }")
    orgs.staff.result("org/sort")
    assert orgs.api.statements == []
    assert orgs.api.client.post("/v1/iot/main/org/sort").json()["code"] == "401"


@pytest.mark.rules("org-detail/1", "org-get/1", "org-get-top/1")
def test_3_6_3_18_and_3_21_show_one_organisation(orgs: Orgs) -> None:
    assert orgs.staff.result("org/detail/6421")["org_name"] == "职能账户组织机构"
    found = orgs.staff.result(f"org/get/{MIDDLE}")
    assert (found["id"], found["parent_code"], found["status"], found["selected"]) == (MIDDLE, "901", 1, False)
    answer = orgs.staff.send(f"org/getTopOrg/{PROJECT}").json()
    assert (answer["result"]["id"], answer["result"]["logic_deleted"]) == (TOP, 1)
    assert list(answer) == ["code", "message", "version", "returnExceptionData", "result", "data"]
    for path in ("org/detail/", "org/detail/rel/", "org/get/", "org/getTopOrg/"):
        absent, hidden = (refused(orgs.staff, f"{path}{id_}") for id_ in (ABSENT, FOREIGN))
        assert absent.replace(str(ABSENT), "?") == hidden.replace(str(FOREIGN), "?")
        refused(orgs.staff, f"{path}x", None, "400")


@pytest.mark.rules("org-detail-rel/1")
def test_3_7_a_business_organisation_with_those_that_serve_it(orgs: Orgs) -> None:
    found = orgs.staff.result(f"org/detail/rel/{PROJECT}")
    assert found["admin_org_names"] == "美的翰诚嘉园(北滘),邯郸拉德芳斯,前期-秩序部"
    relation = found["orgRels"][0]
    assert (relation["admin_org_id"], relation["business_org_id"]) == (8700, PROJECT)
    assert (relation["admin_org_code"], relation["business_org_name"]) == ("101105117131108107100", "简岸花园小区")
    none = orgs.staff.result(f"org/detail/rel/{orgs.made('无')['id']}")
    assert (none["admin_org_names"], none["orgRels"]) == ("", [])


@pytest.mark.rules("orgrel-business-admin/1", "orgrel-business-admin/2", "orgrel-business-admin/3")
def test_3_10_the_administrative_organisations_are_replaced(orgs: Orgs) -> None:
    made = orgs.made("顶级业务", parentid=None, org_type=2)["id"]
    (relation,) = orgs.super.result("orgrel/business_admin_rel", {"business_org_id": made, "admin_org_ids": [OTHERS]})
    assert (relation["admin_org_id"], relation["business_full_org_name"]) == (OTHERS, "顶级业务")
    body = {"business_org_id": made, "admin_org_ids": [ADMINISTRATIVE, OTHERS]}
    assert "顶级行政组织" in refused(orgs.super, "orgrel/business_admin_rel", body)
    relations = orgs.staff.result(
        "orgrel/business_admin_rel", {"business_org_id": orgs.made("业务")["id"], "admin_org_ids": [PART, 8700]}
    )
    assert [row["admin_org_id"] for row in relations] == [PART, 8700]
    for ids_ in ([OTHERS], [ABSENT], [LOW]):
        refused(orgs.staff, "orgrel/business_admin_rel", {"business_org_id": LOW, "admin_org_ids": ids_})
    refused(orgs.staff, "orgrel/business_admin_rel", {"business_org_id": LOW})
    refused(orgs.staff, "orgrel/business_admin_rel", {"business_org_id": LOW, "admin_org_ids": PART}, "400")


@pytest.mark.rules("orgrel-admin-business/1")
def test_3_11_an_administrative_organisation_serves_more_business_organisations(orgs: Orgs) -> None:
    first, second = orgs.made("甲"), orgs.made("乙")
    body = {"admin_org_id": PART, "business_org_ids": [first["id"], second["id"]]}
    answer = orgs.staff.send("orgrel/admin_business_rel", body)
    assert answer.headers["deprecation"]
    relations = answer.json()["result"]
    assert [(row["admin_org_id"], row["business_org_id"]) for row in relations] == [
        (PART, first["id"]), (PART, second["id"]),
    ]  # fmt: skip
    orgs.staff.result("orgrel/admin_business_rel", {"admin_org_id": 8700, "business_org_ids": [first["id"]]})
    assert orgs.staff.result("orgrel/admin_business_rel", body) == relations
    related = orgs.staff.result(f"org/relation/admin/{first['id']}")
    assert [row["admin_org_id"] for row in related] == [PART, 8700]
    for wrong in ({"admin_org_id": OTHERS}, {"business_org_ids": [FOREIGN]}, {"business_org_ids": [8700]}):
        refused(orgs.staff, "orgrel/admin_business_rel", {**body, **wrong})
    refused(orgs.super, "orgrel/admin_business_rel", {**body, "admin_org_id": OTHERS})


@pytest.mark.rules("org-set-status/1")
def test_3_14_an_organisation_is_disabled_and_enabled(orgs: Orgs) -> None:
    made, below = orgs.made("开关"), orgs.made("下级")
    for status in (2, "1"):
        answer = orgs.staff.send("org/set", {"id": made["id"], "status": status}).json()
        assert answer == {"code": "200", "message": "成功", "version": None, "result": None}
        assert orgs.staff.result(f"org/get/{made['id']}")["status"] == int(status)
        assert orgs.staff.result(f"org/get/{below['id']}")["status"] == 1
    for wrong in ({"status": 3}, {"status": None}, {"id": FOREIGN}, {"id": None}):
        refused(orgs.staff, "org/set", {"id": made["id"], "status": 2, **wrong})
    refused(orgs.staff, "org/set", {"id": ADMINISTRATIVE, "status": 2}, "403")


@pytest.mark.rules("org-delete/1")
def test_3_14_an_organisation_of_the_type_is_deleted(orgs: Orgs) -> None:
    made = orgs.made("删除")
    unknown = refused(orgs.staff, f"org/delete/{made['id']}/1")
    assert unknown.replace(str(made["id"]), "?") == refused(orgs.staff, f"org/delete/{ABSENT}/1").replace(
        str(ABSENT), "?"
    )
    refused(orgs.staff, f"org/delete/{made['id']}/3")
    assert orgs.staff.result(f"org/delete/{made['id']}/2") is True
    refused(orgs.staff, f"org/detail/{made['id']}")
    assert "下级" in refused(orgs.staff, f"org/delete/{LOW}/2")


@pytest.mark.rules("org-relation-admin-orgs/1", "org-relation-admin-names/1", "org-relation-admin/1")
def test_3_15_to_3_17_who_serves_a_business_organisation(orgs: Orgs) -> None:
    made = orgs.made("被服务")["id"]
    body = {"business_org_id": made, "admin_org_ids": [PART, 8700, 6423]}
    orgs.staff.result("orgrel/business_admin_rel", body)
    assert ids(orgs.staff.result(f"org/relation/admin/orgs/{made}")) == [PART]
    names = orgs.staff.result(f"org/relation/admin/names/{made}")
    assert names == ["美的物业", "产业发展事业部", "美的翰诚嘉园(北滘)"]
    relations = orgs.staff.result(f"org/relation/admin/{made}")
    assert [row["admin_org_id"] for row in relations] == [PART, 8700, 6423]
    for kind in ("orgs/", "names/", ""):
        refused(orgs.staff, f"org/relation/admin/{kind}{FOREIGN}")
        assert orgs.staff.result(f"org/relation/admin/{kind}{orgs.made('无人')['id']}") == []
