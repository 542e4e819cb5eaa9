"""Headers of a request as the server hands them over: pairs of bytes, with names in lower case.

Starlette would decode every name to look for one.
"""

from starlette.types import Scope


def has_header(scope: Scope, name: bytes) -> bool:
    """Return whether a request has a header."""
    for each, _ in scope["headers"]:  # noqa: SIM110 - a generator takes longer than the search
        if each == name:
            return True
    return False
