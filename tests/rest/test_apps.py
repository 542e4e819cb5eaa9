"""Apps, their organisations, and brands of devices (document 003, sections 14, 15 and 22)."""

from typing import Any

import pytest

from tests.clients.api import Api
from tests.clients.legacy import Legacy

OWN, FREE, HELD, OTHER_HELD, BELOW, ABSENT = 2, 40034, 15264, 16432, 40019, 999_999_999
"""A top organisation of yanggc4, another top, two that app 123 serves and keeps, one below the first, and none."""

LIST, SAVE, TYPE = "appTopOrgRel/list/byAppIdAndType", "appTopOrgRel/update", "appTopOrgRel/getAppType"


def code(legacy: Legacy, path: str, body: object) -> tuple[int, str]:
    answer = legacy.send(path, body)
    return answer.status_code, answer.json()["code"]


def flags(legacy: Legacy, app: object, type_: object = 1) -> dict[int, tuple[bool, bool, bool]]:
    rows = legacy.result(LIST, {"appId": app, "app_type": type_})
    return {row["id"]: (row["beRelByThisApp"], row["beRelByOtherApp"], row["cannotBeUnbind"]) for row in rows}


def save(legacy: Legacy, *ids: int, app: object = "7", type_: int = 1) -> None:
    assert legacy.result(SAVE, {"appId": app, "app_type": type_, "topOrgIds": list(ids)}) is True


@pytest.mark.rules("app-top-org-rel-list/1")
def test_14_1_every_top_business_organisation_is_listed(api: Api, reader: Legacy, ordinary: Legacy) -> None:
    answer = reader.send(LIST, {"appId": 123, "app_type": 1}).json()
    tops = api.sql("select id from org where type = 'BUSINESS' and parent_id is null order by id")
    assert [row["id"] for row in answer["result"]] == [id_ for (id_,) in tops]
    assert list(answer)[3:] == ["result", "communitys", "pageNo", "pageSize", "total", "totalPage"]
    (first,) = (row for row in answer["result"] if row["id"] == HELD)
    assert (first["org_type"], first["parentid"], first["beRelByThisApp"]) == (2, None, True)
    assert {row["id"] for row in ordinary.result(LIST, {"appId": 123, "app_type": 1})} == {OWN, 8829}


@pytest.mark.rules("app-top-org-rel-list/2", "app-top-org-rel-list/3", "app-top-org-rel-update/1")
def test_14_1_the_flags_follow_what_is_saved(super_: Legacy) -> None:
    assert flags(super_, 123)[HELD] == flags(super_, "123", "1")[OTHER_HELD] == (True, False, True)
    assert flags(super_, 123, 2)[HELD] == (False, False, False)
    save(super_, OWN, FREE)
    assert (flags(super_, 7)[OWN], flags(super_, 8)[OWN], flags(super_, 7)[HELD]) == (
        (True, False, False), (False, True, False), (False, True, False),
    )  # fmt: skip
    save(super_, FREE, type_=2)
    assert flags(super_, 7, 2)[OWN] == (False, False, False)
    assert flags(super_, 7, 2)[FREE] == flags(super_, 7)[FREE] == (True, False, False)
    save(super_, OWN)
    assert flags(super_, 7)[FREE] == (False, False, False)
    save(super_)
    save(super_, type_=2)


@pytest.mark.rules("app-top-org-rel-update/2")
def test_14_2_what_cannot_be_unbound_stays_and_what_another_app_has_is_refused(super_: Legacy) -> None:
    save(super_, HELD, app=123)
    assert (flags(super_, 123)[HELD], flags(super_, 123)[OTHER_HELD]) == ((True, False, True),) * 2
    save(super_, app=123)
    assert flags(super_, 123)[HELD] == (True, False, True)
    assert code(super_, SAVE, {"appId": "7", "app_type": 1, "topOrgIds": [OWN, HELD]}) == (200, "1")
    assert flags(super_, 7)[OWN] == (False, False, False), "all or nothing"


