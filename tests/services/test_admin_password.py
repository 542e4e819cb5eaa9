"""Passwords of staff: reset by administrators, and changed by their owners (document 003, 7.8), through GraphQL."""

from typing import Any

import pytest

from app.bulk.demo import PASSWORD
from app.services.attempt import CHANGE
from app.settings import Settings
from tests.clients.api import Api
from tests.clients.writes import Writer
from tests.services.test_admin import ABSENT, ADMIN, BUSINESS, ID, LONG, NEW, SHORT, login

LISI = "3"
ALLOWED = Settings().login_failures


def test_7_8_a_new_password_ends_locks_and_earlier_tokens(super_: Writer) -> None:
    earlier = super_.api.bearer("yanggc4")
    super_.sql("update admin set login_failures = 9, locked_until = now() + interval '1 hour' where id = %s", ID)
    admin = super_.done("setPassword", ADMIN, id=ID, password=SHORT, expectedVersion=1)["admin"]
    assert (admin["id"], admin["version"]) == (ID, 2)
    assert [login(super_.api, "yanggc4", password) for password in (PASSWORD, SHORT)] == [400, 200]
    assert super_.api.post("{ me { name } }", authorization=earlier).status_code == 401


@pytest.mark.parametrize(
    ("input_", "refusal"),
    [
        ({"id": ABSENT, "password": "x"}, ("NOT_FOUND", ["id"])),
        ({"id": BUSINESS, "password": "x"}, ("NOT_FOUND", ["id"])),
        ({"id": ID, "password": ""}, ("INVALID_INPUT", ["password"])),
        ({"id": ID, "password": "密" * 400}, ("INVALID_INPUT", ["password"])),
        ({"id": ID, "password": "nul\u0000nul"}, ("INVALID_INPUT", ["password"])),
        ({"id": ID, "password": "x", "expectedVersion": 9}, ("CONFLICT", ["expectedVersion"])),
    ],
)
def test_7_8_a_wrong_password_is_refused_and_not_quoted(super_: Writer, input_: dict[str, Any], refusal: Any) -> None:
    assert super_.refusals("setPassword", **input_) == [refusal]
    (error,) = super_.payload("setPassword", **input_)["errors"]
    assert len(input_["password"]) < 2 or input_["password"] not in error["message"]


def test_7_8_a_password_is_nowhere_in_the_database(super_: Writer) -> None:
    super_.done("setPassword", ADMIN, id=ID, password=LONG)
    super_.done("createAdmin", ADMIN, **NEW, password=LONG)
    tables = super_.sql(
        "select c.oid::regclass::text from pg_class c where relkind = 'r' and relnamespace = 'public'::regnamespace"
    )
    assert {table for (table,) in tables if "$argon2id$" in str(super_.sql(f"select t::text from {table} t"))} == {
        "admin"
    }
    for (table,) in tables:
        assert super_.sql(f"select count(*) from {table} t where t::text like %s", f"%{LONG}%") == [(0,)], table


def test_nobody_sets_their_own_password_without_the_old_one(staff: Writer, super_: Writer) -> None:
    for writer in (staff, super_):
        ((id_,),) = writer.sql("select id from admin where account = %s", writer.account)
        assert writer.refusals("setPassword", id=str(id_), password=SHORT) == [("INVALID_INPUT", ["password"])]
        writer.sql("update admin set fourgrid_id = 77, source = 'own' where id = %s", id_)
        row = {"fourgridId": "77", "source": "own", "name": "本人", "password": SHORT}
        assert writer.refusals("upsertAdmins", admins=[row]) == [("INVALID_INPUT", ["admins", "0", "password"])]
        writer.sql("update admin set fourgrid_id = null where id = %s", id_)


@pytest.fixture
def lisi(own_api: Api, own_url: str) -> Writer:
    """Give a member of staff without capabilities."""
    return Writer(own_api, own_url, "lisi")


def failures(writer: Writer, id_: str = LISI) -> tuple[int, bool]:
    """Give the failed changes of the password of an account, and whether more of them are refused."""
    query = "select failures, locked_until > now() from login_source where admin_id = %s and source = %s"
    ((count, locked),) = writer.sql(query, id_, CHANGE) or [(0, False)]
    return count, bool(locked)


def fail(writer: Writer, times: int) -> None:
    """Let changes of the password of Li Si have failed some times."""
    writer.sql("insert into login_source (admin_id, source, failures) values (%s, %s, %s)", LISI, CHANGE, times)


def test_staff_change_their_own_password_and_all_their_sessions_end(lisi: Writer) -> None:
    other = lisi.api.bearer("lisi")
    assert lisi.done("changeOwnPassword", oldPassword=PASSWORD, newPassword=SHORT) == {"errors": []}
    assert [login(lisi.api, "lisi", password) for password in (PASSWORD, SHORT)] == [400, 200]
    for bearer in (other, lisi.authorization):
        assert lisi.api.post("{ me { name } }", authorization=bearer).status_code == 401


def test_wrong_old_passwords_lock_changes_of_the_password_and_not_the_log_in(lisi: Writer) -> None:
    wrong = {"oldPassword": "wrong", "newPassword": SHORT}
    fail(lisi, ALLOWED - 2)
    for count in (ALLOWED - 1, ALLOWED):
        (error,) = lisi.payload("changeOwnPassword", **wrong)["errors"]
        assert (error["code"], error["path"]) == ("INVALID_INPUT", ["input", "oldPassword"])
        assert failures(lisi)[0] == count
    assert failures(lisi) == (ALLOWED, True)
    assert lisi.refusals("changeOwnPassword", oldPassword=PASSWORD, newPassword=SHORT)  # locked: even the right one
    assert failures(lisi) == (ALLOWED, True)
    assert login(lisi.api, "lisi", PASSWORD) == 200  # a stolen session does not lock the owner out
    lisi.sql("update login_source set locked_until = now() - interval '1 second'")
    lisi.done("changeOwnPassword", oldPassword=PASSWORD, newPassword=SHORT)
    assert failures(lisi) == (0, False)


def test_many_guesses_in_one_request_are_counted_one_by_one(lisi: Writer) -> None:
    guess = '{ oldPassword: "%s", newPassword: "y" }'
    fail(lisi, ALLOWED - 2)
    fields = " ".join(f"g{n}: changeOwnPassword(input: {guess % n}) {{ errors {{ code }} }}" for n in range(3))
    right = f"last: changeOwnPassword(input: {guess % PASSWORD}) {{ errors {{ code }} }}"
    answer = lisi.api.post(f"mutation {{ {fields} {right} }}", authorization=lisi.authorization).json()
    assert "errors" not in answer
    assert all(payload["errors"] for payload in answer["data"].values())
    assert failures(lisi) == (ALLOWED, True)


@pytest.mark.parametrize("password", ["", "x" * 1025, "nul\u0000nul"])
def test_a_wrong_new_password_is_refused_and_does_not_count(lisi: Writer, password: str) -> None:
    refused = lisi.refusals("changeOwnPassword", oldPassword=PASSWORD, newPassword=password)
    assert refused == [("INVALID_INPUT", ["newPassword"])]
    assert failures(lisi) == (0, False)


def test_who_has_no_password_yet_cannot_change_it(lisi: Writer) -> None:
    lisi.sql("update admin set password_hash = null where id = %s", LISI)
    assert lisi.refusals("changeOwnPassword", oldPassword="", newPassword=SHORT) == [("INVALID_INPUT", ["oldPassword"])]
