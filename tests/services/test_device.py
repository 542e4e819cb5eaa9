"""Devices that receive messages for staff (document 003, part 21), through GraphQL."""

from typing import Any

import pytest

from tests.clients.writes import Writer

APP, ABSENT, FOREIGN = "1120", "999999999", "43002"
"""An app, and members of staff: none, and one of another tenant."""

SENT: dict[str, Any] = {"appId": APP, "deviceId": "d1", "os": "iOS", "deviceToken": "secret 1"}
SHOWN = "device { id version appId deviceId os provider environment adminId registeredAt }"


@pytest.fixture
def lisi(staff: Writer) -> Writer:
    """Give a member of staff without capabilities."""
    return Writer(staff.api, staff.url, "lisi")


def registered(writer: Writer, **more: Any) -> dict[str, Any]:
    device: dict[str, Any] = writer.done("registerDevice", SHOWN, **{**SENT, **more})["device"]
    return device


def devices(writer: Writer) -> list[tuple[str, str, str]]:
    return writer.sql("select device_id, admin_id::text, device_token from device where id <> 49200 order by 1")


def changes(writer: Writer) -> list[str]:
    return [each for (each,) in writer.sql("select operation from change where entity = 'device' order by id")]


def test_21_1_a_member_of_staff_registers_their_own_device_without_any_capability(lisi: Writer) -> None:
    device = registered(lisi)
    assert device == {
        "id": device["id"], "version": 1, "appId": APP, "deviceId": "d1", "os": "iOS", "provider": "AliyunPush",
        "environment": "DEBUG", "adminId": "3", "registeredAt": device["registeredAt"],
    }  # fmt: skip
    assert devices(lisi) == [("d1", "3", "secret 1")]


def test_21_1_the_same_registration_again_changes_nothing_but_its_time(lisi: Writer) -> None:
    first, recorded = registered(lisi), changes(lisi)
    again = registered(lisi)
    assert (again["id"], again["version"]) == (first["id"], 1)
    assert again["registeredAt"] > first["registeredAt"]
    assert changes(lisi) == recorded
    assert registered(lisi, deviceToken="secret 2", environment="RELEASE")["version"] == 2
    assert devices(lisi) == [("d1", "3", "secret 2")]
    assert "secret" not in str(lisi.sql("select before, after from change where entity = 'device'"))


def test_21_1_a_device_that_moves_to_another_person_belongs_to_that_person(lisi: Writer, staff: Writer) -> None:
    registered(lisi)
    zhangx = Writer(staff.api, staff.url, "zhangx")  # of another tenant: the row was hidden from them
    assert registered(zhangx, deviceToken="secret 2")["adminId"] == FOREIGN
    assert devices(lisi) == [("d1", FOREIGN, "secret 2")]
    assert registered(lisi, appId="9")["adminId"] == "3", "of another app it is another device"


def test_21_1_devices_of_others_need_a_capability(lisi: Writer, super_: Writer) -> None:
    super_.sql("insert into admin_grant (org_id, role_id, admin_id) values (9099, 42500, 21770)")  # lisi sees them now
    other = "21770"
    assert lisi.forbidden("registerDevice", **SENT, adminId=other) == "ADMIN_WRITE"
    assert lisi.forbidden("deleteDevices", appId=APP, adminId=other) == "ADMIN_WRITE"
    assert registered(super_, adminId="8813")["adminId"] == "8813"
    assert super_.done("deleteDevices", "deletedCount", appId=APP, adminId="8813")["deletedCount"] == 1


def test_21_1_an_administrator_registers_for_staff_whose_account_they_may_change(lisi: Writer, staff: Writer) -> None:
    assert registered(staff, adminId="3")["adminId"] == "3"
    assert devices(lisi) == [("d1", "3", "secret 1")]
    elsewhere = "select org_id, role_id, 3 from org_role where org_id = 15264 limit 1"
    staff.sql(f"insert into admin_grant (org_id, role_id, admin_id) {elsewhere}")
    assert staff.forbidden("registerDevice", **SENT, adminId="3") == "ADMIN_WRITE", "the account reaches further"
    assert staff.forbidden("deleteDevices", appId=APP, adminId="3") == "ADMIN_WRITE"


@pytest.mark.parametrize(
    ("input_", "refusal"),
    [
        ({"adminId": ABSENT}, ("NOT_FOUND", ["adminId"])),
        ({"adminId": FOREIGN}, ("NOT_FOUND", ["adminId"])),
        ({"appId": " "}, ("INVALID_INPUT", ["appId"])),
        ({"deviceId": ""}, ("INVALID_INPUT", ["deviceId"])),
        ({"os": " "}, ("INVALID_INPUT", ["os"])),
        ({"deviceToken": "x" * 4097}, ("INVALID_INPUT", ["deviceToken"])),
        ({"deviceId": "x" * 201}, ("INVALID_INPUT", ["deviceId"])),
    ],
)
def test_21_1_a_wrong_device_is_refused(staff: Writer, input_: dict[str, str], refusal: Any) -> None:
    assert staff.refusals("registerDevice", **{**SENT, **input_}) == [refusal]


def test_21_2_the_devices_of_an_app_are_deleted(lisi: Writer) -> None:
    first, second = registered(lisi), registered(lisi, deviceId="d2")
    registered(lisi, appId="9", deviceId="d3")
    deleted = lisi.done("deleteDevices", "deletedIds deletedCount", appId=APP)
    assert (sorted(deleted["deletedIds"]), deleted["deletedCount"]) == (sorted([first["id"], second["id"]]), 2)
    assert devices(lisi) == [("d3", "3", "secret 1")]
    assert lisi.done("deleteDevices", "deletedCount", appId=APP)["deletedCount"] == 0
    assert lisi.refusals("deleteDevices", appId=APP, adminId=ABSENT) == [("NOT_FOUND", ["adminId"])]


def test_21_a_client_that_calls_for_itself_names_the_member_of_staff(super_: Writer) -> None:
    secret = "a secret of the tests"  # noqa: S105
    super_.sql(
        "insert into client (client_id, description, grant_types, secret_hash) values"
        " ('push', 'push', '{client_credentials}', encode(sha256(%s), 'hex'))", secret.encode(),
    )  # fmt: skip
    bearer = super_.api.client_bearer("push", secret)
    query = 'mutation { deleteDevices(input: {appId: "1120"}) { errors { code path } } }'
    errors = super_.api.post(query, None, bearer).json()["data"]["deleteDevices"]["errors"]
    assert errors == [{"code": "INVALID_INPUT", "path": ["input", "adminId"]}]
