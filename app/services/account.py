"""Account: logging in with an account name and a password, and what fails (document 003, 2.1 and 7.8).

An account is locked from a number of failures in a row on, first for a minute, then for two, four, eight and 15 minutes
with each further failure. While it is locked nothing is counted and no password opens it. Unknown, wrong, locked and
disabled get the same answer after the same work.
"""

from dataclasses import dataclass
from datetime import datetime

import psycopg
from psycopg.rows import class_row

from app.access.passwords import hash_password, needs_rehash, verify_password, waste_time
from app.errors import InvalidInputError

LONGEST_PASSWORD = 1024  # bytes; what is longer is no password
LONGEST_LOCK_MINUTES = 15

COLUMNS = """
select a.id, a.name, a.job_number as account, a.org_id, o.full_name as org_full_name, o.code as org_code,
  a.position, a.is_super, a.token_version, a.password_hash, coalesce(a.locked_until > now(), false) as locked
from admin a left join org o on o.id = a.org_id
where a.enabled and a.status = 'ACTIVE' and """

# One statement counts and locks, so that parallel failures count one by one; the last of them that found the account
# open is the one that locks it.
COUNT_FAILURE = """
update admin set
  login_failures = login_failures + 1,
  locked_until = case when login_failures + 1 >= %(allowed)s
    then clock_timestamp()
      + make_interval(mins => least(%(longest)s, 2 ^ least(login_failures + 1 - %(allowed)s, 10))::int)
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
    """A member of staff who may log in; `org_*` are those of the administrative organisation."""

    id: int
    name: str
    account: str
    org_id: int | None
    org_full_name: str | None
    org_code: str | None
    position: str | None
    is_super: bool
    token_version: int
    password_hash: str | None
    locked: bool


def authenticate(connection: psycopg.Connection, account: str, password: str, failures_allowed: int) -> Account | None:
    """Give the account that the password opens, None when it opens none; an old hash is replaced."""
    found = None if _is_nonsense(account, password) else _find(connection, "a.job_number = %s", account)
    if found is None or found.locked or found.password_hash is None:
        waste_time(password[:LONGEST_PASSWORD])
        return None
    if not verify_password(found.password_hash, password):
        limits = {"id": found.id, "allowed": failures_allowed, "longest": LONGEST_LOCK_MINUTES}
        connection.execute(COUNT_FAILURE, limits)
        return None
    kept = _upgraded(connection, found, password)
    opened = connection.execute(COUNT_SUCCESS, {"id": found.id, "hash": kept}).fetchone()
    return found if opened else None


def account_of(connection: psycopg.Connection, admin_id: int) -> Account | None:
    """Give the account of a member of staff; None when it is disabled or cancelled."""
    return _find(connection, "a.id = %s", admin_id)


def set_password(connection: psycopg.Connection, admin_id: int, password: str, now: datetime | None = None) -> None:
    """Give a member of staff another password; the tokens given out before are useless from then on."""
    if _is_nonsense("", password) or not password:
        message = f"a password has 1 to {LONGEST_PASSWORD} bytes of UTF-8"
        raise InvalidInputError(message)
    connection.execute(
        """update admin set password_hash = %s, password_changed_at = coalesce(%s, clock_timestamp()),
             login_failures = 0, locked_until = null, updated_at = now(), version = version + 1 where id = %s""",
        [hash_password(password), now, admin_id],
    )


def create_super(connection: psycopg.Connection, account: str, name: str, password: str) -> int:
    """Create a super administrator and give the id; InvalidInputError when there is such an account."""
    row = connection.execute(
        """insert into admin (name, job_number, type, is_super) values (%s, %s, 'PLATFORM', true)
           on conflict (job_number) do nothing returning id""",
        [name, account],
    ).fetchone()
    if row is None:
        message = f"there is an account {account} already"
        raise InvalidInputError(message)
    set_password(connection, row[0], password)
    return int(row[0])


def log_out_everywhere(connection: psycopg.Connection, admin_id: int) -> None:
    """Make all tokens of a member of staff useless."""
    connection.execute("update admin set token_version = token_version + 1 where id = %s", [admin_id])


def _find(connection: psycopg.Connection, condition: str, value: object) -> Account | None:
    with connection.cursor(row_factory=class_row(Account)) as cursor:
        return cursor.execute((COLUMNS + condition).encode(), [value]).fetchone()


def _upgraded(connection: psycopg.Connection, found: Account, password: str) -> str:
    """Replace a hash of another kind, unless somebody else did so meanwhile; give the one that counts now."""
    old = found.password_hash or ""
    if not needs_rehash(old):
        return old
    new = hash_password(password)
    swap = "update admin set password_hash = %s where id = %s and password_hash = %s returning id"
    if connection.execute(swap, [new, found.id, old]).fetchone():
        return new
    current = _find(connection, "a.id = %s", found.id)
    return current.password_hash or "" if current and verify_password(current.password_hash or "", password) else ""


def _is_nonsense(account: str, password: str) -> bool:
    """Tell whether no account or password can be so: PostgreSQL holds no NUL and no half of a surrogate pair."""
    try:
        return "\0" in account + password or len((account + password).encode()) > LONGEST_PASSWORD
    except UnicodeEncodeError:
        return True
