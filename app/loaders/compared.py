"""Compared: recorded personal data that a filter compares. What it finds, or that it finds nothing, tells the value."""

from collections.abc import Iterator, Mapping
from typing import Any

from app.loaders.edge import Shape
from app.loaders.filtering import ALLOWED_ON_MASKED, FILTERABLE
from app.models import Entity

Given = Mapping[str, Any]
Compared = tuple[str, str]
"""An entity and one of its columns."""


def compared_by(model: type[Entity], given: Given | None) -> list[Compared]:
    """Return the columns that a filter of a model's records compares, also by edges."""
    return sorted(set(_members(model, given or {})))


def _members(model: type[Entity], given: Given) -> Iterator[Compared]:
    filterable = FILTERABLE[model]
    for name, value in given.items():
        if value is None:
            continue
        if name in filterable.recorded and value.keys() - ALLOWED_ON_MASKED:
            yield model.__name__, filterable.columns[name].key
        for target, part in _parts(model, name, value):
            yield from _members(target, part)


def _parts(model: type[Entity], name: str, value: Any) -> Iterator[tuple[type[Entity], Given]]:
    """Yield the filters inside a member of a filter, each with its model."""
    edge = FILTERABLE[model].edges.get(name)
    if name in {"and", "or"}:
        yield from ((model, part) for part in value)
    elif name == "not":
        yield model, value
    elif edge is not None and edge.shape is Shape.ONE:
        yield edge.target, value
    elif edge is not None:
        yield from ((edge.target, part) for part in value.values() if part is not None)
