"""Writing spaces at the legacy URLs (document 003, section 4). Tests share a demo world; each has its own spaces."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from app.bulk.trees import differences
from app.db.embedded import EmbeddedServer
from tests.clients.api import Api, open_api
from tests.clients.legacy import Legacy, refused
from tests.databases import copied

ORG, OTHER_ORG, FOREIGN_ORG, TENANT = 10454, 14487, 16432, 8829
"""Two project organisations of the tenant of yanggc4, another tenant's, and the tenant itself."""
FOREIGN, ABSENT = 22234, 999_999_999
"""A community of another tenant, and no record."""


@pytest.fixture(scope="module")
def url(server: EmbeddedServer, demo_template: str, worker_id: str) -> Iterator[str]:
    with copied(server, demo_template, worker_id) as url:
        yield url


@pytest.fixture(scope="module")
def api(url: str) -> Iterator[Api]:
    with open_api(url, require_login=True) as api:
        yield api


@pytest.fixture(scope="module")
def super_(api: Api) -> Legacy:
    return Legacy(api, "supperadm")


@pytest.fixture(scope="module")
def staff(api: Api) -> Legacy:
    """Give an ordinary administrator."""
    return Legacy(api, "yanggc4")


@pytest.fixture
def project(staff: Legacy) -> dict[str, Any]:
    """Give a new project of ORG."""
    return made(staff, space_name="项目", space_type="COMMUNITY", org_id=ORG)


@pytest.fixture(autouse=True)
def the_trees_stay_whole(url: str) -> Iterator[None]:
    yield
    with psycopg.connect(url) as connection:
        assert [*differences(connection, "space")] == []


def made(legacy: Legacy, **body: Any) -> dict[str, Any]:
    space: dict[str, Any] = legacy.result("space/update", body)
    return space


def row(legacy: Legacy, id_: int) -> dict[str, Any]:
    (found,) = legacy.result("space/list", {"id": id_, "is_only_sub": True, "pageSize": 50})[:1]
    assert found["id"] == id_
    space: dict[str, Any] = found
    return space


@pytest.mark.rules("space-add/5", "space-add/7", "space-add/3")
def test_4_1_a_new_space_gets_code_and_full_name_from_its_parent(staff: Legacy, project: dict[str, Any]) -> None:
    zone = made(staff, space_name="东区", space_type="ZONE", parentid=project["id"])
    assert (zone["full_space_name"], zone["parent_name"], zone["parent_code"]) == (
        "项目/东区", "项目", project["space_code"],
    )  # fmt: skip
    assert zone["space_code"] == f"{project['space_code']}100000000"
    assert (row(staff, project["id"])["business_type"], row(staff, project["id"])["org_id"]) == (1, ORG)
    hotel = made(staff, space_name="酒店", space_type="COMMUNITY", org_id=ORG, business_type="9")
    assert row(staff, hotel["id"])["business_type"] == 9
    wrong = {"space_name": "x", "space_type": "ZONE", "parentid": project["id"], "business_type": 1}
    refused(staff, "space/update", wrong)


@pytest.mark.rules("space-add/1")
def test_4_1_only_projects_have_no_parent(staff: Legacy, project: dict[str, Any]) -> None:
    assert project["parentid"] is None
    assert "HOUSE" in refused(staff, "space/update", {"space_name": "1", "space_type": "HOUSE"})
    assert "parentid" in refused(staff, "space/update", {"list": [{"space_name": "1", "space_type": "ZONE"}]})


@pytest.mark.rules("space-add/2")
def test_4_1_a_list_of_one_type_lies_below_one_parent(staff: Legacy, project: dict[str, Any]) -> None:
    entries = [{"space_name": name, "space_type": "BUILDING"} for name in "甲乙"]
    answer = staff.send("space/update", {"parentid": project["id"], "list": entries}).json()
    assert (answer["result"], [each["space_name"] for each in answer["results"]]) == (None, ["甲", "乙"])
    assert {each["parentid"] for each in answer["results"]} == {project["id"]}
    mixed = [*entries, {"space_name": "丙", "space_type": "ZONE"}]
    assert "space_type" in refused(staff, "space/update", {"parentid": project["id"], "list": mixed})
    unknown = [{"space_name": "丙", "space_type": "CASTLE"}]
    assert "CASTLE" in refused(staff, "space/update", {"parentid": project["id"], "list": unknown})
    assert len(staff.result("space/list", {"id": project["id"]})) == 3


