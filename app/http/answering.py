"""Answering: a request is run and its answer encoded, whichever way the bytes are sent."""

import sys

from app.access.caller import Caller
from app.encoding import to_json
from app.errors import AnswerTooLargeError
from app.execution.errors import refusal_json
from app.execution.execution import Execution
from app.execution.request import Answer, Request
from app.settings import Settings
from app.web.pieces import encoded


async def answered(execution: Execution, request: Request, caller: Caller | None) -> tuple[Answer, list[bytes]]:
    """Run a request, and return its answer with the pieces of its body."""
    answer = await execution.answer(request, caller, may_introspect=execution.settings.introspection)
    try:
        pieces = await pieces_of(answer, execution.settings)
    except AnswerTooLargeError as refusal:
        body = {"errors": refusal_json(refusal, request.language), "extensions": answer.body["extensions"]}
        answer = Answer(body, refusal)
        pieces = await pieces_of(answer, execution.settings)
    return answer, pieces


async def pieces_of(answer: Answer, settings: Settings) -> list[bytes]:
    """Encode an answer, and tell the bytes of its data in `extensions.cost`."""
    if answer.content is not None:
        return [answer.content]
    limit = settings.max_answer_bytes if answer.is_query else sys.maxsize
    cost = answer.body["extensions"]["cost"]
    data = await encoded(answer.body["data"], limit, is_large=answer.is_large) if "data" in answer.body else []
    cost |= {"bytes": sum(map(len, data)), "bytesLimit": settings.max_answer_bytes}
    rest = to_json({name: member for name, member in answer.body.items() if name != "data"})
    return [b'{"data":', *data, b"," + rest[1:]] if data else [rest]
