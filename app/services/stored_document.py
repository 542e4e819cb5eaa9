"""StoredDocument: the GraphQL documents that clients run by their hashes."""

import hashlib
from datetime import datetime
from typing import NamedTuple

import psycopg

from app.db.transaction import Reading


class Stored(NamedTuple):
    """A stored document without its text."""

    sha256: str
    name: str
    created_at: datetime
    created_by: str | None


def hash_of(text: str) -> str:
    """Return the hash that names a document: SHA-256 of its text in UTF-8, in hexadecimal."""
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()


def add(connection: psycopg.Connection, text: str, name: str, created_by: str) -> tuple[str, bool]:
    """Store a document and return its hash, and whether it is new. A stored document keeps its name."""
    sha256 = hash_of(text)
    cursor = connection.execute(
        "insert into stored_document (sha256, document, name, created_by) values (%s, %s, %s, %s)"
        " on conflict do nothing",
        [sha256, text, name, created_by],
    )
    return sha256, cursor.rowcount == 1


async def find(reading: Reading, sha256: str) -> str | None:
    """Return the text of a document; None when no document is stored under the hash."""
    rows = await reading.run("select document from stored_document where sha256 = %(sha256)s", {"sha256": sha256})
    return rows[0][0] if rows else None


async def any_stored(reading: Reading) -> bool:
    """Return whether any document is stored."""
    return bool(await reading.run("select true from stored_document limit 1"))


def all_documents(connection: psycopg.Connection) -> list[Stored]:
    """List the stored documents by name."""
    rows = connection.execute("select sha256, name, created_at, created_by from stored_document order by name, sha256")
    return [Stored(*row) for row in rows]


def remove(connection: psycopg.Connection, sha256: str) -> bool:
    """Delete a document; False when it was not stored. Running programs drop it from their caches within a minute."""
    return connection.execute("delete from stored_document where sha256 = %s", [sha256]).rowcount == 1