@pytest.mark.rules("space-add/6")
def test_4_1_a_project_belongs_to_the_top_of_the_tenant_until_it_is_related(staff: Legacy, api: Api) -> None:
    new = made(staff, space_name="未关联", space_type="COMMUNITY", top_org_id=TENANT)
    assert row(staff, new["id"])["org_id"] == TENANT
    unrelated = staff.result("space/list", {"hasRelated": 2, "top_org_id": TENANT, "pageSize": 50})
    assert new["id"] in [each["id"] for each in unrelated]
    made(staff, id=new["id"], space_type="COMMUNITY", org_id=ORG)
    assert row(staff, new["id"])["org_id"] == ORG
    refused(staff, "space/update", {"space_name": "x", "space_type": "COMMUNITY"})
    refused(staff, "space/update", {"space_name": "x", "space_type": "COMMUNITY", "top_org_id": FOREIGN_ORG})
    below = Legacy(api, "lisi").send("space/update", {"space_name": "x", "space_type": "COMMUNITY", "top_org_id": 9099})
    assert below.json()["code"] == "403"


@pytest.mark.rules("space-add/4", "space-update/1", "space-update/2")
def test_4_9_a_space_of_the_4g_system_is_known_by_its_id_there(staff: Legacy, project: dict[str, Any]) -> None:
    body = {"src": 2, "space_id": 77_000_001, "space_type": "ZONE"}
    first = made(staff, **body, space_name="同步", parentid=project["id"], community_id=88)
    again = made(staff, **body, space_name="同步二")
    assert (first["src"], first["space_id"]) == (2, 77_000_001)
    assert (again["id"], again["full_space_name"]) == (first["id"], "项目/同步二")
    by_id = made(staff, **body, id=first["id"], space_name="同步三")
    assert (by_id["id"], by_id["space_name"]) == (first["id"], "同步三")
    assert staff.result(f"space/detail/{first['id']}")["community_id"] == 88
    for missing in ("space_id", "space_type"):
        without = {name: value for name, value in body.items() if name != missing}
        assert missing in refused(staff, "space/update", {**without, "space_name": "x"})
        assert missing in refused(staff, "space/add/batch", [{**without, "space_name": "x"}])


@pytest.mark.rules("space-update/3")
def test_4_9_a_project_without_org_id_loses_its_organisation(
    staff: Legacy, super_: Legacy, project: dict[str, Any]
) -> None:
    house = made(staff, space_name="1", space_type="HOUSE", parentid=project["id"])
    change = {"id": project["id"], "space_name": "新", "space_type": "COMMUNITY"}
    made(staff, **change, org_id=OTHER_ORG)
    assert row(staff, project["id"])["org_id_name"]["org_id"] == OTHER_ORG
    answer = staff.send("space/update", {**change, "space_name": "更新"})
    assert (answer.status_code, answer.json()["code"]) == (403, "403")
    assert row(staff, project["id"])["space_name"] == "新"
    made(super_, **change)
    assert (row(super_, project["id"])["org_id"], row(super_, house["id"])["org_id"]) == (None, None)
    assert refused(staff, "space/update", change)
    made(super_, **change, org_id=ORG)
    nested = made(super_, space_name="期", space_type="COMMUNITY", parentid=project["id"])
    again = {"id": nested["id"], "space_name": "期", "space_type": "COMMUNITY", "parentid": project["id"]}
    assert [made(super_, **again)["parentid"] for _ in range(2)] == [project["id"]] * 2
    assert row(staff, house["id"])["org_id"] == ORG


