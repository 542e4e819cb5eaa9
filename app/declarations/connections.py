"""Connections: the Relay types of a page of an entity, made once for each entity."""

from functools import cache
from typing import Any

import strawberry
from strawberry.annotation import StrawberryAnnotation
from strawberry.tools import create_type
from strawberry.types.field import StrawberryField

from app.declarations.arguments import argument
from app.declarations.types import group_field_type_of, group_type_of, type_of
from app.loaders.counting import MOST_GROUPS
from app.loaders.groups import BY
from app.loaders.reads import READ, Groups
from app.models import Entity


@strawberry.type(description="分页信息 The position of a page in its connection.")
class PageInfo:
    """The four fields that Relay requires."""

    has_next_page: bool = strawberry.field(description="有下一页 Whether rows follow the page")
    has_previous_page: bool = strawberry.field(description="有上一页 Whether rows precede the page")
    start_cursor: str | None = strawberry.field(
        description="首条游标 Cursor of the first row; null when the page is empty"
    )
    end_cursor: str | None = strawberry.field(
        description="末条游标 Cursor of the last row; null when the page is empty"
    )


def _field(name: str, annotation: Any, description: str) -> StrawberryField:
    return StrawberryField(python_name=name, type_annotation=StrawberryAnnotation(annotation), description=description)


def _total_count(model: type[Entity]) -> StrawberryField:
    """Declare the total of a connection. It is nullable where the rows are counted only up to a number."""
    description = "总数 Number of rows on all pages; counted only when selected"
    if model.most_counted is None:
        return _field("total_count", int, description)
    return _field("total_count", int | None, f"{description}, and null when there are more than {model.most_counted:,}")


def _groups(model: type[Entity]) -> StrawberryField:
    """Declare the groups of a connection. The field is nullable: there may be too many groups."""
    field = StrawberryField(
        python_name="groups",
        type_annotation=StrawberryAnnotation(list[group_type_of(model)] | None),  # type: ignore[misc]
        description="分组计数 How many rows of all pages have each value of one or two columns, the largest first;"
        f" at most {MOST_GROUPS:,} groups",
        metadata={READ: Groups(model)},
    )
    by: Any = list[group_field_type_of(model)]  # type: ignore[misc]
    field.arguments = [argument(BY, by, "分组字段 One or two columns")]
    return field


@cache
def connection_of(model: type[Entity]) -> Any:
    """Make the connection type of a model's entity."""
    noun = model.__name__
    edge = create_type(
        f"{noun}Edge",
        [
            _field("cursor", str, "游标 Position of the row, for `after` and `before`"),
            _field("node", type_of(model), "记录 The row"),
        ],
        description=f"分页行 A row of a page of {noun}, with its cursor.",
    )
    return create_type(
        f"{noun}Connection",
        [
            _field("edges", list[edge], "分页行 The rows with their cursors"),  # type: ignore[valid-type]
            _field("nodes", list[type_of(model)], "记录 The rows"),  # type: ignore[misc]
            _field("page_info", PageInfo, "分页信息 Position of the page"),
            _total_count(model),
            _groups(model),
        ],
        description=f"分页 A page of {noun}.",
    )
