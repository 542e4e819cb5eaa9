"""Variables of the URLs of staff (document 003, section 7)."""

from collections.abc import Callable
from typing import Any

from app.error_codes import Message
from app.errors import InvalidInputError
from app.models.admin import AdminStatus, AdminType, Sex
from app.models.base import OWN_SOURCE
from app.models.org import OrgType
from app.models.space import SpaceType
from app.rest.kinds import DAY, FLAG, ID, ID_TEXTS, IDS, PARENT, TEXT, Code, Codes
from app.rest.parameters import Parameter, maybe, member, needed, paged, sends
from app.rest.url import Given, Variables

MOST_ROWS = 10_000
"""The rows of a list that is not paged."""

NO_PLACE = Message("send communityId, or org_id and org_code", "communityId 和 (org_id,org_code,org_type)不能同时为空")

ENABLED = Codes({"1": True, "2": False})
SOURCES = Codes({"1": OWN_SOURCE, "2": "4a"})
"""`src`: 1 is the register itself, 2 the 4A system."""

FOUND = (
    maybe("job_number", TEXT, "filter.account.contains"),
    maybe("mobile", TEXT, "filter.phone.contains"),
    maybe("name", TEXT, "filter.name.contains"),
    maybe("staff_no", TEXT, "filter.staffNumber.eq"),
    maybe("identity", TEXT, "filter.identity.eq"),
    maybe("status", Code(AdminStatus), "filter.status.eq"),
)
LISTED = sends(
    *FOUND,
    maybe("type", Code(AdminType), "filter.type.eq"),
    maybe("is_effective", ENABLED, "filter.isEnabled.eq"),
    maybe("position", TEXT, "filter.position.eq"),
)
INNER = sends(
    *FOUND,
    maybe("adminIds", ID_TEXTS, "filter.id.in"),
    maybe("is_effective", ENABLED, "filter.isEnabled.eq", default=True),
)
ORG = sends(maybe("org_id", ID, "id"), maybe("org_code", TEXT, "code.eq"), maybe("org_type", Code(OrgType), "type.eq"))


def names_org(given: Given) -> bool:
    """Accept requests that name an organisation."""
    return member(given, "org_id") is not None or member(given, "org_code") is not None


def org_of(given: Given) -> Variables:
    """Read the organisation whose staff are asked for, and what names it.

    `org_code` names it, for all that a person may see; the documents' `org_id` is then that organisation or one below.
    """
    org = ORG(given)
    id_ = org.pop("id", None)
    itself, named = {"id": {"eq": id_}}, org.get("code", {}).get("eq") or id_
    if id_ is not None:
        org |= {"or": [itself, {"descendants": {"some": itself}}]} if "code" in org else itself
    return {"org": org, "named": named}


def staff_of_org(given: Given) -> Variables:
    """Read which staff of an organisation are asked for (7.1)."""
    return {**org_of(given), **LISTED(given)}


def inner_of_org(given: Given) -> Variables:
    """Read which staff of an organisation are asked for by another program (7.9 and 7.10)."""
    if not names_org(given):
        raise InvalidInputError(NO_PLACE)
    return {**org_of(given), **INNER(given)}


COMMUNITY = sends(needed("communityId", ID, "id"), maybe("oldFlag", FLAG, "is_old", default=False))


def community_of(given: Given) -> Variables:
    """Read the community that a request is about: by its id, or, with `oldFlag`, by its id in the 4g system."""
    community = COMMUNITY(given)
    key = "fourgridId" if community["is_old"] else "id"
    space = {key: {"eq": community["id"]}, "type": {"eq": SpaceType.COMMUNITY.name}}
    return {"space": space, "named": community["id"]}


def inner_of_community(given: Given) -> Variables:
    """Read which staff of a community are asked for by another program (7.9 and 7.10)."""
    return {**community_of(given), **INNER(given)}


def whole(read: Callable[[Given], Variables]) -> Callable[[Given], Variables]:
    """Ask for all rows at once."""
    return lambda given: {**read(given), "first": MOST_ROWS, "offset": 0}


def paged_if_asked(read: Callable[[Given], Variables]) -> Callable[[Given], Variables]:
    """Ask for a page where both numbers of one are sent and not zero, otherwise for all rows at once (7.1)."""
    one_page, all_rows = paged(read), whole(read)
    return lambda given: (one_page if is_paged(given) else all_rows)(given)