@pytest.mark.rules("space-update/4", "space-update/5", "space-update/6")
def test_4_9_a_change_renames_and_moves_at_once(staff: Legacy, project: dict[str, Any]) -> None:
    zone, building = (
        made(staff, space_name=name, space_type=type_, parentid=project["id"])
        for name, type_ in (("区", "ZONE"), ("栋", "BUILDING"))
    )
    house = made(staff, space_name="1", space_type="HOUSE", parentid=building["id"])
    moved = made(staff, id=building["id"], space_name="新栋", parentid=zone["id"], src=1)
    assert (moved["parentid"], moved["full_space_name"], moved["parent_name"]) == (zone["id"], "项目/区/新栋", "区")
    assert staff.result(f"space/detail/{house['id']}")["full_space_name"] == "项目/区/新栋/1"
    assert made(staff, id=building["id"], space_name="栋")["parentid"] == zone["id"]
    refused(staff, "space/update", {"id": zone["id"], "space_name": "y", "parentid": building["id"]})
    refused(staff, "space/update", {"id": zone["id"], "space_name": "y", "space_type": "HOUSE"})
    assert staff.result(f"space/detail/{zone['id']}")["space_name"] == "区"
    made(staff, id=project["id"], space_type="COMMUNITY", org_id=ORG, business_type=8)
    assert row(staff, project["id"])["business_type"] == 8


@pytest.mark.rules("space-add-batch/1", "space-add-batch/2", "space-add-batch/3", "space-add-batch/4")
def test_4_14_a_list_creates_changes_and_synchronises(staff: Legacy, project: dict[str, Any]) -> None:
    zone = made(staff, space_name="区", space_type="ZONE", parentid=project["id"])
    house = made(staff, space_name="1", space_type="HOUSE", parentid=project["id"])
    written = staff.result(
        "space/add/batch",
        [
            {"space_name": "2", "space_type": "HOUSE", "src": 1, "parentid": project["id"]},
            {"id": house["id"], "space_name": "3", "parentid": zone["id"]},
            {"space_name": "顶级", "space_type": "COMMUNITY", "org_id": ORG},
            {"src": 2, "space_id": 77_000_002, "space_type": "HOUSE", "space_name": "4", "parentid": project["id"]},
        ],
    )
    assert [each["full_space_name"] for each in written] == ["项目/2", "项目/区/3", "顶级", "项目/4"]
    assert (written[1]["id"], written[3]["src"]) == (house["id"], 2)
    rows = [{"id": house["id"], "space_name": "不改"}, {"space_name": "x", "space_type": "HOUSE", "parentid": FOREIGN}]
    refused(staff, "space/add/batch", rows)
    assert staff.result(f"space/detail/{house['id']}")["space_name"] == "3"
    refused(staff, "space/add/batch", [])
    refused(staff, "space/add/batch", {})
    assert staff.send("space/add/batch", ["x"]).status_code == 400
    refused(staff, "space/add/batch", [{}] * 1001)


@pytest.mark.rules(
    "spacelocation-add/1", "spacelocation-add/2", "spacelocation-add/3", "spacelocation-edit/1", "spacelocation-edit/2"
)
def test_4_2_and_4_3_a_project_has_one_address(staff: Legacy, project: dict[str, Any]) -> None:
    values = {"province": "广东省", "lon": "113.2", "lat": 22.9, "detail": "林港路", "ico": "a/b.png"}
    address = staff.result("spacelocation/add", {"space_id": project["id"], **values})
    assert (address["lon"], address["ico"], address["city"]) == (113.2, "a/b.png", None)
    assert staff.result("spacelocation/add", {"space_id": project["id"], "city": "佛山"})["id"] == address["id"]
    changed = staff.result("spacelocation/edit", {"id": address["id"], "city": "顺德"})
    assert changed == {**address, "city": "顺德"}
    house = made(staff, space_name="1", space_type="HOUSE", parentid=project["id"])
    for body in (
        {"space_id": house["id"]},
        {"space_id": FOREIGN},
        {"city": "x"},
        {"space_id": project["id"], "lon": 181},
    ):
        refused(staff, "spacelocation/add", body)
    refused(staff, "spacelocation/edit", {"city": "x"})
    refused(staff, "spacelocation/edit", {"id": ABSENT, "city": "x"})
    assert staff.send("spacelocation/add", {"space_id": project["id"], "lon": "east"}).status_code == 400
    assert staff.send("spacelocation/add", {"space_id": project["id"], "lon": "nan"}).json()["code"] in ("1", "400")


