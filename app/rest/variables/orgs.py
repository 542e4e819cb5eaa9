"""Variables of the organisations' URLs (document 003, section 3)."""

from typing import Any

from app.error_codes import Message
from app.errors import InvalidInputError
from app.models.org import AdministrativeOrgSubType, BusinessOrgSubType, OrgType
from app.models.status import Status
from app.rest.parameters import FLAG, ID, OBJECTS, TEXT, Code, maybe, member, needed, paged, sends
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
    needed("org_name", TEXT, "name"), maybe("parentid", ID, "parentId"), maybe("org_type", Code(OrgType), "type")
)


def created(given: Given) -> Variables:
    """Read a new organisation (3.1)."""
    return {"input": {**NEW(given), **sub_type(given)}}


def all_created(given: Given) -> Variables:
    """Read new organisations below one parent (3.1)."""
    parent = needed("parentid", ID, "parentId")
    shared: Variables = {}
    parent.put(given, shared)
    return {"input": {"orgs": [{**NEW(each), **sub_type(each), **shared} for each in objects(given)]}}


def objects(given: Given) -> list[dict[str, Any]]:
    """Read the member `list`."""
    return OBJECTS.value("list", given["list"])  # type: ignore[return-value]


CHANGED = sends(needed("id", ID, "id"), maybe("org_name", TEXT, "name"))


def changed(given: Given) -> Variables:
    """Read a change of an organisation (3.2)."""
    return {"input": {**CHANGED(given), **sub_type(given)}}


BELOW_FILTER = sends(
    needed("id", ID, "under"),
    maybe("org_name", TEXT, "name.startsWith"),
    maybe("org_code", TEXT, "code.contains"),
    maybe("org_type", Code(OrgType), "type.eq"),
    maybe("status", Code(Status), "status.eq"),
    maybe("org_id", ID, "id.eq"),
    maybe("is_only_sub", FLAG, "only"),
)


def below(given: Given) -> Variables:
    """Read the conditions of a list of organisations below one (3.9)."""
    return {"filter": BELOW_FILTER(given)}


BELOW = paged(below)
TREE = sends(needed("org_id", ID, "id"), needed("org_type", Code(OrgType), "type"))
