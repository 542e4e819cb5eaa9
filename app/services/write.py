"""Write: what a mutation runs. A service checks and writes many inputs within the transaction of the request."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Literal

from app.access.caller import Caller
from app.db.transaction import Writing
from app.errors import RequestError

WRITE = "write"
"""Where a field of the schema carries its Write: in Strawberry's metadata, then in graphql-core's `extensions`."""


class Unset(Enum):
    """The type of UNSET."""

    UNSET = "unset"


UNSET: Literal[Unset.UNSET] = Unset.UNSET
"""Stands for an input field that the caller leaves out; None is a null that the caller sends."""


@dataclass(frozen=True)
class Outcome:
    """What became of one input: the id of the record, or the reasons why nothing was written."""

    id: int | None
    errors: tuple[RequestError, ...] = ()


Service = Callable[[Writing, Caller, Sequence[Any]], Awaitable[list[Outcome]]]
"""Writes all inputs by a fixed number of statements and returns an outcome for each, in their order.

It writes nothing when one of them has errors. ForbiddenError when the caller lacks the capability for a record.
"""


@dataclass(frozen=True)
class Write:
    """A declared mutation: its service, its capability, and the function that reads its `input` for the service."""

    service: Service
    capability: str
    read_input: Callable[[Mapping[str, Any]], object]
