"""Admin passwords: how administrators reset them, and how staff change their own (document 003, 7.8).

A password is stored as a hash and is never recorded. With a new one, all log-ins and tokens of the account end. No
request reads a hash: the database compares it with what the program computes of the present password and the salt.
"""

from collections.abc import Sequence
from functools import cache

from psycopg.sql import SQL

from app.access.caller import Caller
from app.access.passwords import digest_in_thread, hash_in_thread
from app.db.rendering import Statement, statement_of
from app.db.transaction import Writing
from app.error_codes import Message
from app.errors import InvalidInputError
from app.services.account import check_password
from app.services.admin_inputs import ChangeOwnPassword, SetPassword
from app.services.admin_records import own_password_errors, read_admins
from app.services.calls import call
from app.services.stamp import CHANGED
from app.services.targets import Errors, outcomes, target_errors
from app.services.write import Outcome

SALT = call("own_password_salt")
CHANGE_OWN = call("change_own_password", present="text", new="text")
COUNT_WRONG = call("count_wrong_password", allowed="int")

NO_ACCOUNT = Message("a program that calls for itself has no password", "客户端调用没有密码")

WRONG_PASSWORD = Message(
    "the present password is wrong, or was wrong too often: try again later", "旧密码错误，或失败次数过多，请稍后再试"
)


class WrongPasswordError(InvalidInputError):
    """The present password, which a change of the own password needs, is wrong, or the account is locked.

    The failure counts although the change is refused: app/execution/mutate.py counts it.
    """

    def __init__(self, admin_id: int, *, path: tuple[str, ...] = ()) -> None:
        super().__init__(WRONG_PASSWORD, path=path)
        self.admin_id = admin_id


async def set_passwords(writing: Writing, caller: Caller, changes: Sequence[SetPassword]) -> list[Outcome]:
    """Set passwords of others (document 003, 7.8 and 18.5): locks of the accounts and earlier tokens end.

    UserErrors: NOT_FOUND, CONFLICT, INVALID_INPUT.
    """
    ids = [change.id for change in changes]
    refused = target_errors(changes, await read_admins(writing, ids))
    errors = [
        each or own_password_errors(caller, change.id) or password_errors(change.password)
        for each, change in zip(refused, changes, strict=True)
    ]
    if not any(errors):
        await store_passwords(writing, ids, [change.password for change in changes])
    return outcomes(errors, ids)


async def change_own_passwords(writing: Writing, caller: Caller, changes: Sequence[ChangeOwnPassword]) -> list[Outcome]:
    """Change the password of the caller, who knows the present one. A mutation takes one.

    A wrong one counts as a failed log-in: after some, the account is locked, and no password is accepted.
    UserErrors: INVALID_INPUT.
    """
    return [await _change_own(writing, caller, change) for change in changes]


async def _change_own(writing: Writing, caller: Caller, change: ChangeOwnPassword) -> Outcome:
    if caller.admin_id is None:
        return Outcome(None, (InvalidInputError(NO_ACCOUNT),))
    if errors := password_errors(change.new_password, "new_password"):
        return Outcome(None, errors)
    ((row,),) = await writing.fetch_all([(SALT, {})])
    hashes = {
        "present": await digest_in_thread(row[0] or "", change.old_password),
        "new": await hash_in_thread(change.new_password),
    }
    (((is_changed,),),) = await writing.fetch_all([(CHANGE_OWN, hashes)])
    if not is_changed:
        return Outcome(None, (WrongPasswordError(caller.admin_id, path=("old_password",)),))
    return Outcome(caller.admin_id)


async def count_failure(writing: Writing, allowed: int) -> None:
    """Count a wrong password of the caller behind the savepoint that the refused change has undone."""
    await writing.fetch_all([(COUNT_WRONG, {"allowed": allowed})])


async def store_passwords(writing: Writing, ids: Sequence[int], passwords: Sequence[str]) -> None:
    """Store the hashes of new passwords, as the caller."""
    hashes = [await hash_in_thread(password) for password in passwords]
    await writing.fetch_all([(_store(), {"ids": ids, "hashes": hashes})])


def password_errors(password: str | None, field: str = "password") -> Errors:
    """Return the error of a password that no log-in accepts; None is no password."""
    try:
        check_password("x" if password is None else password)
    except InvalidInputError as error:
        error.path = (field,)
        return (error,)
    return ()


@cache
def _store() -> Statement:
    return statement_of(
        SQL(
            "update admin node set password_hash = input.hash, password_changed_at = clock_timestamp(),"
            " login_failures = 0, locked_until = null, {changed}"
            " from unnest(%(ids)s::bigint[], %(hashes)s::text[]) as input (id, hash) where node.id = input.id"
        ).format(changed=CHANGED)
    )