def is_paged(given: Given) -> bool:
    """Return whether a page is asked for; zero stands for no number."""
    numbers = (member(given, "pageNo"), member(given, "pageSize"))
    return all(number not in (None, 0, "0") for number in numbers)


OF_PERSON: tuple[Parameter, ...] = (
    maybe("org_id", ID, "orgId"),
    maybe("mobile", TEXT, "phone"),
    maybe("position", TEXT, "position"),
    maybe("job_number", TEXT, "account"),
    maybe("nickname", TEXT, "nickname"),
    maybe("ico", TEXT, "picture"),
    maybe("face_ico", TEXT, "facePicture"),
    maybe("sex", Code(Sex), "sex"),
    maybe("email", TEXT, "email"),
    maybe("identity", TEXT, "identity"),
    maybe("type", Code(AdminType), "type"),
    maybe("status", Code(AdminStatus), "status"),
    maybe("birthday", DAY, "birthday"),
)
BY_FRONT_END = sends(*OF_PERSON, needed("org_code", TEXT, "orgCode"), needed("staff_no", TEXT, "staffNumber"))
BY_4A = sends(
    *OF_PERSON,
    maybe("org_code", TEXT, "orgCode"),
    maybe("staff_no", TEXT, "staffNumber"),
    needed("user_id", ID, "fourgridId"),
)
NEW = sends(needed("name", TEXT, "name"), maybe("src", SOURCES, "source"), maybe("pwd", TEXT, "password"))
CHANGED = sends(needed("id", ID, "id"), maybe("name", TEXT, "name"))
KEY = sends(maybe("user_id", PARENT, "fourgridId"))
PASSWORD = sends(needed("id", ID, "id"), maybe("pwd", TEXT, "password"), password="")


def is_synchronised(given: Given) -> bool:
    """Return whether a request comes from the 4A system, and not from a front-end."""
    source = member(given, "src")
    return source is not None and SOURCES.value("src", source) != OWN_SOURCE


def has_key(given: Given) -> bool:
    """Accept requests that name a person by their id in the former system."""
    return is_synchronised(given) or bool(KEY(given))


def person(given: Given) -> dict[str, Any]:
    """Read the values of a person; who sends them decides which must be there (7.2 and 7.3)."""
    return BY_4A(given) if is_synchronised(given) else BY_FRONT_END(given)


def created(given: Given) -> Variables:
    """Read a new member of staff (7.2)."""
    return {"input": {**person(given), **NEW(given)}}


def synchronised(given: Given) -> Variables:
    """Read a member of staff who is known by their id in the former system, or new (7.2)."""
    return {"input": {"admins": [{**person(given), **NEW(given), **KEY(given)}]}}


def changed(given: Given) -> Variables:
    """Read a change of a member of staff, with a new password if one is sent (7.3)."""
    password = PASSWORD(given)
    return {
        "input": {**person(given), **KEY(given), **CHANGED(given)},
        "password": password,
        "sets": bool(password["password"]),
    }


NAMED = sends(maybe("ids", IDS, "ids"), maybe("userIds", IDS, "fourgridIds"))


def deleted(given: Given) -> Variables:
    """Read whose records are deleted (7.4)."""
    return {"input": NAMED(given)}


SWITCHED = sends(needed("id", ID, "input.id"), needed("is_effective", ENABLED, "input.isEnabled"))
RESET = sends(needed("id", ID, "input.id"), needed("pwd", TEXT, "input.password"))
VALIDATED = sends(
    maybe("id", ID, "input.id"),
    maybe("type", Code(AdminType), "input.type", default=AdminType.PROPERTY.name),
    maybe("job_number", TEXT, "input.account"),
    maybe("staff_no", TEXT, "input.staffNumber"),
    maybe("identity", TEXT, "input.identity"),
    maybe("mobile", TEXT, "input.phone"),
)

ALL, OF_ORG = paged_if_asked(LISTED), paged_if_asked(staff_of_org)
INNER_LIST, INNER_LIST_AROUND = whole(inner_of_org), whole(inner_of_community)
INNER_PAGE, INNER_PAGE_AROUND = paged(inner_of_org, 10), paged(inner_of_community, 10)
