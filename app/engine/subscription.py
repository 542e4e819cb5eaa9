"""Subscription: the one root field of a subscription, with the plan of its events.

The row of an event has two columns of the change: `id`, which is also its position, and `entity_id`. The records in it
hang on these by ordinary edges, and many events are read at a time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from graphql import GraphQLObjectType

from app.engine.codegen import Columns
from app.engine.compiling import row_on
from app.engine.operation import ArgumentsOf, Operation, arguments_of, name_of, object_type
from app.engine.plan import Inputs, Level, Selection
from app.error_codes import Message
from app.errors import InvalidInputError
from app.loaders.reads import READ, Followed

COLUMNS = ("id", "entity_id")

NO_FIELD = Message(
    "a subscription needs one field that `@skip` and `@include` leave in",
    "订阅须保留一个未被 @skip、@include 去掉的字段",
)


@dataclass(frozen=True)
class SubscriptionPlan:
    """What a subscription follows, how its arguments follow from the variables, and what is read of each event."""

    response_key: str
    followed: Followed
    arguments: ArgumentsOf
    event: Selection

    def begin(self, events: Sequence[tuple[int, int]], inputs: Inputs) -> Level:
        """Make the level of some events, which are the ids of changes and of their records."""
        level = Level([(None, *event) for event in events])
        self.event.finish(level, inputs)
        return level


def compile_subscription(operation: Operation) -> SubscriptionPlan:
    """Compile a subscription; InvalidInputError when no field is left, UnplannableError when one has no plan."""
    root = cast("GraphQLObjectType", operation.schema.subscription_type)
    for key, details in operation.root_fields(root).items():
        declared = root.fields[name_of(details)]
        row = row_on(operation, object_type(declared), details, Columns(list(COLUMNS)))
        return SubscriptionPlan(key, declared.extensions[READ], arguments_of(declared, details), row.selection())
    raise InvalidInputError(NO_FIELD)
