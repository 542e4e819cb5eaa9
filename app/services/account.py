"""Account: log-in with an account name and a password, and its failures (document 003, 2.1 and 7.8).

After a number of failures in a row an account is locked: for one minute, then with each further failure for two, four,
eight and 15 minutes. While it is locked no failure is counted and no password is accepted. An unknown account, a wrong
password, a locked and a disabled account get the same answer after the same work.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import psycopg
from psycopg.rows import class_row
from psycopg.sql import SQL

from app.access.passwords import hash_password, needs_rehash, verify_password, waste_time
from app.db.rendering import Statement, statement_of
from app.error_codes import Message
from app.errors import InvalidInputError
from app.metrics.requests import LOGINS

LONGEST_PASSWORD = 1024  # bytes
LONGEST_LOCK_MINUTES = 15

IMPOSSIBLE_PASSWORD = Message(
    "a password has 1 to {allowed} bytes of UTF-8, and no NUL", "密码长度为 1 至 {allowed} 个 UTF-8 字节，且不含空字符"
)

COLUMNS = """
select a.id, a.account, a.token_version, a.password_hash,
  coalesce(a.locked_until > now(), false) as locked
from admin a
where a.is_enabled and a.status = 'ACTIVE' and """

# One statement counts and locks, so that parallel failures are counted one by one. A failure that finds the account
# locked by a parallel one changes nothing.
COUNT_FAILURE = """
update admin set
  login_failures = login_failures + 1,
  locked_until = case when login_failures + 1 >= %(allowed)s::int
    then clock_timestamp()
      + make_interval(mins => least(%(longest)s::int, 2 ^ least(login_failures + 1 - %(allowed)s::int, 10))::int)
  end
where id = %(id)s and (locked_until is null or locked_until <= clock_timestamp())
returning login_failures
"""

COUNT_SUCCESS = """
update admin set login_failures = 0, locked_until = null, last_login_at = now()
where id = %(id)s and password_hash = %(hash)s and (locked_until is null or locked_until <= clock_timestamp())
returning id
"""


@dataclass(frozen=True, slots=True)
class Account:
    """A member of staff who may log in."""

    id: int
    account: str
    token_version: int
    password_hash: str | None
    locked: bool


def authenticate(connection: psycopg.Connection, account: str, password: str, failures_allowed: int) -> Account | None:
    """Return the account if the password is right, otherwise None. An outdated hash is replaced by a new one."""
    stored = None if _is_impossible(account, password) else _find(connection, "a.account = %s", account)
    authenticated = _authenticate(connection, stored, password, failures_allowed)
    failed = "locked" if stored is not None and stored.locked else "failed"
    LOGINS.labels(failed if authenticated is None else "succeeded").inc()
    return authenticated


def _authenticate(
    connection: psycopg.Connection, stored: Account | None, password: str, failures_allowed: int
) -> Account | None:
    if stored is None or stored.locked or stored.password_hash is None:
        waste_time(password[:LONGEST_PASSWORD])
        return None
    if not verify_password(stored.password_hash, password):
        connection.execute(COUNT_FAILURE, _limits(stored.id, failures_allowed))
        return None
    kept = _upgraded(connection, stored, password)
    opened = connection.execute(COUNT_SUCCESS, {"id": stored.id, "hash": kept}).fetchone()
    return stored if opened else None


def counted_failure(admin_id: int, failures_allowed: int) -> tuple[Statement, Mapping[str, object]]:
    """Return the statement that counts a wrong password as a failed log-in, and locks the account after some."""
    return statement_of(SQL(COUNT_FAILURE)), _limits(admin_id, failures_allowed)


def account_of(connection: psycopg.Connection, admin_id: int) -> Account | None:
    """Return the account of a member of staff; None when it is disabled or cancelled."""
    return _find(connection, "a.id = %s", admin_id)


def check_password(password: str) -> None:
    """Refuse a password that no log-in accepts: InvalidInputError, which does not quote it."""
    if _is_impossible("", password) or not password:
        raise InvalidInputError(IMPOSSIBLE_PASSWORD, path=("password",), allowed=LONGEST_PASSWORD)


def set_password(connection: psycopg.Connection, admin_id: int, password: str, now: datetime | None = None) -> None:
    """Set the password of a member of staff; tokens that were issued before are no longer valid."""
    check_password(password)
    connection.execute(
        """update admin set password_hash = %s, password_changed_at = coalesce(%s, clock_timestamp()),
             login_failures = 0, locked_until = null, updated_at = now(), version = version + 1 where id = %s""",
        [hash_password(password), now, admin_id],
    )


def create_super(connection: psycopg.Connection, account: str, name: str, password: str) -> int:
    """Create a super administrator and return the id; InvalidInputError when there is such an account."""
    row = connection.execute(
        """insert into admin (name, account, type, is_super) values (%s, %s, 'PLATFORM', true)
           on conflict (account) do nothing returning id""",
        [name, account],
    ).fetchone()
    if row is None:
        message = f"the account {account!r} exists already"
        raise InvalidInputError(message)
    set_password(connection, row[0], password)
    return int(row[0])


def _find(connection: psycopg.Connection, condition: str, value: object) -> Account | None:
    with connection.cursor(row_factory=class_row(Account)) as cursor:
        return cursor.execute((COLUMNS + condition).encode(), [value]).fetchone()


def _upgraded(connection: psycopg.Connection, stored: Account, password: str) -> str:
    """Replace an outdated hash, unless a parallel log-in has done so, and return the hash that is stored now."""
    old = stored.password_hash or ""
    if not needs_rehash(old):
        return old
    new = hash_password(password)
    swap = "update admin set password_hash = %s where id = %s and password_hash = %s returning id"
    if connection.execute(swap, [new, stored.id, old]).fetchone():
        return new
    current = _find(connection, "a.id = %s", stored.id)
    return current.password_hash or "" if current and verify_password(current.password_hash or "", password) else ""


def _limits(admin_id: int, failures_allowed: int) -> dict[str, object]:
    return {"id": admin_id, "allowed": failures_allowed, "longest": LONGEST_LOCK_MINUTES}


def _is_impossible(account: str, password: str) -> bool:
    """Return whether no account can have these: they are too long, or have a NUL or half of a surrogate pair."""
    try:
        return "\0" in account + password or max(len(account.encode()), len(password.encode())) > LONGEST_PASSWORD
    except UnicodeEncodeError:
        return True
