"""Creating and changing staff (document 003, 7.2 to 7.5 and 7.7), through GraphQL."""

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
        ({"orgId": None}, [("INVALID_INPUT", ["orgId"])]),
        ({"orgId": None, "orgCode": "901"}, [("NOT_FOUND", ["orgCode"])]),
        ({"orgId": None, "orgCode": "101"}, [("INVALID_INPUT", ["orgCode"])]),  # two organisations have it
        ({"orgCode": "101105"}, [("INVALID_INPUT", ["orgCode"])]),
        ({"source": " "}, [("INVALID_INPUT", ["source"])]),
        ({"identity": "345778199407260002"}, [("CONFLICT", ["identity"])]),
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


@pytest.mark.parametrize("account", ["lisi", "wangwu"])
@pytest.mark.parametrize(
    ("field", "input_"),
    [
        ("createAdmin", NEW),
        ("setPassword", {"id": ID, "password": "x"}),
        ("setPassword", {"id": ABSENT, "password": "x"}),
    ],
)
def test_staff_without_the_capability_create_no_staff_and_set_no_passwords(
    own_api: Api, own_url: str, account: str, field: str, input_: dict[str, Any]
) -> None:
    assert Writer(own_api, own_url, account).forbidden(field, **input_) == "ADMIN_WRITE"


