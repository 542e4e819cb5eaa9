"""Operations: the stored GraphQL operations of the legacy face, which run as the caller."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from starlette.requests import Request as HttpRequest

from app.access.caller import Caller
from app.errors import RequestTimeoutError, UnexpectedError
from app.execution.execution import Execution
from app.execution.request import Answer, Request

FOLDER = Path(__file__).parent / "documents"
DOCUMENTS = {file.stem: file.read_text(encoding="utf-8") for file in sorted(FOLDER.glob("*.graphql"))}
"""The documents, by the names of their files."""


async def run_operation(http: HttpRequest, document: str, operation: str, caller: Caller) -> dict[str, Any]:
    """Run an operation of a document and return its data; RequestError when it, or one of its fields, fails.

    The row budget is that of the program: a client's own budget is for the queries that the client writes.
    """
    execution: Execution = http.app.state.execution
    request = Request(DOCUMENTS[document], operation_name=operation, is_own=True)
    return data_of(await execution.answer(request, replace(caller, max_nodes=None)))


def data_of(answer: Answer) -> dict[str, Any]:
    """Return the data of an answer; raise why it has none, or not all."""
    if answer.refusal is not None:
        raise answer.refusal
    for error in answer.body.get("errors", ()):
        extensions = error["extensions"]
        raise RequestTimeoutError if extensions["code"] == "TIMEOUT" else UnexpectedError(extensions.get("errorId", ""))
    data: dict[str, Any] = answer.body["data"]
    return data
