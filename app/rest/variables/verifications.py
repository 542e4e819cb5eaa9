"""Variables of the URLs for claims on properties (document 003, section 12 and 13.5)."""

from app.models.property import PropertyType, Tenure
from app.models.verification import VerificationChannel, VerificationStatus
from app.rest.kinds import FLAG, ID, IDS, TEXT, Code
from app.rest.moments import FROM, UNTIL
from app.rest.parameters import by, maybe, member, needed, paged, sends
from app.rest.url import Given, Variables

ROWS = 10
"""Rows of a page of claims, if the request does not say (12.1)."""

CONDITIONS = sends(
    maybe("space_code", TEXT, "filter.space.underCode"),
    maybe("user_name", TEXT, "filter.appUserName.contains"),
    maybe("user_phone", TEXT, "filter.appUserPhone.contains"),
    maybe("identity", TEXT, "filter.identity.eq"),
    maybe("type", Code(PropertyType), "filter.type.eq"),
    maybe("auth_type", Code(Tenure), "filter.tenure.eq"),
    maybe("approved_status", Code(VerificationStatus), "filter.status.eq"),
    maybe("approval_type", Code(VerificationChannel), "filter.channel.eq"),
    maybe("begin_sent_time", FROM, "filter.submittedAt.gte"),
    maybe("end_sent_time", UNTIL, "filter.submittedAt.lte"),
    maybe("begin_approved_time", FROM, "filter.reviewedAt.gte"),
    maybe("end_approved_time", UNTIL, "filter.reviewedAt.lte"),
)
IN_COMMUNITIES = sends(maybe("communityIdList", IDS, "filter.space.communityId.in"))


def searched(given: Given) -> Variables:
    """Read the conditions of a list of claims; an empty list of communities is none."""
    conditions = CONDITIONS(given)
    if member(given, "communityIdList") == []:
        return conditions
    space = {
        **conditions.get("filter", {}).get("space", {}),
        **IN_COMMUNITIES(given).get("filter", {}).get("space", {}),
    }
    return {"filter": {**conditions.get("filter", {}), **({"space": space} if space else {})}}


LISTED = paged(searched, ROWS)

CONFIRMED = (
    maybe("moveOutOtherUser", FLAG, "input.moveOutOther"),
    maybe("coverCustomerHouseRel", FLAG, "input.replaceTenure"),
    maybe("remark", TEXT, "input.remark"),
)
ADDED = sends(
    needed("space_id", ID, "input.spaceId"),
    needed("customer_id", ID, "input.customerId"),
    needed("auth_type", Code(Tenure), "input.tenure"),
    maybe("type", Code(PropertyType), "input.type"),
    maybe("identity", TEXT, "input.identity"),
    *CONFIRMED,
)
REVIEWED = sends(
    needed("id", ID, "input.id"),
    needed("approved_status", Code(VerificationStatus), "input.status"),
    maybe("customer_id", ID, "input.customerId"),
    *CONFIRMED,
)
OF_COMMUNITY = by("community_id")
TENURE = sends(
    needed("customer_id", ID, "customer"),
    needed("space_code", TEXT, "code"),
    needed("auth_type", Code(Tenure), "tenure"),
)


def compared(given: Given) -> Variables:
    """Read what a customer claims to be to a property; the answer repeats it (13.5)."""
    claim = TENURE(given)
    tenure = Tenure[claim["tenure"]].code
    asked = {"space_code": claim["code"], "customer_id": int(claim["customer"]), "auth_type": tenure}
    return {**claim, "asked": asked}
