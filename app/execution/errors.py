"""Errors in GraphQL: how an answer shows them, and which are hidden from callers."""

from typing import Any

import psycopg
from graphql import GraphQLError

from app.engine.document import RefusedError
from app.error_codes import Language
from app.errors import RequestError, RequestTimeoutError, UnexpectedError, describe, hide_error

ErrorJson = dict[str, Any]
"""An error of an answer, as the October 2021 specification defines it (7.1.2)."""


def refusal_of(error: Exception) -> RequestError:
    """Return the RequestError of a request that failed; an unexpected exception is logged and hidden."""
    if isinstance(error, RequestError):
        return error
    if isinstance(error, GraphQLError) and error.original_error is None:
        code = "GRAPHQL_VALIDATION_FAILED"
        return RefusedError(code, [error])
    return RequestTimeoutError() if isinstance(error, TimeoutError) else hide_error(error)


def refusal_json(error: RequestError, language: Language) -> list[ErrorJson]:
    """Write the errors of a request that has no data."""
    if isinstance(error, RefusedError):
        return [{**validation_json(reason), "extensions": error.extensions} for reason in error.errors]
    return [own_json(error, language)]


def errors_json(errors: list[GraphQLError], language: Language) -> list[ErrorJson]:
    """Write the errors of fields. Fields that failed for the same hidden reason have the same error id."""
    hidden: dict[str, UnexpectedError] = {}
    return [error_json(error, hidden, language) for error in errors]


def error_json(error: GraphQLError, hidden: dict[str, UnexpectedError], language: Language) -> ErrorJson:
    """Write the error of a field; an unexpected error is hidden."""
    original = error.original_error
    if isinstance(original, GraphQLError):
        original = original.original_error
    if original is None:
        return {"extensions": {"code": "GRAPHQL_VALIDATION_FAILED"}, **validation_json(error)}
    return {**error.formatted, **own_json(cause_of(original, hidden), language)}


def validation_json(error: GraphQLError) -> ErrorJson:
    """Write an error of graphql-core, which names null as Python does."""
    return {**error.formatted, "message": error.message.replace(" not to be None", " not to be null")}


def cause_of(original: Exception, hidden: dict[str, UnexpectedError]) -> RequestError:
    """Return the cause of a field's error; `hidden` are the hidden errors of the same answer by description."""
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
