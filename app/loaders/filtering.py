"""Filtering: filter inputs become SQL."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, cast

from sqlalchemy import and_, not_, or_, true
from sqlalchemy.orm import InstrumentedAttribute

from app.error_codes import Message
from app.errors import ForbiddenError, InvalidInputError
from app.loaders.comparisons import COMPARISONS, Condition
from app.loaders.edge import Edge, Shape
from app.loaders.subtrees import (
    FULL_NAME,
    NULL_UNDER,
    UNDER,
    UNDER_CODE,
    Tops,
    below,
    is_below,
    is_subtree,
    tops_of,
    tops_of_edge,
)
from app.loaders.values import read_value, refuse_long
from app.models import Entity
from app.models.base import Named, column_of
from app.models.choice import Choice
from app.models.tree import Tree

Given = Mapping[str, Any]

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
EMPTY = Message(
    "the filter {filter!r} has no operator, such as `{example}`; leave it out for no condition",
    "筛选条件 {filter} 没有运算符（如 `{example}`）；不需要该条件时请省略",
)
BY_PINYIN = "NAME_ZH_PINYIN"
"""The order of names as Chinese readers expect it."""


@dataclass(frozen=True)
class Computed:
    """A field that is computed from one column with a fixed set of values, such as the category of a space's type."""

    column: InstrumentedAttribute[Any]
    make: Callable[..., object]
    choice: type[Choice]

    def values(self, wanted: list[Choice]) -> list[Choice]:
        """Return the values of the column for which the field has one of the wanted values."""
        members = cast("Any", self.column.type).enum_class
        return [member for member in members if self.make(member) in wanted]


@dataclass(frozen=True, eq=False)
class Filterable:
    """What callers may filter the records of a model by, under the GraphQL names; some columns are personal data."""

    model: type[Entity]
    columns: Mapping[str, InstrumentedAttribute[Any]]
    personal: frozenset[str] = frozenset()
    recorded: frozenset[str] = frozenset()
    """The personal columns whose disclosure is recorded."""
    computed: Mapping[str, Computed] = field(default_factory=dict)
    edges: Mapping[str, Edge] = field(default_factory=dict)

    exact: frozenset[str] = frozenset()
    """Columns of names from a fixed list: they are compared as a whole, and a part of one means nothing."""

    ordered_by: frozenset[str] | None = None
    """The columns that callers may order by; None for all that are not personal."""

    grouped: Mapping[str, InstrumentedAttribute[Any]] = field(default_factory=dict)
    """The columns that rows are grouped by, under the names of the enum's values."""

    @property
    def orders(self) -> Mapping[str, InstrumentedAttribute[Any]]:
        """The columns that callers may order by, under the names of the enum's values."""
        allowed = self.columns.keys() - self.personal if self.ordered_by is None else self.ordered_by
        columns = {c.key.upper(): c for name, c in self.columns.items() if name in allowed}
        return {**columns, BY_PINYIN: self.model.name_pinyin} if issubclass(self.model, Named) else columns


FILTERABLE: dict[type[Entity], Filterable] = {}
"""What callers may filter by, for each model whose noun's file is imported."""


