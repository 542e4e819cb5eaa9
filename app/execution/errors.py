"""Errors in GraphQL: how an answer shows them, and which are hidden from callers."""

from typing import Any

import psycopg
from graphql import GraphQLError

from app.engine.document import RefusedError
from app.error_codes import Language
from app.errors import RequestError, RequestTimeoutError, UnexpectedError, describe, hide_error

ErrorJson = dict[str, Any]
"""An error as the October 2021 specification has it in an answer (7.1.2)."""


def refusal_of(error: Exception) -> RequestError:
    """Return why a request was not run, or not to its end; what is not foreseen is logged and hidden."""
    if isinstance(error, RequestError):
        return error
    return RequestTimeoutError() if isinstance(error, TimeoutError) else hide_error(error)


def refusal_json(error: RequestError, language: Language) -> list[ErrorJson]:
    """Write the errors of a request that has no data."""
    if isinstance(error, RefusedError):
        return [{**reason.formatted, "extensions": error.extensions} for reason in error.errors]
    return [own_json(error, language)]


def errors_json(errors: list[GraphQLError], language: Language) -> list[ErrorJson]:
    """Write the errors of fields; one cause that is hidden has one id, however many fields it hits."""
    hidden: dict[str, UnexpectedError] = {}
    return [error_json(error, hidden, language) for error in errors]


def error_json(error: GraphQLError, hidden: dict[str, UnexpectedError], language: Language) -> ErrorJson:
    """Write the error of a field: with its code when it is foreseen, otherwise hidden."""
    original = error.original_error
    if isinstance(original, GraphQLError) and original.original_error is not None:
        original = original.original_error
    if original is None:
        return {"extensions": {"code": "GRAPHQL_VALIDATION_FAILED"}, **error.formatted}
    return {**error.formatted, **own_json(cause_of(original, hidden), language)}


def cause_of(original: Exception, hidden: dict[str, UnexpectedError]) -> RequestError:
    """Return what a field's error was caused by; `hidden` are those of the same answer by their description."""
    if isinstance(original, RequestError):
        return original
    if isinstance(original, psycopg.errors.QueryCanceled):
        return RequestTimeoutError()
    description = describe(original)
    if description not in hidden:
        hidden[description] = hide_error(original)
    return hidden[description]


def own_json(error: RequestError, language: Language) -> ErrorJson:
    """Write the message and the extensions of one of our errors."""
    return {"message": error.message_in(language), "extensions": error.extensions}
