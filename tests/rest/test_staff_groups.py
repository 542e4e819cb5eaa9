"""Groups of staff and their members at the legacy URLs (document 003, sections 8 and 9)."""

import pytest

from tests.clients.legacy import Legacy, refused

PAGE, SAVE, DELETE = "adminGroup/query/page", "adminGroup/save", "adminGroup/delete"
MEMBERS, AVAILABLE = "adminGroupRel/query/page", "adminGroupRel/available/admins"
ADD, REMOVE = "adminGroupRel/save", "adminGroupRel/delete"
GROUP, ORG = 8830, {"business_org_id": 8831, "business_org_code": "901105109"}


@pytest.mark.rules("admingroup-query-page/1", "admingroup-query-page/2", "admingroup-query-page/4")
def test_8_1_groups_of_an_organisation_are_counted_on_request(reader: Legacy) -> None:
    (row,) = reader.result(PAGE, {"business_org_code": "901", "group_name": "组2", "needCountRelAdminNums": True})
    assert (row["id"], row["relAdminNums"], row["hasRelAdmin"], row["needCountRelAdminNums"]) == (GROUP, 6, True, True)
    (row,) = reader.result(PAGE, {"business_org_code": "901", "group_name": "组2"})
    assert (row["relAdminNums"], row["hasRelAdmin"], row["needCountRelAdminNums"]) == (None, True, False)
    assert [each["id"] for each in reader.result(PAGE, {"communityId": 23040})] == []
    assert refused(reader, PAGE, {"group_name": "组"})


@pytest.mark.rules("admingroup-query-page/3")
def test_8_1_a_page_has_ten_rows(reader: Legacy) -> None:
    answer = reader.send(PAGE, {"business_org_code": "901"}).json()
    assert (answer["pageNo"], answer["pageSize"], answer["total"]) == (1, 10, 6)
    assert list(answer)[3:5] == ["result", "communitys"]


@pytest.mark.rules("admingroup-save-add/1", "admingroup-save-update/1")
def test_8_2_and_8_3_groups_are_created_and_changed_in_their_order(super_: Legacy) -> None:
    made = super_.result(SAVE, {"groups": [{**ORG, "group_name": name} for name in ("甲", "乙")]})
    assert [(row["group_name"], row["business_org_code"]) for row in made] == [("甲", "901105109"), ("乙", "901105109")]
    both = [{**ORG, "group_name": "丙"}, {**ORG, "id": made[0]["id"], "group_name": "丁"}]
    new, changed = super_.result(SAVE, {"groups": both})
    assert (new["group_name"], changed["id"], changed["group_name"]) == ("丙", made[0]["id"], "丁")
    again = super_.result(SAVE, {"groups": [{**ORG, "group_name": "丙"}]})
    assert again[0]["id"] == new["id"]
    assert "第 2 条" in refused(super_, SAVE, {"groups": [both[0], {**ORG, "id": 999999999, "group_name": "x"}]})
    assert refused(super_, SAVE, {"groups": []})
    assert refused(super_, SAVE, {"groups": {}}, "400")


@pytest.mark.rules("admingroup-delete/1")
def test_8_4_a_group_with_staff_stays(super_: Legacy) -> None:
    assert refused(super_, DELETE, {"id": 8829}) == "出现异常该分组绑定了员工,不可删除"
    assert super_.result(DELETE, {"id": 9321}) is None
    assert refused(super_, DELETE, {"id": 9321})


@pytest.mark.rules("admingrouprel-query-page/1", "admingrouprel-query-page/2", "admingrouprel-query-page/3")
def test_9_1_members_are_found_with_their_relations(reader: Legacy) -> None:
    answer = reader.send(MEMBERS, {"groupId": GROUP}).json()
    assert (answer["pageNo"], answer["pageSize"], answer["total"]) == (1, 10, 6)
    found = {"name": "依", "staff_no": "20351134", "mobile": "8778765", "email": "7777@163"}
    (row,) = reader.result(MEMBERS, {"groupId": GROUP, **found})
    assert (row["id"], row["relationId"], row["pwd"]) == (8843, 8934, None)
    assert reader.result(MEMBERS, {"groupId": GROUP, **found, "staff_no": "2035113"}) == []


@pytest.mark.rules(
    "admingrouprel-available-admins/1", "admingrouprel-available-admins/2", "admingrouprel-available-admins/3"
)
def test_9_3_available_are_staff_of_the_serving_organisations_outside_the_group(reader: Legacy) -> None:
    answer = reader.send(AVAILABLE, {"groupId": GROUP}).json()
    assert (answer["pageNo"], answer["pageSize"]) == (1, 10)
    assert [(row["id"], row["relationId"]) for row in answer["result"]] == [(9160, None), (43001, None)]
    assert [row["id"] for row in reader.result(AVAILABLE, {"groupId": GROUP, "mobile": "000236"})] == [9160]
    assert reader.result(AVAILABLE, {"groupId": GROUP, "staff_no": "0000"}) == []


@pytest.mark.rules("admingrouprel-save/1", "admingrouprel-delete/1")
def test_9_4_and_9_2_staff_join_and_leave(super_: Legacy) -> None:
    assert super_.result(ADD, {"groupId": GROUP, "adminIds": [9160, 8843]}) is True
    (row,) = super_.result(MEMBERS, {"groupId": GROUP, "staff_no": "00002"})
    assert super_.result(REMOVE, {"relationIds": [row["relationId"]]}) is None
    assert refused(super_, REMOVE, {"relationIds": [row["relationId"]]})
    for body in ({"groupId": GROUP, "adminIds": []}, {"groupId": GROUP}, {"groupId": 999999999, "adminIds": [8843]}):
        assert refused(super_, ADD, body)
    assert refused(super_, ADD, {"groupId": GROUP, "adminIds": ["x"]}, "400")


def test_groups_of_other_tenants_are_absent(ordinary: Legacy) -> None:
    for path in (MEMBERS, AVAILABLE):
        hidden, absent = (refused(ordinary, path, {"groupId": id_}) for id_ in (46300, 999999999))
        assert hidden.replace("46300", "999999999") == absent
    assert refused(ordinary, PAGE, {"business_org_code": "100000150"})
