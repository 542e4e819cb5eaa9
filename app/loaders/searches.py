"""Searches: a list filtered by rows that its records lead to in several ways, such as customers by organisation.

An organisation may lead to a few customers, who are found by indexes, or to most of them: then it is faster to test
every customer of the list. PostgreSQL knows neither how many there are, nor an index for several ways at once. So the
statement lists up to a number of ids first. It has both ways to go on, of which one reads nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import ColumnElement, Enum, Select, case, func, not_, select, true, union_all

from app.loaders.comparisons import Condition
from app.loaders.counting import CountedWays, Way
from app.loaders.edge import Edge, Search
from app.loaders.filtering import FILTERABLE, Filter, Given
from app.loaders.id_lists import array_in, list_of
from app.loaders.links import OWN, Searchable
from app.loaders.moments import parts_of
from app.loaders.subtrees import UNDER, UNDER_CODE
from app.models import Entity

FEW = 10_000
"""The most ids that are listed. To read them takes a few milliseconds."""

SOME = "some"


@dataclass(frozen=True)
class Listing:
    """The ids of the records that lead to rows, as far as they are listed, and what remains of the filter."""

    ids: ColumnElement[Any]
    tested: Condition
    others: Condition
    is_planned_once: bool
    """Whether one plan serves all values."""

    @property
    def is_few(self) -> ColumnElement[bool]:
        """Whether all ids are listed."""
        return func.cardinality(self.ids) <= FEW

    @property
    def ways(self) -> tuple[Way, Way]:
        """The ways of reading the rows that are listed, and of testing all rows; one of them reads nothing."""
        few = case((self.is_few, self.ids))
        return Way((self.others,), among=few), Way((not_(self.is_few), self.tested, self.others))

    @property
    def counted_ways(self) -> CountedWays:
        """Whether few are listed, and the ways of counting them and all."""
        return CountedWays(self.is_few, Way((self.others,), among=self.ids), Way((self.tested, self.others)))


def listing_for(wanted: Filter, given: Given) -> Listing | None:
    """Return how to read a list whose filter asks for rows that its records lead to in several ways.

    None for other filters.
    """
    edges, parts = FILTERABLE[wanted.model].edges, list(parts_of(given))
    for part in parts:
        ((name, value),) = part.items()
        edge = edges.get(name)
        if edge is not None and edge.searched_by and value and set(value) == {SOME} and value[SOME]:
            met, others = wanted.of_target(edge, value[SOME]), [other for other in parts if other is not part]
            ids, tested, rest = ids_of(edge, wanted.model, met), edge.leads_to(wanted.model, met), wanted.all_of(others)
            return Listing(ids, tested, rest, is_same_for_all(wanted.model, value[SOME], others))
    return None


def is_same_for_all(model: type[Entity], met: Given, others: Sequence[Given]) -> bool:
    """Return whether one plan serves all values of a search: how many rows there are is seen when it runs.

    The rows that the edge leads to are one row or subtree. The other conditions are whether a column is null, and
    members of enums, which stand in the statement itself: there are few, and the best plan depends on which one it is.
    """
    members = [member for other in others for member in other.items()]
    return all(is_key(*member) for member in met.items()) and all(is_choice(model, *member) for member in members)


def is_key(name: str, value: Any) -> bool:
    """Return whether a member of a filter names one row or one subtree."""
    return name in (UNDER, UNDER_CODE) or (name == "id" and value.keys() == {"eq"})


def is_choice(model: type[Entity], name: str, operators: Any) -> bool:
    """Return whether a member of a filter asks for one member of an enum, or whether a column is null."""
    column = FILTERABLE[model].columns.get(name)
    known = {"eq", "isNull"} if column is not None and isinstance(column.type, Enum) else {"isNull"}
    return column is not None and operators.keys() <= known


def ids_of(edge: Edge, parent: type[Entity], condition: Condition) -> ColumnElement[Any]:
    """List the ids of the records that lead to rows for which a condition holds, but not many more than FEW."""
    ids = union_all(*(parents(search, parent, condition) for search in edge.searched_by)).limit(FEW + 1)
    return array_in(list_of(ids))


def parents(search: Search, parent: type[Entity], condition: Condition) -> Select[Any]:
    """Select the ids of the rows of `parent` that an edge finds from the rows that fulfil the condition.

    A column of the parent is compared by a range of one id, for the reason that app/access/holdings.py gives.
    """
    edge = search.edge
    keys = cast("Searchable", edge.link).owners((*edge.where, condition)).correlate(None)
    if edge.parent == "id" and not search.where:
        return keys
    led, column = keys.subquery("led"), parent.__table__.c[edge.parent]
    met = select(parent.__table__.c.id).where(column.between(led.c[OWN], led.c[OWN]), *search.where)
    found = met.correlate(led).offset(0).lateral("found")
    return cast("Select[Any]", select(found.c.id).select_from(led.join(found, true())))
