"""Which organisations apps may serve (document 003, 14), through GraphQL."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.clients.writes import Writer
from tests.services.test_restore import newest

OWN, BELOW, FREE, HELD, OTHER_HELD = "2", "40019", "40034", "15264", "16432"
"""A top organisation of yanggc4, one below it, another top, and two that app 123 serves and keeps."""

ADMINISTRATIVE, ABSENT = "6419", "999999999"

APP, SHOWN = {"appId": "9", "appType": "COMMUNITY"}, "appGrants { id orgId appId appType isBound }"
FLAGS = """query ($org: ID!, $app: String!, $type: AppType!) { org(id: $org) {
  isGrantedToApp(appId: $app, appType: $type) isGrantedToOtherApp(appId: $app, appType: $type)
  isBoundToApp(appId: $app, appType: $type) } }"""


def orgs(writer: Writer, *ids: str, **app: str) -> list[str]:
    grants = writer.done("setAppGrants", SHOWN, orgIds=ids, **{**APP, **app})["appGrants"]
    return [grant["orgId"] for grant in grants]


def flags(writer: Writer, org: str, app: str, type_: str = "COMMUNITY") -> tuple[bool, bool, bool]:
    answer = writer.api.post(FLAGS, {"org": org, "app": app, "type": type_}, writer.authorization).json()
    this, other, bound = answer["data"]["org"].values()
    return this, other, bound


def app_type(writer: Writer, app: str) -> str | None:
    query = "query ($app: String!) { appType(appId: $app) }"
    found: str | None = writer.api.post(query, {"app": app}, writer.authorization).json()["data"]["appType"]
    return found


def claim(writer: Writer, space: str, **columns: object) -> None:
    columns = {"type": "HOUSE", "space_id": space, "tenure": "OWNER", "status": "APPROVED", **columns}
    values = ", ".join(["%s"] * len(columns))
    writer.sql(f"insert into verification ({', '.join(columns)}) values ({values})", *columns.values())


def test_14_2_an_app_serves_the_named_organisations_instead_of_those_before(super_: Writer) -> None:
    assert orgs(super_, FREE, OWN) == [OWN, FREE]
    assert orgs(super_, FREE) == [FREE]
    assert orgs(super_) == []
    assert super_.sql("select count(*) from app_grant where app_id = '9'") == [(0,)]


def test_14_1_the_flags_say_what_may_be_chosen(super_: Writer) -> None:
    orgs(super_, OWN)
    assert flags(super_, OWN, "9") == (True, False, False)
    assert flags(super_, OWN, "10") == (False, True, False)
    assert flags(super_, OWN, "10", "STEWARD") == (False, False, False)
    assert flags(super_, HELD, "123") == (True, False, True)
    assert flags(super_, HELD, "9") == (False, True, False)


def test_14_2_an_app_keeps_the_organisations_in_which_its_users_have_approved_claims(super_: Writer) -> None:
    assert orgs(super_, appId="123") == [HELD, OTHER_HELD]
    super_.sql("update verification set status = 'REJECTED'")
    assert orgs(super_, OTHER_HELD, appId="123") == [OTHER_HELD]
    assert orgs(super_, appId="123") == []


@pytest.mark.parametrize(
    ("claimed", "is_bound"),
    [
        ({"app_user_id": 5}, True),
        ({"app_user_id": 5, "submitted_from": 2}, True),  # the back office claimed for an app user
        ({"submitted_from": 1}, True),
        ({"submitted_from": 2}, False),
        ({"app_user_id": 5, "status": "PENDING"}, False),
        ({"app_user_id": 5, "status": "REJECTED"}, False),
    ],
)
def test_14_1_approved_claims_of_app_users_bind(super_: Writer, claimed: dict[str, object], *, is_bound: bool) -> None:
    ((space,),) = super_.sql("select min(id)::text from space where org_path ^@ %s", f"{FREE}/")
    orgs(super_, FREE)
    orgs(super_, FREE, appType="STEWARD")
    claim(super_, space, **claimed)
    assert flags(super_, FREE, "9") == (True, False, is_bound)
    assert flags(super_, FREE, "9", "STEWARD") == (True, False, False), "staff claim no property"
    assert orgs(super_) == [FREE] * is_bound
    assert orgs(super_, appType="STEWARD") == []


def test_14_2_one_app_of_a_type_serves_an_organisation(super_: Writer) -> None:
    orgs(super_, OWN)
    for ids in ([OWN], [FREE, OWN]):
        assert super_.refusals("setAppGrants", appId="10", appType="COMMUNITY", orgIds=ids) == [
            ("INVALID_INPUT", ["orgIds"])
        ]
    assert orgs(super_, OWN, appId="10", appType="STEWARD") == [OWN]


@pytest.mark.parametrize(
    ("ids", "refusal"),
    [
        ([ABSENT], ("NOT_FOUND", ["orgIds"])),
        ([HELD], ("NOT_FOUND", ["orgIds"])),  # another tenant's
        ([ADMINISTRATIVE], ("NOT_FOUND", ["orgIds"])),
        ([BELOW], ("INVALID_INPUT", ["orgIds"])),
    ],
)
def test_14_2_wrong_organisations_are_refused(staff: Writer, ids: list[str], refusal: Any) -> None:
    assert staff.refusals("setAppGrants", **APP, orgIds=ids) == [refusal]
    assert staff.refusals("setAppGrants", **APP, orgIds=[OWN, *ids]) == [refusal]


def test_14_2_a_blank_app_is_refused(staff: Writer) -> None:
    assert staff.refusals("setAppGrants", appId=" ", appType="COMMUNITY", orgIds=[OWN]) == [
        ("INVALID_INPUT", ["appId"])
    ]


def test_14_2_an_administrator_decides_about_their_own_organisations_only(staff: Writer, super_: Writer) -> None:
    assert orgs(super_, FREE, OWN, HELD, OTHER_HELD, appId="123") == [OWN, HELD, OTHER_HELD, FREE]
    assert orgs(staff, appId="123") == []
    assert super_.sql("select array_agg(org_id::text order by app_grant.org_id) from app_grant") == [
        ([HELD, OTHER_HELD, FREE],)
    ]


def test_14_3_staff_below_a_top_organisation_know_the_type_of_its_app(super_: Writer, staff: Writer) -> None:
    orgs(super_, "8829", appType="STEWARD")
    below = Writer(staff.api, staff.url, "lisi")
    assert [app_type(writer, "9") for writer in (below, staff, super_)] == ["STEWARD"] * 3
    assert [app_type(writer, "123") for writer in (below, staff, super_)] == [None, None, "COMMUNITY"]
    assert app_type(super_, "none") is None


def test_14_2_two_apps_at_the_same_time_do_not_get_the_same_organisation(super_: Writer) -> None:
    def take(app: int) -> bool:
        input_ = {"appId": f"app {app}", "appType": "COMMUNITY", "orgIds": [OWN]}
        return bool(super_.answer("setAppGrants", "", input_)["data"]["setAppGrants"]["errors"] == [])

    with ThreadPoolExecutor(6) as writers:
        assert sorted(writers.map(take, range(6))) == [False] * 5 + [True]


def test_a_grant_comes_back_unless_another_app_is_there(staff: Writer) -> None:
    (grant,) = staff.done("setAppGrants", SHOWN, **APP, orgIds=[OWN])["appGrants"]
    orgs(staff)
    change = newest(staff, "app_grant", grant["id"], "DELETE")
    assert orgs(staff, OWN, appId="10") == [OWN]
    errors = staff.payload("restoreAppGrant", changeId=change)["errors"]
    assert [error["code"] for error in errors] == ["CONFLICT"]
    orgs(staff, appId="10")
    back = staff.done("restoreAppGrant", "appGrant { id appId orgId version }", changeId=change)["appGrant"]
    assert back == {"id": grant["id"], "appId": "9", "orgId": OWN, "version": 2}
