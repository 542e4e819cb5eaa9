"""Links: how a parent's key finds the rows that belong to it, as SQL for one key and for all keys at once."""

from dataclasses import dataclass, replace
from typing import Any, Protocol, cast, runtime_checkable

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    Select,
    SQLColumnExpression,
    Table,
    Text,
    and_,
    any_,
    bindparam,
    func,
    literal_column,
    not_,
    select,
)
from sqlalchemy import (
    cast as sql_cast,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import InstrumentedAttribute

from app.loaders.window import Window
from app.models import Entity
from app.models.base import column_of
from app.models.tree import Tree

Key = int | str
KEYS = "keys"
"""The parameter with the keys of the parents."""

BUDGET = "budget"
"""The parameter with the number of rows that a statement may load."""


class Link(Protocol):
    """What connects a parent's key with target rows."""

    @property
    def key_type(self) -> type[BigInteger | Text]:
        """Return the type of the keys: ids, or paths."""

    def matching(self, key: ColumnElement[Any], window: Window) -> tuple[FromClause, list[ColumnElement[bool]]]:
        """Return the rows of one key, as FROM and WHERE."""

    def listed(self, window: Window) -> tuple[FromClause, ColumnElement[Any]] | None:
        """Return the rows of all keys, and the column with the key of each; None where only `matching` can be used."""


@runtime_checkable
class Searchable(Protocol):
    """A link by which parents are filtered: by what holds for the rows that they lead to."""

    def keyed(self) -> tuple[FromClause, ColumnElement[Any]]:
        """Return all rows that a parent leads to, as FROM, and the column that meets the parents' keys."""

    def meets(self, own: ColumnElement[Any], key: ColumnElement[Any]) -> ColumnElement[bool]:
        """Return the condition that the column of `keyed` belongs to a parent's key."""


def subtree_end(path: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return the end of the range of paths below a path, itself not below: '0' is the character after '/'."""
    return func.rtrim(path, literal_column("'/'")).concat(literal_column("'0'")).collate("C")


def listed_keys(key_type: type[BigInteger | Text]) -> ColumnElement[Any]:
    """Return the parameter with the parents' keys."""
    return sql_cast(bindparam(KEYS), ARRAY(key_type))


def within_budget(statement: Select[Any]) -> Select[Any]:
    """Limit a statement to the number of rows in the parameter BUDGET."""
    return statement.limit(bindparam(BUDGET, type_=BigInteger, required=True))


@dataclass(frozen=True)
class ByForeignKey:
    """The target carries the parent's key in a column."""

    key: InstrumentedAttribute[Any]
    key_type: type[BigInteger | Text] = BigInteger

    def matching(self, key: ColumnElement[Any], window: Window) -> tuple[FromClause, list[ColumnElement[bool]]]:
        """Compare the column."""
        del window
        return self.key.class_.__table__, [column_of(self.key) == key]

    def listed(self, window: Window) -> tuple[FromClause, ColumnElement[Any]]:
        """Compare the column with all keys at once."""
        del window
        return self.keyed()

    def keyed(self) -> tuple[FromClause, ColumnElement[Any]]:
        """Return the table and the column."""
        return self.key.class_.__table__, column_of(self.key)

    def meets(self, own: ColumnElement[Any], key: ColumnElement[Any]) -> ColumnElement[bool]:
        """Compare the column."""
        return own == key


@dataclass(frozen=True)
class ByPairs:
    """Another table or query has pairs of (parent's key, target's id); a pair that occurs twice counts once."""

    key: SQLColumnExpression[Any]
    target_id: SQLColumnExpression[Any]
    target: type[Entity]
    where: tuple[ColumnElement[bool], ...] = ()
    key_type: type[BigInteger | Text] = BigInteger

    def matching(self, key: ColumnElement[Any], window: Window) -> tuple[FromClause, list[ColumnElement[bool]]]:
        """Return the targets whose id is paired with the key."""
        ids = select(self.target_id).where(*self.where, *window.link_conditions, self.key == key).correlate(key.table)
        return self.target.__table__, [self.target.__table__.c.id.in_(ids)]

    def listed(self, window: Window) -> tuple[FromClause, ColumnElement[Any]]:
        """Join the targets to the distinct pairs of all keys."""
        mine = self.key == any_(listed_keys(self.key_type))
        pairs = cast("Select[Any]", select(self.key.label("key"), self.target_id.label("target_id"))).distinct()
        paired = pairs.where(*self.where, *window.link_conditions, mine).subquery("pair")
        return self.target.__table__.join(paired, self.target.__table__.c.id == paired.c.target_id), paired.c.key

    def keyed(self) -> tuple[FromClause, ColumnElement[Any]]:
        """Join the targets to their pairs."""
        pairs = cast("Select[Any]", select(self.key.label("key"), self.target_id.label("target_id")))
        paired = pairs.where(*self.where).subquery("pair")
        return self.target.__table__.join(paired, self.target.__table__.c.id == paired.c.target_id), paired.c.key

    def meets(self, own: ColumnElement[Any], key: ColumnElement[Any]) -> ColumnElement[bool]:
        """Compare the key of the pair."""
        return own == key


@dataclass(frozen=True)
class Without:
    """The targets of some pairs that are not the targets of others. Conditions on the link choose among the others."""

    pairs: ByPairs
    others: ByPairs
    key_type: type[BigInteger | Text] = BigInteger

    def matching(self, key: ColumnElement[Any], window: Window) -> tuple[FromClause, list[ColumnElement[bool]]]:
        """Compare the ids of the targets with those of both."""
        source, mine = self.pairs.matching(key, replace(window, link_conditions=()))
        _, others = self.others.matching(key, window)
        return source, [*mine, not_(and_(*others))]

    def listed(self, window: Window) -> None:
        """Return None: each parent has pairs of its own."""
        del window


@dataclass(frozen=True)
class ByPathRange:
    """The target's path is the parent's or begins with it: one index range for each parent."""

    path: InstrumentedAttribute[Any]
    key_type: type[BigInteger | Text] = Text

    def matching(self, key: ColumnElement[Any], window: Window) -> tuple[FromClause, list[ColumnElement[bool]]]:
        """Compare the path with both ends."""
        del window
        return self.path.class_.__table__, [self.meets(column_of(self.path), key)]

    def listed(self, window: Window) -> None:
        """Return None: each parent has a range of its own."""
        del window

    def keyed(self) -> tuple[FromClause, ColumnElement[Any]]:
        """Return the table and its paths."""
        return self.path.class_.__table__, column_of(self.path)

    def meets(self, own: ColumnElement[Any], key: ColumnElement[Any]) -> ColumnElement[bool]:
        """Compare the path with both ends."""
        return and_(own >= key, own < subtree_end(key))


@dataclass(frozen=True)
class BySortKey:
    """The target's sort key begins with the parent's: one index range for each parent, in the order of the tree."""

    target: type[Tree]
    key_type: type[BigInteger | Text] = Text

    def matching(self, key: ColumnElement[Any], window: Window) -> tuple[FromClause, list[ColumnElement[bool]]]:
        """Compare the sort key with the range, and the depth with the number of levels."""
        nodes = self._nodes
        inside = [self.meets(nodes.c.sort_key, key)]
        if window.depth is not None:
            top = nodes.alias()
            level = select(top.c.depth).where(top.c.sort_key == key).correlate(key.table).scalar_subquery()
            inside.append(nodes.c.depth - level <= window.depth)  # a sum could exceed 32 bits
        return nodes, inside

    @property
    def _nodes(self) -> Table:
        return cast("Table", self.target.__table__)  # type: ignore[attr-defined]

    def keyed(self) -> tuple[FromClause, ColumnElement[Any]]:
        """Return the table and its sort keys."""
        return self._nodes, self._nodes.c.sort_key

    def meets(self, own: ColumnElement[Any], key: ColumnElement[Any]) -> ColumnElement[bool]:
        """Compare the sort key with both ends of the range; in it, a letter follows the parent's key."""
        return and_(own >= self._end(key, "a"), own < self._end(key, "{"))

    def _end(self, key: ColumnElement[Any], letter: str) -> ColumnElement[Any]:
        return key.concat(literal_column(f"'{letter}'")).collate("C")

    def listed(self, window: Window) -> None:
        """Return None: each parent has a range of its own."""
        del window
