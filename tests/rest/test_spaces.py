"""Reading spaces at the legacy URLs (document 003, section 4), over the demo world and a generated community."""

from typing import Any

import pytest

from app.models.space import BusinessType, SpaceType
from app.rest.variables.spaces import OTHER_SPELLINGS
from tests.clients.api import Api
from tests.clients.legacy import Legacy

COMMUNITY, TENANT, ABSENT = 13702, 8829, 999_999_999
"""A community with 15 spaces below it, the top business organisation of its tenant, and no record."""


@pytest.fixture(scope="module")
def legacy(api: Api) -> Legacy:
    return Legacy(api, "supperadm")


@pytest.fixture(scope="module")
def lisi(api: Api) -> Legacy:
    """Give a member of staff who sees the organisation 9099, and not the top one of its tenant."""
    return Legacy(api, "lisi")


def ids(legacy: Legacy, **body: Any) -> list[int]:
    return [row["id"] for row in legacy.result("space/list", {"pageSize": 50, **body})]


@pytest.mark.rules("space-detail/1")
def test_4_4_a_space_of_the_4g_system_has_its_ids_there(legacy: Legacy) -> None:
    space = legacy.result("space/detail/11964")
    assert (space["space_id"], space["parent_space_id"], space["community_id"]) == (35740358, 50520127, 21421811)
    assert (space["src"], space["space_type"], space["space_sort"]) == (2, "HOUSE", "STRUCTURE")
    assert (space["full_space_name"], space["parent_code"]) == ("1/4/6号楼_1_402", "69501020")
    assert (space["lon"], space["list"], space["_only_sub"], space["pageNo"]) == (0, None, True, 0)


@pytest.mark.rules("space-detail-community/1", "space-detail-community/2")
def test_4_5_a_project_has_its_address_and_the_numbers_of_what_it_holds(legacy: Legacy) -> None:
    project = legacy.result(f"space/detail/community/{COMMUNITY}")
    assert list(project) == ["space", "location", "buildingNum", "parkNum", "houseNum"]
    assert (project["space"]["id"], project["location"]) == (COMMUNITY, None)
    assert (project["buildingNum"], project["parkNum"], project["houseNum"]) == (1, 3, 4)
    located = legacy.result("space/detail/community/3429")
    assert (located["location"]["id"], located["location"]["space_id"]) == (123, 3429)
    assert (located["space"]["province"], located["space"]["lat"]) == ("AA", 123.56)


@pytest.mark.rules("spaceparkdetail-detail/1", "spaceparkdetail-detail/2")
def test_4_8_a_parking_place_names_its_project_and_car_park(legacy: Legacy) -> None:
    bare = legacy.result("spaceparkdetail/detail/21485")
    assert (bare["space"]["id"], bare["space"]["space_type"]) == (21485, "PARK_SPACE")
    assert {name: value for name, value in bare["detail"].items() if value} == {
        "project_id": 20670, "project_name": "悦然寓", "park_id": bare["detail"]["park_id"], "park_name": "车场",
    }  # fmt: skip
    assert (bare["detail"]["space_square"], bare["detail"]["id"]) == (0, None)
    known = legacy.result("spaceparkdetail/detail/10482")["detail"]
    assert (known["id"], known["space_id"], known["park_no"], known["park_type"]) == (13515, 10482, "A01", 1)


@pytest.mark.rules("space-tree/1")
def test_4_10_a_tree_is_a_list_of_its_one_root(legacy: Legacy) -> None:
    body = legacy.send(f"space/tree/{COMMUNITY}").json()
    (root,) = body["result"]
    assert (body["pageNo"], body["total"], root["id"]) == (0, 0, COMMUNITY)
    assert sorted(every(root)) == [41012 + number for number in range(15)]
    zone = root["children"][0]
    assert (zone["parentid"], zone["parent_code"]) == (COMMUNITY, root["space_code"])
    (inner,) = legacy.result("space/tree/41012")
    assert (inner["parent_name"], inner["parent_code"]) == (root["space_name"], root["space_code"])


def every(node: dict[str, Any]) -> list[int]:
    """Give the ids of all nodes below a node."""
    return [id_ for child in node["children"] or [] for id_ in (child["id"], *every(child))]


@pytest.mark.rules("space-tree-by-org/1")
def test_4_15_the_trees_of_an_organisation_lie_in_the_envelope_itself(legacy: Legacy) -> None:
    body = legacy.send("space/tree/org/9099").json()
    assert list(body) == ["code", "message", "version", "trees", "role"]
    roots = [root for tree in body["trees"] for root in tree["tree"]]
    assert {root["id"] for root in roots} == {3429, 9886, 10264}
    assert {(root["org_id"], root["parentid"]) for root in roots} == {(9099, None)}
    assert 11221 in every(next(root for root in roots if root["id"] == 9886))
    assert legacy.send("space/tree/org/8829").json()["trees"] == []


