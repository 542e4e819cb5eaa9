"""Customers at the legacy URLs (document 003, part 10)."""

from typing import Any

import pytest

from app.services.identity import with_check
from tests.clients.api import Api
from tests.clients.legacy import Legacy, refused

TOP, ORG, OTHER, FOREIGN, ABSENT = 8829, 9099, 9103, 15264, 999_999_999
CARD = with_check("11010119900307001")
PERSON = {"customer_name": "王五", "customer_phone": "13800138000", "identity_type": 1, "identity": CARD}
AUTH_ORG = {"id": TOP, "org_code": "901", "org_name": "美的集团-业务组织"}
RECORD = [
    "create_by", "update_by", "create_time", "update_time", "id", "top_org_id", "top_org_code", "customer_properties",
    "identity_type", "identity", "customer_name", "sex", "customer_phone", "face_ico", "status", "src",
    "customer_level", "ids", "e_customerId", "relationOrgList", "orgList", "communityId", "orgName", "pageNo",
    "pageSize", "ecustomerIdList",
]  # fmt: skip


def page(legacy: Legacy, **members: object) -> dict[str, Any]:
    answer: dict[str, Any] = legacy.send("customer/query/page", members).json()
    assert answer["code"] == "200", answer
    return answer


def ids(legacy: Legacy, **members: object) -> list[int]:
    return [row["id"] for row in page(legacy, **members)["result"]]


def detail(legacy: Legacy, id_: int) -> dict[str, Any]:
    record: dict[str, Any] = legacy.result("customer/detail", {"id": id_})
    return record


def fourgrid(**members: object) -> dict[str, object]:
    names = {"customer_name": "四格客户", "customer_phone": "13900000000", "customer_properties": 1}
    return {"top_org_id": TOP, "top_org_code": "901", "communityId": 2, "src": 2, **names, **members}


@pytest.mark.rules("customer-4g-update/1", "customer-4g-update/3", "customer-4g-update/6", "customer-4g-update/7")
def test_10_1_a_customer_of_the_4g_system_is_created_and_then_changed(super_: Legacy) -> None:
    assert super_.result("customer/4g/update", fourgrid(e_customerId=501)) is True
    (made,) = page(super_, customer_name="四格客户", orgList=[{"org_code": "901"}])["result"]
    assert (made["src"], made["e_customerId"], made["top_org_id"], made["top_org_code"]) == (2, 501, TOP, "901")
    assert super_.result("customer/4g/update", fourgrid(e_customerId=501, customer_name="改名")) is True
    assert detail(super_, made["id"])["customer_name"] == "改名"
    assert made["id"] in ids(super_, communityId=2), "the organisation of the project space knows the customer"
    refused(super_, "customer/4g/update", fourgrid(e_customerId=502, communityId=ABSENT, customer_name="x"))
    refused(super_, "customer/4g/update", fourgrid())


@pytest.mark.rules("customer-4g-update/2")
def test_10_1_name_and_phone_number_are_unique_together(super_: Legacy) -> None:
    same = {"customer_name": "重名", "customer_phone": "13900000001"}
    super_.result("customer/4g/update", fourgrid(e_customerId=510, **same))
    super_.result("customer/4g/update", fourgrid(e_customerId=511, **same))
    (only,) = page(super_, customer_name="重名")["result"]
    assert only["e_customerId"] == 511, "found by name and phone number"
    super_.result("customer/4g/update", fourgrid(e_customerId=512, **{**same, "customer_phone": "13900000002"}))
    message = refused(super_, "customer/4g/update", fourgrid(e_customerId=512, **same))
    assert "客户" in message


