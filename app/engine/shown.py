"""Shown: how values that Python computes appear in an answer: members of enums, and attributes of objects."""

from collections.abc import Callable, Mapping, Sequence
from typing import cast


def enum_names(value: object) -> object:
    """Return the names of the members of an enum, as GraphQL shows them; None where there is none."""
    return [member.name for member in value] if isinstance(value, list) else getattr(value, "name", None)


def enum_codes(codes: Mapping[str, object], value: object) -> object:
    """Return what a dialect writes for the members of an enum."""
    names = enum_names(value)
    return [codes[name] for name in names] if isinstance(names, list) else codes.get(cast("str", names))


def shown(
    make: Callable[..., Sequence[object]], attributes: Mapping[str, Callable[[object], object]], *values: object
) -> list[dict[str, object]]:
    """Make objects and return the selected attributes of each."""
    return [{key: read(each) for key, read in attributes.items()} for each in make(*values)]


def unchanged(value: object) -> object:
    """Return a value as it is."""
    return value
