"""Edge: how rows of one model belong to rows of another, and the one statement that loads them for many parents.

Declared once, by `one`, `many`, `through`, `below` and `above`; graphql-core's resolvers and the compiled engine load
the same declarations. Nothing here knows an entity.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import Any, Protocol, cast

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    Select,
    SQLColumnExpression,
    Text,
    any_,
    bindparam,
    column,
    func,
    lateral,
    literal_column,
    select,
    true,
)
from sqlalchemy import (
    cast as sql_cast,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import InstrumentedAttribute

from app.db.rendering import WITH_VALUES
from app.loaders.window import WHOLE, Order, Window
from app.models import Entity

Key = int | str
KEYS = "keys"  # the name of the parameter that holds the parents' keys
BUDGET = "budget"  # the name of the parameter that holds how many rows a statement may still load


def model_of(attribute: InstrumentedAttribute[Any]) -> type[Entity]:
    """Give the model that an attribute belongs to."""
    return cast("type[Entity]", attribute.class_)


class Shape(Enum):
    """What a parent gets."""

    ONE = auto()
    """A row or nothing."""
    MANY = auto()
    """All rows that carry the parent's key."""
    EACH = auto()
    """One row for each of the parent's keys, in the order of the keys."""


class Link(Protocol):
    """What connects a parent's key with target rows."""

    @property
    def key_type(self) -> type[BigInteger | Text]:
        """Give the type of the keys: ids, or paths."""

    def matching(self, key: ColumnElement[Any], window: Window) -> tuple[FromClause, list[ColumnElement[bool]]]:
        """Give the rows of one key, as FROM and WHERE."""

    def listed(self, window: Window) -> tuple[FromClause, ColumnElement[Any]] | None:
        """Give the rows of all keys and the column that tells whose they are; None if only `matching` serves."""


def subtree_end(path: ColumnElement[Any]) -> ColumnElement[Any]:
    """Give the end of the range of paths below a path, itself not below: '0' is the character after '/'."""
    return func.rtrim(path, literal_column("'/'")).concat(literal_column("'0'")).collate("C")


def path_length(path: ColumnElement[Any]) -> ColumnElement[int]:
    """Give the number of ids in a path."""
    return func.length(path) - func.length(func.replace(path, literal_column("'/'"), literal_column("''")))


def listed_keys(key_type: type[BigInteger | Text]) -> ColumnElement[Any]:
    """Give the parameter with the parents' keys."""
    return sql_cast(bindparam(KEYS), ARRAY(key_type))


def within_budget(statement: Select[Any]) -> Select[Any]:
    """Have a statement load no more rows than the parameter says that is given when it runs."""
    return statement.limit(bindparam(BUDGET, type_=BigInteger, required=True))


@dataclass(frozen=True)
class ByForeignKey:
    """The target carries the parent's key in a column."""

    key: InstrumentedAttribute[Any]
    key_type: type[BigInteger | Text] = BigInteger

    def matching(self, key: ColumnElement[Any], window: Window) -> tuple[FromClause, list[ColumnElement[bool]]]:
        """Compare the column."""
        del window
        return self.key.class_.__table__, [self.key == key]

    def listed(self, window: Window) -> tuple[FromClause, ColumnElement[Any]]:
        """Compare the column with all keys at once."""
        del window
        return self.key.class_.__table__, self.key.expression


@dataclass(frozen=True)
class ByPairs:
    """Pairs of (parent's key, target's id) stand in another table or query; a pair found twice counts once."""

    key: SQLColumnExpression[Any]
    target_id: SQLColumnExpression[Any]
    target: type[Entity]
    where: tuple[ColumnElement[bool], ...] = ()
    key_type: type[BigInteger | Text] = BigInteger

    def matching(self, key: ColumnElement[Any], window: Window) -> tuple[FromClause, list[ColumnElement[bool]]]:
        """Take the targets whose id is paired with the key."""
        ids = select(self.target_id).where(*self.where, *window.link_conditions, self.key == key).correlate(key.table)
        return self.target.__table__, [self.target.id.in_(ids)]

    def listed(self, window: Window) -> tuple[FromClause, ColumnElement[Any]]:
        """Join the targets to the distinct pairs of all keys."""
        mine = self.key == any_(listed_keys(self.key_type))
        pairs = cast("Select[Any]", select(self.key.label("key"), self.target_id.label("target_id"))).distinct()
        paired = pairs.where(*self.where, *window.link_conditions, mine).subquery("pair")
        return self.target.__table__.join(paired, self.target.id == paired.c.target_id), paired.c.key


@dataclass(frozen=True)
class ByPathRange:
    """The target's path lies below the parent's: a range of an index for each parent."""

    path: InstrumentedAttribute[Any]
    including_itself: bool
    key_type: type[BigInteger | Text] = Text

    def matching(self, key: ColumnElement[Any], window: Window) -> tuple[FromClause, list[ColumnElement[bool]]]:
        """Compare the path with both ends."""
        first = self.path >= key if self.including_itself else self.path > key
        inside = [first, self.path < subtree_end(key)]
        if window.depth is not None:
            inside.append(self.path.class_.depth - path_length(key) < window.depth)  # a sum could leave 32 bits
        return self.path.class_.__table__, inside

    def listed(self, window: Window) -> None:
        """Serve each parent by a range of its own."""
        del window


