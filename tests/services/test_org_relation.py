"""Which administrative organisations serve a business one (document 003, 3.10, 3.15 and 18.2), through GraphQL."""

from typing import Any

import psycopg
import pytest

from app.db.scope import Scope
from tests.clients.api import Api
from tests.clients.writes import Writer

OWN, BELOW, DEEP, FOREIGN, ABSENT = "8829", "8830", "8831", "15264", "999999999"
"""A top business organisation of yanggc4, two below it, another tenant's, and none."""

TOP, PART, LOWER, OTHERS = "6419", "6422", "11007", "15263"
"""The administrative organisation that serves OWN, two below it, and one that serves another tenant."""

RELATIONS = "orgRelations { id businessOrg { id } administrativeOrg { id } createdBy }"
OUTERMOST = "{{ org(id: {id}) {{ administrativeOrgs {{ id }} outermostAdministrativeOrgs {{ id }} }} }}"


def relate(writer: Writer, org: str, *ids: str) -> list[dict[str, Any]]:
    payload = writer.done("relateAdministrativeOrgs", RELATIONS, orgId=org, administrativeOrgIds=[*ids])
    relations: list[dict[str, Any]] = payload["orgRelations"]
    assert [each["businessOrg"]["id"] for each in relations] == [org] * len(relations)
    return relations


def ids_of(relations: list[dict[str, Any]]) -> list[str]:
    return [each["administrativeOrg"]["id"] for each in relations]


def test_3_10_the_set_of_related_organisations_is_replaced(staff: Writer) -> None:
    (kept,) = staff.sql(
        "select id::text from org_relation where business_org_id = %s and administrative_org_id = %s", DEEP, TOP
    )
    relations = relate(staff, DEEP, PART, TOP, LOWER, PART)
    assert ids_of(relations) == [TOP, PART, LOWER]
    assert (relations[0]["id"], relations[1]["createdBy"]) == (kept[0], "yanggc4")
    before = staff.everything()
    assert relate(staff, DEEP, LOWER, TOP, PART) == relations
    assert staff.everything() == before
    assert relate(staff, DEEP) == []
    assert staff.sql("select count(*) from org_relation where business_org_id = %s", DEEP) == [(0,)]


@pytest.mark.parametrize(
    ("input_", "refusal"),
    [
        ({"orgId": FOREIGN, "administrativeOrgIds": [TOP]}, ("NOT_FOUND", ["orgId"])),
        ({"orgId": ABSENT, "administrativeOrgIds": [TOP]}, ("NOT_FOUND", ["orgId"])),
        ({"orgId": OWN, "administrativeOrgIds": [TOP, OTHERS]}, ("NOT_FOUND", ["administrativeOrgIds"])),
        ({"orgId": OWN, "administrativeOrgIds": [ABSENT]}, ("NOT_FOUND", ["administrativeOrgIds"])),
        ({"orgId": OWN, "administrativeOrgIds": [BELOW]}, ("INVALID_INPUT", ["administrativeOrgIds"])),
        ({"orgId": OWN, "administrativeOrgIds": ["0"]}, ("INVALID_INPUT", ["administrativeOrgIds"])),
    ],
)  # fmt: skip
def test_3_10_and_3_5a_an_ordinary_administrator_relates_within_the_range(
    staff: Writer, input_: dict[str, Any], refusal: Any
) -> None:
    assert staff.refusals("relateAdministrativeOrgs", **input_) == [refusal]


def test_3_10_a_caller_of_two_tenants_relates_each_to_its_own_administrative_organisations(
    own_api: Api, own_url: str, super_: Writer
) -> None:
    super_.sql(
        "insert into admin_grant (org_id, role_id, admin_id) select %s, 20463, id from admin where account = 'yanggc4'",
        FOREIGN,
    )
    both = Writer(own_api, own_url, "yanggc4")
    for org, administrative in ((OWN, OTHERS), (FOREIGN, TOP), (FOREIGN, PART)):
        refused = both.refusals("relateAdministrativeOrgs", orgId=org, administrativeOrgIds=[administrative])
        assert refused == [("INVALID_INPUT", ["administrativeOrgIds"])]
    assert ids_of(relate(both, FOREIGN, OTHERS)) == [OTHERS]
    assert ids_of(relate(both, DEEP, PART)) == [PART]


