"""Variables of the URLs that ask for spaces (document 003, 4.12, 4.15, 4.19 and 4.21)."""

from app.error_codes import Message
from app.errors import InvalidInputError
from app.models.space import BusinessType, SpaceType
from app.models.status import Status
from app.rest.kinds import FLAG, ID, TEXT, Code, Codes
from app.rest.parameters import ORDER, by, maybe, paged, sends
from app.rest.url import Given, Variables

OTHER_SPELLINGS = {
    "PARKING": "PARK",
    "PARKING-NAME": "PARK_NAME",
    "PAKING-ZONE": "PARK_AREA",
    "PARKING-PLACE": "PARK_SPACE",
    "ARCHITECT": "STRUCTURE",
    "PUBLIC": "PUBLIC_AREA",
    "ONE-ZONE": "PRIMARY_AREA",
    "TWO-ZONE": "SECONDARY_AREA",
    "THREE-ZONE": "THIRD_AREA",
}
"""The codes of space types that only 4.12 has; all others are those of the dictionary."""

TYPE = Code(SpaceType, OTHER_SPELLINGS)
SOURCE = Codes({"1": {"eq": "own"}, "2": {"ne": "own"}})

OF_PROJECT = {"org": {"businessSubType": {"eq": "PROJECT"}}}
RELATED = Codes({"1": [OF_PROJECT], "2": [{"not": OF_PROJECT}]})
"""A community is related to a project; until then it has no organisation, or the top one of its tenant."""

BOTH = Message("send top_org_id with space_id", "传 space_id 时须同时传 top_org_id")

FILTER = sends(
    maybe("space_name", TEXT, "name.contains"),
    maybe("space_type", TYPE, "type.eq"),
    maybe("src", SOURCE, "source"),
    maybe("status", Code(Status), "status.eq"),
    maybe("hasRelated", RELATED, "and"),
)
ORDERED = sends(ORDER)
PLACE = sends(
    maybe("space_id", ID, "space"),
    maybe("top_org_id", ID, "top"),
    maybe("id", ID, "id"),
    maybe("is_only_sub", FLAG, "only", default=True),
)


def in_tenant(top: str) -> Variables:
    """Return the condition that a space belongs to a business organisation or one below it.

    Callers may see organisations whose top one they do not see, so the paths are compared as well.
    """
    return {"org": {"or": [{"under": top}, {"path": {"startsWith": f"{top}/"}}]}}


def at_or_below(id_: str, *, only: bool) -> Variables:
    """Return the condition that a space is a node, or a child of it, or lies anywhere below it."""
    return {"or": [{"id": {"eq": id_}}, {"parentId": {"eq": id_}}]} if only else {"under": id_}


def conditions(given: Given) -> Variables:
    """Read the filter of a list of spaces (4.12)."""
    place, filter_ = PLACE(given), FILTER(given)
    tenant = [in_tenant(place["top"])] if "top" in place else []
    within = [at_or_below(place["id"], only=place["only"])] if "id" in place else []
    return {**filter_, "and": [*filter_.get("and", []), *tenant, *within]}


def exact(given: Given) -> Variables:
    """Read the filter of the one space that `space_id` names in the tenant; all else that is sent is ignored (4.12)."""
    place = PLACE(given)
    if "top" not in place:
        raise InvalidInputError(BOTH)
    return {"id": {"eq": place["space"]}, "and": [in_tenant(place["top"])]}


def asked(given: Given) -> Variables:
    """Read which spaces are asked for (4.12)."""
    return {"filter": exact(given) if "space" in PLACE(given) else conditions(given), **ORDERED(given)}


LISTED = paged(asked)
PLACES_OF_PROJECT = paged(by("space_id"))

BUSINESS_TYPES = [{"key": each.code, "value": each.chinese} for each in BusinessType]
"""The business types of communities (4.19)."""