@pytest.mark.rules("space-business-types/1")
def test_4_19_the_business_types_need_no_database(api: Api, legacy: Legacy) -> None:
    api.forget()
    body = legacy.send("space/business/types").json()
    assert [(row["key"], row["value"]) for row in body["result"]] == [
        (each.code, each.chinese) for each in BusinessType
    ]
    assert (body["pageNo"], body["totalPage"]) == (0, 0)
    assert api.statements == []


@pytest.mark.rules("space-status/1")
def test_4_20_zones_and_physical_spaces_are_counted_one_level_below(legacy: Legacy) -> None:
    assert legacy.result("space/status/15641") == {"directPhysicalSpaceNums": 21, "directZoneNums": 0}
    assert legacy.result(f"space/status/{COMMUNITY}") == {"directPhysicalSpaceNums": 0, "directZoneNums": 1}
    assert legacy.result("space/status/41012") == {"directPhysicalSpaceNums": 2, "directZoneNums": 0}


@pytest.mark.rules("spaceparkdetail-list/1", "spaceparkdetail-list/2", "spaceparkdetail-list/3")
def test_4_21_all_parking_places_of_a_project_with_their_details(legacy: Legacy) -> None:
    body = legacy.send("spaceparkdetail/detail/list", {"space_id": 20670}).json()
    assert (body["pageNo"], body["pageSize"], body["total"], body["totalPage"]) == (1, 20, len(body["result"]), 1)
    assert {row["space_type"] for row in body["result"]} == {"PARK_SPACE"}
    places = {row["id"]: row for row in body["result"]}
    assert (places[20704]["park_no"], places[20704]["park_type"]) == ("10111", 2)
    assert (places[21485]["park_no"], places[21485]["park_type"], places[21485]["park_id"]) == (None, None, 20708)
    second = legacy.send("spaceparkdetail/detail/list", {"space_id": 20670, "pageNo": 2, "pageSize": 1}).json()
    assert [row["id"] for row in second["result"]] == [body["result"][1]["id"]]


@pytest.mark.rules("space-list/1", "space-list/2", "space-list/12")
@pytest.mark.parametrize("type_", ["COMMUNITY", "ZONE", "BUILDING", "UNIT", "HOUSE", "PARK"])
def test_4_12_every_type_has_its_list(legacy: Legacy, type_: str) -> None:
    body = legacy.send("space/list", {"space_type": type_}).json()
    assert (body["pageNo"], body["pageSize"]) == (1, 20)
    assert {row["space_type"] for row in body["result"]} == {type_}
    assert body["result"][0]["org_ids"] is None


@pytest.mark.parametrize(("other", "name"), OTHER_SPELLINGS.items())
def test_4_12_the_other_spellings_of_types_are_accepted(legacy: Legacy, other: str, name: str) -> None:
    assert ids(legacy, space_type=other) == ids(legacy, space_type=SpaceType[name].code)


@pytest.mark.rules("space-list/3", "space-list/5", "space-list/6", "space-list/8")
def test_4_12_the_filters(legacy: Legacy) -> None:
    assert COMMUNITY in ids(legacy, space_name="江山小区-项", is_super=1)
    assert ids(legacy, space_name="江山小区-项", is_super=2) == ids(legacy, space_name="江山小区-项", is_super=1)
    fourgrid, own = ids(legacy, src=2), ids(legacy, src="1")
    assert (11964 in fourgrid, 11964 in own, fourgrid == []) == (True, False, False)
    assert ids(legacy, status=2) == []
    related, unrelated = (
        ids(legacy, space_type="COMMUNITY", hasRelated=1),
        ids(legacy, space_type="COMMUNITY", hasRelated=2),
    )
    assert (41000 in unrelated, 41000 in related, COMMUNITY in related) == (True, False, True)
    ascending = ids(legacy, space_type="ZONE")
    assert ascending == sorted(ascending) == ids(legacy, space_type="ZONE", orderby="DESC")[::-1]


@pytest.mark.rules("space-list/4")
def test_4_12_a_node_with_its_children_or_all_below_it(legacy: Legacy) -> None:
    assert ids(legacy, id=COMMUNITY) == [COMMUNITY, 41012]
    assert ids(legacy, id=COMMUNITY, is_only_sub=True, space_type="COMMUNITY") == [COMMUNITY]
    assert len(ids(legacy, id=COMMUNITY, is_only_sub=False)) == 16
    assert len(ids(legacy, id=COMMUNITY, is_only_sub="false", space_type="HOUSE")) == 4