@pytest.mark.rules("customer-4g-update/4", "customer-4g-update/5", "customer-update/2", "customer-query-page/3")
def test_10_1_the_codes_are_those_of_the_document(super_: Legacy) -> None:
    for code in range(1, 9):
        number = CARD if code == 1 else f"E{code}"
        sent = {"customer_name": f"证件{code}", "customer_phone": str(code), "identity_type": code, "identity": number}
        both = {"customer_properties": 2 - code % 2, "sex": 2 - code % 2}
        super_.result("customer/4g/update", fourgrid(e_customerId=520 + code, **sent, **both))
        (row,) = page(super_, customer_name=f"证件{code}", customer_properties=2 - code % 2)["result"]
        codes = [row[name] for name in ("identity_type", "customer_properties", "sex", "status")]
        assert codes == [code, 2 - code % 2, 2 - code % 2, 1]
    refused(super_, "customer/4g/update", fourgrid(e_customerId=530, identity_type=9))
    refused(super_, "customer/4g/update", fourgrid(e_customerId="x"), "400")


@pytest.mark.rules("customer-change-effective/1", "customer-change-effective/2")
def test_10_2_a_customer_is_named_by_id_or_by_4g_id(super_: Legacy) -> None:
    assert super_.result("customer/change/effective", {"e_customerId": 7, "status": 2}) is True
    assert detail(super_, 47000)["status"] == 2
    assert super_.result("customer/change/effective", {"id": 47000, "status": 1}) is True
    assert detail(super_, 47000)["status"] == 1
    refused(super_, "customer/change/effective", {"status": 1})
    refused(super_, "customer/change/effective", {"id": ABSENT, "status": 1})
    refused(super_, "customer/change/effective", {"id": 47000})
    refused(super_, "customer/change/effective", {"id": 47000, "status": 3})


@pytest.mark.rules("customer-query-identity/1")
def test_10_3_finds_one_customer_by_the_document(reader: Legacy) -> None:
    sent = {"identity_type": 1, "identity": 430421199307280051, "authOrg": AUTH_ORG}
    found = reader.result("customer/query/Identity", sent)
    assert (found["id"], found["identity"], list(found)) == (9867, "430421199307280051", RECORD)
    assert reader.result("customer/query/Identity", {**sent, "identity": " 430421 199307280051 "})["id"] == 9867
    assert reader.result("customer/query/Identity", {**sent, "identity": "43042119930728005"}) is None, "exact"
    assert reader.result("customer/query/Identity", {**sent, "authOrg": {"id": FOREIGN}}) is None
    assert reader.result("customer/query/Identity", {**sent, "identity_type": 2}) is None
    disabled = {"identity_type": 1, "identity": "430421199307280013"}
    assert reader.result("customer/query/Identity", disabled)["status"] == 2, "invalid ones too"
    refused(reader, "customer/query/Identity", {"identity_type": 1})
    refused(reader, "customer/query/Identity", {"identity": 1.5, "identity_type": []}, "400")


def test_10_3_the_code_5_stands_for_three_documents(super_: Legacy) -> None:
    row = fourgrid(e_customerId=540, customer_name="台胞", identity_type=7, identity="T123")
    super_.result("customer/4g/update", row)
    assert super_.result("customer/query/Identity", {"identity_type": 5, "identity": "t123"})["identity_type"] == 7
    assert super_.result("customer/query/Identity", {"identity_type": 6, "identity": "T123"}) is None
    assert len(ids(super_, identity_type=5, identity="T123")) == 1
    brief = {"identity_type": 5, "identity": "T123", "customer_name": "台胞2", "authOrg": AUTH_ORG}
    changed = super_.result("customer/update", brief)
    assert (changed["customer_name"], changed["identity_type"]) == ("台胞2", 7)


@pytest.mark.rules("customer-query-page/1")
def test_10_3_a_community_comes_before_organisations_and_these_before_one(reader: Legacy) -> None:
    codes = [{"org_code": "901105109100"}, {"org_code": "901105109103"}]
    by_list = ids(reader, orgList=codes)
    assert 9867 in by_list
    assert ids(reader, orgList=codes, authOrg={"id": FOREIGN}) == by_list
    by_community = ids(reader, communityId=2, orgList=codes, authOrg={"id": FOREIGN})
    assert by_community == ids(reader, communityId=2) == [47000]
    assert 47001 in ids(reader, authOrg={"id": FOREIGN})
    assert 9867 not in ids(reader, authOrg={"id": FOREIGN})
    assert ids(reader, orgList=[{"id": ABSENT}]) == []
    assert ids(reader, orgList=[], authOrg={"id": FOREIGN}) == ids(reader, authOrg={"id": FOREIGN})


