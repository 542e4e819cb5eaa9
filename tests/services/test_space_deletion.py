"""Deleting spaces, alone and with all below them (document 003, 4.13 and 4.17), through GraphQL."""

from tests.clients.writes import Writer
from tests.worlds.spaces import COMMUNITY, OTHER_ORG, building, made


def test_4_17_a_space_that_is_needed_is_not_deleted(super_: Writer) -> None:
    valid = "select space_id::text from property_relation where housing_status = 'LIVING_IN' order by 1 limit 1"
    claimed = "select space_id::text from verification where status = 'APPROVED' and space_id not in"
    claimed += " (select space_id from property_relation where housing_status in ('LIVING_IN', 'AWAY')) limit 1"
    for id_ in ("10264", super_.sql(valid)[0][0], *(row[0] for row in super_.sql(claimed))):
        assert super_.refusals("deleteSpace", id=id_) == [("IN_USE", ["id"])]


def test_4_17_a_deleted_space_takes_its_ended_relations_along(super_: Writer) -> None:
    leaf = "select space_id::text from property_relation join space on space.id = space_id"
    (id_,) = super_.sql(f"{leaf} where not exists (select from space child where child.parent_id = space.id) limit 1")[
        0
    ]
    super_.sql("update property_relation set housing_status = 'MOVED_OUT' where space_id = %s", id_)
    super_.sql("update verification set status = 'REJECTED' where space_id = %s", id_)
    assert super_.done("deleteSpace", "deletedIds", id=id_)["deletedIds"] == [id_]
    assert super_.sql("select count(*) from property_relation where space_id = %s", id_) == [(0,)]
    assert super_.differences() == []


def test_4_13_a_whole_subtree_is_deleted_when_nobody_holds_property_below(staff: Writer) -> None:
    spaces = building(staff)
    payload = staff.done("deleteSpaceTree", "deletedIds deletedCount", id=spaces[0]["id"])
    assert (payload["deletedIds"], payload["deletedCount"]) == ([space["id"] for space in spaces], 4)
    assert staff.differences() == []
    held = "select split_part(path, '/', 1) from space join property_relation on space_id = space.id"
    held += " where housing_status = 'LIVING_IN' and org_path ^@ '8829/' limit 1"
    community = staff.sql(held)[0][0]
    payload = staff.payload("deleteSpaceTree", "deletedIds", id=community)
    assert (payload["deletedIds"], payload["errors"][0]["code"]) == ([], "IN_USE")
    assert payload["errors"][0]["message"].split()[0].isdecimal()


def test_4_13_a_community_of_another_organisation_below_keeps_the_subtree(super_: Writer, staff: Writer) -> None:
    nested = made(staff, type="COMMUNITY", parentId=COMMUNITY, orgId=OTHER_ORG)
    super_.sql(
        "update space set org_id = 16432, org_path = (select path from org where id = 16432) where id = %s",
        nested["id"],
    )
    assert staff.forbidden("deleteSpaceTree", id=COMMUNITY) == "SPACE_WRITE"