def test_3_10_needs_the_capability_in_the_organisation(own_api: Api, own_url: str, staff: Writer) -> None:
    for account, org in (("lisi", "9099"), ("wangwu", OWN)):
        writer = Writer(own_api, own_url, account)
        assert writer.forbidden("relateAdministrativeOrgs", orgId=org, administrativeOrgIds=[]) == "ORG_WRITE"
    assert staff.forbidden("relateAdministrativeOrgs", orgId=TOP, administrativeOrgIds=[]) == "ORG_WRITE"


@pytest.mark.parametrize("ids", [[TOP, OTHERS], [PART, OTHERS], [TOP, PART, OTHERS]])
def test_3_10_the_super_administrator_relates_one_top_administrative_organisation(
    super_: Writer, ids: list[str]
) -> None:
    assert super_.refusals("relateAdministrativeOrgs", orgId=FOREIGN, administrativeOrgIds=ids) == [
        ("INVALID_INPUT", ["administrativeOrgIds"])
    ]
    assert ids_of(relate(super_, FOREIGN, TOP)) == [TOP]
    assert ids_of(relate(super_, FOREIGN, PART, LOWER)) == [PART, LOWER]
    assert relate(super_, FOREIGN) == []


def test_3_10_a_super_administrator_names_organisations_of_the_right_types(super_: Writer) -> None:
    wrong: list[tuple[str, list[str], str]] = [(TOP, [OTHERS], "orgId"), (FOREIGN, [OWN], "administrativeOrgIds")]
    for org, ids, field in wrong:
        assert super_.refusals("relateAdministrativeOrgs", orgId=org, administrativeOrgIds=ids) == [
            ("INVALID_INPUT", [field])
        ]


def test_3_10_the_reason_stands_in_chinese(super_: Writer) -> None:
    query = (
        f'mutation {{ relateAdministrativeOrgs(input: {{orgId: "{OWN}", administrativeOrgIds: ["{PART}", "{OTHERS}"]}})'
    )
    headers = {"authorization": super_.api.bearer("supperadm"), "accept-language": "zh"}
    body = {"query": f"{query} {{ errors {{ message }} }} }}"}
    answer = super_.api.client.post("/graphql", json=body, headers=headers).json()
    assert answer["data"]["relateAdministrativeOrgs"]["errors"] == [{"message": "超级管理员只可关联一个顶级行政组织"}]


def test_3_10_a_related_administrative_organisation_is_not_deleted(super_: Writer) -> None:
    made = super_.done("createOrg", "org { id }", name="x", type="ADMINISTRATIVE")["org"]["id"]
    relate(super_, FOREIGN, made)
    assert super_.refusals("deleteOrg", id=made) == [("IN_USE", ["id"])]


def test_3_15_related_organisations_without_those_contained_in_another(staff: Writer) -> None:
    relate(staff, DEEP, TOP, PART, LOWER)
    relate(staff, BELOW, PART, LOWER)
    for id_, expected in ((DEEP, [TOP]), (BELOW, [PART, LOWER])):
        org = staff.api.post(OUTERMOST.format(id=id_), authorization=staff.api.bearer("yanggc4")).json()["data"]["org"]
        assert [each["id"] for each in org["outermostAdministrativeOrgs"]] == expected
        assert len(org["administrativeOrgs"]) == len(expected) + 2 * (id_ == DEEP)


@pytest.mark.parametrize(
    ("business", "administrative", "is_let_through"),
    [(DEEP, PART, True), (FOREIGN, TOP, False), (OWN, OTHERS, False), (OWN, BELOW, False), (TOP, PART, False)],
)
def test_3_10_the_database_lets_no_more_through(
    own_url: str, business: str, administrative: str, *, is_let_through: bool
) -> None:
    scope = Scope(1, is_super=False, scopes=("8829/",), admin_scopes=("6419/",), capabilities={"org.write": ("8829/",)})
    insert = "insert into org_relation (business_org_id, administrative_org_id) values ($1::bigint, $2::bigint)"
    with psycopg.connect(own_url) as connection:
        cursor = psycopg.RawCursor(connection)
        cursor.execute(scope.opening_to_write().sql, scope.opening_to_write().values)
        if is_let_through:
            assert cursor.execute(insert, [business, administrative]).rowcount == 1
        else:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                cursor.execute(insert, [business, administrative])
