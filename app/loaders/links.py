"""Links: how a parent's key finds the rows that belong to it, as SQL for one key and for all keys at once."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Protocol, cast, runtime_checkable

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

OWN = "own"
"""The column of `owners`."""

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

    owner_column: ClassVar[str]
    """The parents' column that is compared with `own`; empty if it is the one with their keys."""

    def owners(self, conditions: Sequence[ColumnElement[bool]]) -> Select[Any]:
        """Select, as `own`, which parents lead to rows that fulfil conditions."""


def subtree_end(path: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return the end of the range of paths below a path, itself not below: '0' is the character after '/'."""
    return func.rtrim(path, literal_column("'/'")).concat(literal_column("'0'")).collate("C")


def ids_in(path: ColumnElement[Any], conditions: Sequence[ColumnElement[bool]]) -> Select[Any]:
    """Select, as `own`, the ids in the paths of the rows that fulfil conditions.

    PostgreSQL joins ids by a hash table. Ranges of paths it would join by comparing each with all rows. Many rows share
    a path, so each is taken apart once.
    """
    path = func.rtrim(path, literal_column("'/'")).label("path")
    paths = select(path).where(*conditions).distinct().subquery("paths")
    id_ = func.unnest(func.string_to_array(paths.c.path, literal_column("'/'")))
    return select(sql_cast(id_, BigInteger).label(OWN))


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
    owner_column: ClassVar[str] = ""

    def matching(self, key: ColumnElement[Any], window: Window) -> tuple[FromClause, list[ColumnElement[bool]]]:
        """Compare the column."""
        del window
        return self.key.class_.__table__, [column_of(self.key) == key]

    def listed(self, window: Window) -> tuple[FromClause, ColumnElement[Any]]:
        """Compare the column with all keys at once."""
        del window
        return self.key.class_.__table__, column_of(self.key)

    def owners(self, conditions: Sequence[ColumnElement[bool]]) -> Select[Any]:
        """Select the keys."""
        own = column_of(self.key).label(OWN)
        return cast("Select[Any]", select(own).select_from(self.key.class_.__table__).where(*conditions))


@dataclass(frozen=True)
class ByPairs:
    """Another table or query has pairs of (parent's key, target's id); a pair that occurs twice counts once."""

    key: SQLColumnExpression[Any]
    target_id: SQLColumnExpression[Any]
    target: type[Entity]
    where: tuple[ColumnElement[bool], ...] = ()
    key_type: type[BigInteger | Text] = BigInteger
    owner_column: ClassVar[str] = ""

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

    def owners(self, conditions: Sequence[ColumnElement[bool]]) -> Select[Any]:
        """Select the keys of the pairs."""
        pairs = cast("Select[Any]", select(self.key.label("key"), self.target_id.label("target_id")))
        paired, table = pairs.where(*self.where).subquery("pair"), self.target.__table__
        source = table.join(paired, table.c.id == paired.c.target_id)
        return cast("Select[Any]", select(paired.c.key.label(OWN)).select_from(source).where(*conditions))


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
    owner_column: ClassVar[str] = "id"

    def matching(self, key: ColumnElement[Any], window: Window) -> tuple[FromClause, list[ColumnElement[bool]]]:
        """Compare the path with both ends."""
        del window
        path = column_of(self.path)
        return self.path.class_.__table__, [path >= key, path < subtree_end(key)]

    def listed(self, window: Window) -> None:
        """Return None: each parent has a range of its own."""
        del window

    def owners(self, conditions: Sequence[ColumnElement[bool]]) -> Select[Any]:
        """Select the ids in the paths."""
        return ids_in(column_of(self.path), conditions)


@dataclass(frozen=True)
class BySortKey:
    """The target's sort key begins with the parent's: one index range for each parent, in the order of the tree."""

    target: type[Tree]
    key_type: type[BigInteger | Text] = Text
    owner_column: ClassVar[str] = "id"

    def matching(self, key: ColumnElement[Any], window: Window) -> tuple[FromClause, list[ColumnElement[bool]]]:
        """Compare the sort key with the range, and the depth with the number of levels."""
        nodes, own = self._nodes, self._nodes.c.sort_key
        inside = [own >= self._end(key, "a"), own < self._end(key, "{")]  # a letter follows the parent's key
        if window.depth is not None:
            top = nodes.alias()
            level = select(top.c.depth).where(top.c.sort_key == key).correlate(key.table).scalar_subquery()
            inside.append(nodes.c.depth - level <= window.depth)  # a sum could exceed 32 bits
        return nodes, inside

    @property
    def _nodes(self) -> Table:
        return cast("Table", self.target.__table__)  # type: ignore[attr-defined]

    def owners(self, conditions: Sequence[ColumnElement[bool]]) -> Select[Any]:
        """Select the ids in the paths of the parents."""
        own = self._nodes.c
        return ids_in(func.left(own.path, -1 - func.length(sql_cast(own.id, Text))), conditions)

    def _end(self, key: ColumnElement[Any], letter: str) -> ColumnElement[Any]:
        return key.concat(literal_column(f"'{letter}'")).collate("C")

    def listed(self, window: Window) -> None:
        """Return None: each parent has a range of its own."""
        del window
