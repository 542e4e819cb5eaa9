"""Creating staff and setting passwords (document 003, 7.2, 7.7, 7.8), through GraphQL."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from app.bulk.demo import PASSWORD
from tests.clients.api import Api
from tests.clients.writes import Writer

DEPARTMENT, BUSINESS, ABSENT, ID = "6419", "8829", "999999999", "1"
"""An administrative and a business organisation, an id of none, and the member of staff yanggc4."""

ADMIN = "admin { id name account staffNumber phone type isSuper isEnabled status version createdBy org { id } }"
NEW: dict[str, Any] = {
    "orgId": DEPARTMENT,
    "name": "张小",
    "account": "zhangx2",
    "staffNumber": "7",
    "phone": "13800000000",
}


COMPOSED, DECOMPOSED, SHORT, LONG = "密码 \u00e9", "密码 e\u0301", "111", "Not-To-Be-Found-9"
"""Passwords."""


def login(api: Api, account: str, password: str) -> int:
    """Log in and give the HTTP status."""
    form = {"grant_type": "password", "username": account, "password": password, "client_id": "h5-client"}
    return api.client.post("/oauth/token", data=form).status_code


def test_7_2_a_new_member_of_staff_logs_in_with_the_first_password(super_: Writer) -> None:
    admin = super_.done("createAdmin", ADMIN, **NEW, password=DECOMPOSED)["admin"]
    assert admin == {
        "id": admin["id"], "name": "张小", "account": "zhangx2", "staffNumber": "7", "phone": "13800000000",
        "type": "PROPERTY", "isSuper": False, "isEnabled": True, "status": "ACTIVE", "version": 1,
        "createdBy": "supperadm", "org": {"id": DEPARTMENT},
    }  # fmt: skip
    assert login(super_.api, "zhangx2", DECOMPOSED) == 200
    assert login(super_.api, "zhangx2", COMPOSED) == 400  # a password is taken as it is


def test_7_2_without_a_password_nobody_logs_in(super_: Writer) -> None:
    super_.done("createAdmin", ADMIN, **NEW, password=None)
    assert login(super_.api, "zhangx2", "") == 400
    assert super_.sql("select password_hash, password_changed_at from admin where account = 'zhangx2'") == [
        (None, None)
    ]


def test_7_2_staff_without_an_account_are_many(super_: Writer) -> None:
    for _ in range(2):
        super_.done("createAdmin", ADMIN, orgId=DEPARTMENT, name="无账号")


@pytest.mark.parametrize(
    ("changes", "refusals"),
    [
        ({"orgId": ABSENT}, [("NOT_FOUND", ["orgId"])]),
        ({"orgId": BUSINESS}, [("INVALID_INPUT", ["orgId"])]),
        ({"name": " "}, [("INVALID_INPUT", ["name"])]),
        ({"account": ""}, [("INVALID_INPUT", ["account"])]),
        ({"phone": "138\u00000"}, [("INVALID_INPUT", ["phone"])]),
        ({"password": ""}, [("INVALID_INPUT", ["password"])]),
        ({"password": "x" * 1025}, [("INVALID_INPUT", ["password"])]),
        ({"account": "yanggc4"}, [("CONFLICT", ["account"])]),
        ({"phone": "13926003676"}, [("CONFLICT", ["phone"])]),
        ({"account": "yanggc4", "phone": "13926003676"}, [("CONFLICT", ["account"]), ("CONFLICT", ["phone"])]),
    ],
)
def test_7_2_and_7_7_a_wrong_new_record_is_refused(
    super_: Writer, changes: dict[str, Any], refusals: list[Any]
) -> None:
    assert super_.refusals("createAdmin", **{**NEW, **changes}) == refusals


def test_7_7_a_staff_number_is_unique_and_a_phone_number_is_for_each_type(super_: Writer) -> None:
    super_.done("createAdmin", ADMIN, **NEW)
    other = {**NEW, "account": "other"}
    assert super_.refusals("createAdmin", **other) == [("CONFLICT", ["staffNumber"]), ("CONFLICT", ["phone"])]
    super_.done("createAdmin", ADMIN, **{**other, "staffNumber": "8", "type": "MERCHANT"})


def test_7_7_the_same_account_at_the_same_time_is_given_once(super_: Writer) -> None:
    bearer = super_.api.bearer("supperadm")

    def write(number: int) -> list[str]:
        query = "mutation ($input: CreateAdminInput!) { createAdmin(input: $input) { errors { code } } }"
        variables = {"input": {"orgId": DEPARTMENT, "name": str(number), "account": "once"}}
        body = {"query": query, "variables": variables}
        answer = super_.api.client.post("/graphql", json=body, headers={"authorization": bearer}).json()
        return [error["code"] for error in answer["data"]["createAdmin"]["errors"]]

    with ThreadPoolExecutor(8) as writers:
        assert sorted(writers.map(write, range(8))) == [[]] + [["CONFLICT"]] * 7


@pytest.mark.parametrize("account", ["yanggc4", "lisi", "wangwu"])
@pytest.mark.parametrize(
    ("field", "input_"),
    [
        ("createAdmin", NEW),
        ("setPassword", {"id": ID, "password": "x"}),
        ("setPassword", {"id": ABSENT, "password": "x"}),
    ],
)
def test_only_the_super_administrator_creates_staff_and_sets_passwords(
    own_api: Api, own_url: str, account: str, field: str, input_: dict[str, Any]
) -> None:
    assert Writer(own_api, own_url, account).forbidden(field, **input_) == "ADMIN_WRITE"


def test_nobody_becomes_a_super_administrator(super_: Writer) -> None:
    answer = super_.answer("createAdmin", "", {**NEW, "isSuper": True})
    assert answer["errors"][0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"


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
