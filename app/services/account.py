"""Account: log-in with an account name and a password (document 003, 2.1 and 7.8).

An unknown account, a wrong password, a locked and a disabled account get the same answer after the same work.
"""

from dataclasses import dataclass
from datetime import datetime

import psycopg
from psycopg.rows import class_row

from app.access.passwords import hash_password, needs_rehash, verify_password, waste_time
from app.error_codes import Message
from app.errors import InvalidInputError
from app.metrics.requests import LOGINS
from app.services.attempt import COUNT_FAILURE, COUNT_SUCCESS, LOCKED, Attempt

LONGEST_PASSWORD = 1024  # bytes

IMPOSSIBLE_PASSWORD = Message(
    "a password has 1 to {allowed} bytes of UTF-8, and no NUL", "密码长度为 1 至 {allowed} 个 UTF-8 字节，且不含空字符"
)

COLUMNS = f"""
select a.id, a.account, a.token_version, a.password_hash, {LOCKED} as locked
from admin a left join login_source s on s.admin_id = a.id and s.source = %(source)s::text
where a.is_enabled and a.status = 'ACTIVE' and """  # noqa: S608 - our own names


@dataclass(frozen=True, slots=True)
class Account:
    """A member of staff who may log in."""

    id: int
    account: str
    token_version: int
    password_hash: str | None
    locked: bool


def authenticate(connection: psycopg.Connection, account: str, password: str, attempt: Attempt) -> Account | None:
    """Return the account if the password is right, otherwise None. An outdated hash is replaced by a new one."""
    is_possible = not _is_impossible(account, password)
    stored = _find(connection, "a.account = %(value)s", account, attempt.source) if is_possible else None
    authenticated = _authenticate(connection, stored, password, attempt)
    failed = "locked" if stored is not None and stored.locked else "failed"
    LOGINS.labels(failed if authenticated is None else "succeeded").inc()
    return authenticated


def _authenticate(
    connection: psycopg.Connection, stored: Account | None, password: str, attempt: Attempt
) -> Account | None:
    if stored is None or stored.locked or stored.password_hash is None:
        waste_time(password[:LONGEST_PASSWORD])
        return None
    if not verify_password(stored.password_hash, password):
        connection.execute(COUNT_FAILURE.encode(), attempt.parameters(stored.id))
        return None
    kept = _upgraded(connection, stored, password)
    success = {"id": stored.id, "hash": kept, "source": attempt.source}
    opened = connection.execute(COUNT_SUCCESS.encode(), success).fetchone()
    return stored if opened else None


def account_of(connection: psycopg.Connection, admin_id: int) -> Account | None:
    """Return the account of a member of staff; None when it is disabled or cancelled."""
    return _find(connection, "a.id = %(value)s", admin_id)


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


def _find(connection: psycopg.Connection, condition: str, value: object, source: str = "") -> Account | None:
    with connection.cursor(row_factory=class_row(Account)) as cursor:
        return cursor.execute((COLUMNS + condition).encode(), {"value": value, "source": source}).fetchone()


def _upgraded(connection: psycopg.Connection, stored: Account, password: str) -> str:
    """Replace an outdated hash, unless a parallel log-in has done so, and return the hash that is stored now."""
    old = stored.password_hash or ""
    if not needs_rehash(old):
        return old
    new = hash_password(password)
    swap = "update admin set password_hash = %s where id = %s and password_hash = %s returning id"
    if connection.execute(swap, [new, stored.id, old]).fetchone():
        return new
    current = _find(connection, "a.id = %(value)s", stored.id)
    return current.password_hash or "" if current and verify_password(current.password_hash or "", password) else ""


def _is_impossible(account: str, password: str) -> bool:
    """Return whether no account can have these: they are too long, or have a NUL or half of a surrogate pair."""
    try:
        return "\0" in account + password or max(len(account.encode()), len(password.encode())) > LONGEST_PASSWORD
    except UnicodeEncodeError:
        return True
