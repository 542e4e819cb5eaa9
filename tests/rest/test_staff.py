"""Staff at the legacy URLs (document 003, section 7)."""

from typing import Any

import pytest

from app.bulk.demo import PASSWORD
from tests.clients.api import Api
from tests.clients.legacy import Legacy, refused

QUERY, INNER_LIST, INNER_PAGE = "admin/query/page", "inner/admin/list", "inner/admin/page"
UPDATE, VALIDATE = "admin/update", "admin/unique/validate"
NEW: dict[str, Any] = {"org_id": 6419, "org_code": "101", "name": "新人", "staff_no": "90002"}


def ids(rows: list[dict[str, Any]]) -> list[int]:
    return [row["id"] for row in rows]


@pytest.mark.rules("admin-query-page/1")
def test_7_1_without_numbers_of_a_page_all_rows_come(reader: Legacy) -> None:
    whole = reader.send(QUERY, {"org_id": 6419}).json()
    assert (whole["pageNo"], whole["total"], whole["totalPage"]) == (1, len(whole["result"]), 1)
    assert reader.send(QUERY, {"org_id": 6419, "pageNo": 0, "pageSize": 0}).json() == whole
    page = reader.send(QUERY, {"org_id": 6419, "pageNo": "2", "pageSize": "3"}).json()
    assert (page["result"], page["pageNo"], page["pageSize"]) == (whole["result"][3:6], 2, 3)
    assert reader.send(QUERY, {"pageNo": 1, "pageSize": 51}).json()["pageSize"] == 50


@pytest.mark.rules("admin-query-page/2")
def test_7_1_some_members_are_compared_in_parts_and_others_as_a_whole(reader: Legacy) -> None:
    found = {"job_number": "UHY5", "mobile": "1341877", "name": "依", "staff_no": "20351674", "position": "java开发"}
    exact = {"identity": "430421199307280651", "type": 1, "status": 1, "is_effective": 1}
    assert ids(reader.result(QUERY, {**found, **exact})) == [8852]
    for name, other in {"staff_no": "2035167", "position": "java", "type": 4, "status": 2, "is_effective": 2}.items():
        assert reader.result(QUERY, {**found, name: other}) == []


@pytest.mark.rules("admin-query-page/3", "admin-query-page/4", "admin-query-page/6")
def test_7_1_an_organisation_stands_for_those_below_and_a_business_one_for_its_staff(reader: Legacy) -> None:
    department = ids(reader.result(QUERY, {"org_id": 6422, "org_type": 1}))
    assert department == [8811, 8812, 8813]
    whole = ids(reader.result(QUERY, {"org_id": 6422, "org_code": "101", "org_type": 1}))
    assert set(department) < set(whole)
    assert ids(reader.result(QUERY, {"org_code": "901", "org_type": 2})) == whole  # 8829, which 6419 serves


@pytest.mark.rules("admin-query-page/5", "admin-query-page/7", "admin-query-page/8")
def test_7_1_rows_have_codes_names_of_the_organisation_and_no_password(reader: Legacy) -> None:
    (row,) = reader.result(QUERY, {"org_id": 6419, "job_number": "00002"})
    assert (row["type"], row["status"], row["is_effective"], row["src"], row["is_supper"]) == (1, 2, 1, 1, 1)
    (row,) = reader.result(QUERY, {"org_id": 6419, "job_number": "zhousi"})
    assert (row["orgName"], row["fullOrgName"]) == ("产业发展事业部", "美的集团/美的物业/产业发展事业部")
    assert (row["org_code"], row["pwd"]) == ("101105109", None)


def test_7_1_shows_no_other_tenant_and_no_part_of_a_phone_number_without_the_right(api: Api, ordinary: Legacy) -> None:
    assert refused(ordinary, QUERY, {"org_id": 15263}) == refused(ordinary, QUERY, {"org_id": 999999999}).replace(
        "999999999", "15263"
    )
    assert "15678" not in map(str, ids(ordinary.result(QUERY, {})))
    lisi = Legacy(api, "lisi")
    assert "pii.read" in refused(lisi, QUERY, {"mobile": "139"}, "403")
    assert "pii.read" in refused(lisi, INNER_PAGE, {"org_id": 9099, "org_type": 2, "identity": "1"}, "403")
    assert lisi.send(QUERY, {"name": "李", "job_number": "lis"}).json()["code"] == "200"
    assert refused(ordinary, QUERY, {"type": 3}, "1")
    assert refused(ordinary, QUERY, {"org_id": "x"}, "400")


