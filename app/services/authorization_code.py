"""AuthorizationCode: codes of the login page. A code can be exchanged once, within a minute."""

import uuid
from dataclasses import dataclass

import psycopg

from app.services.login import LONGEST_TOKEN, end_login, token_hash


@dataclass(frozen=True, slots=True)
class Code:
    """A code that is being exchanged."""

    code_hash: bytes
    admin_id: int
    redirect_uri: str | None
    code_challenge: str


def add_code(  # noqa: PLR0913, PLR0917 - one parameter a fact
    connection: psycopg.Connection,
    code: str,
    client_id: str,
    admin_id: int,
    redirect_uri: str | None,
    code_challenge: str,
) -> None:
    """Store the hash of a code, which is valid for a minute."""
    connection.execute(
        """insert into authorization_code (code_hash, client_id, admin_id, redirect_uri, code_challenge, expires_at)
           values (%s, %s, %s, %s, %s, now() + interval '1 minute')""",
        [token_hash(code), client_id, admin_id, redirect_uri, code_challenge],
    )


def use_code(connection: psycopg.Connection, code: str, client_id: str) -> Code | None:
    """Use a code of a client; None when it is not valid. A second use ends the log-in of the first."""
    if len(code) > LONGEST_TOKEN:
        return None
    given = {"hash": token_hash(code), "client": client_id}
    row = connection.execute(
        """update authorization_code set used_at = clock_timestamp()
           where code_hash = %(hash)s and client_id = %(client)s and used_at is null and expires_at > now()
           returning code_hash, admin_id, redirect_uri, code_challenge""",
        given,
    ).fetchone()
    if row is not None:
        return Code(*row)
    reused = connection.execute(
        """select sid from authorization_code
           where code_hash = %(hash)s and client_id = %(client)s and used_at is not null and sid is not null""",
        given,
    ).fetchone()
    if reused is not None:
        end_login(connection, reused[0], "reuse")
    return None


def link_code(connection: psycopg.Connection, code: Code, sid: uuid.UUID) -> None:
    """Record the log-in that a code was exchanged for."""
    connection.execute("update authorization_code set sid = %s where code_hash = %s", [sid, code.code_hash])
