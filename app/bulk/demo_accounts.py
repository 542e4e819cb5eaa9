"""The accounts of the demo world: their password is public, so it must not be valid where other machines can log in."""

import secrets
from typing import NamedTuple

import psycopg

from app import models
from app.access.passwords import verify_password
from app.bulk.demo import PASSWORD, load_into, rows_of
from app.bulk.progress import Progress
from app.errors import OperatorError
from app.services.account import set_password

SHOWN = ["supperadm", "yanggc4", "zhangx"]
"""The accounts that `cadastre serve` prints."""

IS_EMPTY = "select not exists (select from org) and not exists (select from admin)"
HASHES = "select id, password_hash from admin where id = any(%s) and password_hash is not null"
LOGINS = """
select account, name, is_super, password_hash from admin
where account = any(%s) and is_enabled and status = 'ACTIVE' and password_hash is not null
order by is_super desc, account
"""


class DemoLogin(NamedTuple):
    """An account of the demo world and a password that is valid for it."""

    account: str
    name: str
    is_super: bool
    password: str


class Wanted(NamedTuple):
    """What the operator wants of the demo world.

    `loads` says whether an empty register gets it, `new_password` whether its public password is replaced, `is_local`
    whether only programs of this machine can log in. `host` is where the register is served.
    """

    loads: bool
    new_password: bool
    is_local: bool
    host: str


def prepare(connection: psycopg.Connection, wanted: Wanted, progress: Progress) -> list[DemoLogin]:
    """Load the demo world where it is wanted and return the logins that are valid.

    OperatorError, and nothing is written, when other machines could log in with the public password.
    """
    if wanted.loads and connection.execute(IS_EMPTY).fetchone() == (True,):
        if not (wanted.is_local or wanted.new_password):
            raise _refusal(wanted.host, "use --no-demo, or --new-password")
        load_into(connection, progress)
    password = replace_public_password(connection) if wanted.new_password else None
    if not wanted.is_local and accounts_with_public_password(connection):
        raise _refusal(wanted.host, "use --new-password")
    return logins(connection, password or PASSWORD)


def accounts_with_public_password(connection: psycopg.Connection) -> list[int]:
    """Return the ids of demo accounts whose password is still the public one, disabled ones included."""
    ids = [row["id"] for row in rows_of(models.Base.metadata.tables["admin"])]
    rows = connection.execute(HASHES, [ids]).fetchall()
    return [admin_id for admin_id, stored in rows if verify_password(stored, PASSWORD)]


def replace_public_password(connection: psycopg.Connection) -> str | None:
    """Give the accounts with the public password a new one and return it; None when no account has the public one."""
    ids = accounts_with_public_password(connection)
    if not ids:
        return None
    password = secrets.token_urlsafe(12)
    for admin_id in ids:
        set_password(connection, admin_id, password)
    return password


def logins(connection: psycopg.Connection, password: str) -> list[DemoLogin]:
    """Return the shown accounts for which a password is valid, super administrators first."""
    rows = connection.execute(LOGINS, [SHOWN]).fetchall()
    return [
        DemoLogin(account, name, is_super, password)
        for account, name, is_super, stored in rows
        if verify_password(stored, password)
    ]


def _refusal(host: str, way_out: str) -> OperatorError:
    return OperatorError(
        f"the demo accounts have a public password, so only loopback addresses are served, not {host}; "
        f"{way_out}, which gives them another one and prints it once"
    )
