"""Idempotency: answers to mutations, kept for a day under the header Idempotency-Key (the draft of the IETF).

An answer is kept in the transaction of its mutation, so there is one exactly when there are its writes. While the
transaction runs, it holds an advisory lock of its key, which ends with it however it ends.
"""

from typing import NamedTuple

import psycopg

from app.db.rendering import Statement
from app.db.transaction import Writing
from app.services.calls import call

HOURS = 24
"""How long an answer is kept."""

IS_OLD = f"created_at < now() - interval '{HOURS} hours'"

LOCK = Statement("select pg_try_advisory_xact_lock(hashtextextended($1::text, 0))", ("name",), {})

FIND = call("kept_answer", key_hash="bytea")

KEEP = call(
    "keep_answer", key_hash="bytea", fingerprint="bytea", capabilities="text[]", disclosed="text", answer="bytea"
)
"""Keeps an answer of the caller, and removes some old ones."""


class Key(NamedTuple):
    """The SHA-256 of a key of a caller, and the fingerprint of the request that it was sent with."""

    caller_id: int
    key_hash: bytes
    fingerprint: bytes


class Kept(NamedTuple):
    """A kept answer, and what its request was.

    `capabilities` are those that a replay needs; `disclosed` says as JSON whose personal data the answer shows.
    """

    fingerprint: bytes
    capabilities: list[str]
    disclosed: str
    answer: bytes


class Found(NamedTuple):
    """What there is under a key: whether this transaction now holds it, and the kept answer."""

    is_held: bool
    kept: Kept | None


async def find(writing: Writing, key: Key) -> Found:
    """Look for the answer under a key, and hold the key until the transaction ends. It waits for no other request."""
    name, values = f"{key.caller_id} {key.key_hash.hex()}", key._asdict()
    ((is_held,),), rows = await writing.fetch_all([(LOCK, {"name": name}), (FIND, values)])
    return Found(is_held, Kept(*rows[0]) if rows else None)


async def keep(writing: Writing, key: Key, kept: Kept) -> None:
    """Keep an answer under a key that this transaction holds, and remove some old ones."""
    await writing.fetch_all([(KEEP, {**key._asdict(), **kept._asdict()})])


def forget_old(connection: psycopg.Connection) -> int:
    """Remove all old answers, and return their number."""
    return connection.execute(f"delete from idempotency_key where {IS_OLD}".encode()).rowcount  # noqa: S608 - the same
