"""Filtering: filter inputs become SQL. Every filter is answered; one that no index serves costs a scan.

A scan ends at the deadline of the request. Only filters on masked data are refused.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Column as TableColumn
from sqlalchemy import (
    Index,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
    and_,
    not_,
    or_,
    select,
    true,
)
from sqlalchemy.orm import InstrumentedAttribute

from app.error_codes import Message
from app.errors import ForbiddenError, InvalidInputError
from app.loaders.comparisons import COMPARISONS, Condition
from app.loaders.links import subtree_end
from app.loaders.values import read_id, read_value
from app.models import Entity
from app.models.tree import Tree

Given = Mapping[str, Any]
Compared = list[tuple[str, str]]
"""Columns, each with the operator that compares it."""

ANSWERED_BY = {
    "btree": frozenset(COMPARISONS) - {"contains", "startsWith"},
    "btree C": frozenset(COMPARISONS) - {"contains"},
    "gin": frozenset({"eq", "ne", "contains", "startsWith"}),
}
"""Operators that each kind of index serves, or that match so many rows that no index is needed."""
ALLOWED_ON_MASKED = frozenset({"isNull"})
"""Operators that callers may use on data that they see masked: the mask shows whether there is a value."""

NEEDS_PERSONAL = Message(
    "the filter {filter} compares personal data and needs the capability {capability}, which the caller does not hold",
    "筛选条件 {filter} 涉及个人信息，需要权限 {capability}，您在此处没有该权限",
)


NULL = Message(
    "the filter {filter!r} must not be null, and its variable must not be left out; for no condition leave out the "
    "operator, to find null use `isNull: true`",
    "筛选条件 {filter} 不能为 null，其变量也不能省略；不需要该条件时请去掉该运算符，查找空值请用 `isNull: true`",
)
NULL_UNDER = Message(
    "the filter 'under' must not be null, and its variable must not be left out; for no condition leave it out of the "
    "filter",
    "筛选条件 under 不能为 null，其变量也不能省略；不需要该条件时请从筛选中去掉",
)
EMPTY = Message(
    "the filter {filter!r} has no operator, such as `eq`; leave it out for no condition",
    "筛选条件 {filter} 没有运算符（如 `eq`）；不需要该条件时请省略",
)
UNDER = "under"


@dataclass(frozen=True, eq=False)
class Filterable:
    """The columns of a model that callers may filter by, under their GraphQL names; some are personal data."""

    model: type[Entity]
    columns: Mapping[str, InstrumentedAttribute[Any]]
    personal: frozenset[str] = frozenset()

    def condition(self, given: Given, *, sees_personal: bool) -> Condition:
        """Translate a filter input. `sees_personal` says whether the caller sees personal data unmasked.

        ForbiddenError when the filter compares data that the caller sees masked. InvalidInputError when a value is
        wrong.
        """
        if not sees_personal:
            self._refuse_masked(list(self._compared(given)))
        return self._all(given)

    def _refuse_masked(self, compared: Compared) -> None:
        """Refuse to compare masked data: 10,000 guesses would find a phone number of which four digits are masked."""
        for name, operator in compared:
            if name in self.personal and operator not in ALLOWED_ON_MASKED:
                raise ForbiddenError("pii.read", NEEDS_PERSONAL, filter=f"{name}.{operator}")

    def _all(self, given: Given) -> Condition:
        return and_(true(), *(self._one(name, value) for name, value in given.items()))

    def _one(self, name: str, value: Any) -> Condition:
        if value is None and name != UNDER:
            return true()
        combine = COMBINATIONS.get(name)
        return and_(true(), *self._comparisons(name, value)) if combine is None else combine(self, value)

    def all_of(self, parts: list[Given]) -> Condition:
        """Translate `and`."""
        return and_(true(), *map(self._all, parts))

    def one_of(self, parts: list[Given]) -> Condition:
        """Translate `or`; an empty list matches no row."""
        return or_(not_(true()), *map(self._all, parts))

    def none_of(self, part: Given) -> Condition:
        """Translate `not`, which holds where the part is false or unknown."""
        return self._all(part).is_not(true())

    def _comparisons(self, name: str, operators: Given) -> Iterator[Condition]:
        column = self.columns[name]
        if not operators:
            raise InvalidInputError(EMPTY, filter=name)
        for operator, value in operators.items():
            if value is None:
                raise InvalidInputError(NULL, filter=f"{name}.{operator}")
            yield COMPARISONS[operator](column.expression, read_value(column.type, value))

    def under(self, root: str | None) -> Condition:
        """Translate `under`: the row lies in the subtree of a node, or is the node."""
        if root is None:
            raise InvalidInputError(NULL_UNDER)
        tree = cast("type[Tree]", self.model)
        path = select(tree.path).where(self.model.id == read_id(root)).scalar_subquery()
        return and_(tree.path >= path, tree.path < subtree_end(path))

    def _compared(self, given: Given) -> Iterator[tuple[str, str]]:
        """Name the columns that a filter compares, at any depth, each with the operator."""
        for name, value in given.items():
            if name in ("and", "or"):
                for part in value or ():
                    yield from self._compared(part)
            elif name == "not":
                yield from self._compared(value or {})
            elif name in self.columns:
                yield from ((name, operator) for operator in value or {})


COMBINATIONS: Mapping[str, Callable[[Filterable, Any], Condition]] = {
    "and": Filterable.all_of,
    "or": Filterable.one_of,
    "not": Filterable.none_of,
    UNDER: Filterable.under,
}
"""The parts of a filter that name no column."""


def is_reference(column: InstrumentedAttribute[Any]) -> bool:
    """Return whether an indexed column names one record: the row itself or one that it belongs to."""
    table_column = column.class_.__table__.c[column.key]
    return bool(answered_operators(column)) and (table_column.primary_key or bool(table_column.foreign_keys))


def answered_operators(column: InstrumentedAttribute[Any]) -> frozenset[str]:
    """Return the operators on a column for which an index makes a filter of the whole table fast."""
    table = cast("Table", column.class_.__table__)
    table_column = table.c[column.key]
    keys = [key for key in table.constraints if isinstance(key, PrimaryKeyConstraint | UniqueConstraint)]
    if any(next(iter(key.columns)) is table_column for key in keys):
        return ANSWERED_BY["btree"]
    kinds = [_kind(index, table_column) for index in table.indexes if next(iter(index.columns), None) is table_column]
    return frozenset().union(*(ANSWERED_BY[kind] for kind in kinds))


def _kind(index: Index, column: TableColumn[Any]) -> str:
    if index.dialect_options["postgresql"]["using"] == "gin":
        return "gin"
    return "btree C" if getattr(column.type, "collation", None) == "C" else "btree"
