"""Variables of the customers' URLs (document 003, part 10)."""

from typing import Any

from app.models.admin import Sex
from app.models.customer import CustomerType, IdentityType
from app.models.status import Status
from app.rest.kinds import FLAG, ID, IDENTITY, OBJECTS, TEXT, Code, Codes
from app.rest.parameters import Parameter, maybe, member, needed, paged, sends
from app.rest.url import Given, Variables

SOURCES = Codes({"1": "own", "2": "4g"})
"""`src`: 1 is the register itself, 2 the 4g system."""

KINDS_OF_DOCUMENT = Codes(
    {str(each.code): [each.name] for each in IdentityType} | {"5": ["HONG_KONG", "MACAU", "TAIWAN"]}
)
"""`identity_type` as a condition: 5 is the code of the front end for three kinds (10.3 and 10.4)."""

ENABLED = Status.ENABLED.name


def person(*more: Parameter) -> tuple[Parameter, ...]:
    """Declare the members that the variants of a change have in common."""
    return (
        maybe("customer_name", TEXT, "name"),
        maybe("customer_phone", TEXT, "phone"),
        maybe("identity_type", Code(IdentityType), "identityType"),
        maybe("identity", TEXT, "identity"),
        *more,
    )


RECORD = (
    maybe("customer_properties", Code(CustomerType), "type"),
    maybe("sex", Code(Sex), "sex"),
    maybe("face_ico", TEXT, "facePicture"),
    maybe("status", Code(Status), "status"),
    maybe("src", SOURCES, "source"),
)
AUTHORISED = maybe("authOrg.id", ID, "orgId")

FOURGRID = sends(
    needed("e_customerId", ID, "fourgridId"),
    *person(*RECORD),
    maybe("top_org_id", ID, "orgId"),
    maybe("communityId", ID, "communityId"),
)
FRONT_END = sends(maybe("id", ID, "id"), *person(*RECORD), AUTHORISED)
BRIEF = sends(*person(), AUTHORISED, identityType=IdentityType.IDENTITY_CARD.name)

ORGS = sends(maybe("relationOrgList", OBJECTS, "orgs", default=[]))
ORG = sends(needed("id", ID, "id"), maybe("selected", FLAG, "selected", default=True))


def _upsert(row: Variables, given: Given) -> Variables:
    """Add the organisations that are selected, and those that are not."""
    orgs = [ORG(org) for org in ORGS(given)["orgs"]]
    related, unrelated = ([org["id"] for org in orgs if org["selected"] is is_related] for is_related in (True, False))
    named = {"orgIds": related, "unrelatedOrgIds": unrelated}
    return {"input": {"customers": [{**row, **named}]}, "unrelated": unrelated}


def synchronised(given: Given) -> Variables:
    """Read a customer of the 4g system (10.1)."""
    return {"input": {"customers": [{"source": "4g", **FOURGRID(given)}]}}


def changed(given: Given) -> Variables:
    """Read a new or a changed customer of the front end (10.4)."""
    return _upsert(FRONT_END(given), given)


def briefly_changed(given: Given) -> Variables:
    """Read a new or a changed customer of the review of claims (10.5)."""
    return _upsert(BRIEF(given), given)


STATUS = sends(
    maybe("id", ID, "input.id"),
    maybe("e_customerId", ID, "input.fourgridId"),
    needed("status", Code(Status), "input.status"),
)

BY_DOCUMENT = sends(
    needed("identity_type", KINDS_OF_DOCUMENT, "filter.identityType.in"),
    needed("identity", IDENTITY, "filter.identity.eq"),
    maybe("authOrg.id", ID, "filter.scopeOrgs.some.under"),
    filter={"mergedIntoId": {"isNull": True}},
)

CONDITIONS = sends(
    maybe("identity", IDENTITY, "identity.eq"),
    maybe("customer_name", TEXT, "name.contains"),
    maybe("customer_phone", TEXT, "phone.contains"),
    maybe("status", Code(Status), "status.eq", default=ENABLED),
    maybe("identity_type", KINDS_OF_DOCUMENT, "identityType.in"),
    maybe("customer_properties", Code(CustomerType), "type.eq"),
)
COMMUNITY = sends(maybe("communityId", ID, "spaces.some.id.eq"))
LISTED_ORGS = sends(maybe("orgList", OBJECTS, "orgs", default=[]))
LISTED_ORG = sends(maybe("id", ID, "id.eq"), maybe("org_code", TEXT, "code.eq"))
OWNER = sends(maybe("authOrg.id", ID, "under"))


def scope(given: Given) -> dict[str, Any]:
    """Read which organisations bound a list: of a community, else those of a list, else those below one (10.3)."""
    listed = [org for org in map(LISTED_ORG, LISTED_ORGS(given)["orgs"]) if org]
    return COMMUNITY(given) or ({"or": listed} if listed else OWNER(given))


def conditions(given: Given) -> Variables:
    """Read the conditions of a list (10.3); customers that were merged into others are left out."""
    bounds = scope(given)
    bounded = {"scopeOrgs": {"some": bounds}} if bounds else {}
    return {"filter": {**CONDITIONS(given), **bounded, "mergedIntoId": {"isNull": True}}}


PAGE = paged(conditions)

PROJECTS = sends(maybe("orgName", TEXT, "filter.name.contains"), maybe("authOrg.id", ID, "filter.under"))


def projects(given: Given) -> Variables:
    """Read which projects are asked for, and for which customer (10.7)."""
    asked = PROJECTS(given)
    named = {} if member(given, "id") is None else sends(needed("id", ID, "id"))(given)
    return {**named, "filter": {"businessSubType": {"eq": "PROJECT"}, **asked.get("filter", {})}}
