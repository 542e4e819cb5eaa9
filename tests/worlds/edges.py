"""Edges as tests name them: what a record's edge leads to, in few words."""

from app.loaders.reads import READ, Count, Page, Related, Value
from tests.clients.api import Api
from tests.worlds.schema import type_of

Reached = None | int | str | list[str]


def fields_of(type_: str) -> dict[str, object]:
    """Give what each field of a type reads."""
    return {name: field.extensions.get(READ) for name, field in type_of(type_).fields.items()}


def edges_of(*types: str) -> set[tuple[str, str]]:
    """Name all edges of some types, counts and pages included, but not the connections beside lists.

    tests/declarations/test_collections.py follows those, by their lists.
    """
    return {
        (type_, name)
        for type_ in types
        for name, read in fields_of(type_).items()
        if isinstance(read, Related | Count | Page) and not (isinstance(read, Page) and read.searched)
    }


def edge_name(edge: str) -> str:
    """Take the name from an edge as it is written with its arguments."""
    return edge.split("(", 1)[0]


def reached(api: Api, type_: str, id_: str, edge: str) -> Reached:
    """Follow an edge: the id or the ids of what it leads to, a count as it is, None for nothing."""
    noun, read = type_[0].lower() + type_[1:], fields_of(type_)[edge_name(edge)]
    shown = {Count: edge, Value: edge, Page: f"{edge} {{ nodes {{ id }} }}"}.get(type(read), f"{edge} {{ id }}")
    record = api.data(f'{{ {noun}(id: "{id_}") {{ {shown} }} }}')[noun]
    found = record[edge_name(edge)]
    if isinstance(read, Page):
        found = found["nodes"]
    return (
        [row["id"] for row in found] if isinstance(found, list) else found["id"] if isinstance(found, dict) else found
    )