@dataclass(frozen=True)
class Filter:
    """Translates the filter input of a model. `sees_personal` says whether the caller reads personal data unmasked.

    ForbiddenError when the filter compares data that the caller sees masked. InvalidInputError when a value is wrong.
    """

    model: type[Entity]
    sees_personal: bool
    starts_from_scope: bool = False
    """Whether the list reads only the few rows of a small scope: then what these lead to is read row by row."""

    is_of_edge: bool = False
    """Whether the filter is of the rows that an edge leads to."""

    @property
    def _filterable(self) -> Filterable:
        return FILTERABLE[self.model]

    def condition(self, given: Given) -> Condition:
        """Return the condition that all members of a filter hold; a member that is null is none."""
        return and_(true(), *(self._member(name, value) for name, value in given.items()))

    def _member(self, name: str, value: Any) -> Condition:
        if name in MEMBERS:
            return MEMBERS[name](self, value)
        if value is None:
            return true()
        edge = self._filterable.edges.get(name)
        return and_(true(), *self._comparisons(name, value)) if edge is None else self._of_edge(name, edge, value)

    def all_of(self, parts: list[Given] | None) -> Condition:
        """Translate `and`."""
        return and_(true(), *map(self.condition, parts or ()))

    def one_of(self, parts: list[Given] | None) -> Condition:
        """Translate `or`; an empty list matches no row."""
        return true() if parts is None else or_(not_(true()), *map(self.condition, parts))

    def not_this(self, part: Given | None) -> Condition:
        """Translate `not`, which holds where the part is false or unknown."""
        return true() if part is None else self.condition(part).is_not(true())

    def under(self, root: str | None) -> Condition:
        """Translate `under`: the row lies in the subtree of a node, or is the node."""
        return self._below(UNDER, root)

    def under_code(self, code: str | None) -> Condition:
        """Translate `underCode`: the row lies in the subtree of a node with this code, or is one."""
        return self._below(UNDER_CODE, code)

    def _below(self, name: str, value: str | None) -> Condition:
        tree = cast("type[Tree]", self.model)
        return self._placed(name, tops_of(tree, name, value), cast("Any", tree.path))

    def _placed(self, name: str, tops: Tops, path: InstrumentedAttribute[Any]) -> Condition:
        """Return the condition that a path lies in some subtrees; only `under` has no more than one."""
        is_read_row_by_row = self.starts_from_scope and self.is_of_edge
        return (is_below if is_read_row_by_row and name == UNDER else below)(tops, path)

    def _comparisons(self, name: str, operators: Given) -> Iterator[Condition]:
        if not operators:
            raise InvalidInputError(EMPTY, filter=name, example="eq")
        for operator, value in operators.items():
            if value is None:
                raise InvalidInputError(NULL, filter=f"{name}.{operator}")
            self._refuse_masked(name, operator)
            refuse_long(f"{name}.{operator}", value)
            yield self._comparison(name, operator, value)

    def _comparison(self, name: str, operator: str, value: Any) -> Condition:
        computed = self._filterable.computed.get(name)
        if computed is None:
            column = self._filterable.columns[name]
            return COMPARISONS[operator](column_of(column), read_value(column.type, value))
        if operator != "isNull":
            wanted = computed.values(value if isinstance(value, list) else [value])
            operator, value = {"eq": "in", "ne": "notIn"}.get(operator, operator), wanted
        return COMPARISONS[operator](column_of(computed.column), value)

    def _refuse_masked(self, name: str, operator: str) -> None:
        """Refuse to compare masked data: 10,000 guesses would find a phone number of which four digits are masked."""
        masked = name in self._filterable.personal and not self.sees_personal
        if masked and operator not in ALLOWED_ON_MASKED:
            raise ForbiddenError("pii.read", NEEDS_PERSONAL, filter=f"{name}.{operator}")

    def _of_edge(self, name: str, edge: Edge, given: Given) -> Condition:
        """Translate the filter of the rows that an edge leads to; invisible rows are not there."""
        if edge.shape is Shape.ONE:
            return self._of_one(edge, given)
        if not given:
            raise InvalidInputError(EMPTY, filter=name, example="some")
        return and_(true(), *(self._quantified(name, edge, *each) for each in given.items()))

    def _of_one(self, edge: Edge, given: Given) -> Condition:
        """Translate the filter of the row that an edge leads to. If the path is here, subtrees are found by it."""
        target, path = self._of_rows(edge), edge.path
        if path is None:
            is_listed = edge.is_by_id and has_long_part(given) and not self.starts_from_scope
            leads_to = partial(edge.listed_for, self.model) if is_listed else self._leading(edge, given)
            return leads_to(target.condition(given))
        subtrees = {name: value for name, value in given.items() if is_subtree(edge, name, value)}
        other = {name: value for name, value in given.items() if name not in subtrees}
        placed = [self._placed(each[0], tops_of_edge(edge, *each), path) for each in subtrees.items()]
        is_there = [self._leading(edge, other)(target.condition(other))] if other or not subtrees else []
        return and_(true(), *placed, *is_there)

    def of_target(self, edge: Edge, given: Given) -> Condition:
        """Translate the filter of the rows that an edge leads to, as a condition on those rows."""
        return self._of_rows(edge).condition(given)

    def _of_rows(self, edge: Edge) -> "Filter":
        return replace(self, model=edge.target, is_of_edge=True)

    def _quantified(self, name: str, edge: Edge, quantifier: str, given: Given | None) -> Condition:
        if given is None:
            raise InvalidInputError(NULL_UNDER, filter=f"{name}.{quantifier}")
        condition = self.of_target(edge, given)
        return QUANTIFIERS[quantifier](self._leading(edge, given), condition)

    def _leading(self, edge: Edge, given: Given) -> Callable[[Condition], Condition]:
        """Return what makes the condition that a row leads to rows for which another one, of a filter, holds."""
        row_by_row = self.starts_from_scope and not lists_nodes(given)
        return partial(edge.leads_to, self.model, row_by_row=row_by_row)


def has_long_part(given: Given) -> bool:
    """Return whether a filter compares a part of a text that few texts have: of two characters, or one of many."""
    parts = (value.get("contains") for value in given.values() if isinstance(value, Mapping))
    return any(isinstance(part, str) and (len(part) > 1 or not part.isascii()) for part in parts)


LISTED = frozenset({UNDER_CODE, FULL_NAME})
"""Members of filters that thousands of nodes may fulfil, and all below those with them."""


def lists_nodes(given: Any) -> bool:
    """Return whether a filter lists the nodes below many others: each row would be compared with all of them."""
    if isinstance(given, list):
        return any(map(lists_nodes, given))
    return isinstance(given, Mapping) and any(name in LISTED or lists_nodes(value) for name, value in given.items())


MEMBERS: Mapping[str, Callable[[Filter, Any], Condition]] = {
    "and": Filter.all_of,
    "or": Filter.one_of,
    "not": Filter.not_this,
    UNDER: Filter.under,
    UNDER_CODE: Filter.under_code,
}
"""The members of a filter that are neither a column nor an edge."""

QUANTIFIERS: Mapping[str, Callable[[Callable[[Condition], Condition], Condition], Condition]] = {
    "some": lambda leads_to, condition: leads_to(condition),
    "none": lambda leads_to, condition: not_(leads_to(condition)),
    "every": lambda leads_to, condition: not_(leads_to(condition.is_not(true()))),
}
"""How many of the rows of an edge fulfil a condition. `every` holds where there are no rows."""