@pytest.mark.rules(
    "spaceparkdetail-add/1", "spaceparkdetail-add/2", "spaceparkdetail-add/3", "spaceparkdetail-add/4",
    "spaceparkdetail-add/5", "spaceparkdetail-edit/1",
)  # fmt: skip
def test_4_6_and_4_7_a_parking_place_has_one_detail(staff: Legacy, project: dict[str, Any]) -> None:
    place = made(staff, space_name="P1", space_type="PARK_SPACE", parentid=project["id"])["id"]
    detail = staff.result("spaceparkdetail/add", {"space_id": place, "park_no": "P1", "space_square": 12.34})
    assert (detail["park_type"], detail["space_id"], detail["fee_square"]) == (2, place, None)
    assert detail["id"] != place
    by_detail = staff.result("spaceparkdetail/edit", {"id": detail["id"], "park_type": 1, "sub_park_no": "P1b"})
    by_place = staff.result("spaceparkdetail/edit", {"id": place, "park_nature": 3, "park_status": 5, "charge_park": 4})
    assert (by_detail["id"], by_place["id"], by_place["sub_park_no"]) == (detail["id"], detail["id"], "P1b")
    shown = staff.result(f"spaceparkdetail/detail/{place}")["detail"]
    assert [shown[name] for name in ("park_type", "park_nature", "park_status", "charge_park")] == [1, 3, 5, 4]
    assert shown["space_square"] == 12.34
    for body in (
        {"park_type": 5},
        {"park_nature": 0},
        {"park_status": 6},
        {"charge_park": 9},
        {"fee_square": -1},
        {"fee_square": 1.234},
    ):
        refused(staff, "spaceparkdetail/add", {"space_id": place, **body})
    refused(staff, "spaceparkdetail/add", {"space_id": project["id"], "park_no": "x"})
    refused(staff, "spaceparkdetail/edit", {"id": 13515, "space_id": place, "park_no": "x"})
    assert staff.send("spaceparkdetail/add", {"space_id": place, "fee_square": "wide"}).json()["code"] in ("1", "400")


@pytest.mark.rules("space-change-effective/1")
def test_4_16_a_project_is_disabled_and_enabled(staff: Legacy, project: dict[str, Any]) -> None:
    for status in (2, 1):
        answer = staff.send("space/change/effective", {"id": project["id"], "status": status}).json()
        assert (answer["code"], answer["result"], row(staff, project["id"])["status"]) == ("200", None, status)
    for body in (
        {"id": project["id"]},
        {"status": 1},
        {"id": project["id"], "status": 3},
        {"id": FOREIGN, "status": 1},
    ):
        refused(staff, "space/change/effective", body)


@pytest.mark.rules("space-delete/1")
def test_4_17_only_a_space_that_nothing_needs_is_deleted(staff: Legacy, project: dict[str, Any]) -> None:
    house = made(staff, space_name="1", space_type="HOUSE", parentid=project["id"])["id"]
    assert "存在下级空间" in refused(staff, f"space/delete/{project['id']}", None)
    assert staff.result(f"space/delete/{house}") is True
    assert staff.result(f"space/delete/{project['id']}") is True
    refused(staff, f"space/delete/{house}", None)
    refused(staff, f"space/delete/{FOREIGN}", None)


@pytest.mark.rules("space-delete-cascade/1")
def test_4_13_all_below_a_space_goes_with_it(staff: Legacy, project: dict[str, Any]) -> None:
    house = made(staff, space_name="1", space_type="HOUSE", parentid=project["id"])["id"]
    answer = staff.send("space/delete", {"id": project["id"]})
    assert (answer.json()["code"], answer.headers["deprecation"]) == ("200", "@1609430400")
    refused(staff, f"space/detail/{house}", None)
    refused(staff, "space/delete", {})
    assert "deprecation" not in staff.send("space/status/17").headers


def test_a_member_of_staff_without_the_capability_writes_nothing(api: Api) -> None:
    reader = Legacy(api, "lisi")
    for path, body in (
        ("space/update", {"id": 3429, "space_name": "x"}),
        ("space/add/batch", [{"space_name": "x", "space_type": "ZONE", "parentid": 3429}]),
        ("space/delete/3429", None),
        ("spacelocation/edit", {"id": 123, "city": "x"}),
        ("space/change/effective", {"id": 3429, "status": 2}),
    ):
        answer = reader.send(path, body)
        assert (answer.status_code, answer.json()["code"]) == (403, "403")