@pytest.mark.rules("app-top-org-rel-get-app-type/1")
def test_14_3_the_type_of_an_app_is_a_number_or_null(super_: Legacy, staff: Legacy) -> None:
    assert super_.result(TYPE, {"appId": 123}) == super_.result(TYPE, {"appId": "123"}) == 1
    assert super_.result(TYPE, {"appId": "unknown"}) is None
    save(super_, OWN, app="70", type_=2)
    assert (staff.result(TYPE, {"appId": 70}), super_.result(TYPE, {"appId": 70})) == (2, 2)
    assert staff.result(TYPE, {"appId": 123}) is None, "it serves organisations of others only"
    save(super_, app="70", type_=2)


def test_14_an_ordinary_administrator_decides_about_their_own_organisations(
    world: Api, staff: Legacy, super_: Legacy
) -> None:
    save(super_, FREE, app="71")
    save(staff, OWN, app="71")
    assert (flags(super_, 71)[OWN][0], flags(super_, 71)[FREE][0]) == (True, True)
    for ids in ([HELD], [ABSENT], [OWN, HELD], [BELOW]):
        assert code(staff, SAVE, {"appId": "71", "app_type": 1, "topOrgIds": ids}) == (200, "1")
    save(staff, app="71")
    assert (flags(super_, 71)[OWN][0], flags(super_, 71)[FREE][0]) == (False, True)
    save(super_, app="71")
    lisi = Legacy(world, "lisi")
    assert code(lisi, SAVE, {"appId": "71", "app_type": 1, "topOrgIds": []}) == (403, "403")


WRONG: list[tuple[str, dict[str, Any], tuple[int, str]]] = [
    (LIST, {"appId": 1}, (200, "1")),
    (LIST, {"app_type": 1}, (200, "1")),
    (LIST, {"appId": 1, "app_type": 3}, (200, "1")),
    (LIST, {"appId": {}, "app_type": 1}, (400, "400")),
    (SAVE, {"appId": "7", "app_type": 1}, (200, "1")),
    (SAVE, {"appId": " ", "app_type": 1, "topOrgIds": [2]}, (200, "1")),
    (SAVE, {"appId": "7", "app_type": 1, "topOrgIds": 2}, (400, "400")),
    (SAVE, {"appId": "7", "app_type": 1, "topOrgIds": ["x"]}, (400, "400")),
    (SAVE, {"appId": "7" * 201, "app_type": 1, "topOrgIds": [2]}, (200, "1")),
    (TYPE, {}, (200, "1")),
    (TYPE, {"appId": []}, (400, "400")),
]


@pytest.mark.parametrize(("path", "body", "refused"), WRONG)
def test_14_wrong_requests_are_refused(super_: Legacy, path: str, body: object, refused: tuple[int, str]) -> None:
    assert code(super_, path, body) == refused


@pytest.mark.rules("guidance-get/1", "guidance-update/1")
def test_15_the_guidance_of_a_menu_is_read_created_and_changed(super_: Legacy, staff: Legacy) -> None:
    shown = super_.result("guidance/get", {"menu_id": 30281})
    assert {"menu_id": 30281, "id": 32486}.items() <= shown.items()
    assert shown["full_menu_name"].endswith(shown["menu_name"])
    assert super_.result("guidance/get", {"menu_id": 20477}) is None
    made = super_.result("guidance/update", {"menu_id": 20477, "content": "一"})
    changed = super_.result("guidance/update", {"id": made["id"], "menu_id": 20477, "content": "二"})
    assert (changed["id"], changed["content"]) == (made["id"], "二")
    assert super_.result("guidance/get", {"menu_id": 20477}) == changed
    assert code(super_, "guidance/update", {"id": ABSENT, "menu_id": 20477, "content": "三"}) == (200, "1")
    assert code(staff, "guidance/update", {"menu_id": 20477, "content": "三"}) == (403, "403")


@pytest.mark.rules("device-brands/1")
def test_22_1_brands_are_a_constant_list(api: Api, reader: Legacy, ordinary: Legacy) -> None:
    brands = reader.result("device/brands")
    api.forget()
    assert ordinary.result("device/brands", {}) == reader.result("device/brands") == brands
    assert len(api.statements) <= 2, "only callers are read, at most once each"
    assert [tuple(brand.items()) for brand in brands][::7] == [
        (("label", "捷顺"), ("value", "1")), (("label", "其他"), ("value", "0")),
    ]  # fmt: skip
    assert len(brands) == 8
