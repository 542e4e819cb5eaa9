"""Endpoint: a request at a legacy URL becomes the variables of its operation, and the data go into the envelope."""

import sys
from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from app.access.caller import Caller
from app.access.callers import Callers
from app.errors import ForbiddenError, RequestError, UnauthenticatedError
from app.execution.execution import Execution
from app.execution.request import Answer
from app.execution.writing import RowError
from app.rest.answers import BARE
from app.rest.envelope import SUCCESS, success, url_headers
from app.rest.operations import run_operation, stored
from app.rest.token_info import check_token_info
from app.rest.url import BODY, LIST, Given, Members, State, Url
from app.rest.usage import NO_CLIENT, count
from app.web.answering import Endpoint
from app.web.bodies import NOT_AN_OBJECT, NOT_JSON, read_body
from app.web.caller import caller_of
from app.web.change_reason import origin_of
from app.web.idempotency import REPLAYED, key_in
from app.web.media_types import JSON
from app.web.pieces import PiecesResponse, encoded

LARGEST_BODY = 1 << 20

DEPRECATION = {"deprecation": "@1609430400"}
"""Header of the URLs that the documents call deprecated or unavailable since 2021 (RFC 9745)."""


def endpoint(rows: Sequence[Url]) -> Endpoint:
    """Make the endpoint of a URL from its rows."""

    async def answer(http: HttpRequest) -> Response:
        http.state.legacy_headers = headers_of(rows)
        caller = await honest_caller(http)
        count(http, NO_CLIENT if caller is None else caller.client_id)
        given = await given_in(http)
        url = accepting(rows, given, caller)
        variables = url.variables(given)
        try:
            ran = await answer_of(http, url, variables, await narrowed(http, url, given, caller))
        except RequestError as error:
            return success(http, question(url, error), {})
        members = {"version": None, **url.more, **url.answer(ran.body["data"], variables)}
        headers = REPLAYED if ran.is_replayed else {}
        body = members.get(BARE, {**SUCCESS, **members})
        return await written(http, ran, body, headers)

    return answer


async def written(http: HttpRequest, ran: Answer, body: object, headers: Mapping[str, str]) -> Response:
    """Write an answer; AnswerTooLargeError when nothing was changed and it has too many bytes."""
    execution: Execution = http.app.state.execution
    limit = execution.settings.max_answer_bytes if ran.is_query else sys.maxsize
    pieces = await encoded(body, limit, is_large=ran.is_large)
    return PiecesResponse(pieces, 200, {**url_headers(http), **headers}, JSON)


def question(url: Url, error: RequestError) -> Members:
    """Return the answer that asks for a confirmation; every other error is raised again."""
    if error.code not in url.asks:
        raise error
    result = {"operateCode": url.asks[error.code], "operateMessage": error.message_in("zh")}
    return {"version": None, "result": result}


def headers_of(rows: Sequence[Url]) -> Mapping[str, str]:
    """Return the headers that every answer of a URL has, refusals included."""
    return {} if all(row.state is State.ACTIVE for row in rows) else DEPRECATION


async def honest_caller(http: HttpRequest) -> Caller | None:
    """Return the caller by the access token; TokenInfoError when the header tokenInfo describes another one."""
    execution: Execution = http.app.state.execution
    caller = await caller_of(http, execution.settings)
    if caller is not None:
        check_token_info(http.headers, caller)
    return caller


def accepting(rows: Sequence[Url], given: Given, caller: Caller | None) -> Url:
    """Return the first row that accepts a request; RequestError when the caller or the body is refused there."""
    is_super = caller is None or caller.is_super
    url = next(row for row in rows if row.accepts(given, is_super=is_super))
    check_capability(url, caller)
    if LIST in given and not url.takes_list:
        raise RequestError(NOT_AN_OBJECT)
    return url


def check_capability(url: Url, caller: Caller | None) -> None:
    """Refuse a caller who does not hold what a URL needs: UnauthenticatedError or ForbiddenError."""
    if url.needs is None:
        return
    if caller is None:
        raise UnauthenticatedError
    if not caller.may_somewhere(url.needs):
        raise ForbiddenError(url.needs)


async def narrowed(http: HttpRequest, url: Url, given: Given, caller: Caller | None) -> Caller | None:
    """Narrow the caller to the organisation that the request names, where the URL has one."""
    if url.works_in is None or caller is None:
        return caller
    callers: Callers = http.app.state.callers
    return await callers.within(caller, int(url.works_in(given)["org"]))


async def given_in(http: HttpRequest) -> Given:
    """Return the members of the body, of the query and of the path in one; a list as body is the member LIST."""
    body = await read_body(http, LARGEST_BODY)
    return {**members_of_query(http), **(members_of(body) if body.strip() else {}), **http.path_params}


def members_of_query(http: HttpRequest) -> dict[str, Any]:
    """Return the members of the query; one that is there several times is a list."""
    if not http.scope["query_string"]:
        return {}
    names = http.query_params.keys()
    values = {name: http.query_params.getlist(name) for name in names}
    return {name: each[0] if len(each) == 1 else each for name, each in values.items()}


def members_of(body: bytes) -> dict[str, Any]:
    """Read a body; RequestError when it is neither a JSON object nor a list."""
    try:
        content = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise RequestError(NOT_JSON) from error
    if isinstance(content, list):
        return {LIST: content}
    if content is not None and not isinstance(content, dict):
        raise RequestError(NOT_AN_OBJECT)
    return {**content, BODY: body} if content else {}


async def answer_of(http: HttpRequest, url: Url, variables: dict[str, Any], caller: Caller | None) -> Answer:
    """Run the operation of a URL, if it has one; a write may be sent again with the header Idempotency-Key."""
    if url.operation is None:
        return Answer({"data": {}})
    try:
        return await run_operation(http, stored(url.operation, variables, origin_of(http), key_in(http)), caller)
    except RowError as error:
        if "places" not in variables:
            raise
        raise error.within(variables["places"]) from error
