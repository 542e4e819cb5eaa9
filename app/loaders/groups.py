"""Groups: which columns the rows of a connection are counted by, and how many groups there may be."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.db.exchange import Row
from app.error_codes import Message
from app.errors import InvalidInputError, LimitExceededError
from app.loaders.counting import COUNT, MOST_GROUPS
from app.loaders.filtering import FILTERABLE
from app.models import Entity

BY = "by"
"""The argument with the columns."""

MOST_COLUMNS = 2

WRONG_COLUMNS = Message(
    "`by` takes one or two different columns, found {found}", "`by` 需要一个或两个不同的字段，实际为 {found} 个"
)
TOO_MANY = Message(
    "there are more than {allowed} groups: narrow the list by `filter`, or group by columns with fewer values",
    "分组超过 {allowed} 个：请用 `filter` 缩小范围，或按取值较少的字段分组",
)


def grouped_by(model: type[Entity], given: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the names of the columns in the argument `by`; InvalidInputError unless it has one or two of them."""
    chosen = given[BY]
    if not 1 <= len(set(chosen)) == len(chosen) <= MOST_COLUMNS:
        raise InvalidInputError(WRONG_COLUMNS, found=len(set(chosen)))
    return tuple(FILTERABLE[model].grouped[name].key for name in chosen)


def columns_of_groups(model: type[Entity]) -> tuple[str, ...]:
    """Name all columns of a group."""
    return (COUNT, *(column.key for column in FILTERABLE[model].grouped.values()))


def few_enough(groups: Sequence[Row]) -> Sequence[Row]:
    """Return the groups of one connection; LimitExceededError when there are too many."""
    if len(groups) > MOST_GROUPS:
        raise LimitExceededError("GROUP_LIMIT_EXCEEDED", len(groups), MOST_GROUPS, TOO_MANY)
    return groups
