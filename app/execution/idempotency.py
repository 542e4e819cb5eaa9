"""Idempotency: a mutation that is sent again with the same header Idempotency-Key is answered, and does not run again.

The first answer with data is kept in the transaction of the mutation, user errors included. A refusal has written
nothing, so it is not kept: the request may be sent again.
"""

import hashlib
import hmac
import json
import re

import orjson

from app.access.caller import Caller
from app.db.transaction import Writing
from app.encoding import to_json
from app.engine.mutation import MutationPlan
from app.errors import ForbiddenError, RequestError
from app.execution.prepare import Prepared
from app.execution.request import Answer, Request, Run
from app.metrics.requests import REPLAYS
from app.services.idempotency import Kept, Key, find, keep
from app.services.personal_read import Disclosed, record_own
from app.services.stored_document import hash_of
from app.services.write import WRITE

KEY = re.compile("[ -~]{1,255}")
QUOTED = re.compile('^"(.*)"$')
PERSONAL = "pii.read"


class IdempotencyKeyInvalidError(RequestError):
    """The header Idempotency-Key is not a key."""

    code = "IDEMPOTENCY_KEY_INVALID"


class IdempotencyKeyReusedError(RequestError):
    """The key was sent with another request before."""

    code = "IDEMPOTENCY_KEY_REUSED"


class IdempotencyKeyRunningError(RequestError):
    """The request that was sent with the key first still runs."""

    code = "IDEMPOTENCY_KEY_RUNNING"


def key_of(request: Request, caller: Caller) -> Key | None:
    """Return the key of a request, None without one; IdempotencyKeyInvalidError.

    The draft writes a key in quotation marks, many clients do not: both are the same key.
    """
    if request.idempotency_key is None:
        return None
    key = QUOTED.sub(r"\1", request.idempotency_key.strip())
    if not KEY.fullmatch(key):
        raise IdempotencyKeyInvalidError
    return Key(caller.id, hashlib.sha256(key.encode()).digest(), fingerprint(request, key))


def fingerprint(request: Request, key: str) -> bytes:
    """Return a digest of what a request asks for; the order of the members of its JSON does not matter.

    It is keyed with the key, of which only a hash is stored: a request may contain a password, which could be guessed
    from a plain digest.
    """
    asked = (request.query, request.document_id, request.operation_name, request.variables, request.working_org)
    return hmac.digest(key.encode(), json.dumps(asked, sort_keys=True).encode(), "sha256")


async def replay(writing: Writing, key: Key, caller: Caller, prepared: Prepared) -> Answer | None:
    """Return the answer that is kept under a key, None when the request is the first.

    IdempotencyKeyReusedError, IdempotencyKeyRunningError; ForbiddenError when the caller has lost a capability that the
    answer needed. Personal data that the answer shows again are recorded again.
    """
    found = await find(writing, key)
    if found.kept is None:
        if not found.is_held:
            raise IdempotencyKeyRunningError
        return None
    if found.kept.fingerprint != key.fingerprint:
        raise IdempotencyKeyReusedError
    _require(caller, found.kept.capabilities)
    disclosed = [Disclosed(*each) for each in orjson.loads(found.kept.disclosed)]
    if disclosed:
        await record_own(writing, hash_of(prepared.document.source), disclosed)
    REPLAYS.inc()
    return Answer(orjson.loads(found.kept.answer), content=found.kept.answer, is_replayed=True)


async def kept(writing: Writing, key: Key, answer: Answer, plan: MutationPlan, state: Run) -> Answer:
    """Keep an answer under its key, and return it with the bytes of its body."""
    content = to_json(answer.body)
    disclosed = [tuple(each) for each in state.disclosures.summed()]
    capabilities = _capabilities(plan, state)
    await keep(writing, key, Kept(key.fingerprint, capabilities, orjson.dumps(disclosed).decode(), content))
    return Answer(answer.body, content=content)


def _capabilities(plan: MutationPlan, state: Run) -> list[str]:
    """Return the capabilities that the caller has used: those of the fields, and that for personal data."""
    declared: set[str | None] = {
        root.declared.extensions[WRITE].capability for root in plan.fields.values() if not isinstance(root, str)
    }
    used = {name for name in declared if name and state.caller is not None and state.caller.may_somewhere(name)}
    return sorted(used | ({PERSONAL} if state.sees_personal else set()))


def _require(caller: Caller, capabilities: list[str]) -> None:
    for name in capabilities:
        if not (caller.may_throughout(name) if name == PERSONAL else caller.may_somewhere(name)):
            raise ForbiddenError(name)
