"""Caller: finds the caller of an HTTP request by its access token and the header `cadastre-org`."""

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
    if "authorization" not in http.headers and not settings.require_login:
        return None
    tokens: Tokens = http.app.state.tokens
    callers: Callers = http.app.state.callers
    caller = await callers.of(tokens.verify(bearer_token(http.headers)))
    CALLER.set(f"client {caller.client_id}" if caller.is_client else f"account {caller.id}")
    return await callers.within(caller, read_id(http.headers[WORKING_ORG])) if WORKING_ORG in http.headers else caller
