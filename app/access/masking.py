"""Masking: personal data as callers without `pii.read` see it."""

from collections.abc import Callable, Mapping
from typing import Literal

Kind = Literal["phone", "identity", "email"]
HIDDEN = "****"
"""Stands for what is hidden, however long that is."""

FIRST, LAST = 3, 4
SHORTEST_PHONE, SHORTEST_IDENTITY = 11, 14
"""A phone number keeps 4 digits to itself, an identity number half of its characters; what is shorter, everything."""


def mask_ends(value: str, shortest: int) -> str:
    """Show the first three and the last four characters; nothing of a value shorter than `shortest`."""
    return f"{value[:FIRST]}{HIDDEN}{value[-LAST:]}" if len(value) >= shortest else HIDDEN


def mask_email(value: str) -> str:
    """Show the first letter and the domain of an address; nothing of any other text, nor of a single letter."""
    name, at, domain = value.rpartition("@")
    first = name[0] if len(name) > 1 else ""
    return f"{first}{HIDDEN}@{domain}" if at else HIDDEN


MASKS: Mapping[Kind, Callable[[str], str]] = {
    "phone": lambda value: mask_ends(value, SHORTEST_PHONE),
    "identity": lambda value: mask_ends(value, SHORTEST_IDENTITY),
    "email": mask_email,
}
"""How each kind of personal data is masked."""


def masked(kind: Kind, value: str | None) -> str | None:
    """Mask a value; None stays None."""
    return None if value is None else MASKS[kind](value)


def mask_name(value: str) -> str:
    """Show the first character of a name, such as 张**."""
    return f"{value[:1]}**"
