"""Reads: what a field of the schema reads from the database. Nouns declare them, both executors follow them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, true

from app.access.caller import Caller
from app.db.scope import Extent
from app.loaders.arguments import Argument, Arguments, conditions_of
from app.loaders.disclosures import Disclosure
from app.loaders.edge import Edge
from app.loaders.filtering import FILTERABLE, Filter
from app.loaders.kept import counting_of
from app.loaders.links import Key
from app.loaders.lists import first_ids_of, starting_for, starts_from_scope
from app.loaders.moments import ways
from app.loaders.order import Order, Term
from app.loaders.page import Slice, not_negative, page_size
from app.loaders.searches import listing_for
from app.loaders.values import read_id
from app.loaders.window import WHOLE, Window
from app.models import Entity

SETTLED = "settled"
"""The last record that is settled, beside the arguments of a Feed."""

FILTER = "filter"
"""The argument of a list that has conditions."""

READ = "read"
"""Where a field of the graphql-core schema carries its read, in `extensions`."""
MODEL = "model"
"""Where an object type of the graphql-core schema carries its model, in `extensions`."""


@dataclass(frozen=True)
class Value:
    """A value of the row itself: a column as it is, or made from the values of some columns.

    Personal data have a `mask` for callers who may not read them. Those of customers are `recorded`: every request that
    shows them unmasked leaves a record.
    """

    columns: tuple[str, ...]
    make: Callable[..., object] | None = None
    mask: Callable[..., object] | None = None
    recorded: bool = False


@dataclass(frozen=True)
class Made:
    """A value made from several columns of the row: a list of texts, or of objects whose attributes are the fields.

    `make` takes whether the caller reads personal data unmasked, and the values of the columns. `disclose` takes these
    values and returns which personal data they show unmasked, so that it is recorded.
    """

    columns: tuple[str, ...]
    make: Callable[..., Sequence[object]]
    disclose: Callable[..., Sequence[Disclosure]] | None = None


@dataclass(frozen=True)
class Related:
    """The row or the rows that an edge leads to."""

    edge: Edge
    arguments: tuple[Argument, ...] = ()

    @property
    def is_searchable(self) -> bool:
        """Whether parents may be filtered by the rows: a filter has no arguments."""
        return self.edge.searchable and not any(argument.is_needed for argument in self.arguments)

    def window(self, given: Arguments) -> Window:
        """Read the arguments `first` and those that must equal a column."""
        conditions = conditions_of(self.arguments, given)
        limit = given.get("first")
        if not any(conditions) and limit is None:
            return WHOLE
        return Window(*conditions, limit=None if limit is None else page_size("first", limit))


@dataclass(frozen=True)
class Count:
    """The number of rows that an edge leads to, or whether there are any; `shown` turns the number into the value."""

    edge: Edge
    arguments: tuple[Argument, ...] = ()
    shown: type[int | bool] = int

    def select(self, window: Window) -> Select[Any]:
        """Select the parents' keys with their numbers of rows, or with 1 where only the first row matters."""
        return self.edge.existing(window) if self.shown is bool else self.edge.counts(window)

    def window(self, given: Arguments) -> Window:
        """Read the arguments that must equal a column."""
        conditions = conditions_of(self.arguments, given)
        return Window(*conditions) if any(conditions) else WHOLE


