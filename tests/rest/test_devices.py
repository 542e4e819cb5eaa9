"""The devices that receive messages for staff (document 003, section 21)."""

from typing import Any

import pytest

from tests.clients.api import Api
from tests.clients.legacy import Legacy

UPLOAD, DELETE = "adminMessage/upload/device/info", "adminMessage/delete/device/info"
SENT = {"appId": "1120", "adminId": 1, "appDeviceId": "a device", "appDeviceOs": "iOS", "appDeviceToken": "secret"}
ABSENT, FOREIGN = 999_999_999, 43002


def code(legacy: Legacy, path: str, body: object, **headers: str) -> tuple[int, str]:
    answer = legacy.send(path, body, **headers)
    assert "secret" not in answer.text
    return answer.status_code, answer.json()["code"]


def stored(world: Api, app: str = "1120") -> list[Any]:
    query = "select device_id, admin_id, provider, environment, os, device_token from device where app_id = %s"
    return world.sql(f"{query} and id <> 49200 order by 1", app)


@pytest.mark.rules(
    "admin-message-upload-device-info/1", "admin-message-upload-device-info/2", "admin-message-upload-device-info/3"
)
def test_21_1_an_app_registers_the_device_after_the_log_in(world: Api, staff: Legacy) -> None:
    assert staff.result(UPLOAD, SENT) is True
    assert stored(world) == [("a device", 1, "AliyunPush", "DEBUG", "iOS", "secret")]
    assert staff.result(UPLOAD, {**SENT, "envType": 1, "providerNo": "AliyunPush", "appDeviceToken": "other"}) is True
    assert stored(world) == [("a device", 1, "AliyunPush", "RELEASE", "iOS", "other")]
    lie = '{"id": 2, "orgId": 6419}'
    assert code(staff, UPLOAD, SENT, tokeninfo=lie) == (403, "403")
    assert staff.result(DELETE, {"appId": "1120", "adminId": 1}) is True


@pytest.mark.rules("admin-message-upload-device-info/4", "admin-message-delete-device-info/1")
def test_21_2_the_backend_deletes_the_devices_of_an_app_after_the_log_out(
    world: Api, staff: Legacy, super_: Legacy
) -> None:
    for app in (1120, "1121"):
        assert staff.result(UPLOAD, {**SENT, "appId": app}) is True
    leaving = Legacy(world, "yanggc4")
    assert leaving.send("user/logout/1120").json()["code"] == "200"
    assert len(stored(world)) == 1
    assert super_.result(DELETE, {"appId": "1120", "adminId": 1}) is True
    assert (stored(world), len(stored(world, "1121"))) == ([], 1)
    assert staff.result(DELETE, {"appId": "1121"}) is True
    assert stored(world, "1121") == []


def test_21_1_a_device_of_somebody_else_moves(world: Api, staff: Legacy) -> None:
    other = Legacy(world, "zhangx")
    assert staff.result(UPLOAD, SENT) is True
    assert other.result(UPLOAD, {**SENT, "adminId": FOREIGN}) is True
    assert [row[:2] for row in stored(world)] == [("a device", FOREIGN)]
    assert staff.result(DELETE, {"appId": "1120"}) is True
    assert len(stored(world)) == 1
    assert other.result(DELETE, {"appId": "1120"}) is True


WRONG: list[tuple[str, dict[str, Any], tuple[int, str]]] = [
    (UPLOAD, {"adminId": ABSENT}, (200, "1")),
    (UPLOAD, {"adminId": FOREIGN}, (200, "1")),
    (UPLOAD, {"adminId": "x"}, (400, "400")),
    (UPLOAD, {"appId": None}, (200, "1")),
    (UPLOAD, {"appDeviceId": " "}, (200, "1")),
    (UPLOAD, {"appDeviceOs": None}, (200, "1")),
    (UPLOAD, {"appDeviceToken": {}}, (400, "400")),
    (UPLOAD, {"appDeviceToken": "secret" * 1000}, (200, "1")),
    (UPLOAD, {"envType": 2}, (200, "1")),
    (UPLOAD, {"envType": []}, (400, "400")),
    (DELETE, {"adminId": ABSENT}, (200, "1")),
    (DELETE, {"adminId": FOREIGN}, (200, "1")),
    (DELETE, {"appId": None}, (200, "1")),
]


@pytest.mark.parametrize(("path", "body", "refused"), WRONG)
def test_21_wrong_requests_are_refused(
    world: Api, staff: Legacy, path: str, body: dict[str, Any], refused: tuple[int, str]
) -> None:
    assert code(staff, path, {**SENT, **body}) == refused
    assert stored(world) == []
