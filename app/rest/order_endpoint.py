"""Order endpoint: a request at a URL of document 000: which client and which person send it, and their answer.

The client has an access token of the grant client_credentials, unless the interface is public (`workorders_public`).
The person has the token that the lists answer, sent back in the header `token`.
"""

from collections.abc import Sequence
from typing import Any

from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from app.access.caller import Caller
from app.access.person_tokens import PersonTokens
from app.access.person_tries import count_try
from app.access.persons import (
    Part,
    Person,
    PersonTokenError,
    PersonUnknownError,
    caller_of_person,
    find_person,
)
from app.db.turns import CALLER
from app.error_codes import BUSINESS
from app.errors import (
    ForbiddenError,
    InvalidInputError,
    RequestError,
    UnauthenticatedError,
)
from app.rest.answers import BARE
from app.rest.endpoint import LARGEST_BODY, accepting, answer_of, given_in, members_of_query, written
from app.rest.envelope import NO_STORE
from app.rest.kinds import TEXT
from app.rest.parameters import needed, sends
from app.rest.url import Given, OrderUrl, Url
from app.rest.usage import NO_CLIENT, count
from app.rest.variables.work_orders import PROPERTIES, UNKNOWN
from app.services.attempt import network_of
from app.services.work_order_steps import CAPABILITY
from app.settings import Settings
from app.web.answering import Endpoint
from app.web.answers import failure_headers, json_response
from app.web.bodies import read_form
from app.web.caller import caller_of
from app.web.idempotency import REPLAYED
from app.web.language import language_of
from app.web.media_types import FORM, is_type

TOKEN = "token"  # noqa: S105 - the name of a header
ONLY_CLIENTS = "an access token of the grant client_credentials is needed"
INVALID = "invalid params"
"""The message of every request that is well formed, but refused (5.4)."""

PUBLIC = "public"
"""What is recorded as the client of a request where the interface is public."""

WHO = sends(needed("user_name", TEXT, "name"), needed("user_phone", TEXT, "phone"), needed("role", TEXT, "part"))


def order_endpoint(rows: Sequence[OrderUrl]) -> Endpoint:
    """Make the endpoint of a URL from its rows. Those that list work orders ask who the person is, and give a token."""
    gives_token = rows[0].gives_token

    async def answer(http: HttpRequest) -> Response:
        client = await client_of(http)
        count(http, client or NO_CLIENT)
        given = await given_of(http)
        person = await named_person(http, given, client) if gives_token else person_of(http)
        caller = await caller_behind(http, person, client)
        asked = {**given, PROPERTIES: [str(id_) for id_ in caller.properties]}
        url = accepting_order(rows, asked, caller)
        variables = url.variables(asked)
        ran = await answer_of(http, url, variables, caller)
        body: Any = url.answer(ran.body["data"], variables)[BARE]
        if gives_token:
            body = {**body, TOKEN: tokens_of(http).make(person)}
        return await written(http, ran, body, {**NO_STORE, **(REPLAYED if ran.is_replayed else {})})

    return answer


def accepting_order(rows: Sequence[OrderUrl], given: Given, caller: Caller) -> Url:
    """Return the row of a request; InvalidInputError for an action that there is not, ForbiddenError for owners."""
    if caller.is_customer and rows[0].for_staff:
        raise ForbiddenError(CAPABILITY)
    if not any(row.accepts(given, is_super=caller.is_super) for row in rows):
        raise InvalidInputError(UNKNOWN, name="action", value=given.get("action"))
    return accepting(rows, given, caller)


async def given_of(http: HttpRequest) -> Given:
    """Return the members of the body, of the query and of the path in one; the body may be JSON or a form."""
    if not is_type(http.headers.get("content-type", ""), FORM):
        return await given_in(http)
    return {**members_of_query(http), **await read_form(http, LARGEST_BODY), **http.path_params}


async def client_of(http: HttpRequest) -> str:
    """Return the id of the client; empty where the interface is public. UnauthenticatedError for other tokens."""
    settings: Settings = http.app.state.execution.settings
    if settings.workorders_public:
        return ""
    caller = await caller_of(http, settings)
    if caller is not None and not caller.is_client:
        raise UnauthenticatedError(ONLY_CLIENTS)
    return "" if caller is None else caller.client_id


async def named_person(http: HttpRequest, given: Given, client: str) -> Person:
    """Return whom `role`, `user_name` and `user_phone` mean: PersonUnknownError, TooManyTriesError.

    A person who sends the own token along is known already, and no try is counted.
    """
    who = WHO(given)
    if who["part"] not in {part.value for part in Part}:
        raise InvalidInputError(UNKNOWN, name="role", value=who["part"])
    pool, source = http.app.state.pool, client or network_of(http.client.host if http.client else "")
    person = await find_person(pool, Part(who["part"]), who["name"], who["phone"])
    if person is None or person != known_person(http):
        await count_try(pool, who["phone"], source, has_failed=person is None)
    if person is None:
        raise PersonUnknownError
    return person


def known_person(http: HttpRequest) -> Person | None:
    """Return whom the header `token` names; None when it is not valid."""
    try:
        return person_of(http)
    except PersonTokenError:
        return None


def person_of(http: HttpRequest) -> Person:
    """Return whom the header `token` names: PersonTokenError."""
    return tokens_of(http).verify(http.headers.get(TOKEN, ""))


def tokens_of(http: HttpRequest) -> PersonTokens:
    """Return what makes and verifies the tokens of persons."""
    return PersonTokens(http.app.state.tokens.ring, http.app.state.tokens.issuer)


async def caller_behind(http: HttpRequest, person: Person, client: str) -> Caller:
    """Return the caller that a person is now; PersonTokenError when the register knows no such person any more."""
    caller = await caller_of_person(http.app.state.pool, person, client or PUBLIC)
    if caller is None:
        raise PersonTokenError
    CALLER.set(f"{person.part} {person.id}")
    return caller


def order_failure(http: HttpRequest, error: RequestError) -> Response:
    """Answer a failure as document 000 does: a status, and a message. `reason` says what is wrong."""
    status = 400 if error.kind.legacy == BUSINESS else error.kind.legacy_status
    message = INVALID if status == 400 else error.message_in("en")  # noqa: PLR2004 - HTTP's bad request
    body = {"status_code": status, "errmsg": message, "reason": error.message_in(language_of(http))}
    return json_response(body, status, {**NO_STORE, **failure_headers(http, error)})
