"""Caller: who sends an HTTP request, by its access token and its headers."""

from starlette.requests import Request as HttpRequest

from app.access.caller import Caller
from app.access.callers import Callers
from app.access.tokens import bearer_token
from app.loaders.values import read_id
from app.settings import Settings

WORKING_ORG = "cadastre-org"
"""Header that names the business organisation that the caller works in now: it narrows what they see."""


async def caller_of(http: HttpRequest, settings: Settings) -> Caller | None:
    """Tell who calls, None where nobody need say; UnauthenticatedError when the token proves nobody, or is needed.

    A bad token is found out without the database.
    """
    if "authorization" not in http.headers and not settings.require_login:
        return None
    claims = http.app.state.office.tokens.verify(bearer_token(http.headers))
    callers: Callers = http.app.state.callers
    caller = await callers.of(claims)
    return await callers.within(caller, read_id(http.headers[WORKING_ORG])) if WORKING_ORG in http.headers else caller
