"""Variables of the organisations' URLs (document 003, section 3)."""

from collections import ChainMap
from collections.abc import Callable
from typing import Any

from app.error_codes import Message
from app.errors import InvalidInputError
from app.models.org import AdministrativeOrgSubType, BusinessOrgSubType, OrgType
from app.models.status import Status
from app.rest.kinds import DIRECTION, FLAG, ID, IDS, OBJECT, OBJECTS, PARENT, TEXT, UNKNOWN_CODE, Code
from app.rest.parameters import by, maybe, member, needed, paged, sends
from app.rest.url import Given, Variables

TYPE_FIRST = Message("send org_type with sub_type", "传 sub_type 时须同时传 org_type")

SUB_TYPES = {
    "ADMINISTRATIVE": ("administrativeSubType", Code(AdministrativeOrgSubType)),
    "BUSINESS": ("businessSubType", Code(BusinessOrgSubType)),
}
"""The field of the sub type of each type; the documents have one member, `sub_type`, for both."""


def sub_type(given: Given) -> dict[str, object]:
    """Read `sub_type`, whose codes depend on `org_type`."""
    if member(given, "sub_type") is None:
        return {}
    if member(given, "org_type") is None:
        raise InvalidInputError(TYPE_FIRST)
    field, code = SUB_TYPES[str(Code(OrgType).value("org_type", given["org_type"]))]
    return {field: code.value("sub_type", given["sub_type"])}


NEW = sends(
    needed("org_name", TEXT, "name"), maybe("parentid", PARENT, "parentId"), maybe("org_type", Code(OrgType), "type")
)


def created(given: Given) -> Variables:
    """Read a new organisation (3.1)."""
    return {"input": {**NEW(given), **sub_type(given)}}


SHARED = sends(needed("parentid", ID, "parentId"))


def all_created(given: Given) -> Variables:
    """Read new organisations below one parent; the types that one leaves out are those beside the list (3.1)."""
    shared, types = SHARED(given), {name: given.get(name) for name in ("org_type", "sub_type")}
    rows = [ChainMap(row, types) for row in objects(given)]
    return {"input": {"orgs": [{**NEW(row), **sub_type(row), **shared} for row in rows]}}


def objects(given: Given) -> list[dict[str, Any]]:
    """Read the member `list`."""
    return OBJECTS.value("list", given["list"])  # type: ignore[return-value]


CHANGED = sends(needed("id", ID, "id"), maybe("org_name", TEXT, "name"), maybe("org_type", Code(OrgType), "type"))
MOVED = sends(needed("id", ID, "id"), maybe("parentid", PARENT, "parentId"))


def changed(given: Given) -> Variables:
    """Read a change of an organisation; with `parentid` it is a move as well (3.2)."""
    moved = MOVED(given)
    return {"input": {**CHANGED(given), **sub_type(given)}, **moved, "moves": "parentId" in moved}


def sub_type_is(given: Given) -> Variables:
    """Read `sub_type` as a condition; without `org_type` it may be of either type."""
    code = member(given, "sub_type")
    if code is None or member(given, "org_type") is not None:
        return {field: {"eq": value} for field, value in sub_type(given).items()}
    text = str(TEXT.value("sub_type", code))
    either = [{field: {"eq": kind.names[text]}} for field, kind in SUB_TYPES.values() if text in kind.names]
    if not either:
        raise InvalidInputError(UNKNOWN_CODE, name="sub_type", value=text)
    return {"or": either}


KIND = sends(needed("id", ID, "under"), needed("org_type", Code(OrgType), "type.eq"), needed("id", ID, "not.id.eq"))


def of_kind(given: Given) -> Variables:
    """Read the conditions of a list of organisations of a type and sub type below one (3.8)."""
    return {"filter": {**KIND(given), **sub_type_is(given)}}


BELOW_FILTER = sends(
    needed("id", ID, "under"),
    maybe("org_name", TEXT, "name.startsWith"),
    maybe("org_code", TEXT, "code.contains"),
    maybe("org_type", Code(OrgType), "type.eq"),
    maybe("status", Code(Status), "status.eq"),
    maybe("org_id", ID, "id.eq"),
)
TOP = sends(needed("id", ID, "id.eq"))
CHILDREN = sends(needed("id", ID, "parentId.eq"))
ASKED = sends(maybe("is_only_sub", FLAG, "is_only"), maybe("orderby", DIRECTION, "direction", default="DESC"))


def below(given: Given) -> Variables:
    """Read the conditions of a list of organisations below one, which comes first itself (3.9)."""
    asked, conditions = ASKED(given), [BELOW_FILTER(given), sub_type_is(given)]
    rest = CHILDREN(given) if asked.get("is_only") else {"not": TOP(given)}
    top, others = ({"and": [*conditions, each]} for each in (TOP(given), rest))
    return {"top": top, "below": others, "direction": asked["direction"]}


def headed(read: Callable[[Given], Variables]) -> Callable[[Given], Variables]:
    """Add which rows behind a first one can be on the page: one row more, from the row before the page on."""

    def variables(given: Given) -> Variables:
        asked = paged(read)(given)
        return {**asked, "rows": asked["first"] + 1, "skipped": max(asked["offset"] - 1, 0)}

    return variables


BELOW, BROWSED = headed(below), paged(of_kind)
DELETED = sends(needed("id", ID, "input.id"), needed("org_type", Code(OrgType), "input.type"))
TREE = sends(needed("org_id", ID, "id"), needed("org_type", Code(OrgType), "type"))
NAMED = needed("org_name", TEXT, "name.contains")


def searched(given: Given) -> Variables:
    """Read which organisations of a tree are asked for: those with a name, and those above them (3.5)."""
    named = sends(NAMED)(given)
    return {**TREE(given), "filter": {"or": [named, {"descendants": {"some": named}}]}}


OF_TYPE = sends(needed("org_type", Code(OrgType), "type"))
SWITCHED = sends(needed("create_org_id", ID, "org"))
SERVED = sends(needed("business_org_id", ID, "input.orgId"), needed("admin_org_ids", IDS, "input.administrativeOrgIds"))
SERVING = sends(needed("admin_org_id", ID, "input.orgId"), needed("business_org_ids", IDS, "input.otherOrgIds"))


def logged_in(given: Given) -> Variables:
    """Check that the id of the caller is there; the access token decides who calls (3.13)."""
    by("admin_id")(given)
    return {}


AUTH_ORG = sends(maybe("authOrg", OBJECT, "owner"))
OWNER = sends(maybe("id", ID, "under"), maybe("org_name", TEXT, "name.contains"))


def projects(given: Given) -> Variables:
    """Read whose projects are asked for, and by which name (4.18)."""
    owner = AUTH_ORG(given).get("owner", {})
    return {"filter": {"businessSubType": {"eq": "PROJECT"}, **OWNER(owner)}}


def is_business(given: Given) -> bool:
    """Accept requests for business organisations; InvalidInputError for an unknown type."""
    return bool(OF_TYPE(given)["type"] == OrgType.BUSINESS.name)