@pytest.mark.rules("customer-query-page/2")
def test_10_3_valid_customers_are_listed_unless_others_are_asked_for(reader: Legacy) -> None:
    assert 9343 in ids(reader, status=2)
    assert 9343 not in ids(reader)
    assert all(row["status"] == 1 for row in page(reader)["result"])


def test_10_3_a_part_of_the_name_and_of_the_phone_number_finds_customers(reader: Legacy) -> None:
    asked = {"customer_name": "客户", "customer_phone": "134", "identity_type": 1, "identity": 430421199307280051}
    answer = page(reader, **asked, customer_properties=1, pageNo=1, pageSize=10)
    assert ([row["id"] for row in answer["result"]], answer["total"], answer["totalPage"]) == ([9867], 1, 1)
    assert list(answer["result"][0]) == RECORD
    assert page(reader, customer_name="%")["total"] == 0
    assert page(reader, pageSize=0)["pageSize"] == 20
    assert page(reader, pageSize=51)["pageSize"] == 50
    refused(reader, "customer/query/page", {"pageNo": 10**12}, "400")
    refused(reader, "customer/query/page", {"orgList": {}}, "400")


@pytest.mark.rules("customer-update/1", "customer-update/3", "customer-update/5")
def test_10_4_a_customer_is_created_without_an_id_and_changed_with_it(super_: Legacy) -> None:
    person = {**PERSON, "customer_name": "赵六", "identity": with_check("11010119900307003"), "src": 1}
    made = super_.result("customer/update", {**person, "authOrg": AUTH_ORG})
    assert (made["top_org_id"], made["top_org_code"], made["src"], made["status"]) == (TOP, "901", 1, 1)
    assert list(made) == RECORD
    changed = super_.result("customer/update", {"id": made["id"], "customer_name": "赵七"})
    assert (changed["id"], changed["customer_name"], changed["identity"]) == (made["id"], "赵七", person["identity"])
    again = super_.result("customer/update", {**person, "customer_name": "赵八", "authOrg": AUTH_ORG})
    assert again["id"] == made["id"], "found by the document"
    refused(super_, "customer/update", {"id": ABSENT, "customer_name": "x"})
    refused(super_, "customer/update", {**PERSON, "identity": 110101199003070013, "authOrg": AUTH_ORG})
    refused(super_, "customer/update", {"customer_name": "x"})


@pytest.mark.rules("customer-update/4")
def test_10_4_organisations_are_selected_and_not(super_: Legacy) -> None:
    person = {**PERSON, "customer_name": "钱", "identity": with_check("11010119900307004"), "customer_phone": "4"}
    orgs = [{"id": ORG, "selected": True}, {"id": OTHER, "selected": True}, {"id": 9104, "selected": False}]
    made = super_.result("customer/update", {**person, "relationOrgList": orgs})
    shown = [(org["id"], org["selected"]) for org in made["relationOrgList"]]
    assert shown == [(ORG, True), (OTHER, True), (9104, False)]
    fewer = {"id": made["id"], "relationOrgList": [{"id": ORG, "selected": False}]}
    left = super_.result("customer/update", fewer)["relationOrgList"]
    assert [(org["id"], org["selected"]) for org in left] == [(OTHER, True), (ORG, False)]
    refused(super_, "customer/update", {"id": made["id"], "relationOrgList": [{"id": FOREIGN, "selected": True}]})
    refused(super_, "customer/update", {"id": made["id"], "relationOrgList": [{"org_code": "901"}]})


@pytest.mark.rules(
    "customer-update-brief/1", "customer-update-brief/2", "customer-update-brief/3", "customer-update-brief/4"
)
def test_10_5_the_review_of_claims_sends_less(super_: Legacy, staff: Legacy) -> None:
    number = with_check("11010119900307005")
    sent = {"customer_name": "孙", "customer_phone": "5", "identity": int(number), "authOrg": AUTH_ORG}
    made = super_.result("customer/update/brief", {**sent, "relationOrgList": [{"id": ORG}]})
    assert (made["identity_type"], made["identity"], list(made)) == (1, number, RECORD)
    assert [(org["id"], org["selected"]) for org in made["relationOrgList"]] == [(ORG, True)]
    assert super_.result("customer/update/brief", {**sent, "customer_phone": "6"})["id"] == made["id"]
    refused(staff, "customer/update/brief", {**sent, "authOrg": {"id": FOREIGN}})


