"""Write: what a mutation runs. A service checks and writes many inputs within the transaction of the request."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Literal, NamedTuple

from app.errors import RequestError

WRITE = "write"
"""Where a field of the schema carries its Write: in Strawberry's metadata, then in graphql-core's `extensions`."""

COLUMN, NOTE = "column", "note"
"""Keys of a dataclass field's metadata: the column whose type it has, and its description."""


class Unset(Enum):
    """The type of UNSET."""

    UNSET = "unset"


UNSET: Literal[Unset.UNSET] = Unset.UNSET
"""Stands for an input field that the caller leaves out; None is a null that the caller sends."""


def refers(column: Any, note: str, default: Any = ...) -> Any:
    """Declare a field of an input that is not a column of its model, but has the type of another column."""
    metadata = {COLUMN: column, NOTE: note}
    return field(metadata=metadata) if default is ... else field(default=default, metadata=metadata)


def option(note: str, *, default: bool) -> Any:
    """Declare a field of an input that is true or false and no column."""
    return field(default=default, metadata={NOTE: note})


def secret(note: str, default: Any = ...) -> Any:
    """Declare a field of an input that is a password and no column: it is taken as it is, and no message quotes it."""
    metadata = {NOTE: note}
    return field(metadata=metadata, repr=False, **({} if default is ... else {"default": default}))


def verbatim(note: str) -> Any:
    """Declare a field of an input that is a text and no column: it is taken as it is."""
    return field(metadata={NOTE: note})


@dataclass(frozen=True)
class Outcome:
    """What became of one input: the id of the record, or the reasons why nothing was written."""

    id: int | None
    errors: tuple[RequestError, ...] = ()
    ids: tuple[int, ...] = ()
    """The ids of all records, where an input writes several."""

    @property
    def written(self) -> tuple[int, ...]:
        """The ids of the records that were written."""
        return self.ids or (() if self.id is None else (self.id,))


Service = Callable[..., Awaitable[list[Outcome]]]
"""Takes a Writing, a Caller, a sequence of inputs and, by name, the settings that its Write lists.

It writes all inputs by a fixed number of statements and returns an outcome for each, in their order.

It writes nothing when one of them has errors. ForbiddenError when the caller lacks the capability for a record.
"""


class Compares(NamedTuple):
    """Personal data of inputs that are compared with those of stored records: their entity, and their fields."""

    entity: str
    fields: tuple[str, ...]

    def columns_of(self, input_: object) -> set[str]:
        """Return the fields that an input has a value in."""
        return {name for name in self.fields if getattr(input_, name) not in (UNSET, None)}


@dataclass(frozen=True)
class Write:
    """A declared mutation: its service, its capability, and the function that reads an input for the service."""

    service: Service
    capability: str | None
    """None where callers write about themselves only, as all may."""

    read_input: Callable[[Any], object]
    shares: bool = False
    """Whether it lets other requests change the structure of its tenant at the same time, as a creation does."""
    rows: str | None = None
    """The field of `input` that holds the inputs of a bulk mutation; None where `input` is the one input."""
    compares: Compares | None = None
    """The personal data of the inputs that the answer tells to be those of stored records, or of none."""
    settings: tuple[str, ...] = ()
    """Names of the settings that the service takes as well."""
