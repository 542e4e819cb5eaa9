"""Idempotency: the header with which a client may send a write again, and the header of an answer that is repeated."""

from typing import TypedDict

from starlette.requests import Request as HttpRequest

from app.web.caller import WORKING_ORG

IDEMPOTENCY_KEY = "idempotency-key"

REPLAYED = {"idempotency-replayed": "true"}
"""The header of an answer that is repeated: the mutation has run before."""


class Keyed(TypedDict, total=False):
    """What the headers say about a request that may be sent again; empty without a key."""

    idempotency_key: str
    working_org: str | None
    """The header cadastre-org: with another one it is another request."""


def key_in(http: HttpRequest) -> Keyed:
    """Read the header Idempotency-Key, and what else of the headers decides what a request asks for."""
    if IDEMPOTENCY_KEY not in http.headers:
        return {}
    key = ", ".join(http.headers.getlist(IDEMPOTENCY_KEY))
    return {"idempotency_key": key, "working_org": http.headers.get(WORKING_ORG)}
