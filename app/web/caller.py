"""Caller: finds the caller of an HTTP request by its access token and the header `cadastre-org`."""

from collections.abc import Mapping

from starlette.requests import HTTPConnection
from starlette.requests import Request as HttpRequest

from app.access.caller import Caller
from app.access.callers import Callers
from app.access.tokens import Tokens, bearer_token
from app.db.turns import CALLER
from app.loaders.values import read_id
from app.settings import Settings

WORKING_ORG = "cadastre-org"
"""Header with the id of the business organisation that the caller works in; it narrows the rows they see."""


async def caller_of(http: HttpRequest, settings: Settings) -> Caller | None:
    """Return the caller; None without a token, where none is required.

    UnauthenticatedError when the token is missing or not valid; most invalid ones are refused without a database query.
    """
    return await caller_by(http, http.headers, settings)


async def caller_by(http: HTTPConnection, headers: Mapping[str, str], settings: Settings) -> Caller | None:
    """Return the caller that headers name, with names in lower case; they may have come in another way."""
    if "authorization" not in headers and not settings.require_login:
        return None
    tokens: Tokens = http.app.state.tokens
    callers: Callers = http.app.state.callers
    caller = await callers.of(tokens.verify(bearer_token(headers)))
    CALLER.set(f"client {caller.client_id}" if caller.is_client else f"account {caller.id}")
    return await callers.within(caller, read_id(headers[WORKING_ORG])) if WORKING_ORG in headers else caller
