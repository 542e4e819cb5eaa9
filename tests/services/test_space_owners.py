"""The owners of communities: nested communities stay in one tenant."""

from tests.clients.writes import Writer
from tests.services.test_restore import created, newest

ORG, COMMUNITY = "119", "13430"
FOREIGN_ORG = "40021"
"""A project of another tenant, which yanggc4 administers too."""


def test_a_synchronised_community_belongs_to_the_tenant_of_the_one_above(staff: Writer) -> None:
    other = {"source": "hr", "externalId": "k", "name": "x", "type": "COMMUNITY", "orgId": FOREIGN_ORG}
    for more in ({"parentId": COMMUNITY}, {"parentExternalId": "top"}):
        rows = [{**other, "externalId": "top", "orgId": ORG}, {**other, **more}]
        assert staff.refusals("upsertSpaces", spaces=rows) == [("INVALID_INPUT", ["spaces", "1", "orgId"])]


def test_4_9_the_communities_of_a_tree_belong_to_one_tenant(staff: Writer, super_: Writer) -> None:
    top = created(staff, "Space", name="x", type="COMMUNITY", orgId=ORG)
    nested = created(staff, "Space", name="x", type="COMMUNITY", parentId=top)
    for one, other in ((top, nested), (nested, top)):
        super_.done("setCommunityOrg", id=one, orgId=None)
        assert super_.refusals("setCommunityOrg", id=one, orgId=FOREIGN_ORG) == [("INVALID_INPUT", ["orgId"])]
        super_.done("setCommunityOrg", id=other, orgId=None)
        super_.done("setCommunityOrg", id=top, orgId=ORG)
        super_.done("setCommunityOrg", id=nested, orgId=ORG)


def test_a_deleted_community_does_not_come_back_below_one_of_another_tenant(staff: Writer, super_: Writer) -> None:
    top = created(staff, "Space", name="x", type="COMMUNITY", orgId=ORG)
    nested = created(staff, "Space", name="y", type="COMMUNITY", parentId=top)
    staff.done("deleteSpace", id=nested)
    super_.done("setCommunityOrg", id=top, orgId=None)
    super_.done("setCommunityOrg", id=top, orgId=FOREIGN_ORG)
    assert staff.refusals("restoreSpace", changeId=newest(super_, "space", nested)) == [("INVALID_INPUT", ["changeId"])]