@pytest.mark.rules("customer-detail/1")
def test_10_6_shows_a_customer(reader: Legacy, ordinary: Legacy) -> None:
    found = detail(reader, 9867)
    assert (found["id"], found["customer_name"], list(found)) == (9867, "客户51_修改", RECORD)
    refused(reader, "customer/detail", {"id": ABSENT})
    refused(reader, "customer/detail", {})
    assert refused(ordinary, "customer/detail", {"id": 47001}).replace("47001", "9") == refused(
        ordinary, "customer/detail", {"id": 9}
    )


def test_10_6_a_merged_customer_leads_to_the_other_one(super_: Legacy, world: Api) -> None:
    super_.result("customer/4g/update", fourgrid(e_customerId=550, customer_name="合一", customer_phone="1"))
    super_.result("customer/4g/update", fourgrid(e_customerId=551, customer_name="合二", customer_phone="2"))
    (one,), (two,) = (ids(super_, customer_name=name) for name in ("合一", "合二"))
    query = f'mutation {{ mergeCustomers(input: {{ keepId: "{one}", loseId: "{two}" }}) {{ errors {{ code }} }} }}'
    assert world.post(query, {}, world.bearer("supperadm")).json()["data"]["mergeCustomers"]["errors"] == []
    assert detail(super_, two)["id"] == one
    assert ids(super_, customer_name="合二", status=2) == [], "lists leave it out"


@pytest.mark.rules("customer-query-projects/1", "customer-query-projects/3", "customer-query-projects/4")
def test_10_7_lists_the_projects_that_a_customer_may_be_related_to(reader: Legacy) -> None:
    asked = {"id": 9148, "authOrg": AUTH_ORG}
    rows = {row["id"]: row for row in reader.result("customer/query/projects", asked)}
    assert {id_ for id_, row in rows.items() if row["selected"]} == {9103, 9105}
    held = {id_ for id_, row in rows.items() if row["hasPropertyRelations"]}
    assert held
    assert not held - rows.keys()
    gardens = reader.result("customer/query/projects", {**asked, "orgName": "花园"})
    assert gardens
    assert all("花园" in row["org_name"] for row in gardens)
    assert reader.result("customer/query/projects", {**asked, "authOrg": {"id": ABSENT}}) == []


@pytest.mark.rules("customer-query-projects/2")
def test_10_7_without_a_customer_no_project_is_selected(reader: Legacy) -> None:
    for asked in ({"authOrg": AUTH_ORG, "id": None}, {"authOrg": AUTH_ORG, "id": ABSENT}):
        rows = reader.result("customer/query/projects", asked)
        assert rows
        assert not any(row["selected"] or row["hasPropertyRelations"] for row in rows)


def test_another_tenants_customers_are_absent(staff: Legacy) -> None:
    assert ids(staff, customer_name="张三") == []
    refused(staff, "customer/update", {"id": 47001, "customer_name": "x"})
    refused(staff, "customer/change/effective", {"id": 47001, "status": 2})


def test_personal_data_is_masked_and_not_searched_without_the_capability(world: Api) -> None:
    world.sql("insert into org_role (org_id, role_id) values (9099, 42500) on conflict do nothing")
    lisi = Legacy(world, "lisi")
    rows = page(lisi)["result"]
    assert rows
    assert all("****" in row["customer_phone"] for row in rows if row["customer_phone"])
    refused(lisi, "customer/query/page", {"customer_phone": "134"}, "403")
    refused(lisi, "customer/query/Identity", {"identity_type": 1, "identity": "430421199307280051"}, "403")
    refused(lisi, "customer/update", {"id": 9867, "customer_name": "x"}, "403")
