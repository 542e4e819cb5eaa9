"""Staff with roles, and staff who may get them, at the legacy URLs (document 003, 6.12, 6.12A, 6.13, 13.3 and 13.4)."""

from typing import Any

import pytest

from tests.clients.api import Api
from tests.clients.legacy import Legacy

TOP, FOREIGN, ABSENT, BUILT_IN = 2, 15264, 999_999_999, 20463
"""An organisation of yanggc4, another tenant's, none, and the built-in role."""

STAFF = [
    "create_by", "update_by", "create_time", "update_time", "id", "user_id", "org_id", "mobile", "org_code", "src",
    "nickname", "ico", "job_number", "pwd", "name", "sex", "email", "identity", "type", "status", "last_login_time",
    "pwd_modify_time", "lock_time", "login_fail_times", "birthday", "last_login", "staff_no", "position", "is_supper",
    "face_ico", "is_effective", "roleNames", "groupNames", "ids", "userIds", "relationId", "relationIds", "groupId",
    "adminOrgCodes", "adminIds", "pageNo", "pageSize", "client_id", "client_secret", "orgName", "fullOrgName",
    "org_type", "rel_org_id", "authOrgId", "communityId", "oldFlag", "upperOrgAdmin",
]  # fmt: skip
LISTS = ["orgroleadmin/rel/admins", "orgroleadmin/unrel/admins"]
OF_ORG = [*LISTS, "orgAdminRel/query/related/admins", "orgAdminRel/query/available/admins"]


def ids(rows: list[dict[str, Any]]) -> list[int]:
    return [row["id"] for row in rows]


@pytest.mark.rules("orgroleadmin-rel-admins/1", "orgroleadmin-rel-admins/2")
def test_6_12_lists_who_holds_a_role_by_who_asks(reader: Legacy, ordinary: Legacy) -> None:
    assert ids(reader.result(LISTS[0], {"org_id": TOP, "create_org_id": TOP})) == [2, 1]
    assert ids(reader.result(LISTS[0], {"org_id": TOP, "role_id": 27})) == []
    assert ids(ordinary.result(LISTS[0], {"org_id": TOP, "role_id": 27})) == [1]
    rows = ordinary.result(LISTS[0], {"org_id": 40024, "create_org_id": 8829})
    assert ids(rows) == [8852, 1]  # once, with two roles
    rows.reverse()
    assert list(rows[0]) == STAFF
    assert (rows[0]["mobile"], rows[0]["pwd"], rows[0]["upperOrgAdmin"]) == ("13926003676", None, False)
    assert reader.result(LISTS[0], {"org_id": 40024}) == []


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.rules(
    "orgroleadmin-rel-admins/3",
    "orgroleadmin-rel-admins/4",
    "orgroleadmin-unrel-admins/3",
    "orgroleadmin-unrel-admins/4",
)
def test_6_12_and_6_13_page_order_and_search(reader: Legacy, path: str) -> None:
    whole = reader.send(path, {"org_id": TOP}).json()
    assert (whole["pageNo"], whole["pageSize"], whole["total"], whole["totalPage"]) == (1, 20, 2, 1)
    assert ids(whole["result"]) == sorted(ids(whole["result"]), reverse=True)
    assert reader.result(path, {"org_id": TOP, "orderby": "ASC"}) == whole["result"][::-1]
    second = reader.send(path, {"org_id": TOP, "pageNo": 2, "pageSize": 1}).json()
    assert (second["result"], second["totalPage"]) == (whole["result"][1:], 2)
    row = whole["result"][0]
    assert ids(reader.result(path, {"org_id": TOP, "name": row["name"][1:]})) == [row["id"]]
    assert ids(reader.result(path, {"org_id": TOP, "job_number": row["job_number"][2:-1].upper()})) == [row["id"]]
    assert ids(reader.result(path, {"org_id": TOP, "mobile": "00000000"})) == []


@pytest.mark.rules("orgroleadmin-unrel-admins/1", "orgroleadmin-unrel-admins/2")
def test_6_13_lists_the_staff_of_serving_organisations_without_the_role(reader: Legacy) -> None:
    assert ids(reader.result(LISTS[1], {"org_id": TOP, "create_org_id": TOP})) == [43000, 3]
    assert ids(reader.result(LISTS[1], {"org_id": TOP, "role_id": 27})) == [43000, 3, 2]
    assert ids(reader.result(LISTS[1], {"org_id": TOP, "role_id": BUILT_IN})) == [43000, 3]
    of_subtree = reader.result(LISTS[1], {"org_id": 8829, "orderby": "ASC"})
    assert {8811, 8812} <= set(ids(of_subtree))  # two levels below the organisation that serves
    assert list(of_subtree[0]) == STAFF


