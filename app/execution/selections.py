"""Selections: what webhooks select of records that are changed: checked when they are added, read for each event.

A selection becomes a subscription to the changes of its kind of records. So it means what it would mean there.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple, cast

import orjson
from graphql import GraphQLError, GraphQLObjectType, GraphQLSchema, TokenKind, get_named_type, parse

from app.access.caller import Caller
from app.engine.document import Document, RefusedError
from app.engine.limits import Limits
from app.errors import InvalidInputError, RequestError
from app.events.event import Event
from app.events.webhooks.payload import Selected
from app.execution.event_answers import EventAnswers
from app.execution.prepare import Preparer
from app.execution.request import Request, Run
from app.loaders.budget import Budget
from app.loaders.reads import READ, Value

EVENT = """subscription Webhook {{ event: {field} {{
  cursor change {{ id time operation entityId changedFields }} record: {record}
{selection}
}} }}"""

LINES_BEFORE = 2
"""The lines of EVENT before the selection."""

NO_SELECTION = "a selection is one pair of braces with fields, such as { id name org { name } }"


ABOUT_THE_EVENT = {"cursor", "change"}
"""The fields of an event besides the record."""


class Source(NamedTuple):
    """The subscription to one kind of records, and the name and the type of the record in its events."""

    field: str
    record: str
    type: GraphQLObjectType


class Selections:
    """Reads what webhooks select of events (app/events/webhooks/payload.py)."""

    def __init__(self, schema: GraphQLSchema, preparer: Preparer, answers: EventAnswers) -> None:
        self._schema, self._preparer, self._answers = schema, preparer, answers

    async def select(self, entity: str, selection: str, caller: Caller, events: Sequence[Event]) -> Sequence[Selected]:
        """Read a selection of the records of some events, as a caller sees them now."""
        request = Request(query=text_of(self._schema, entity, selection), is_own=True)
        try:
            prepared = await self._preparer.prepare(request, Run(caller, Budget(0, 0)), may_introspect=False)
        except RequestError as error:
            return [Selected(None, error.code)] * len(events)
        return [selected_in(body) for body in await self._answers.bodies(prepared, caller, events)]


def selected_in(body: bytes) -> Selected:
    """Read the answer to a subscription."""
    answer = orjson.loads(body)
    if answer["data"] is None:
        return Selected(None, answer["errors"][0]["extensions"]["code"])
    return Selected(answer["data"]["event"])


def checked_selection(schema: GraphQLSchema, entity: str, selection: str | None, limits: Limits) -> str:
    """Return a selection that can be run; by default all fields of the record itself.

    InvalidInputError says what is wrong with one, and where; LimitExceededError when it is too large.
    """
    source = followed(schema, entity)
    if selection is None:
        return default_selection(source.type)
    try:
        refuse_more_than_one(selection, limits)
        Document.of(text_of(schema, entity, selection), schema, limits, suggest=True)
    except RefusedError as error:
        raise InvalidInputError("; ".join(place_of(each, LINES_BEFORE) for each in error.errors)) from error
    except GraphQLError as error:
        raise InvalidInputError(place_of(error, 0)) from error
    return selection.strip()


def refuse_more_than_one(selection: str, limits: Limits) -> None:
    """Refuse a text that would also say something outside of its place: InvalidInputError, GraphQLError."""
    first, *others = parse(selection, max_tokens=limits.tokens).definitions
    is_bare = first.loc is not None and first.loc.start_token.kind == TokenKind.BRACE_L
    if others or not is_bare:
        raise InvalidInputError(NO_SELECTION)


def place_of(error: GraphQLError, lines_before: int) -> str:
    """Describe an error of a selection with its place there."""
    places = [f"line {each.line - lines_before}, column {each.column}" for each in error.locations or ()]
    return f"{error.message} ({' and '.join(places)})" if places else error.message


def text_of(schema: GraphQLSchema, entity: str, selection: str) -> str:
    """Write the subscription that a selection stands for."""
    source = followed(schema, entity)
    return EVENT.format(field=source.field, record=source.record, selection=selection)


def followed(schema: GraphQLSchema, entity: str) -> Source:
    """Return where one kind of records is followed; InvalidInputError when it is none."""
    every = dict(sources(schema))
    if entity not in every:
        raise InvalidInputError(f"there are no records of the kind {entity!r}; there are {', '.join(sorted(every))}")
    return every[entity]


def sources(schema: GraphQLSchema) -> Iterator[tuple[str, Source]]:
    """Yield each kind of records with its subscription."""
    for name, field in cast("GraphQLObjectType", schema.subscription_type).fields.items():
        entity = field.extensions[READ].entity
        event = cast("GraphQLObjectType", get_named_type(field.type))
        for record in event.fields.keys() - ABOUT_THE_EVENT if entity else ():
            yield entity, Source(name, record, cast("GraphQLObjectType", get_named_type(event.fields[record].type)))


def default_selection(record: GraphQLObjectType) -> str:
    """Select the fields of a record that are read from the record itself."""
    fields = [name for name, field in record.fields.items() if isinstance(field.extensions.get(READ), Value)]
    return f"{{ {' '.join(fields)} }}"
