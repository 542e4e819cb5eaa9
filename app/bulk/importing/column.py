"""Column: what a column of a file to import may hold."""

from dataclasses import dataclass
from typing import Literal

from app.bulk.importing.cells import Parser, key, register_id

Noun = Literal["orgs", "spaces", "admins", "customers", "relations", "work-orders"]

Row = dict[str, str | None]


@dataclass(frozen=True)
class Column:
    """A column that a file may have; `synonyms` are the documents' names (document 003)."""

    name: str
    synonyms: tuple[str, ...]
    sql_type: str
    parse: Parser
    required: bool = False
    """Whether a new record needs a value, and a cell of the column must not be empty."""

    own: bool = True
    """Whether the table has a column of this name that stores the value as it is."""


EXTERNAL_ID = Column("external_id", ("id",), "text", key, required=True)


def reference(name: str) -> tuple[Column, Column]:
    """Return the two columns that name a record: by its external id, and by its id in the register."""
    return (
        Column(f"{name}_external_id", (), "text", key, own=False),
        Column(f"{name}_id", (), "bigint", register_id, own=False),
    )