@pytest.mark.rules("admin-add/2", "admin-add/4", "admin-add/5", "admin-add/7")
def test_7_2_the_front_end_creates_staff_with_an_account(world: Api, super_: Legacy) -> None:
    new = {**NEW, "job_number": "front", "pwd": "111111", "sex": 1, "type": 8, "status": 1, "birthday": 743788800000}
    made = super_.result(UPDATE, new)
    assert (made["org_id"], made["org_code"], made["sex"], made["type"], made["pwd"]) == (6419, "101", 1, 8, None)
    assert made["birthday"] == 743788800000  # midnight in China
    login = {"job_number": "front", "pwd": "111111", "client_id": "h5-client", "grant_type": "password"}
    assert world.client.post("/v1/user/authen?appId=h5-client", json=login).json()["code"] == "200"
    assert refused(super_, UPDATE, {**new, "org_id": 8829, "org_code": "901"})  # a business organisation
    for name in ("org_code", "staff_no", "name"):
        assert name in refused(super_, UPDATE, {**new, name: None})


@pytest.mark.rules("admin-add/1", "admin-add/3")
def test_7_2_the_4a_system_names_staff_by_user_id_and_source(super_: Legacy) -> None:
    row = {"src": 2, "user_id": "777", "org_id": 6419, "name": "同步"}
    made = super_.result(UPDATE, row)
    assert (made["src"], made["user_id"], made["staff_no"]) == (2, 777, None)
    assert super_.result(UPDATE, {**row, "name": "改名"})["id"] == made["id"]
    assert "user_id" in refused(super_, UPDATE, {**row, "user_id": None})
    assert refused(super_, UPDATE, {**row, "src": 3})


@pytest.mark.rules("admin-add/6", "admin-update/7", "admin-unique-validate/1", "admin-unique-validate/3")
def test_7_7_values_of_others_are_refused(super_: Legacy) -> None:
    taken = {"job_number": "zhuhy57", "staff_no": "20351674", "identity": "430421199307280651", "mobile": "13418777766"}
    for name, value in taken.items():
        assert value in refused(super_, VALIDATE, {"type": 1, name: value})
        assert value in refused(super_, UPDATE, {**NEW, "staff_no": "90003", name: value})
        assert value in refused(super_, UPDATE, {**NEW, "staff_no": "90003", "id": 3409, name: value})
    assert super_.result(VALIDATE, {"type": 1, "job_number": "nobody", "mobile": "13000000000"}) is None
    assert super_.result(VALIDATE, {"type": 8, "mobile": "13418777766"}) is None  # another type of user


@pytest.mark.rules("admin-unique-validate/2", "admin-unique-validate/4")
def test_7_7_staff_are_no_others_to_themselves(super_: Legacy) -> None:
    assert super_.result(VALIDATE, {"id": 8852, "type": 1, "mobile": "13418777766"}) is None
    message = refused(super_, VALIDATE, {"type": 1, "mobile": "13418777766"})
    assert message == "出现异常手机号码不能重复:13418777766"
    assert refused(super_, VALIDATE, {"id": 999999999})


@pytest.mark.rules(
    "admin-update/1", "admin-update/2", "admin-update/3", "admin-update/4", "admin-update/5", "admin-update/6"
)
def test_7_3_staff_are_changed_and_get_another_password(world: Api, super_: Legacy) -> None:
    changed = {"id": 3408, "org_id": 6422, "org_code": "101105", "staff_no": "90008", "name": "改名", "sex": 2}
    row = super_.result(UPDATE, {**changed, "type": 4, "pwd": "222"})
    assert (row["org_id"], row["name"], row["sex"], row["type"], row["job_number"]) == (6422, "改名", 2, 4, "zhuhy42")
    login = {"job_number": "zhuhy42", "pwd": "222", "client_id": "h5-client", "grant_type": "password"}
    assert world.client.post("/v1/user/authen?appId=h5-client", json=login).json()["code"] == "200"
    for name in ("org_code", "staff_no"):
        assert name in refused(super_, UPDATE, {**changed, name: ""})
    synchronised = {"id": 3408, "src": 2, "user_id": 778, "name": "同步"}
    assert super_.result(UPDATE, synchronised)["user_id"] == 778
    assert "user_id" in refused(super_, UPDATE, {**synchronised, "user_id": None})
    assert refused(super_, UPDATE, {**changed, "id": 999999999})


@pytest.mark.rules("admin-delete/1")
def test_7_4_ids_come_before_ids_of_the_former_system(super_: Legacy) -> None:
    one, other = (super_.result(UPDATE, {"src": 2, "user_id": n, "org_id": 6419, "name": "x"}) for n in (801, 802))
    url = "admin/delete"
    assert super_.result(url, {"ids": [one["id"]], "userIds": [802]}, "DELETE") is True
    assert super_.result(url, {"userIds": [802]}, "DELETE") is True
    assert refused(super_, url, {"ids": [other["id"]]}, method="DELETE")
    assert refused(super_, url, {}, method="DELETE")
    assert refused(super_, url, {"ids": [1]}, method="DELETE")  # holds roles
    assert super_.send(url, {"ids": [1]}).status_code == 405


