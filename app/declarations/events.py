"""Events: how the schema shows the changes as they happen, to queries page by page and to subscriptions one by one."""

from collections.abc import Mapping
from typing import Any

import strawberry
from strawberry.tools import create_type

from app.declarations.arguments import PAGING, argument, id_argument, text_argument
from app.declarations.connections import connection_of
from app.declarations.entity import related
from app.declarations.field import Field, object_type
from app.declarations.mutations import input_field
from app.declarations.query import make_root
from app.declarations.types import choice_type
from app.events.cursor import cursor_of
from app.events.event_filter import EventFilter
from app.loaders.edges import one
from app.loaders.lists import all_rows
from app.loaders.reads import FILTER, Feed, Followed, Value
from app.models import Change, Entity
from app.models.change import Operation

MEMBERS: Mapping[str, tuple[Any, str]] = {
    "entity": (list[str], "记录类型 Of one of these kinds of records, such as space"),
    "entity_id": (list[strawberry.ID], "记录编号 Of one of these records"),
    "under": (strawberry.ID, "子树 Of records in the subtree of this organisation or space, before the change or now"),
    "operation": (list[choice_type(Operation)], "操作 One of these operations"),  # type: ignore[misc]
    "changed_fields": (list[str], "变更字段 Updates of at least one of these fields"),
}

CHANGE_EVENT_FILTER = create_type(
    "ChangeEventFilter",
    [input_field(name, type_ | None, text, default=strawberry.UNSET) for name, (type_, text) in MEMBERS.items()],
    is_input=True,
    description="筛选条件 Which changes are followed; all conditions must hold. A member that is null is no condition.",
)

AFTER = text_argument("after", "游标之后 First what followed this cursor; only new changes by default")


def change_feed() -> Field:
    """Declare the changes in the order in which they were written, page by page; nullable as all lists are."""
    read = Feed(all_rows(Change), condition=lambda given: EventFilter.of(given).condition)
    description = (
        "变更流 The changes that the caller may see, in the order in which they were written. Those that a running"
        " transaction may still precede are left out, so that a client that goes on from its last cursor misses none."
    )
    return Field(read, connection_of(Change) | None, description, (_filter(), *PAGING))


def all_changes() -> Field:
    """Declare the subscription to all changes."""
    description = "变更 The changes that the caller may see, as they are written."
    return Field(Followed(None), _event_type("Change", {}), description, (_filter(), AFTER))


def changes_of(model: type[Entity], noun: str) -> Field:
    """Declare the subscription to the changes of one kind of records, with the record as it is now."""
    record = related(
        one(Change.entity_id, model), f"记录 The {model.__name__} as it is now; null when it is deleted or not visible"
    )
    description = f"变更 Changes of {model.__name__} records that the caller may see, as they are written."
    arguments = (
        id_argument("id", "编号 Only of this record"),
        id_argument("under", "子树 Only of records in the subtree of this organisation or space"),
        AFTER,
    )
    return Field(Followed(model.__tablename__), _event_type(model.__name__, {noun: record}), description, arguments)


def make_subscription(fields: Mapping[str, Field]) -> type:
    """Make the root type of subscriptions from its fields."""
    return make_root("Subscription", "订阅 The fields that follow the changes of the register.", fields)


def _filter() -> Any:
    return argument(FILTER, CHANGE_EVENT_FILTER | None, "筛选条件 Conditions; all changes by default")


def _event_type(name: str, record: Mapping[str, Field]) -> type:
    """Make the type of the events of a subscription."""
    body = {"__doc__": f"变更事件 A change of a record of the kind {name}, as it is written."}
    if not record:
        body["__doc__"] = "变更事件 A change of any record, as it is written."
    fields = {
        "cursor": Field(Value(("id",), cursor_of), str, "游标 Position of the event, for `after`"),
        "change": related(one(Change.id, Change), "变更记录 Who, when, why, and what differs"),
    }
    return object_type(type(f"{name}Event", (), body), {**fields, **record}, ())
