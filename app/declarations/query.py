"""Query: the fields at the root of the schema."""

from collections.abc import Mapping

import strawberry

from app.declarations.arguments import argument
from app.declarations.entity import Node, search
from app.declarations.field import Field
from app.declarations.types import type_of
from app.loaders.edges import by_key
from app.loaders.lists import all_rows
from app.loaders.reads import AnyById, ById
from app.models import Entity

ID = argument("id", strawberry.ID, "编号 Global id")


def record(model: type[Entity]) -> Field:
    """Declare the field that returns one record by its id."""
    description = f"记录 The {model.__name__} with this id; null when it does not exist or the caller may not see it."
    return Field(ById(by_key(model)), type_of(model) | None, description, (ID,))


def records(model: type[Entity]) -> Field:
    """Declare the field that returns a list of records, page by page."""
    description = f"记录 All {model.__name__} records that the caller may see, page by page."
    return search(all_rows(model), description, "排序 By id by default")


def any_record() -> Field:
    """Declare Relay's `node`."""
    return Field(AnyById(many=False), Node | None, "记录 The record with this id, of any type.", (ID,))


def any_records() -> Field:
    """Declare `nodes`."""
    ids = argument("ids", list[strawberry.ID], "编号 Global ids, at most as many as a page has rows: 100 by default")
    description = "记录 The records with these ids, of any type, in the order of the ids; null where there is none."
    return Field(AnyById(many=True), list[Node | None] | None, description, (ids,))


def make_query(fields: Mapping[str, Field]) -> type:
    """Make the root type of queries from its fields."""
    return make_root("Query", "查询 The fields that queries start from.", fields)


def make_root(name: str, description: str, fields: Mapping[str, Field]) -> type:
    """Make the root type of an operation."""
    made = {name: field.strawberry_field(name) for name, field in fields.items()}
    body = {"__annotations__": {}, "__module__": __name__, "__doc__": description, **made}
    return strawberry.type(type(name, (), body), description=description)
