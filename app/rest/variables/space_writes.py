"""Variables of the URLs that write spaces (document 003, 4.1, 4.9, 4.14 and 4.16)."""

from collections import ChainMap
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, cast

from app.error_codes import Message
from app.errors import InvalidInputError
from app.models.space import BusinessType
from app.rest.kinds import ID, OBJECTS, PARENT, TEXT, Code, Codes
from app.rest.parameters import MISSING, maybe, member, needed, sends
from app.rest.url import LIST, Given, Variables
from app.rest.variables.spaces import TYPE

FOURGRID = "4g"
IS_FOURGRID = Codes({"1": False, "2": True})
"""`src`: 1 is the register itself, 2 the 4g system."""

MIXED = Message("all spaces of list must have one space_type", "list中的space_type必须一致")


def is_fourgrid(given: Given) -> bool:
    """Return whether a request is about a space of the 4g system."""
    source = member(given, "src")
    return source is not None and bool(IS_FOURGRID.value("src", source))


def is_synchronised(given: Given) -> bool:
    """Accept requests that name a space by its id in the 4g system."""
    return is_fourgrid(given) and member(given, "id") is None


def is_new(given: Given) -> bool:
    """Accept requests without an id."""
    return member(given, "id") is None


BUSINESS_TYPE = maybe("business_type", Code(BusinessType), "businessType")
OF_COMMUNITY = (maybe("org_id", ID, "orgId"), BUSINESS_TYPE)
OF_FOURGRID = (needed("space_id", ID, "fourgridId"), maybe("community_id", ID, "fourgridCommunityId"))
NAMED = needed("id", ID, "id")
NAME = maybe("space_name", TEXT, "name")
ABOVE = maybe("parentid", PARENT, "parentId")

NEW = sends(
    needed("space_name", TEXT, "name"),
    needed("space_type", TYPE, "type"),
    ABOVE,
    maybe("top_org_id", ID, "topOrgId"),
    *OF_COMMUNITY,
)
SYNCHRONISED = sends(
    needed("space_id", ID, "externalId"),
    needed("space_type", TYPE, "type"),
    NAME,
    ABOVE,
    *OF_COMMUNITY,
    *OF_FOURGRID,
    source=FOURGRID,
)
CHANGED = sends(NAMED, NAME, BUSINESS_TYPE, maybe("space_type", TYPE, "type"))
CHANGED_IN_FOURGRID = sends(NAMED, NAME, BUSINESS_TYPE, needed("space_type", TYPE, "type"), *OF_FOURGRID)
MOVED = sends(NAMED, ABOVE, parentId=None)
RELATED = sends(NAMED, maybe("org_id", ID, "orgId"), orgId=None)


def created(given: Given) -> Variables:
    """Read a new space (4.1)."""
    return {"input": NEW(given)}


def synchronised(given: Given) -> Variables:
    """Read a space of the 4g system, which is created, or changed if the register has it (4.1 and 4.9)."""
    return {"input": {"spaces": [SYNCHRONISED(given)]}}


def change(given: Given) -> Variables:
    """Read what changes in a space itself."""
    return CHANGED_IN_FOURGRID(given) if is_fourgrid(given) else CHANGED(given)


def changed(given: Given) -> Variables:
    """Read a change of a space (4.9). Without `org_id`, a community loses its organisation."""
    return {"change": change(given), "move": MOVED(given), "moves": moves(given), "relation": RELATED(given)}


def moves(given: Given) -> bool:
    """Accept requests that name a space and its parent."""
    return not is_new(given) and MOVED(given)["parentId"] is not None


class Write(NamedTuple):
    """A root field of the operation WriteSpaces: its rows, and the variables of its input and of whether it runs."""

    field: str
    accepts: Callable[[Given], bool]
    read: Callable[[Given], Variables]
    rows: str
    runs: str


WRITES = (
    Write("upsertSpaces", is_synchronised, SYNCHRONISED, "upserted", "upserts"),
    Write("createSpaces", is_new, NEW, "created", "creates"),
    Write("updateSpaces", lambda _: True, change, "updated", "updates"),
)
"""The first that accepts a row writes it."""

MOVE = Write("moveSpaces", moves, MOVED, "moved", "moves")
"""Moves a row that another one writes as well."""


def written(rows: Sequence[Mapping[str, Any]]) -> Variables:
    """Read spaces that are created, synchronised or changed together.

    `places` are the places in the list of what each root field gets.
    """
    writers = [next(write for write in WRITES if write.accepts(row)) for row in rows]
    places = {write.field: [place for place, each in enumerate(writers) if each is write] for write in WRITES}
    places[MOVE.field] = [place for place, row in enumerate(rows) if MOVE.accepts(row)]
    variables: Variables = {"places": places}
    for write in (MOVE, *WRITES):
        mine = [write.read(rows[place]) for place in places[write.field]]
        variables |= {write.rows: {"spaces": mine}, write.runs: bool(mine)}
    return variables


BELOW = sends(needed("parentid", ID, "parentid"), id=None)


def batch_of(given: Given) -> Variables:
    """Read new spaces below one parent (4.1); what the request says besides holds for each."""
    parent = BELOW(given)
    rows: Any = OBJECTS.value("list", given["list"])
    if len({TYPE.value("space_type", row["space_type"]) for row in rows if member(row, "space_type")}) > 1:
        raise InvalidInputError(MIXED)
    return written([ChainMap(parent, row, cast("dict[str, Any]", given)) for row in rows])


def batch(given: Given) -> Variables:
    """Read the spaces of a body that is a list (4.14)."""
    rows: Any = OBJECTS.value("list", given.get(LIST, given.get("list")) or [])
    if not rows:
        raise InvalidInputError(MISSING, name="list")
    return written(rows)
