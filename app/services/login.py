"""Login: log-ins and their refresh tokens. A refresh token can be used once.

A log-in ends ten hours after it began (document 003, 2.1), at log-out, when it is revoked, when a refresh token of it
is used a second time (RFC 9700, 4.14.2), or when the account is disabled or gets another password.
"""

import hashlib
import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime

import psycopg
from psycopg.rows import class_row

from app.services.account import Account
from app.services.attempt import KNOWN_DAYS

LONGEST_TOKEN = 512  # characters; our refresh tokens and codes are shorter
SWEEP_ROWS = 100

IS_ALIVE = """l.ended_at is null and a.is_enabled and a.status = 'ACTIVE' and a.token_version = l.token_version
  and c.is_enabled"""

COLUMNS = """l.sid, l.admin_id, l.client_id, l.token_version, l.expires_at, a.account"""

JOINED = "admin a, client c where a.id = l.admin_id and c.client_id = l.client_id"

# One statement decides which request is first; the others find the token used.
USE = f"""
update refresh_token t set used_at = clock_timestamp() from login l, {JOINED}
  and t.token_hash = %(hash)s and t.used_at is null and l.sid = t.sid and l.client_id = %(client)s
  and l.expires_at > now() and {IS_ALIVE}
returning {COLUMNS}
"""  # noqa: S608 - constants

END_ON_REUSE = """
update login l set ended_at = clock_timestamp(), end_reason = 'reuse' from refresh_token t
where t.token_hash = %(hash)s and t.used_at is not null and l.sid = t.sid and l.client_id = %(client)s
  and l.ended_at is null
"""

# The last access token of a log-in lives up to two hours longer than its last refresh token.
SWEEP = f"""
with over as (
  select sid from login where expires_at < now() - interval '3 hours' order by expires_at limit {SWEEP_ROWS}
  for update skip locked
), useless as (
  delete from authorization_code where expires_at < now() - interval '1 day' and sid is null
), forgotten as (
  delete from login_source s using (
    select admin_id, source from login_source
    where succeeded_at is null and changed_at < now() - interval '1 day' order by changed_at limit {SWEEP_ROWS}
    for update skip locked
  ) old where s.admin_id = old.admin_id and s.source = old.source
), left_behind as (
  delete from login_source s using (
    select admin_id, source from login_source
    where succeeded_at < now() - interval '{KNOWN_DAYS} days' and changed_at < now() - interval '1 day'
    order by succeeded_at limit {SWEEP_ROWS} for update skip locked
  ) old where s.admin_id = old.admin_id and s.source = old.source
)
delete from login using over where login.sid = over.sid
"""  # noqa: S608 - constants


@dataclass(frozen=True, slots=True)
class Login:
    """A log-in and its account."""

    sid: uuid.UUID
    admin_id: int
    client_id: str
    token_version: int
    expires_at: datetime
    account: str | None


def token_hash(token: str) -> bytes:
    """Return the hash that is stored of a refresh token or a code. Both have 256 random bits."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


def begin_login(connection: psycopg.Connection, account: Account, client_id: str) -> Login:
    """Begin a log-in of an account whose password was right; old log-ins are deleted."""
    connection.execute(SWEEP)
    row = connection.execute(
        """insert into login (sid, admin_id, client_id, token_version, expires_at)
           values (%s, %s, %s, %s, now() + interval '10 hours') returning sid, expires_at""",
        [uuid.uuid4(), account.id, client_id, account.token_version],
    ).fetchone()
    assert row is not None  # noqa: S101 - an insert that did not raise answers its row
    return Login(row[0], account.id, client_id, account.token_version, row[1], account.account)


def add_refresh_token(connection: psycopg.Connection, sid: uuid.UUID, token: str) -> None:
    """Store the hash of the next refresh token of a log-in."""
    connection.execute("insert into refresh_token (token_hash, sid) values (%s, %s)", [token_hash(token), sid])


def new_token() -> str:
    """Make a refresh token or a code of 256 random bits."""
    return secrets.token_urlsafe(32)


def use_refresh_token(connection: psycopg.Connection, token: str, client_id: str) -> Login | None:
    """Use a refresh token of a client and return its log-in; None when it is not valid.

    A token that was used before ends its log-in. Another client's token is left as it is.
    """
    if len(token) > LONGEST_TOKEN:
        return None
    given = {"hash": token_hash(token), "client": client_id}
    with connection.cursor(row_factory=class_row(Login)) as cursor:
        login = cursor.execute(USE.encode(), given).fetchone()
    if login is None:
        connection.execute(END_ON_REUSE, given)
    return login


def login_of_refresh_token(connection: psycopg.Connection, token: str) -> Login | None:
    """Return the log-in that a refresh token could still be used for, without using it."""
    query = f"""select {COLUMNS} from refresh_token t, login l, {JOINED}
        and t.token_hash = %s and t.used_at is null and l.sid = t.sid and l.expires_at > now() and {IS_ALIVE}"""  # noqa: S608 - constants
    return _one(connection, query, token_hash(token[:LONGEST_TOKEN]))


def login_of_session(connection: psycopg.Connection, sid: str) -> Login | None:
    """Return the log-in that an access token names; None when the log-in has ended or the account is disabled."""
    query = f"select {COLUMNS} from login l, {JOINED} and l.sid::text = %s and {IS_ALIVE}"  # noqa: S608 - constants
    return _one(connection, query, sid)


def end_login(connection: psycopg.Connection, sid: uuid.UUID, reason: str) -> None:
    """End a log-in; nothing happens when it has ended."""
    connection.execute(
        "update login set ended_at = clock_timestamp(), end_reason = %s where sid = %s and ended_at is null",
        [reason, sid],
    )


def end_logins_of(connection: psycopg.Connection, client_id: str, reason: str) -> None:
    """End all log-ins with a client."""
    connection.execute(
        "update login set ended_at = clock_timestamp(), end_reason = %s where client_id = %s and ended_at is null",
        [reason, client_id],
    )


def _one(connection: psycopg.Connection, query: str, value: object) -> Login | None:
    with connection.cursor(row_factory=class_row(Login)) as cursor:
        return cursor.execute(query.encode(), [value]).fetchone()
