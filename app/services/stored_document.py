"""StoredDocument: the GraphQL documents that clients run by their hashes, or by their ids in a manifest."""

import hashlib
import re
from datetime import datetime
from typing import NamedTuple

import psycopg

from app.db.transaction import Reading
from app.errors import InvalidInputError

HASH = re.compile(r"[0-9a-f]{64}")
"""SHA-256 in hexadecimal."""

MANIFEST_ID = re.compile(r"(?![0-9A-Fa-f]{64}\Z)[0-9A-Za-z._-]{1,128}")
"""The id of a document in a manifest, such as Relay's MD5; a SHA-256 is no such id."""

PREFIX = "sha256:"
"""Stands before the hash in the ids that clients send (GraphQL over HTTP, appendix A)."""

IS_NAMED = "(sha256 = %(id)s or manifest_id = %(id)s)"


class Stored(NamedTuple):
    """A stored document without its text."""

    sha256: str
    manifest_id: str | None
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


def add_as(connection: psycopg.Connection, manifest_id: str, text: str, name: str, created_by: str) -> bool:
    """Store a document under an id of a manifest and return whether it is new.

    An id that is a SHA-256 must be that of the text; another id also finds the document. InvalidInputError when the id
    cannot be one, or names another document already.
    """
    sha256 = hash_of(text)
    if HASH.fullmatch(manifest_id.lower()) and manifest_id != sha256:
        message = f"the id is not the SHA-256 of the text, which is {sha256}"
        raise InvalidInputError(message)
    if manifest_id != sha256 and not MANIFEST_ID.fullmatch(manifest_id):
        message = "an id has 1 to 128 letters, digits, '.', '-' and '_'"
        raise InvalidInputError(message)
    _, is_new = add(connection, text, name, created_by)
    if manifest_id != sha256:
        _name(connection, sha256, manifest_id)
    return is_new


def _name(connection: psycopg.Connection, sha256: str, manifest_id: str) -> None:
    """Let an id find a document that is stored."""
    taken = connection.execute(
        """select sha256, manifest_id from stored_document
           where (manifest_id = %(id)s or sha256 = %(sha256)s)
             and manifest_id is not null and (manifest_id = %(id)s) <> (sha256 = %(sha256)s)""",
        {"id": manifest_id, "sha256": sha256},
    ).fetchone()
    if taken is not None:
        message = f"the document {PREFIX}{taken[0]} is stored under the id {taken[1]!r}"
        raise InvalidInputError(message)
    connection.execute("update stored_document set manifest_id = %s where sha256 = %s", [manifest_id, sha256])


async def find(reading: Reading, document_id: str) -> str | None:
    """Return the text of a document, by its SHA-256 or its id in a manifest; None when none is stored under it."""
    rows = await reading.run(f"select document from stored_document where {IS_NAMED}", {"id": document_id})  # noqa: S608 - a constant
    return rows[0][0] if rows else None


async def any_stored(reading: Reading) -> bool:
    """Return whether any document is stored."""
    return bool(await reading.run("select true from stored_document limit 1"))


def all_documents(connection: psycopg.Connection) -> list[Stored]:
    """List the stored documents by name."""
    rows = connection.execute(
        "select sha256, manifest_id, name, created_at, created_by from stored_document order by name, sha256"
    )
    return [Stored(*row) for row in rows]


def remove(connection: psycopg.Connection, document_id: str) -> bool:
    """Delete a document; False when it was not stored. Running programs drop it from their caches within a minute."""
    removed = f"delete from stored_document where {IS_NAMED}"  # noqa: S608 - a constant
    return connection.execute(removed.encode(), {"id": document_id}).rowcount == 1
