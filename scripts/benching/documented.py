"""Documented lists: the first and the hundredth page of the legacy URLs that list spaces, customers or relations.

The requests are those that front ends send most: without a condition, by tenant, by community, by part of a name.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from app.rest.url import Given, Url
from app.rest.urls import URLS

SIZE = 50
"""Rows of a page: the most that the documents allow."""

PAGES = (1, 100)
Members = dict[str, Any]


@dataclass(frozen=True)
class Documented:
    """A legacy URL and a request for its list; texts in braces name what the caller owns."""

    path: str
    members: Members

    def given(self, owned: dict[str, str], page: int) -> Given:
        """Return the members of a request for a page."""
        return {**filled(self.members, owned), "pageNo": page, "pageSize": SIZE}

    def url(self, given: Given) -> Url:
        """Return the row of the table of URLs that answers a request."""
        return next(url for url in URLS if url.path == self.path and url.accepts(given, is_super=True))

    @property
    def name(self) -> str:
        """What is asked for."""
        return f"{self.path} {self.members}"


def filled(members: Members, owned: dict[str, str]) -> Members:
    """Replace the names in braces."""
    filling: dict[type, Any] = {dict: lambda value: filled(value, owned), str: lambda value: value.format(**owned)}
    return {name: filling.get(type(value), lambda it: it)(value) for name, value in members.items()}


EVERYWHERE: Members = {}
DOCUMENTED = (
    Documented("space/list", EVERYWHERE),
    Documented("space/list", {"top_org_id": "{top}"}),
    Documented("space/list", {"id": "{community}", "is_only_sub": False}),
    Documented("space/list", {"space_type": "HOUSE"}),
    Documented("space/list", {"space_name": "1栋", "top_org_id": "{top}"}),
    Documented("spaceparkdetail/detail/list", {"space_id": "{community}"}),
    Documented("customer/query/page", EVERYWHERE),
    Documented("customer/query/page", {"communityId": "{community}"}),
    Documented("customer/query/page", {"authOrg": {"id": "{top}"}}),
    Documented("customer/query/page", {"customer_name": "王"}),
    Documented("customer/query/page", {"customer_phone": "13"}),
    Documented("customer/house/relation/query/communitys", {"org_code": "{org_code}"}),
    Documented("customer/house/relation/query/communitys", {"org_code": "{org_code}", "needReturnZoneCount": True}),
    Documented("customer/house/relation/query/spaces", {"space_code": "{code}"}),
    Documented(
        "customer/house/relation/query/spaces", {"space_code": "{code}", "space_type": "HOUSE", "space_name": "101"}
    ),
    Documented("customer/house/relation/customers/spaceId", {"space_id": "{house}"}),
    Documented("customer/house/relation/query/page", EVERYWHERE),
    Documented("customer/house/relation/query/page", {"space_code": "{code}"}),
    Documented("customer/house/relation/query/page", {"full_space_name": "1栋"}),
    Documented("customer/house/relation/query/page", {"customer_name": "王"}),
    Documented("customer/house/relation/query/page", {"customer_phone": "13"}),
    Documented("customer/house/relation/query/page", {"customer_type": "1", "main_flag": "1", "type": "1"}),
    Documented("customer/house/relation/query/byCustomerId", {"customer_id": "{customer}"}),
    Documented("auth/query/page", EVERYWHERE),
    Documented("auth/query/page", {"space_code": "{code}"}),
)


def requests(owned: dict[str, str]) -> Iterator[tuple[str, str, Members]]:
    """Yield the name of each request, its stored operation and the variables."""
    for each in DOCUMENTED:
        for page in PAGES:
            given = each.given(owned, page)
            url = each.url(given)
            if url.operation:
                yield f"{each.name}, page {page}", url.operation, url.variables(given)