@pytest.mark.rules("admin-change-effective/1")
def test_7_5_accounts_are_disabled_and_enabled(super_: Legacy) -> None:
    for code in (2, 1):
        assert super_.result("admin/change/effective", {"id": 3409, "is_effective": code}) is True
        assert super_.result("admin/detail", {"id": 3409})["is_effective"] == code
    assert refused(super_, "admin/change/effective", {"id": 3409, "is_effective": 3})
    assert refused(super_, "admin/change/effective", {"id": 43003, "is_effective": 2})  # their own account


@pytest.mark.rules("admin-detail/1", "admin-detail-more-info/1")
def test_7_6_details_name_groups_roles_communities_and_the_organisation(reader: Legacy, ordinary: Legacy) -> None:
    row = reader.result("admin/detail", {"id": 21770})
    assert row["groupNames"] == ["sit新建专业11-1", "哇哇哇1111", "d"]
    assert row["pwd"] is None
    assert len(row["roleNames"]) == 1
    more = reader.result("admin/detail/moreInfo", {"id": 21770})
    assert (more["communityIds"], more["orgName"]) == ([23040, 23812], "sit顶级行政组织456")
    assert more["fullOrgName"] == "sit顶级行政组织456"
    assert refused(ordinary, "admin/detail", {"id": 21770})


@pytest.mark.rules("admin-update-pwd/1", "admin-update-pwd/2")
def test_7_8_an_administrator_sets_a_password_and_all_sessions_end(world: Api, super_: Legacy) -> None:
    session = Legacy(world, "zhangxiao")
    assert super_.result("admin/update/pwd", {"id": 32979, "pwd": "111"}) is True
    assert session.send("org/sort").status_code == 401
    assert refused(super_, "admin/update/pwd", {"id": 32979, "pwd": ""})
    assert PASSWORD != "111"  # noqa: S105 - the former one


@pytest.mark.rules("inner-admin-list/1", "inner-admin-list/4", "inner-admin-list/5")
def test_7_9_answers_a_bare_list_by_body_or_query(reader: Legacy) -> None:
    rows = reader.send(INNER_LIST, {"org_id": 20372, "org_code": "100000109", "org_type": 1}).json()
    assert ids(rows) == [21052, 21053]
    query = f"{INNER_LIST}?org_id=20372&adminIds=21052,21053"
    assert reader.send(query).json() == rows
    assert ids(reader.send(f"{INNER_LIST}?communityId=20316&adminIds=21053&adminIds=1").json()) == [21053]
    assert refused(reader, INNER_LIST, {"name": "bb"})
    assert refused(reader, INNER_LIST, {"communityId": 999999999})


@pytest.mark.rules("inner-admin-list/2", "inner-admin-page/2", "inner-admin-list/3", "inner-admin-page/3")
def test_7_9_and_7_10_a_community_is_named_by_either_id_and_disabled_accounts_are_left_out(super_: Legacy) -> None:
    around = super_.send(INNER_LIST, {"communityId": 20316}).json()
    assert ids(around) == [21052, 21053]
    super_.result("admin/change/effective", {"id": 21053, "is_effective": 2})
    assert ids(super_.send(INNER_LIST, {"communityId": 20316}).json()) == [21052]
    assert ids(super_.result(INNER_PAGE, {"communityId": 20316, "is_effective": 2})) == [21053]
    super_.result("admin/change/effective", {"id": 21053, "is_effective": 1})
    assert refused(super_, INNER_PAGE, {"communityId": 20316, "oldFlag": True})
    assert super_.send(INNER_PAGE, {"communityId": 610, "oldFlag": "true"}).json()["code"] == "200"


@pytest.mark.rules("inner-admin-page/1", "inner-admin-page/4", "inner-admin-page/5")
def test_7_10_pages_have_ten_rows(reader: Legacy) -> None:
    answer = reader.send(INNER_PAGE, {"org_id": 8831, "org_type": 2}).json()
    assert (answer["pageNo"], answer["pageSize"], answer["total"]) == (1, 10, len(answer["result"]))
    second = reader.send(INNER_PAGE, {"org_id": 8831, "org_type": 2, "pageNo": 2, "pageSize": 3}).json()
    assert second["result"] == answer["result"][3:6]
    assert refused(reader, INNER_PAGE, {})


@pytest.mark.parametrize("size", [0, -1, 51, 10**12])
def test_7_10_takes_any_size(reader: Legacy, size: int) -> None:
    answer = reader.send(INNER_PAGE, {"org_id": 8831, "org_type": 2, "pageSize": size}).json()
    assert (answer["code"], answer["pageSize"]) == ("200", 50 if size > 50 else 10)
