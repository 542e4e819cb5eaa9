"""Conditions: what decides which row of a URL answers a request."""

from collections.abc import Callable

from app.rest.parameters import member
from app.rest.url import Given


def has(name: str) -> Callable[[Given], bool]:
    """Accept requests that have a member."""
    return lambda given: member(given, name) is not None


def has_list(given: Given) -> bool:
    """Accept requests that have a list of records."""
    return member(given, "list") not in (None, [])
