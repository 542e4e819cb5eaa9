"""Subtrees: what a filter finds below some nodes of a tree, by a range of paths for each node."""

from collections.abc import Callable, Mapping
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    FromClause,
    Select,
    Table,
    and_,
    any_,
    column,
    func,
    not_,
    select,
    table,
    true,
)
from sqlalchemy.orm import InstrumentedAttribute

from app.error_codes import Message
from app.errors import InvalidInputError
from app.loaders.comparisons import contains, has_part
from app.loaders.edge import Edge
from app.loaders.id_lists import one_of
from app.loaders.links import subtree_end
from app.loaders.values import read_id, read_value, refuse_long
from app.models import Entity
from app.models.base import column_of
from app.models.tree import Tree

Condition = ColumnElement[bool]
Tops = Select[Any] | CompoundSelect[Any]
"""A query of the paths of nodes."""

NULL_UNDER = Message(
    "the filter {filter!r} must not be null, and its variable must not be left out; for no condition leave it out of "
    "the filter",
    "筛选条件 {filter} 不能为 null，其变量也不能省略；不需要该条件时请从筛选中去掉",
)

UNDER, UNDER_CODE, FULL_NAME = "under", "underCode", "fullName"
SEPARATOR = "/"
"""What stands between the names in a full name."""

SUBTREES: Mapping[str, Callable[[Any, str], Condition]] = {
    UNDER: lambda columns, root: columns.id == read_id(root),
    UNDER_CODE: lambda columns, code: columns.code == read_value(columns.code.type, code),
}
"""The members that compare the place of a row in a tree, with what holds for the tops of the subtrees."""


def is_subtree(edge: Edge, name: str, value: Any) -> bool:
    """Return whether a member of the filter of an edge's rows holds for whole subtrees."""
    if name in SUBTREES:
        return True
    parts = isinstance(value, Mapping) and name == FULL_NAME and edge.roots is not None
    return bool(parts and value.keys() == {"contains"} and last_name(value["contains"] or ""))


def tops_of_edge(edge: Edge, name: str, value: Any) -> Tops:
    """Select the paths of the tops of the subtrees for which such a member holds."""
    tree = cast("type[Tree]", edge.target)
    return tops_of(tree, name, value) if name in SUBTREES else tops_named(edge, value["contains"])


def in_subtree(tree: type[Tree], root: str) -> Condition:
    """Return the condition that a node lies in the subtree of the node with an id, or is the node."""
    return below(tops_of(tree, UNDER, root), cast("Any", tree.path))


def tops_of(tree: type[Tree], name: str, value: str | None) -> Select[Any]:
    """Select the paths of the nodes that `under` or `underCode` names; imported nodes may share a code."""
    if value is None:
        raise InvalidInputError(NULL_UNDER, filter=name)
    refuse_long(name, value)
    nodes = aliased(cast("Table", cast("type[Entity]", tree).__table__), "id", "code", "path")
    return select(nodes.c.path).where(SUBTREES[name](nodes.c, value))


def aliased(named: Table, *names: str) -> FromClause:
    """Return an alias of a table with some of its columns: to copy all takes as long as the rest of a filter."""
    return table(named.name, *(column(name, named.c[name].type) for name in names)).alias()


def tops_named(edge: Edge, given: str) -> Tops:
    """Select the paths of the highest nodes whose full name contains a text: it then does below them, and only there.

    Their own name has the end of the text. An index finds these nodes; none finds parts of full names, which repeat the
    names above. The node that has the name may be invisible: then one of the `roots` below is a top.
    """
    refuse_long(f"{FULL_NAME}.contains", given)
    nodes = edge.target.__table__.alias()  # `contains` needs to know the indexes of the table
    text = cast("str", read_value(nodes.c.full_name.type, given))
    above = func.left(nodes.c.full_name, -1 - func.length(nodes.c.name))
    whole = has_part(nodes.c.full_name, text)
    named = select(nodes.c.path).where(contains(nodes.c.name, last_name(text)), whole, not_(has_part(above, text)))
    roots = select(nodes.c.path).where(cast("Any", edge.roots)(nodes.c), whole)
    return named.union_all(roots)


def last_name(text: str) -> str:
    """Return the part of a text that stands in the last of the names that it is a part of."""
    return text.rpartition(SEPARATOR)[2]


def below(tops: Tops, path: InstrumentedAttribute[Any]) -> Condition:
    """Return the condition that the path of a row is one of some paths or below one.

    The rows are listed from there. PostgreSQL does not know how many they are: it would join ranges by reading the
    whole table, and look for a page of them among all rows in the order of the page.
    """
    nodes, top = path.class_.__table__, tops.subquery("top")
    rows = aliased(nodes, "id", path.key)
    inside = and_(rows.c[path.key] >= top.c.path, rows.c[path.key] < subtree_end(top.c.path))
    listed = select(rows.c.id).where(inside).correlate(top).offset(0).lateral("listed")
    ids = select(listed.c.id).select_from(top.join(listed, true()))
    return cast("Condition", nodes.c.id == one_of(ids))


def is_below(tops: Tops, path: InstrumentedAttribute[Any]) -> Condition:
    """Return the same condition for rows that are read one by one. Each is compared with all tops: of few alone."""
    return column_of(path).op("^@", is_comparison=True)(any_(func.array(tops.scalar_subquery())))