@dataclass(frozen=True, eq=False)
class Edge:
    """How rows of `target` belong to a parent: the parent's column `parent` holds the key, `link` leads on from it."""

    target: type[Entity]
    parent: str
    link: Link
    shape: Shape
    order: Order
    where: tuple[ColumnElement[bool], ...] = ()
    keys_in: Callable[[Any], list[Key]] | None = None

    def to_one(self) -> "Edge":
        """Promise that every parent has at most one row."""
        return replace(self, shape=Shape.ONE)

    def keys_of(self, value: Any) -> list[Key]:
        """Read the keys from the parent's column."""
        if value is None:
            return []
        return [value] if self.keys_in is None else self.keys_in(value)

    def rows(self, columns: tuple[str, ...], window: Window = WHOLE) -> Select[Any]:
        """Select `columns` of the target for all parents; the first column of the result is the parent's key."""
        listed = self.link.listed(window) if window.limit is None else None
        rows = self._listed_rows(columns, window, *listed) if listed else self._rows_of_each(columns, window)
        return self._planned(rows, window)

    def counts(self, window: Window = WHOLE) -> Select[Any]:
        """Select the parents' keys, each with the number of its rows; a parent without rows is left out."""
        listed = self.link.listed(window)
        if listed:
            source, key = listed
            mine = key == any_(listed_keys(self.link.key_type))
            return select(key, func.count()).select_from(source).where(mine, *self._where(window)).group_by(key)
        keys, found = self._each(window)
        counted = lateral(found.with_only_columns(func.count().label("count")), "counted")
        return self._planned(select(keys.c.key, counted.c.count).select_from(keys.join(counted, true())), window)

    def _planned(self, statement: Select[Any], window: Window) -> Select[Any]:
        """Have PostgreSQL plan with the values of the conditions what no parent's key holds to a few rows."""
        return statement if self.parent or not window.conditions else statement.execution_options(**{WITH_VALUES: True})

    def _listed_rows(
        self, columns: tuple[str, ...], window: Window, source: FromClause, key: ColumnElement[Any]
    ) -> Select[Any]:
        mine = key == any_(listed_keys(self.link.key_type))
        order = (window.order or self.order).clauses(self.target, reverse=window.reverse)
        wanted = [getattr(self.target, name) for name in columns]
        by_key = [] if self.shape is not Shape.MANY else [key, *order]
        return select(key.label("key"), *wanted).select_from(source).where(mine, *self._where(window)).order_by(*by_key)

    def _rows_of_each(self, columns: tuple[str, ...], window: Window) -> Select[Any]:
        order = (window.order or self.order).clauses(self.target, reverse=window.reverse)
        keys, found = self._each(window)
        wanted = [getattr(self.target, name).label(name) for name in columns]
        rows = lateral(found.with_only_columns(*wanted).order_by(*order).limit(window.limit), "found")
        return select(keys.c.key, *rows.c).select_from(keys.join(rows, true()))

    def _each(self, window: Window) -> tuple[FromClause, Select[Any]]:
        """Give the list of keys, and the rows that match one of them."""
        keys = func.unnest(listed_keys(self.link.key_type)).table_valued(column("key"), name=KEYS).render_derived()
        source, match = self.link.matching(keys.c.key, window)
        return keys, select(self.target.id).select_from(source).where(*match, *self._where(window))

    def _where(self, window: Window) -> list[ColumnElement[bool]]:
        return [*self.where, *window.conditions, *window.marks]


def by_key(model: type[Entity]) -> Edge:
    """Lead from an id that a caller gives to its row."""
    return Edge(model, "id", ByForeignKey(model.id), Shape.ONE, by_id(model))


def by_id(model: type[Entity]) -> Order:
    """Order by id: the order in which records were made."""
    return Order(model.id)


def one(key: InstrumentedAttribute[Any], target: type[Entity]) -> Edge:
    """Lead from the row that carries the foreign key `key` to the row that it names."""
    return Edge(target, key.key, ByForeignKey(target.id), Shape.ONE, by_id(target))


def one_back(key: InstrumentedAttribute[Any]) -> Edge:
    """Lead to the one row whose unique foreign key names the parent."""
    return Edge(model_of(key), "id", ByForeignKey(key), Shape.ONE, by_id(model_of(key)))


def many(key: InstrumentedAttribute[Any], *where: ColumnElement[bool]) -> Edge:
    """Lead to the rows whose foreign key names the parent."""
    return Edge(model_of(key), "id", ByForeignKey(key), Shape.MANY, by_id(model_of(key)), where)


def through(
    key: SQLColumnExpression[Any],
    target_id: SQLColumnExpression[Any],
    target: type[Entity],
    *where: ColumnElement[bool],
) -> Edge:
    """Lead over pairs of (parent's id, target's id) that `where` admits, in a table or in a query of their own."""
    return Edge(target, "id", ByPairs(key, target_id, target, where), Shape.MANY, by_id(target))


def below(path: InstrumentedAttribute[Any], *where: ColumnElement[bool], including_itself: bool = False) -> Edge:
    """Lead from a node's `path` to the rows whose path lies below it, in tree order."""
    target = model_of(path)
    return Edge(target, "path", ByPathRange(path, including_itself), Shape.MANY, Order(path), where)


def above(target: type[Entity]) -> Edge:
    """Lead from a node's path to its ancestors, root first."""
    return Edge(target, "path", ByForeignKey(target.id), Shape.EACH, by_id(target), keys_in=ancestors_in)


def top(target: type[Entity]) -> Edge:
    """Lead from a node's path to the root of its tree, which may be the node itself."""
    return Edge(target, "path", ByForeignKey(target.id), Shape.ONE, by_id(target), keys_in=root_in)


def ancestors_in(path: str) -> list[Key]:
    """Read the ids of the ancestors from a path, root first."""
    return [int(step) for step in path.split("/")[:-2]]


def root_in(path: str) -> list[Key]:
    """Read the id of the root from a path."""
    return [int(path.split("/", 1)[0])]