def test_nobody_becomes_a_super_administrator(super_: Writer) -> None:
    answer = super_.answer("createAdmin", "", {**NEW, "isSuper": True})
    assert answer["errors"][0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"


EVERYTHING: dict[str, Any] = {
    "orgId": DEPARTMENT, "type": "MERCHANT", "name": "王小", "nickname": "小王", "account": "wangx", "staffNumber": "9",
    "position": "java开发", "phone": "13811111111", "email": "w@example.com", "identity": "430421199307289999",
    "sex": "FEMALE", "birthday": "1993-07-28", "picture": "a.png", "facePicture": "b.png", "status": "CANCELLED",
    "fourgridId": "77", "source": "4a",
}  # fmt: skip
COLUMNS = " ".join(EVERYTHING)


def test_7_2_and_7_3_every_documented_column_is_written(super_: Writer) -> None:
    selection = f"admin {{ id {COLUMNS} }}"
    made = super_.done("createAdmin", selection, **EVERYTHING)["admin"]
    assert made == {"id": made["id"], **EVERYTHING}
    changes = {
        "orgId": "45", "type": "PLATFORM", "name": "李小", "nickname": None, "account": None, "staffNumber": "10",
        "position": None, "phone": None, "email": None, "identity": None, "sex": "MALE", "birthday": None,
        "picture": None, "facePicture": None, "status": "ACTIVE", "fourgridId": None,
    }  # fmt: skip
    changed = super_.done("updateAdmin", f"{selection} ", id=made["id"], expectedVersion=1, **changes)["admin"]
    assert changed == {"id": made["id"], "source": "4a", **changes}
    assert super_.done("updateAdmin", selection, id=made["id"], name="李小")["admin"] == changed  # the rest stays


def test_7_2_an_organisation_is_named_by_its_code(super_: Writer) -> None:
    new = {**NEW, "orgId": None, "orgCode": "101105"}
    assert super_.done("createAdmin", ADMIN, **new)["admin"]["org"] == {"id": "6422"}


def test_7_2_many_are_created_together_or_none(super_: Writer) -> None:
    one, other = NEW, {**NEW, "account": "other", "staffNumber": "8", "phone": "13800000001"}
    assert super_.refusals("createAdmins", admins=[one, {**other, "account": "zhangx2"}]) == [
        ("CONFLICT", ["admins", "0", "account"]),
        ("CONFLICT", ["admins", "1", "account"]),
    ]
    made = super_.done("createAdmins", "admins { account }", admins=[one, other])["admins"]
    assert made == [{"account": "zhangx2"}, {"account": "other"}]


@pytest.mark.parametrize(
    ("changes", "refusals"),
    [
        ({"id": ABSENT}, [("NOT_FOUND", ["id"])]),
        ({"expectedVersion": 9}, [("CONFLICT", ["expectedVersion"])]),
        ({"orgId": BUSINESS}, [("INVALID_INPUT", ["orgId"])]),
        ({"account": "lisi"}, [("CONFLICT", ["account"])]),
        ({"identity": "430421199307280011"}, [("CONFLICT", ["identity"])]),
        ({"name": None}, [("INVALID_INPUT", ["name"])]),
        ({"phone": "1" * 201}, [("INVALID_INPUT", ["phone"])]),
    ],
)
def test_7_3_a_wrong_change_is_refused(super_: Writer, changes: dict[str, Any], refusals: list[Any]) -> None:
    assert super_.refusals("updateAdmin", **{"id": "3410", "name": "易依依", **changes}) == refusals


def test_7_3_values_that_a_change_frees_may_be_used_by_others(super_: Writer) -> None:
    super_.done("updateAdmin", id="21052", account=None)
    super_.done("updateAdmin", id="21053", account="bb001")
    super_.done("updateAdmin", id="9160", staffNumber="00002", account="00002")  # their own values are no others'


def test_7_5_a_disabled_account_is_logged_out_and_back_when_enabled(super_: Writer) -> None:
    bearer = super_.api.bearer("zhangx")
    super_.done("setAdminEnabled", id="43002", isEnabled=False)
    assert super_.api.post("{ me { name } }", authorization=bearer).status_code == 401
    assert login(super_.api, "zhangx", PASSWORD) == 400
    super_.done("setAdminEnabled", id="43002", isEnabled=True)
    assert login(super_.api, "zhangx", PASSWORD) == 200


def test_nobody_locks_themselves_out(super_: Writer, staff: Writer) -> None:
    for writer, id_ in ((super_, "43003"), (staff, ID)):
        assert writer.refusals("setAdminEnabled", id=id_, isEnabled=False) == [("INVALID_INPUT", ["id"])]
        assert writer.refusals("updateAdmin", id=id_, status="CANCELLED") == [("INVALID_INPUT", ["id"])]
        assert writer.refusals("deleteAdmin", id=id_)[0] == ("INVALID_INPUT", ["id"])


def test_7_7_the_check_names_what_others_have_and_leaves_out_the_person(super_: Writer) -> None:
    values = {"account": "zhuhy57", "staffNumber": "20351674", "identity": "430421199307280651", "phone": "13418777766"}
    taken = [("CONFLICT", [field]) for field in ("account", "staffNumber", "phone", "identity")]
    assert super_.refusals("validateAdmin", **values) == taken
    assert super_.done("validateAdmin", id="8852", **values) == {"errors": []}
    assert super_.refusals("validateAdmin", id=ABSENT) == [("NOT_FOUND", ["id"])]
    assert super_.refusals("validateAdmin", **values, type="MERCHANT") == taken[:2]
    (error,) = super_.payload("validateAdmin", phone="13418777766")["errors"]
    assert error["message"] == "another member of staff has the phone number 13418777766"


def test_staff_of_another_system_are_created_and_then_changed(super_: Writer) -> None:
    row = {
        "fourgridId": "500",
        "source": "4a",
        "name": "同步",
        "orgCode": "101105",
        "account": "sync",
        "password": SHORT,
    }
    (made,) = super_.done("upsertAdmins", "admins { id version }", admins=[row])["admins"]
    assert login(super_.api, "sync", SHORT) == 200
    rows = [{**row, "name": "改名", "password": None}, {**row, "fourgridId": "501", "account": None, "name": "新"}]
    changed, other = super_.done("upsertAdmins", "admins { id name account }", admins=rows)["admins"]
    assert changed == {"id": made["id"], "name": "改名", "account": "sync"}
    assert other["id"] != made["id"]
    assert login(super_.api, "sync", SHORT) == 200


def test_the_same_staff_synchronised_by_several_requests_at_once_are_created_once(super_: Writer) -> None:
    rows = [{"fourgridId": str(500 + n), "source": "4a", "name": "同步", "orgCode": "101105"} for n in range(3)]

    def send(number: int) -> list[str]:
        ordered = rows if number % 2 else rows[::-1]
        made = super_.done("upsertAdmins", "admins { id }", admins=ordered)["admins"]
        return [each["id"] for each in made]

    with ThreadPoolExecutor(4) as pool:
        ids = {id_ for made in pool.map(send, range(8)) for id_ in made}
    assert len(ids) == 3
    assert super_.sql("select count(*) from admin where source = '4a'") == [(3,)]


def test_a_wrong_row_of_a_synchronisation_leaves_nothing_and_skipping_leaves_the_others(super_: Writer) -> None:
    rows = [
        {"fourgridId": "500", "name": "新", "orgCode": "101105"},
        {"fourgridId": "2158404", "source": "4g", "name": "黄汝平", "account": "lisi"},
        {"fourgridId": "1", "source": "4g", "name": "两人"},
    ]
    assert super_.refusals("upsertAdmins", admins=rows) == [("CONFLICT", ["admins", "2", "fourgridId"])]
    assert super_.refusals("upsertAdmins", admins=rows[:2]) == [("CONFLICT", ["admins", "1", "account"])]
    payload = super_.payload("upsertAdmins", "admins { name }", admins=rows, onError="SKIP")
    assert payload["admins"] == [{"name": "新"}]
    assert [error["index"] for error in payload["errors"]] == [1, 2]
