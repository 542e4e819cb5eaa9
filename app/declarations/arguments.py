"""Arguments: those that fields of several kinds take."""

from typing import Any

import strawberry
from strawberry.annotation import StrawberryAnnotation
from strawberry.types.arguments import StrawberryArgument

from app.loaders.page import OFFSET


def argument(name: str, annotation: Any, description: str) -> StrawberryArgument:
    """Make an argument of any type."""
    return StrawberryArgument(name, name, StrawberryAnnotation(annotation), description=description)


def id_argument(name: str, description: str) -> StrawberryArgument:
    """Make an argument that takes an id."""
    return argument(name, strawberry.ID | None, description)


def integer_argument(name: str, description: str) -> StrawberryArgument:
    """Make an argument that takes a number."""
    return argument(name, int | None, description)


def text_argument(name: str, description: str) -> StrawberryArgument:
    """Make an argument that takes a text."""
    return argument(name, str | None, description)


DEPTH = integer_argument("depth", "层数 At most this many levels below")
"""The argument of fields that lead down a tree."""

PAGING = (
    integer_argument(
        "first", "前几条 This many from the start; 20 when `first` and `last` are left out, 100 at most by default"
    ),
    text_argument("after", "游标之后 The rows behind this cursor"),
    integer_argument("last", "后几条 This many from the end"),
    text_argument("before", "游标之前 The rows before this cursor"),
    integer_argument(
        OFFSET,
        "跳过几条 Skip this many rows from the start, for page numbers: (page - 1) x `first`; 10,000 at most by"
        " default; not with `after`, `before` or `last`",
    ),
)
"""The arguments of every connection."""
