"""Errors in GraphQL: how the error tree is shown to callers, and what is kept from them."""

import logging
import uuid
from collections.abc import Callable
from typing import Any

import psycopg
from graphql import GraphQLError

from app.access.capabilities import enum_name
from app.engine.document import RefusedError
from app.errors import ForbiddenError, LimitExceededError, RequestError, UnavailableError

LOG = logging.getLogger("cadastre.graphql")

TIMEOUT = {"message": "the query took too long", "extensions": {"code": "TIMEOUT"}}
TOLD: dict[type[RequestError], Callable[[Any], dict[str, object]]] = {
    LimitExceededError: lambda error: {"found": error.found, "allowed": error.allowed},
    ForbiddenError: lambda error: {"capability": enum_name(error.capability)},
}
"""What `extensions` tell of a kind of error besides its code."""

Disclosure = dict[str, Any]


def shown_refusal(error: RequestError) -> list[Disclosure]:
    """Give the errors of a request that did not run, or was given up."""
    if isinstance(error, RefusedError):
        return [{**found.formatted, "extensions": {"code": error.code}} for found in error.errors]
    if isinstance(error, UnavailableError) and is_timeout(error.cause):
        return [TIMEOUT]
    return [{"message": str(error), "extensions": extensions_of(error)}]


def shown_all(errors: list[GraphQLError]) -> list[Disclosure]:
    """Give the errors of an answer as callers see them; what is masked has one id however often it happened."""
    ids: dict[str, str] = {}
    return [shown(error, ids) for error in errors]


def shown(error: GraphQLError, ids: dict[str, str]) -> Disclosure:
    """Give an error as callers see it: expected ones with their code, all others masked under an id in the log."""
    original = error.original_error
    if isinstance(original, GraphQLError) and original.original_error is not None:
        original = original.original_error
    formatted: Disclosure = {**error.formatted}
    if original is None:
        formatted.setdefault("extensions", {"code": "GRAPHQL_VALIDATION_FAILED"})
        return formatted
    if isinstance(original, RequestError):
        return {**formatted, "message": str(original), "extensions": extensions_of(original)}
    if is_timeout(original):
        return {**formatted, **TIMEOUT}
    return {**formatted, **masked(original, ids)}


def is_timeout(error: BaseException) -> bool:
    """Tell whether PostgreSQL gave a statement up because it took too long."""
    return isinstance(error, psycopg.errors.QueryCanceled)


def extensions_of(error: RequestError) -> dict[str, Any]:
    """Tell the code of an expected error, and what else its kind tells."""
    told = (tell(error) for kind, tell in TOLD.items() if isinstance(error, kind))
    return {"code": error.code, **next(told, {})}


def masked(error: BaseException, ids: dict[str, str]) -> Disclosure:
    """Log an unexpected error once, without the values of the request, and name it by an id."""
    description = describe(error)
    if description not in ids:
        ids[description] = uuid.uuid4().hex
        LOG.error("unexpected error %s: %s", ids[description], description)
    error_id = ids[description]
    return {"message": f"internal error {error_id}", "extensions": {"code": "INTERNAL", "errorId": error_id}}


def describe(error: BaseException) -> str:
    """Describe an error without the values that its message may hold: type, place, and what PostgreSQL names."""
    place = ""
    trace = error.__traceback__
    while trace is not None:
        place = f" at {trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}"
        trace = trace.tb_next
    if isinstance(error, psycopg.Error):
        return f"{type(error).__name__} {error.sqlstate} {error.diag.constraint_name or ''}{place}"
    return f"{type(error).__name__}{place}"
