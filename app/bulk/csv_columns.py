"""The columns of a file to import: names, the documents' names for them, and allowed cells."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from app.models.choice import Choice
from app.models.org import SUB_TYPES, OrgType
from app.models.space import BusinessType, SpaceType
from app.models.status import Status
from app.services.names import LONGEST_TEXT

Noun = Literal["orgs", "spaces"]
Parser = Callable[[str], str | None]
"""Returns the value to store, None for an empty cell; ValueError says what is wrong with the cell."""


@dataclass(frozen=True)
class Column:
    """A column that a file may have; `synonyms` are the documents' names (document 003, parts 3 and 4)."""

    name: str
    synonyms: tuple[str, ...]
    sql_type: str
    parse: Parser
    required: bool = False
    """Whether every row must have a value (and so the header must have the column)."""

    own: bool = True
    """Whether the table has a column of this name that stores the value as it is."""


def text(cell: str) -> str | None:
    """Return a text as it is, with its blanks and line breaks."""
    if len(cell) > LONGEST_TEXT:
        message = f"is {len(cell)} characters long, at most {LONGEST_TEXT} are allowed"
        raise ValueError(message)
    return cell if cell and not cell.isspace() else None


def matching(pattern: str, what: str) -> Parser:
    """Return a parser of cells that match `pattern`, without the blanks around them."""
    fits = re.compile(pattern).fullmatch

    def parse(cell: str) -> str | None:
        value = cell.strip()
        if value and not fits(value):
            message = f"is not {what}: {quoted(value)}"
            raise ValueError(message)
        return value or None

    return parse


def one_of(choices: Iterable[Choice]) -> Parser:
    """Return a parser of an enumeration's members, written as name, legacy code or Chinese term."""
    members = tuple(choices)
    known: Mapping[str, str | None] = {
        "": None,
        **{str(spelling): member.value for member in members for spelling in (member.chinese, member.code, member)},
    }

    def parse(cell: str) -> str | None:
        try:
            return known[cell]
        except KeyError:
            value = cell.strip().upper()
        if value not in known:
            message = f"is unknown: {quoted(cell)} (known: {', '.join(members)})"
            raise ValueError(message)
        return known[value]

    return parse


def quoted(value: str) -> str:
    """Return a value in quotation marks for a message of one line, cut when long."""
    return repr(value if len(value) <= 40 else value[:40] + "…")  # noqa: PLR2004 - about half a line


register_id = matching(r"0*[1-9][0-9]{0,17}", "an id (a positive whole number)")
area = matching(r"[0-9]{1,12}(\.[0-9]+)?", "an area (such as 89.5)")

COMMON = (
    Column("external_id", ("id",), "text", text, required=True),
    Column("parent_external_id", ("parentid", "parent"), "text", text, own=False),
)

COLUMNS: dict[Noun, tuple[Column, ...]] = {
    "orgs": (
        *COMMON,
        Column("name", ("org_name",), "text", text, required=True),
        Column("type", ("org_type",), "text", one_of(OrgType), required=True),
        Column("sub_type", ("org_sub_type",), "text", text, own=False),
        *(Column(name, (), "text", one_of(members)) for name, (_, members) in SUB_TYPES.items()),
        Column("status", ("org_status",), "text", one_of(Status)),
        Column("code", ("org_code",), "text", matching("[0-9]+", "a code (digits)"), own=False),
        Column("fourgrid_id", ("org_id",), "bigint", register_id),
        Column("fourgrid_parent_id", ("parent_org_id",), "bigint", register_id),
    ),
    "spaces": (
        *COMMON,
        Column("name", ("space_name",), "text", text, required=True),
        Column("type", ("space_type",), "text", one_of(SpaceType), required=True),
        Column("status", ("space_status",), "text", one_of(Status)),
        Column("business_type", (), "text", one_of(BusinessType)),
        Column("area", ("space_square",), "numeric(14, 2)", area),
        Column("fee_area", (), "numeric(14, 2)", area),
        Column("code", ("space_code",), "text", matching("[0-9]+", "a code (digits)"), own=False),
        Column("org_id", (), "bigint", register_id, own=False),
        Column("fourgrid_id", ("space_id",), "bigint", register_id),
        Column("fourgrid_parent_id", ("parent_space_id",), "bigint", register_id),
        Column("fourgrid_community_id", ("community_id",), "bigint", register_id),
    ),
}
"""The columns of each noun. Only the required ones must be in the file, `type` only when it is not inherited."""

Row = dict[str, str | None]

_SUB_TYPE_PARSERS = {type_.value: one_of(members) for type_, members in SUB_TYPES.values()}


def check_org(row: Row) -> None:
    """Parse the sub type by the type, because each type numbers its legacy codes from 1 (document 003, 3.3).

    Raise ValueError for the sub type of another type, and for one that stands in two columns.
    """
    for name, (type_, _) in SUB_TYPES.items():
        if row.get(name) and row["type"] != type_:
            message = f"{name} is for {type_} organisations only, this is {row['type']}"
            raise ValueError(message)
        if row.get(name) and row.get("sub_type"):
            message = f"sub_type and {name} both have a value; fill in one of them"
            raise ValueError(message)
    parse, sub_type = _SUB_TYPE_PARSERS.get(row["type"] or ""), row.get("sub_type")
    if parse and sub_type:
        try:
            row["sub_type"] = parse(sub_type)
        except ValueError as error:
            message = f"sub_type {error}"
            raise ValueError(message) from None


def check_space(row: Row) -> None:
    """Raise ValueError for a value that only a community may have."""
    for name in ("business_type", "org_id"):
        if row.get(name) and row["type"] != SpaceType.COMMUNITY:
            message = f"{name} is for a COMMUNITY only, this is a {row['type']}"
            raise ValueError(message)


ROW_RULES: dict[Noun, tuple[frozenset[str], Callable[[Row], None]]] = {
    "orgs": (frozenset({"sub_type", *SUB_TYPES}), check_org),
    "spaces": (frozenset({"business_type", "org_id"}), check_space),
}
"""The rule over several cells of a row; it is applied when the file has one of the columns."""
