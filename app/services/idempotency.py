"""Idempotency: answers to mutations, kept for a day under the header Idempotency-Key (the draft of the IETF).

An answer is kept in the transaction of its mutation, so there is one exactly when there are its writes. While the
transaction runs, it holds an advisory lock of its key, which ends with it however it ends.
"""

from typing import NamedTuple

import psycopg

from app.db.rendering import Statement
from app.db.transaction import Writing

HOURS = 24
"""How long an answer is kept."""

SWEPT_ROWS = 100
"""Old answers that each new one removes, at most."""

IS_OLD = f"created_at < now() - interval '{HOURS} hours'"

LOCK = Statement("select pg_try_advisory_xact_lock(hashtextextended($1::text, 0))", ("name",), {})

FIND = Statement(
    "select fingerprint, capabilities, disclosed, answer from idempotency_key"  # noqa: S608 - our own names
    f" where caller_id = $1::bigint and key_hash = $2::bytea and not {IS_OLD}",
    ("caller_id", "key_hash"),
    {},
)

SWEEP = Statement(
    "delete from idempotency_key where ctid = any(array(select ctid from idempotency_key"  # noqa: S608 - our own names
    f" where {IS_OLD} order by created_at limit {SWEPT_ROWS} for update skip locked))",
    (),
    {},
)

KEEP = Statement(
    """insert into idempotency_key as kept (caller_id, key_hash, fingerprint, capabilities, disclosed, answer)
       values ($1::bigint, $2::bytea, $3::bytea, $4::text[], $5::text, $6::bytea)
       on conflict (caller_id, key_hash) do update set fingerprint = excluded.fingerprint,
         capabilities = excluded.capabilities, disclosed = excluded.disclosed, answer = excluded.answer,
         created_at = excluded.created_at""",
    ("caller_id", "key_hash", "fingerprint", "capabilities", "disclosed", "answer"),
    {},
)
"""The row of an old answer may still be there."""


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
    ((is_held,),), rows = await writing.fetch_all_as_owner([(LOCK, {"name": name}), (FIND, values)])
    return Found(is_held, Kept(*rows[0]) if rows else None)


async def keep(writing: Writing, key: Key, kept: Kept) -> None:
    """Keep an answer under a key that this transaction holds, and remove some old ones."""
    await writing.fetch_all_as_owner([(SWEEP, {}), (KEEP, {**key._asdict(), **kept._asdict()})])


def forget_old(connection: psycopg.Connection) -> int:
    """Remove all old answers, and return their number."""
    return connection.execute(f"delete from idempotency_key where {IS_OLD}".encode()).rowcount  # noqa: S608 - the same
