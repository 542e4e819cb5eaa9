"""Variables of the URLs of groups of staff (document 003, sections 8 and 9)."""

from typing import Any

from app.error_codes import Message
from app.errors import InvalidInputError
from app.models.org import OrgType
from app.rest.kinds import FLAG, ID, IDS, OBJECTS, TEXT
from app.rest.parameters import filled, maybe, member, needed, paged, sends
from app.rest.url import Given, Variables
from app.rest.variables.staff import community_of

NO_PLACE = Message("send business_org_code or communityId", "business_org_code 和 communityId 不能同时为空")
COUNTS = sends(maybe("needCountRelAdminNums", FLAG, "counts", default=False))
ORG = sends(maybe("business_org_code", TEXT, "code.eq"))
NAMED = sends(maybe("group_name", TEXT, "filter.name.contains"))


def counts(given: Given) -> bool:
    """Accept requests that ask how many staff each group has."""
    return bool(COUNTS(given)["counts"])


def of_community(given: Given) -> bool:
    """Accept requests about the groups of a community."""
    return member(given, "business_org_code") is None and member(given, "communityId") is not None


def counts_around(given: Given) -> bool:
    """Accept requests that ask for both."""
    return counts(given) and of_community(given)


def groups_of_org(given: Given) -> Variables:
    """Read which groups of an organisation and of those below it are asked for (8.1)."""
    org = ORG(given)
    if not org:
        raise InvalidInputError(NO_PLACE)
    return {"org": {**org, "type": {"eq": OrgType.BUSINESS.name}}, "named": org["code"]["eq"], **NAMED(given)}


def groups_of_community(given: Given) -> Variables:
    """Read which groups of the organisation of a community are asked for (8.1)."""
    return {**community_of(given), **NAMED(given)}


OF_ORG, AROUND = paged(groups_of_org, 10), paged(groups_of_community, 10)

GROUPS = sends(filled("groups", OBJECTS, "groups"))
NEW = sends(
    needed("group_name", TEXT, "name"),
    needed("business_org_id", ID, "orgId"),
    maybe("business_org_code", TEXT, "orgCode"),
    reuse=True,
)
CHANGED = sends(needed("id", ID, "id"), maybe("group_name", TEXT, "name"), maybe("business_org_id", ID, "orgId"))


def has_ids(given: Given) -> bool:
    """Accept requests whose groups have ids."""
    return any(member(group, "id") is not None for group in GROUPS(given)["groups"])


def saved(given: Given) -> Variables:
    """Read groups that are created, or changed where they have an id (8.2 and 8.3)."""
    rows: list[dict[str, Any]] = GROUPS(given)["groups"]
    old = [place for place, row in enumerate(rows) if member(row, "id") is not None]
    new = [place for place in range(len(rows)) if place not in old]
    return {
        "places": {"updateAdminGroups": old, "createAdminGroups": new},
        "updated": {"adminGroups": [CHANGED(rows[place]) for place in old]},
        "updates": bool(old),
        "created": {"adminGroups": [NEW(rows[place]) for place in new]},
        "creates": bool(new),
    }


DELETED = sends(needed("id", ID, "input.id"))

FOUND = sends(
    needed("groupId", ID, "id"),
    maybe("name", TEXT, "filter.name.contains"),
    maybe("staff_no", TEXT, "filter.staffNumber.eq"),
    maybe("mobile", TEXT, "filter.phone.contains"),
    maybe("email", TEXT, "filter.email.contains"),
)
STAFF = paged(FOUND, 10)
ADDED = sends(needed("groupId", ID, "input.groupId"), filled("adminIds", IDS, "input.adminIds"))
REMOVED = sends(filled("relationIds", IDS, "input.ids"))
