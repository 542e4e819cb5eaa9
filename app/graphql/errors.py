"""Errors in GraphQL: how the error tree is shown to callers, and what is kept from them."""

import logging
import uuid
from typing import Any

import psycopg
from graphql import GraphQLError

from app.errors import LimitExceededError, RequestError

LOG = logging.getLogger("cadastre.graphql")


def shown(error: GraphQLError) -> dict[str, Any]:
    """Give an error as callers see it: expected ones with their code, all others masked under an id in the log."""
    original = error.original_error
    if isinstance(original, GraphQLError) and original.original_error is not None:
        original = original.original_error
    formatted: dict[str, Any] = {**error.formatted}
    if original is None:
        formatted.setdefault("extensions", {"code": "GRAPHQL_VALIDATION_FAILED"})
        return formatted
    if isinstance(original, RequestError):
        return {**formatted, "message": str(original), "extensions": extensions_of(original)}
    if isinstance(original, psycopg.errors.QueryCanceled):
        return {**formatted, "message": "the query took too long", "extensions": {"code": "TIMEOUT"}}
    return {**formatted, **_masked(original)}


def extensions_of(error: RequestError) -> dict[str, Any]:
    """Tell the code of an expected error, and the numbers of a limit."""
    numbers = {"found": error.found, "allowed": error.allowed} if isinstance(error, LimitExceededError) else {}
    return {"code": error.code, **numbers}


def _masked(error: BaseException) -> dict[str, Any]:
    """Log an unexpected error once, without the values of the request, and name it by an id."""
    error_id = uuid.uuid4().hex
    LOG.error("unexpected error %s: %s", error_id, describe(error), exc_info=None)
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
