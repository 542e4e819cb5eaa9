"""Edges: the ways in which a row leads to others, one function each. They know no entity."""

from dataclasses import replace
from typing import Any, cast

from sqlalchemy import ColumnElement, SQLColumnExpression
from sqlalchemy.orm import InstrumentedAttribute

from app.loaders.edge import Edge, Shape
from app.loaders.links import ByForeignKey, ByPairs, ByPathRange, BySortKey, Key, Without
from app.loaders.order import Order
from app.models import Entity
from app.models.base import column_of
from app.models.tree import Tree


def model_of(attribute: InstrumentedAttribute[Any]) -> type[Entity]:
    """Return the model that an attribute belongs to."""
    return cast("type[Entity]", attribute.class_)


def by_key(model: type[Entity]) -> Edge:
    """Lead from an id, such as an argument, to the row with this id."""
    return Edge(model, "id", ByForeignKey(model.id), Shape.ONE, by_id(model))


def by_ids(model: type[Entity]) -> Edge:
    """Lead from a list of ids, such as those of written records, to the rows in the order of the list."""
    return Edge(model, "ids", ByForeignKey(model.id), Shape.EACH, by_id(model), keys_in=list)


def by_id(model: type[Entity]) -> Order:
    """Order by id: the order in which records were created."""
    return Order.by(model.id)


def one(key: InstrumentedAttribute[Any], target: type[Entity], *where: ColumnElement[bool]) -> Edge:
    """Lead from the row that carries the foreign key `key` to the row that it refers to, if `where` holds."""
    return Edge(target, key.key, ByForeignKey(target.id), Shape.ONE, by_id(target), where)


def one_back(key: InstrumentedAttribute[Any]) -> Edge:
    """Lead to the one row whose unique foreign key refers to the parent."""
    return Edge(model_of(key), "id", ByForeignKey(key), Shape.ONE, by_id(model_of(key)))


def many(key: InstrumentedAttribute[Any], *where: ColumnElement[bool]) -> Edge:
    """Lead to the rows whose foreign key refers to the parent."""
    return Edge(model_of(key), "id", ByForeignKey(key), Shape.MANY, by_id(model_of(key)), where)


def through(
    key: SQLColumnExpression[Any],
    target_id: SQLColumnExpression[Any],
    target: type[Entity],
    *where: ColumnElement[bool],
) -> Edge:
    """Lead through pairs of (parent's id, target's id) in a table or a subquery; `where` selects the pairs."""
    pairs = ByPairs(stored(key), stored(target_id), target, where)
    return Edge(target, "id", pairs, Shape.MANY, by_id(target))


def stored(column: SQLColumnExpression[Any]) -> SQLColumnExpression[Any]:
    """Return the column behind an attribute of a model; any other column is returned as it is."""
    return column_of(column) if isinstance(column, InstrumentedAttribute) else column


def without(edge: Edge, other: Edge) -> Edge:
    """Lead to the rows of an edge through pairs, without those of another one; arguments choose among the latter."""
    return replace(edge, link=Without(cast("ByPairs", edge.link), cast("ByPairs", other.link)))


def below(path: InstrumentedAttribute[Any], *where: ColumnElement[bool]) -> Edge:
    """Lead from a node's `path` to the rows whose `path` column holds it or a path below it."""
    return Edge(model_of(path), "path", ByPathRange(path), Shape.MANY, Order.by(path), where)


def children_of(target: type[Entity]) -> Edge:
    """Lead from a node of a tree to those one level below, in the order of the tree."""
    tree = cast("type[Tree]", target)
    return many(tree.parent_id).ordered_by(tree.sort_key)


def descendants_of(target: type[Entity]) -> Edge:
    """Lead from a node of a tree to all below it, in the order of the tree."""
    tree = cast("type[Tree]", target)
    return Edge(target, "sort_key", BySortKey(tree), Shape.MANY, Order.by(tree.sort_key))


def above(target: type[Entity]) -> Edge:
    """Lead from a node's path to its ancestors, root first."""
    return Edge(target, "path", ByForeignKey(target.id), Shape.EACH, by_id(target), keys_in=ancestors_in)


def top(target: type[Entity]) -> Edge:
    """Lead from a node's path to the root of its tree, which may be the node itself."""
    return Edge(target, "path", ByForeignKey(target.id), Shape.ONE, by_id(target), keys_in=root_in)


def nearest(target: type[Entity], *where: ColumnElement[bool]) -> Edge:
    """Lead from a node's path to the nearest node for which conditions hold: itself, or one above it."""
    return Edge(target, "path", ByForeignKey(target.id), Shape.ONE, by_id(target), where, keys_in=upwards_in)


def ancestors_in(path: str) -> list[Key]:
    """Read the ids of the ancestors from a path, root first."""
    return [int(step) for step in path.split("/")[:-2]]


def upwards_in(path: str) -> list[Key]:
    """Read the ids of a node and its ancestors from its path, root last."""
    return [int(step) for step in reversed(path.split("/")[:-1])]


def root_in(path: str) -> list[Key]:
    """Read the id of the root from a path."""
    return [int(path.split("/", 1)[0])]
