"""Variables of the URLs for work orders (document 000)."""

from collections.abc import Callable, Mapping

from app.error_codes import Message
from app.errors import InvalidInputError
from app.models.work_order import OPEN_STATUSES, WorkOrderRole, WorkOrderStatus
from app.rest.kinds import TEXT
from app.rest.parameters import maybe, member, needed, sends
from app.rest.url import Given, Variables

UNKNOWN = Message("{name}: the document does not have the value {value}", "{name}：没有{value}")

PROPERTIES = "properties"
"""The member that the endpoint adds: the property of the owner whom the token names. Clients cannot send it."""

FINISHED = (WorkOrderStatus.DONE, WorkOrderStatus.CANCELLED)

OF_OWNER: Mapping[str, Variables] = {
    "DONE": {"status": {"in": [*FINISHED]}},
    "PENDING": {"status": {"in": [*OPEN_STATUSES]}},
    "": {},
}
"""The conditions of an owner's list (4.1)."""

OF_STAFF: Mapping[str, Variables] = {
    "NEW_ASSIGN": {"role": WorkOrderRole.ASSIGNED, "filter": {"status": {"eq": WorkOrderStatus.ASSIGNED}}},
    "SOURCE": {"role": WorkOrderRole.SOURCE},
    "DONE": {"role": WorkOrderRole.ACTED},
}
"""The lists of a member of staff (5.1); without `status` it is what is to be done."""


def chosen(given: Given, name: str, table: Mapping[str, Variables], default: str) -> Variables:
    """Return what a member stands for; InvalidInputError for a value that the document does not have."""
    value = word(given, name) or default
    if value not in table:
        raise InvalidInputError(UNKNOWN, name=name, value=value)
    return table[value]


def is_own_id(key: str) -> bool:
    """Return whether a key is an id of this register: a number. Keys of other systems that are numbers do not count."""
    return key.isdecimal()


def word(given: Given, name: str) -> str:
    """Return the value of a member without the blanks around it; empty when it is missing."""
    return str(member(given, name) or "").strip()


def of_owner(given: Given) -> Variables:
    """Read the list of an owner."""
    return {"filter": {"spaceId": {"in": [*given.get(PROPERTIES, ())]}, **chosen(given, "status", OF_OWNER, "")}}


def of_staff(given: Given) -> Variables:
    """Read the list of a member of staff."""
    return {**chosen(given, "status", OF_STAFF, "NEW_ASSIGN")}


def says(name: str, value: str) -> Callable[[Given], bool]:
    """Accept requests with a value of a member."""
    return lambda given: word(given, name) == value


def names_id(name: str) -> Callable[[Given], bool]:
    """Accept requests that name a record by its id here, which is a number."""
    return lambda given: is_own_id(word(given, name))


REPORT = sends(
    needed("property_number", TEXT, "input.propertyNumber"),
    needed("describing", TEXT, "input.description"),
    maybe("contact_person", TEXT, "input.contactName"),
    maybe("contact_phone", TEXT, "input.contactPhone"),
)
CATEGORIES = sends(
    needed("category_three", TEXT, "three"), maybe("category_one", TEXT, "one"), maybe("category_two", TEXT, "two")
)
LEVELS = {
    "one": ("categoryOneId", "categoryOneExternalId"),
    "two": ("categoryTwoId", "categoryTwoExternalId"),
    "three": ("categoryThreeId", "categoryExternalId"),
}
"""Where the id of a category goes: its id here, or that in the system that it comes from."""


def reported(given: Given) -> Variables:
    """Read a report (4.3, 5.3). The two categories above the third are compared with it, if they are sent."""
    report: Variables = REPORT(given)["input"]
    return {"input": {**report, **{name_of(level, key): key for level, key in CATEGORIES(given).items()}}}


def name_of(level: str, key: str) -> str:
    """Return where the id of a category goes."""
    own, other = LEVELS[level]
    return own if is_own_id(key) else other


STEP = sends(needed("id", TEXT, "input.number"))
NUMBERED = sends(needed("request_number", TEXT, "number"))
BELOW, BELOW_KEY = sends(needed("parent_id", TEXT, "id")), sends(needed("parent_id", TEXT, "key"))