@pytest.mark.rules("space-list/7", "space-list/9")
def test_4_12_one_space_of_a_tenant(legacy: Legacy, lisi: Legacy) -> None:
    assert COMMUNITY in ids(legacy, top_org_id=TENANT, space_type="COMMUNITY")
    others = ids(legacy, top_org_id=15264, space_type="COMMUNITY")
    assert (15641 in others, COMMUNITY in others) == (True, False)
    assert ids(legacy, space_id=COMMUNITY, top_org_id=TENANT, space_type="HOUSE", status=2) == [COMMUNITY]
    assert ids(legacy, space_id=COMMUNITY, top_org_id=15264) == []
    assert legacy.send("space/list", {"space_id": COMMUNITY}).json()["code"] == "1"
    seen = ids(lisi, top_org_id=TENANT, space_type="COMMUNITY")
    assert (seen, lisi.send("org/detail/8829").json()["code"]) == ([3429, 9886, 10264], "1")


@pytest.mark.rules("space-list/10", "space-list/11")
def test_4_12_a_row_names_its_organisation_and_counts_what_is_below(legacy: Legacy) -> None:
    (row,) = legacy.result("space/list", {"id": COMMUNITY, "space_type": "COMMUNITY"})
    assert row["org_id_name"]["org_id"] == row["org_id"] == 9105
    assert row["org_id_name"]["full_org_name"].endswith("/云悦江山小区")
    assert (row["directChildrenNums"], row["directZoneNums"], row["directPhysicalSpaceNums"]) == (1, 1, 0)


@pytest.mark.parametrize(("asked", "size"), [(0, 20), (-1, 20), (51, 50), (10**12, 50), ("2", 2), (None, 20)])
def test_4_12_pages_have_at_most_50_rows(legacy: Legacy, asked: object, size: int) -> None:
    body = legacy.send("space/list", {"pageSize": asked, "pageNo": 0}).json()
    assert (body["pageNo"], body["pageSize"], len(body["result"])) == (1, size, size)


@pytest.mark.parametrize(
    ("path", "body", "status", "code"),
    [
        ("space/list", {"id": "x"}, 400, "400"),
        ("space/list", {"id": [1]}, 400, "400"),
        ("space/list", {"is_only_sub": "maybe", "id": 17}, 400, "400"),
        ("space/list", {"space_type": "HOTEL"}, 200, "1"),
        ("space/list", {"status": 3}, 200, "1"),
        ("space/list", {"orderby": "UP"}, 400, "400"),
        ("space/list", {"space_name": "a\0"}, 200, "1"),
        ("space/list", {"pageSize": "many"}, 400, "400"),
        ("space/list", [{}], 400, "400"),
        ("space/list", {"unknown": {"a": 1}}, 200, "200"),
        ("space/list", None, 200, "200"),
        ("spaceparkdetail/detail/list", {}, 200, "1"),
        ("spaceparkdetail/detail/list", {"space_id": ABSENT}, 200, "200"),
        (f"space/detail/{ABSENT}", None, 200, "1"),
        ("space/detail/x", None, 400, "400"),
        ("space/detail/community/11964", None, 200, "1"),
        (f"space/detail/community/{10**30}", None, 200, "1"),
        ("spaceparkdetail/detail/13515", None, 200, "1"),
        (f"space/tree/{ABSENT}", None, 200, "1"),
        (f"space/tree/org/{ABSENT}", None, 200, "1"),
        (f"space/status/{ABSENT}", None, 200, "1"),
    ],
)
def test_bad_input_is_an_error_of_the_envelope(legacy: Legacy, path: str, body: object, status: int, code: str) -> None:
    answer = legacy.send(path, body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


@pytest.mark.parametrize(
    "path", ["space/detail/13702", "space/detail/community/13702", "space/tree/13702", "space/tree/org/9105",
             "space/status/13702", "spaceparkdetail/detail/21485"],
)  # fmt: skip
def test_what_a_caller_does_not_see_is_not_there(lisi: Legacy, path: str) -> None:
    assert lisi.send(path).json()["code"] == "1"


def test_the_tree_of_a_whole_community_takes_as_many_statements_as_a_small_one(generated_api: Api) -> None:
    def asked(path: str, **body: object) -> dict[str, Any]:
        generated_api.forget()
        answer: dict[str, Any] = generated_api.client.post(f"/v1/iot/main/{path}", json=body).json()
        return answer

    (community,) = asked("space/list", space_type="COMMUNITY")["result"]
    (tree,) = asked(f"space/tree/{community['id']}")["result"]
    assert (len(every(tree)), len(generated_api.statements)) == (14_605, 3)
    ((top,),) = (tree["tree"] for tree in asked(f"space/tree/org/{community['org_id']}")["trees"])
    assert (len(every(top)), len(generated_api.statements)) == (14_605, 3)
