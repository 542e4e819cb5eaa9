"""Variables of the URLs for property relations (document 003, section 11)."""

from app.models.property import HousingStatus, PropertyType, Tenure
from app.rest.kinds import FLAG, ID, TEXT, Code, Codes
from app.rest.parameters import by, maybe, needed, paged, paged_if_asked, sends
from app.rest.url import Given
from app.rest.variables.spaces import TYPE

IS_MAIN = Codes({"0": False, "1": True})
KNOWN_SOURCE = Codes({"1": None, "2": None})
"""`src` follows from the URL: the register itself enters at 11.3, the 4g system synchronises at 11.4."""

ROWS = 10
"""Rows of a page of property relations, if the request does not say (11.8)."""

ZONES = sends(maybe("needReturnZoneCount", FLAG, "zones", default=False))
KIND, SOURCE = maybe("type", Code(PropertyType), "input.type"), maybe("src", KNOWN_SOURCE, "source")
FACTS = (
    KIND,
    maybe("customer_type", Code(Tenure), "input.tenure"),
    maybe("main_flag", IS_MAIN, "input.isMain"),
    maybe("housing_status", Code(HousingStatus), "input.housingStatus"),
    SOURCE,
)

COMMUNITIES = paged_if_asked(
    sends(
        needed("org_code", TEXT, "filter.org.underCode"),
        maybe("space_name", TEXT, "filter.name.contains"),
    )
)
SPACES = paged_if_asked(
    sends(
        needed("space_code", TEXT, "code"),
        needed("space_code", TEXT, "filter.underCode"),
        maybe("space_type", TYPE, "filter.type.eq"),
        maybe("space_name", TEXT, "filter.name.contains"),
    )
)
CREATED = sends(needed("space_id", ID, "input.spaceId"), needed("customer_id", ID, "input.customerId"), *FACTS)
CHANGED = sends(
    needed("id", ID, "input.id"),
    maybe("space_id", ID, "input.spaceId"),
    maybe("customer_id", ID, "input.customerId"),
    *FACTS,
)
SYNCHRONISED = sends(
    needed("e_cus_hou_rel_id", ID, "input.fourgridId"),
    needed("e_space_id", ID, "input.fourgridSpaceId"),
    maybe("e_community_id", ID, "input.fourgridCommunityId"),
    needed("e_customer_id", ID, "input.fourgridCustomerId"),
    *FACTS,
)
CUSTOMERS = paged(sends(needed("space_id", ID, "id"), maybe("needReturnUserId", FLAG, "users", default=False)))
LISTED = paged(
    sends(
        maybe("space_code", TEXT, "filter.space.underCode"),
        maybe("full_space_name", TEXT, "filter.space.fullName.contains"),
        maybe("customer_name", TEXT, "filter.customer.name.contains"),
        maybe("customer_phone", TEXT, "filter.customer.phone.contains"),
        maybe("customer_type", Code(Tenure), "filter.tenure.eq"),
        maybe("main_flag", IS_MAIN, "filter.isMain.eq"),
        maybe("housing_status", Code(HousingStatus), "filter.housingStatus.eq"),
        maybe("type", Code(PropertyType), "filter.type.eq"),
        maybe("customer_id", ID, "filter.customerId.eq"),
    ),
    ROWS,
)
OF_CUSTOMER = paged(sends(needed("customer_id", ID, "id"), maybe("type", Code(PropertyType), "filter.type.eq")), ROWS)
OF_SPACE = by("space_id")


def counts_zones(given: Given) -> bool:
    """Accept requests that ask for the number of zones of each community (11.1)."""
    return bool(ZONES(given)["zones"])