@dataclass(frozen=True)
class Page:
    """A page of the rows that an edge leads to: a Relay connection."""

    edge: Edge
    arguments: tuple[Argument, ...] = ()
    searched: bool = False
    """Whether the rows may be filtered and ordered."""

    def within(self, extent: Extent) -> "Page":
        """Choose where the reading starts for a caller whose scope has this extent."""
        return replace(self, edge=starting_for(self.edge, extent))

    def given(self, arguments: Arguments, settled: int | None) -> Arguments:
        """Return the arguments that the page is read with."""
        del settled
        return arguments

    def matching(self, given: Arguments, *, sees_personal: bool) -> Window:
        """Read the filter and the other conditions of the connection, without the position of the page."""
        conditions, link_conditions = conditions_of(self.arguments, given)
        counting = None if self.edge.parent or conditions else counting_of(self.edge.target, given.get(FILTER) or {})
        depth = levels(given.get("depth"))
        if not given.get(FILTER):
            first_ids = None if conditions or link_conditions else first_ids_of(self.edge)
            return Window(conditions, link_conditions, depth=depth, counting=counting, first_ids=first_ids)
        wanted = Filter(self.edge.target, sees_personal, starts_from_scope(self.edge))
        filtered = (*conditions, wanted.condition(given[FILTER]))
        whole = Window(filtered, link_conditions, depth=depth, counting=counting)
        return whole if self.edge.parent or conditions else self._with_ways(whole, wanted, given)

    def _with_ways(self, whole: Window, wanted: Filter, given: Arguments) -> Window:
        """Return the window of a list at the root, with the ways to read it if its filter has several."""
        listing = listing_for(wanted, given[FILTER])
        if listing is not None:
            once = listing.is_planned_once
            return replace(whole, ways=listing.ways, counted_ways=listing.counted_ways, is_planned_once=once)
        return replace(whole, ways=ways(wanted, given[FILTER], self._order(given)))

    def slice(self, given: Arguments) -> Slice:
        """Read which part of the connection is wanted, in what order."""
        return Slice.of(self.edge.target, self._order(given), given)

    def _order(self, given: Arguments) -> Order:
        chosen = given.get("orderBy")
        if not chosen:
            return self.edge.order
        orders = FILTERABLE[self.edge.target].orders
        return Order(tuple(Term(orders[each["field"]], each.get("direction") == "DESC") for each in chosen))


@dataclass(frozen=True)
class Feed(Page):
    """A page of records in the order in which they were written, without those that others may still precede.

    The request asks for the last `settled` record before it reads. `condition` translates the filter.
    """

    condition: Callable[[Arguments], ColumnElement[bool]] = lambda _: true()

    def given(self, arguments: Arguments, settled: int | None) -> Arguments:
        """Add the last record that is settled."""
        return {**arguments, SETTLED: settled}

    def matching(self, given: Arguments, *, sees_personal: bool) -> Window:
        """Read the filter, and leave out what is not settled."""
        del sees_personal
        settled = self.edge.target.__table__.c.id <= given[SETTLED]
        return Window((settled, self.condition(given.get(FILTER) or {})))


@dataclass(frozen=True)
class Followed:
    """The changes of records of one kind, or of all, as they happen: a field of a subscription."""

    entity: str | None


@dataclass(frozen=True)
class Groups:
    """The numbers of the rows of a connection, by the values of the columns that an argument names."""

    model: type[Entity]


@dataclass(frozen=True)
class Totals:
    """What the rows that an edge leads to add up to, down a tree.

    A `function` of the database returns the totals of many parents; `make` makes an object from those of one parent.
    """

    edge: Edge
    function: str
    make: Callable[[Sequence[Sequence[Any]]], object]


@dataclass(frozen=True)
class ById:
    """The record with the id that the argument `id` gives."""

    edge: Edge


@dataclass(frozen=True)
class AnyById:
    """Records of any type: with the id of the argument `id`, or one for each of the argument `ids`."""

    many: bool

    def ids(self, given: Arguments) -> list[str]:
        """Read the ids."""
        return list(given["ids"]) if self.many else [given["id"]]


@dataclass(frozen=True)
class TheCaller:
    """The caller, as an object whose fields are read by OfCaller or lead from `id`; null without a caller.

    `id` is the id of the member of staff, a record of `model`, or of a client that calls for itself, which is none.
    """

    model: type[Entity]


@dataclass(frozen=True)
class OfCaller:
    """A value computed from the caller and, if the field has an argument, from the first record with that key.

    `make` takes the caller and `columns` of the record by name: None when the argument is left out, empty when no such
    record is visible. The key is an id, or what `edge` compares.
    """

    make: Callable[[Caller | None, Mapping[str, Any] | None], object]
    edge: Edge | None = None
    columns: tuple[str, ...] = ()

    def key(self, given: str) -> Key:
        """Read the key from the argument."""
        return given if self.edge is not None and self.edge.link.key_type is Text else read_id(given)


@dataclass(frozen=True)
class UserErrors:
    """The errors of a mutation's payload."""


def levels(depth: int | None) -> int | None:
    """Read a number of levels; InvalidInputError for a negative one."""
    return None if depth is None else not_negative("depth", depth)


Read = (
    Value
    | Made
    | Related
    | Count
    | Page
    | Followed
    | Groups
    | Totals
    | ById
    | AnyById
    | TheCaller
    | OfCaller
    | UserErrors
)