@pytest.mark.parametrize("path", OF_ORG)
def test_lists_of_an_organisation_show_no_other_tenant(ordinary: Legacy, path: str) -> None:
    answers = [ordinary.send(path, {"org_id": id_}).json() for id_ in (FOREIGN, ABSENT)]
    assert [each["code"] for each in answers] == ["1", "1"]
    assert answers[0]["message"].replace(str(FOREIGN), str(ABSENT)) == answers[1]["message"]
    assert ordinary.send(path, {}).json()["code"] == "1"
    assert ordinary.send(path, {"org_id": "x"}).json()["code"] == "400"


@pytest.mark.parametrize("path", OF_ORG)
@pytest.mark.parametrize("size", [0, -1, 51, 10**12])
def test_lists_of_an_organisation_take_any_size(reader: Legacy, path: str, size: int) -> None:
    answer = reader.send(path, {"org_id": 8831, "pageSize": size}).json()
    assert (answer["code"], answer["pageSize"]) == ("200", 50 if size > 50 else 20)


@pytest.mark.parametrize("path", OF_ORG)
def test_parts_of_phone_numbers_are_for_callers_who_read_personal_data(api: Api, path: str) -> None:
    legacy = Legacy(api, "lisi")
    (row, *_) = legacy.result(LISTS[0], {"org_id": 9099})
    assert row["id"] == 3
    answer = legacy.send(path, {"org_id": 9099, "mobile": "1392600"})
    assert (answer.status_code, answer.json()["code"]) == (403, "403")
    assert "pii.read" in answer.json()["message"]
    assert legacy.send(path, {"org_id": 9099, "name": "李", "job_number": "lis"}).json()["code"] == "200"


def test_phone_numbers_are_found_by_a_part(ordinary: Legacy) -> None:
    assert ids(ordinary.result(LISTS[0], {"org_id": TOP, "mobile": "2600367"})) == [1]
    assert ids(ordinary.result(LISTS[0], {"org_id": TOP, "mobile": "_"})) == []


@pytest.mark.rules("orgroleadmin-rel-systemadmins/1", "orgroleadmin-rel-systemadmins/2")
def test_6_12a_lists_who_holds_the_built_in_role(reader: Legacy, ordinary: Legacy) -> None:
    url = "orgroleadmin/rel/systemadmins"
    rows = reader.result(url, {"org_id": TOP, "create_org_id": TOP})
    assert rows == reader.result(LISTS[0], {"org_id": TOP, "create_org_id": TOP})
    assert ids(reader.result(url)) == [43002, 43001, 32979, 8813, 2, 1]
    answer = ordinary.send(url, {"org_id": TOP})
    assert (answer.status_code, answer.json()["code"]) == (403, "403")


@pytest.mark.rules("orgroleadmin-rel-systemadmins/3", "orgroleadmin-rel-systemadmins/4")
def test_6_12a_pages_orders_and_searches(reader: Legacy) -> None:
    url = "orgroleadmin/rel/systemadmins"
    answer = reader.send(url, {"orderby": "ASC", "pageSize": 4, "pageNo": 2}).json()
    assert (ids(answer["result"]), answer["total"], answer["totalPage"]) == ([43001, 43002], 6, 2)
    assert ids(reader.result(url, {"name": "汝"})) == [43001, 8813]
    assert ids(reader.result(url, {"mobile": "0000791", "job_number": "-8"})) == [43001]
    assert ids(reader.result(url, {"org_id": TOP, "role_id": BUILT_IN})) == [2, 1]
    assert ids(reader.result(url, {"org_id": TOP, "role_id": 27})) == []
    assert ids(reader.result(url, {"create_org_id": 8829})) == [43001, 8813, 1]


@pytest.mark.rules("orgadminrel-query-related-admins/1")
def test_13_3_lists_the_administrators_and_those_of_organisations_above(reader: Legacy) -> None:
    rows = reader.result(OF_ORG[2], {"org_id": 8831, "org_code": "901105109"})
    assert {row["id"]: row["upperOrgAdmin"] for row in rows} == {1: True, 8813: False, 43001: True}
    assert {row["id"]: row["rel_org_id"] for row in rows}[8813] == 6423
    assert list(rows[0]) == STAFF
    assert ids(reader.result(OF_ORG[2], {"org_id": 8831, "mobile": "133", "job_number": "huangrp5-"})) == [43001]
    assert reader.send(OF_ORG[2], {"org_id": 8831, "org_code": "1"}).json()["code"] == "1"
    top = reader.result(OF_ORG[2], {"org_id": 8829})
    assert {row["id"]: row["upperOrgAdmin"] for row in top} == {1: False, 43001: False}


@pytest.mark.rules("orgadminrel-query-available-admins/1")
def test_13_4_lists_who_can_be_made_administrator(reader: Legacy) -> None:
    rows = reader.result(OF_ORG[3], {"org_id": 8831})
    assert ids(rows) == [8811, 8812, 8843, 8852, 9160, 12706]
    assert ids(reader.result(OF_ORG[3], {"org_id": 8831, "job_number": "0000", "mobile": "134000"})) == [9160]
    assert list(rows[0]) == STAFF
