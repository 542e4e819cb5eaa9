"""Creating, changing, moving and deleting menus (document 003, 1.1), through GraphQL."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from app.services.menu import USES
from app.services.uses import Use
from tests.clients.api import Api
from tests.clients.writes import Writer

TOP, CHILD, GRANTED, ABSENT = "20477", "20478", "30281", "999999999"
"""A top menu, one below it, one that organisations may use, and none."""

MENU = "menu { id name code path fullName depth type url identifier capability version createdBy parent { id } }"


def create(super_: Writer, **input_: Any) -> dict[str, Any]:
    menu: dict[str, Any] = super_.done("createMenu", MENU, **input_)["menu"]
    return menu


def test_1_1_a_new_menu_gets_the_next_code_of_six_digits(super_: Writer) -> None:
    top = create(super_, name="报表", url="#", type="BUTTON")
    first = create(super_, name="收费", parentId=top["id"], identifier="fee", capability="CUSTOMER_WRITE")
    second = create(super_, name="退费", parentId=top["id"], type="FUNCTION", url="/refund")
    assert (len(top["code"]), first["code"], second["code"]) == (6, f"{top['code']}100000", f"{top['code']}100001")
    assert first == {
        "id": first["id"], "name": "收费", "code": first["code"], "path": f"{top['id']}/{first['id']}/",
        "fullName": "报表/收费", "depth": 1, "type": "UNSET", "url": None, "identifier": "fee",
        "capability": "CUSTOMER_WRITE", "version": 1, "createdBy": "supperadm", "parent": {"id": top["id"]},
    }  # fmt: skip
    assert super_.differences() == []


def test_1_1_many_menus_take_as_many_statements_as_one(super_: Writer) -> None:
    create(super_, name="x")  # the caller is found once
    numbers = []
    for count in (1, 1000):
        menus = [{"name": f"n{i}", "parentId": TOP} for i in range(count)]
        made = super_.done("createMenus", "menus { code }", menus=menus)["menus"]
        assert [each["code"] for each in made] == sorted({each["code"] for each in made})
        numbers.append(len(super_.api.statements))
    assert numbers[0] == numbers[1]
    assert super_.differences() == []


WRITES: list[tuple[str, dict[str, Any]]] = [
    ("createMenu", {"name": "x"}),
    ("createMenu", {"name": "x", "parentId": TOP}),
    ("createMenus", {"menus": [{"name": "x"}]}),
    ("updateMenu", {"id": TOP, "name": "x"}),
    ("updateMenu", {"id": ABSENT, "name": "x"}),
    ("moveMenu", {"id": CHILD, "parentId": None}),
    ("deleteMenu", {"id": CHILD}),
    ("setMenuGuidance", {"menuId": TOP, "content": "x"}),
    ("deleteMenuGuidance", {"id": "32486"}),
]


@pytest.mark.parametrize(("field", "input_"), WRITES)
@pytest.mark.parametrize("account", ["yanggc4", "lisi", "wangwu"])
def test_1_1_and_5_only_the_super_administrator_writes_menus(
    own_api: Api, own_url: str, account: str, field: str, input_: dict[str, Any]
) -> None:
    assert Writer(own_api, own_url, account).forbidden(field, **input_) == "SYSTEM_SUPER"


def test_a_super_administrator_who_works_in_one_organisation_writes_no_menus(super_: Writer) -> None:
    before = super_.everything()
    headers = {"authorization": super_.api.bearer("supperadm"), "cadastre-org": "8829"}
    query = {"query": 'mutation { createMenu(input: {name: "x"}) { errors { code } } }'}
    answer = super_.api.client.post("/graphql", json=query, headers=headers).json()
    assert answer["errors"][0]["extensions"]["code"] == "FORBIDDEN"
    assert super_.everything() == before


@pytest.mark.parametrize(
    ("field", "input_", "refusal"),
    [
        ("createMenu", {"name": "x", "parentId": ABSENT}, ("NOT_FOUND", ["parentId"])),
        ("createMenu", {"name": "x", "parentId": "8829"}, ("NOT_FOUND", ["parentId"])),  # an organisation
        ("createMenu", {"name": " "}, ("INVALID_INPUT", ["name"])),
        ("createMenu", {"name": "a\nb"}, ("INVALID_INPUT", ["name"])),
        ("createMenu", {"name": "x", "url": "长" * 201}, ("INVALID_INPUT", ["url"])),
        ("createMenu", {"name": "x", "capability": "SYSTEM_SUPER"}, ("INVALID_INPUT", ["capability"])),
        ("updateMenu", {"id": TOP, "capability": "SYSTEM_SUPER"}, ("INVALID_INPUT", ["capability"])),
        ("updateMenu", {"id": TOP, "type": None}, ("INVALID_INPUT", ["type"])),
        ("updateMenu", {"id": TOP, "name": "x", "expectedVersion": 9}, ("CONFLICT", ["expectedVersion"])),
        ("updateMenu", {"id": ABSENT, "name": "x"}, ("NOT_FOUND", ["id"])),
        ("moveMenu", {"id": CHILD}, ("INVALID_INPUT", ["parentId"])),
        ("moveMenu", {"id": TOP, "parentId": TOP}, ("INVALID_INPUT", ["parentId"])),
        ("moveMenu", {"id": TOP, "parentId": CHILD}, ("INVALID_INPUT", ["parentId"])),
        ("moveMenu", {"id": CHILD, "parentId": ABSENT}, ("NOT_FOUND", ["parentId"])),
        ("moveMenu", {"id": ABSENT, "parentId": TOP}, ("NOT_FOUND", ["id"])),
        ("moveMenu", {"id": CHILD, "parentId": None, "expectedVersion": 9}, ("CONFLICT", ["expectedVersion"])),
        ("deleteMenu", {"id": ABSENT}, ("NOT_FOUND", ["id"])),
        ("deleteMenu", {"id": CHILD, "expectedVersion": 9}, ("CONFLICT", ["expectedVersion"])),
    ],
)
def test_1_1_a_wrong_write_is_refused(super_: Writer, field: str, input_: dict[str, Any], refusal: Any) -> None:
    assert super_.refusals(field, **input_) == [refusal]


def test_1_1_an_update_sets_what_it_names_and_renames_the_subtree(super_: Writer) -> None:
    menu = super_.done("updateMenu", MENU, id=TOP, name="门", capability="SPACE_WRITE", expectedVersion=1)["menu"]
    assert (menu["name"], menu["capability"], menu["type"], menu["url"]) == ("门", "SPACE_WRITE", "BUTTON", "#")
    assert super_.sql("select full_name from menu where id = %s", CHILD) == [("门/门禁管理",)]
    cleared = super_.done("updateMenu", MENU, id=TOP, capability=None)["menu"]
    assert (cleared["capability"], cleared["version"]) == (None, 3)
    assert super_.differences() == []


def test_1_1_the_capability_of_a_menu_is_given_to_those_whose_roles_have_it(super_: Writer) -> None:
    (role,) = super_.sql(
        "select g.org_id::text from admin_grant g join admin a on a.id = g.admin_id where a.account = 'lisi'"
    )
    menu = create(super_, name="组织", capability="ORG_WRITE")["id"]
    super_.sql("insert into org_menu (org_id, menu_id) values (%s, %s)", role[0], menu)
    super_.sql(
        "insert into org_role_menu (org_id, role_id, menu_id) select org_id, role_id, %s from admin_grant"
        " where org_id = %s",
        menu, role[0],
    )  # fmt: skip
    lisi = Writer(super_.api, super_.url, "lisi")
    assert lisi.done("createOrg", "org { name }", name="x", parentId=role[0])["org"] == {"name": "x"}


def test_1_1_a_moved_menu_takes_its_subtree_along(super_: Writer) -> None:
    target = create(super_, name="目标")
    moved = super_.done("moveMenu", MENU, id=TOP, parentId=target["id"], expectedVersion=1)["menu"]
    assert (moved["path"], moved["fullName"]) == (f"{target['id']}/{TOP}/", "目标/通行管理")
    assert super_.sql("select full_name, path from menu where id = %s", CHILD) == [
        ("目标/通行管理/门禁管理", f"{target['id']}/{TOP}/{CHILD}/")
    ]
    back = super_.done("moveMenu", MENU, id=CHILD, parentId=None)["menu"]
    assert (back["path"], back["depth"], len(back["code"]), back["parent"]) == (f"{CHILD}/", 0, 6, None)
    assert super_.differences() == []


@pytest.mark.parametrize("use", USES, ids=lambda use: f"{use.table}.{use.column}")
def test_1_1_a_menu_with_children_or_grants_is_not_deleted(super_: Writer, use: Use) -> None:
    (row,) = super_.sql(f"select {use.column} from {use.table} where {use.column} is not null order by 1 limit 1")
    before = super_.everything()
    payload = super_.payload("deleteMenu", "deletedIds", id=str(row[0]))
    assert [(error["code"], error["path"]) for error in payload["errors"]] == [("IN_USE", ["input", "id"])]
    assert (payload["deletedIds"], super_.everything()) == ([], before)


def test_1_1_every_table_that_refers_to_menus_is_a_use_or_goes_with_the_menu(super_: Writer) -> None:
    query = (
        "select c.conrelid::regclass::text, a.attname from pg_constraint c"
        " join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]"
        " where c.confrelid = 'menu'::regclass and cardinality(c.conkey) = 1"
    )
    expected = {(use.table, use.column) for use in USES} | {("menu_guidance", "menu_id")}
    assert {tuple(row) for row in super_.sql(query)} == expected


def test_1_1_an_unused_menu_is_deleted_with_its_guidance(super_: Writer) -> None:
    id_ = create(super_, name="x")["id"]
    super_.done("setMenuGuidance", menuId=id_, content="x")
    assert super_.done("deleteMenu", "deletedIds", id=id_, expectedVersion=1)["deletedIds"] == [id_]
    assert super_.sql("select from menu_guidance where menu_id = %s", id_) == []
    assert super_.refusals("deleteMenu", id=id_) == [("NOT_FOUND", ["id"])]


def test_1_1_menus_created_at_the_same_time_get_codes_of_their_own(super_: Writer) -> None:
    bearer = super_.api.bearer("supperadm")

    def write(parent: str | None) -> list[object]:
        query = "mutation ($input: CreateMenuInput!) { createMenu(input: $input) { errors { code } } }"
        body = {"query": query, "variables": {"input": {"name": "x", "parentId": parent}}}
        answer = super_.api.client.post("/graphql", json=body, headers={"authorization": bearer}).json()
        errors: list[object] = answer["data"]["createMenu"]["errors"]
        return errors

    with ThreadPoolExecutor(8) as writers:
        assert list(writers.map(write, [TOP, None] * 8)) == [[]] * 16
    assert super_.sql("select count(*), count(distinct code) from menu where name = 'x'") == [(16, 16)]
    assert super_.differences() == []
