"""Edges: the first page of every list, filtered by what its records lead to.

The callers are those of the pages by number. Most such filters read whole tables, so the limit is that of lists
without an index.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from app.execution.request import Request
from app.graphql.schema import NOUNS
from app.loaders.edge import Shape
from app.loaders.filtering import FILTERABLE
from app.models import Entity, Org, Space
from benching.lists import Listed, Lists, plural
from benching.pages import LAST, TOP, small_caller

Filter = dict[str, Any]


def filtered_by_edges(lists: Lists) -> list[Listed]:
    """Ask for all such lists, the slowest first."""
    small_caller(lists)
    tops: Mapping[type[Entity], str] = {
        model: first_id(lists, query) for model, query in {Org: TOP, Space: LAST}.items()
    }
    listed = [
        lists.timed(f"{caller}: {plural(model)} {wanted}", request(model, wanted), caller, indexed=False)
        for model in NOUNS
        for wanted in filters(model, tops)
        for caller in lists.callers
    ]
    return sorted(listed, key=lambda each: -each.milliseconds)


def first_id(lists: Lists, query: str) -> str:
    """Return the id of the first record that a query lists."""
    (page,) = lists.ask(query, "super").values()
    return str(page["nodes"][0]["id"])


def filters(model: type[Entity], tops: Mapping[type[Entity], str]) -> Iterator[Filter]:
    """Yield the filters of a noun: for each edge, that it leads to records, to none, or to some of a subtree."""
    for name, edge in FILTERABLE[model].edges.items():
        for part in ({}, *([{"under": tops[edge.target]}] if edge.target in tops else [])):
            yield from [{name: part}] if edge.shape is Shape.ONE else [{name: {"some": part}}, {name: {"none": part}}]


def request(model: type[Entity], wanted: Filter) -> Request:
    """Return the request for the first page."""
    noun = NOUNS[model][0].__name__
    page = f"page: {plural(model)}(filter: $filter, first: 100) {{ nodes {{ id }} }}"
    return Request(f"query ($filter: {noun}Filter) {{ {page} }}", {"filter": wanted})
