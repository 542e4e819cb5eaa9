"""Histories in the register browser: who changed what, the way back to a former state, and what was deleted."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.clients.axe import serious
from tests.clients.page import Explorer
from tests.clients.record import record_opened, title
from tests.explorer.buildings import spaces

COMMUNITY, OTHER, OF_LISI = "9885", "9888", "3429"
ORG_ABOVE = "9103"
OCCUPIED, RENTED = "4238", "20704"
AWAY = 'mutation { updatePropertyRelation(input: {id: "48001", housingStatus: AWAY}) { errors { message } } }'


@contextmanager
def register_opened(
    chromium: Browser, program: str, account: str = "supperadm", button: str = "Log in", **options: Any
) -> Iterator[Explorer]:
    """Open the register and log in."""
    with Explorer.opened(chromium, program, "explorer/register", **options) as register:
        register.log_in_to_register(account, button)
        yield register


def show(register: Explorer, id_: str, tree: str = "space") -> None:
    """Lead the page to the history of a record, as a link does."""
    path = f"/explorer/register?tree={tree}&record={id_}&view=history"
    register.page.evaluate(
        "path => { history.pushState(null, '', path); dispatchEvent(new PopStateEvent('popstate')) }", path
    )


def write(register: Explorer, mutation: str, reason: str = "", **input_: Any) -> Any:
    """Write as the super administrator in another session, and return the payload."""
    noun = "org { id }" if "Org" in mutation else "space { id }"
    selection = "errors { message }" if "delete" in mutation else f"{noun} errors {{ message }}"
    type_ = f"{mutation[0].upper()}{mutation[1:]}Input!"
    query = f"mutation ($input: {type_}) {{ {mutation}(input: $input) {{ {selection} }} }}"
    payload = register.ask(query, {"input": input_}, reason)[mutation]
    assert payload["errors"] == []
    return payload


def building(register: Explorer, name: str, parent: str = COMMUNITY) -> str:
    """Create a building, and return its id."""
    id_: str = write(register, "createSpace", name=name, parentId=parent, type="BUILDING")["space"]["id"]
    return id_


def unit(register: Explorer, name: str, parent: str) -> str:
    id_: str = write(register, "createSpace", name=name, parentId=parent, type="UNIT")["space"]["id"]
    return id_


def entries(register: Explorer) -> Locator:
    return register.page.get_by_role("list", name="Changes").locator("> li")


def headings(register: Explorer) -> Locator:
    return entries(register).get_by_role("heading")


def restore(register: Explorer, entry: int = 0) -> Locator:
    """Press the button of an entry, and return the dialog that asks."""
    entries(register).nth(entry).get_by_role("button", name="Restore").click()
    return register.page.get_by_role("dialog")


def test_an_entry_says_who_when_why_and_what(chromium: Browser, program: str) -> None:
    with register_opened(chromium, program) as register:
        id_ = building(register, "甲楼")
        write(register, "updateSpace", "物业更名 №7", id=id_, name="乙楼", area="120.5")
        show(register, id_)
        expect(headings(register)).to_have_text(["Renamed, changed: Area", "Created"])
        newest = entries(register).first
        expect(newest).to_contain_text("by 超级管理员 (supperadm) · through h5-client")
        expect(newest).to_contain_text("Reason: 物业更名 №7")
        told = register.ask(f'{{ space(id: "{id_}") {{ history(first: 1) {{ nodes {{ time }} }} }} }}')
        time = newest.locator("time")
        expect(time).to_have_attribute("datetime", told["space"]["history"]["nodes"][0]["time"])
        expect(newest.get_by_role("row", name="Name", exact=False).first).to_contain_text("甲楼乙楼")
        expect(newest.get_by_role("row", name="Area")).to_contain_text("none120.5")
        entries(register).last.get_by_text("Values").click()
        expect(entries(register).last.get_by_role("row", name="Type")).to_contain_text("Building")


def test_ids_of_records_are_links_to_them(chromium: Browser, program: str) -> None:
    with register_opened(chromium, program) as register:
        id_ = building(register, "移楼")
        write(register, "moveSpace", id=id_, parentId=OTHER)
        show(register, id_)
        expect(headings(register).first).to_have_text("Moved")
        entries(register).first.get_by_role("row", name="Parent").get_by_role("link").first.click()
        expect(title(register)).to_have_text("简岸花园")


def test_a_place_that_changed_because_of_a_record_above_is_told_apart(chromium: Browser, program: str) -> None:
    with register_opened(chromium, program) as register:
        above = building(register, "上")
        below = unit(register, "下", above)
        write(register, "updateSpace", id=above, name="上层")
        show(register, below)
        expect(headings(register).first).to_have_text("Its place changed, because a record above was renamed or moved")
        expect(entries(register).first.get_by_role("button", name="Restore")).to_have_count(0)


def test_older_changes_are_loaded_when_they_are_asked_for(chromium: Browser, program: str) -> None:
    with register_opened(chromium, program) as register:
        id_ = building(register, "0")
        for number in range(1, 23):
            write(register, "updateSpace", id=id_, name=str(number))
        show(register, id_)
        expect(entries(register)).to_have_count(20)
        register.page.get_by_role("button", name="Older").click()
        expect(entries(register)).to_have_count(23)
        expect(headings(register).last).to_have_text("Created")
        expect(register.page.get_by_role("button", name="Older")).to_have_count(0)


def test_changes_of_others_appear_without_reloading(chromium: Browser, program: str) -> None:
    with register_opened(chromium, program) as register:
        id_ = building(register, "静")
        show(register, id_)
        expect(entries(register)).to_have_count(1)
        write(register, "setSpaceStatus", id=id_, status="DISABLED")
        expect(headings(register)).to_have_text(["Disabled", "Created"])


def test_a_record_goes_back_to_a_former_state_after_its_fields_were_named(chromium: Browser, program: str) -> None:
    with register_opened(chromium, program) as register:
        id_ = building(register, "原名")
        write(register, "updateSpace", id=id_, name="一")
        write(register, "updateSpace", id=id_, name="二")
        write(register, "moveSpace", id=id_, parentId=OTHER)
        write(register, "setSpaceStatus", id=id_, status="DISABLED")
        show(register, id_)
        expect(entries(register)).to_have_count(5)
        asks = restore(register, 3)
        expect(asks.get_by_role("row", name="Name")).to_contain_text("二原名")
        expect(asks.get_by_role("row", name="Status")).to_contain_text("DisabledEnabled")
        expect(asks.get_by_role("row", name="Parent")).to_contain_text("云悦江山 (9888)简岸花园 (9885)")
        asks.get_by_label("Why").fill("改错了")
        asks.get_by_role("button", name="Restore").click()
        expect(asks).to_have_count(0)
        expect(title(register)).to_have_text("原名")
        expect(entries(register)).to_have_count(6)
        expect(entries(register).first).to_contain_text("Reason: 改错了")
        for word in ("enamed", "oved", "nabled"):
            expect(headings(register).first).to_contain_text(word)
        stored = register.ask(f'{{ space(id: "{id_}") {{ name status parentId }} }}')["space"]
        assert stored == {"name": "原名", "status": "ENABLED", "parentId": COMMUNITY}


def test_an_entry_that_is_undone_already_has_no_button(chromium: Browser, program: str) -> None:
    with register_opened(chromium, program) as register:
        id_ = building(register, "同")
        write(register, "updateSpace", id=id_, name="异")
        write(register, "updateSpace", id=id_, name="同")
        show(register, id_)
        expect(entries(register)).to_have_count(3)
        expect(entries(register).nth(0).get_by_role("button", name="Restore")).to_be_visible()
        expect(entries(register).nth(1).get_by_role("button", name="Restore")).to_have_count(0)


def test_what_others_change_meanwhile_is_not_overwritten_unseen(chromium: Browser, program: str) -> None:
    with register_opened(chromium, program) as register:
        id_ = building(register, "旧")
        write(register, "updateSpace", id=id_, name="新")
        show(register, id_)
        asks = restore(register)
        write(register, "updateSpace", id=id_, name="更新")
        asks.get_by_role("button", name="Restore").click()
        expect(asks.get_by_role("alert")).to_contain_text("Others have changed this record")
        expect(asks.get_by_role("row", name="Name")).to_contain_text("新更新旧")
        asks.get_by_role("button", name="Write mine over it").click()
        expect(title(register)).to_have_text("旧")


def test_a_deleted_subtree_is_found_by_its_link_and_comes_back_whole(chromium: Browser, program: str) -> None:
    with register_opened(chromium, program) as register:
        id_ = building(register, "拆楼")
        units = [unit(register, name, id_) for name in ("1单元", "2单元")]
        write(register, "deleteSpaceTree", "误删", id=id_)
        show(register, id_)
        expect(title(register)).to_have_text("拆楼")
        expect(register.page.locator(".record-head")).to_contain_text("Deleted")
        expect(register.page.get_by_text("It lay below")).to_contain_text("简岸花园")
        expect(headings(register)).to_have_text(["Deleted", "Created"])
        asks = restore(register)
        expect(asks).to_contain_text("with all that the same deletion removed")
        expect(asks.get_by_role("row", name="Spaces below it")).to_contain_text("2 come back")
        asks.get_by_role("button", name="Restore").click()
        expect(register.page.locator(".record-head")).to_contain_text("Enabled")
        expect(headings(register).first).to_have_text("Brought back after its deletion")
        expect(register.node("拆楼")).to_be_visible()
        found = register.ask(f'{{ space(id: "{id_}") {{ children {{ id }} }} }}')["space"]["children"]
        assert [child["id"] for child in found] == units


def test_what_was_deleted_below_leads_to_its_history(chromium: Browser, program: str) -> None:
    with register_opened(chromium, program) as register:
        above = building(register, "存楼")
        first, second = unit(register, "去", above), unit(register, "回", above)
        write(register, "deleteSpace", id=first)
        write(register, "deleteSpace", id=second)
        show(register, above)
        register.page.get_by_text("Deleted below").click()
        deleted = register.page.get_by_role("list", name="Deleted below").get_by_role("listitem")
        expect(deleted.get_by_role("link")).to_have_text(["简岸花园/存楼/回", "简岸花园/存楼/去"])
        deleted.get_by_role("link").first.click()
        expect(title(register)).to_have_text("回")
        restore(register).get_by_role("button", name="Restore").click()
        expect(register.page.locator(".record-head")).to_contain_text("Enabled")
        register.page.go_back()
        register.page.get_by_text("Deleted below").click()
        expect(deleted.filter(has_text="Exists again").get_by_role("link")).to_have_text(["简岸花园/存楼/回"])


def test_a_subtree_that_was_deleted_at_once_is_one_row(chromium: Browser, program: str) -> None:
    with register_opened(chromium, program) as register:
        zone = write(register, "createSpace", name="片", parentId=COMMUNITY, type="ZONE")["space"]["id"]
        house = building(register, "片楼", zone)
        unit(register, "片单元", house)
        write(register, "deleteSpaceTree", id=house)
        show(register, zone)
        register.page.get_by_text("Deleted below").click()
        deleted = register.page.get_by_role("list", name="Deleted below").get_by_role("listitem")
        expect(deleted).to_have_count(1)
        expect(deleted).to_contain_text("with 1 below it")


def test_a_large_deletion_is_one_row_once_all_of_it_is_loaded(chromium: Browser, program: str) -> None:
    with register_opened(chromium, program) as register:
        zone = write(register, "createSpace", name="大片", parentId=COMMUNITY, type="ZONE")["space"]["id"]
        house = building(register, "大楼", zone)
        spaces(register, house, "UNIT", *(f"{number}单元" for number in range(1, 121)))
        write(register, "deleteSpaceTree", id=house)
        show(register, zone)
        register.page.get_by_text("Deleted below").click()
        deleted = register.page.get_by_role("list", name="Deleted below").get_by_role("listitem")
        expect(deleted).to_have_count(100)
        register.page.get_by_role("button", name="Older").last.click()
        expect(deleted).to_have_count(1)
        expect(deleted).to_contain_text("with 120 below it")


def test_a_refused_restoration_is_explained(chromium: Browser, program: str) -> None:
    with register_opened(chromium, program) as register:
        above = building(register, "无")
        below = unit(register, "无下", above)
        write(register, "deleteSpace", id=below)
        write(register, "deleteSpace", id=above)
        show(register, below)
        asks = restore(register)
        asks.get_by_role("button", name="Restore").click()
        expect(asks.get_by_role("alert")).to_contain_text(f"the record above, {above}, no longer exists")
        asks.get_by_role("button", name="Cancel").click()
        expect(entries(register).first.get_by_role("button", name="Restore")).to_be_focused()


def test_organisations_have_histories_as_well(chromium: Browser, program: str) -> None:
    with register_opened(chromium, program) as register:
        created = write(
            register, "createOrg", name="新部", parentId=ORG_ABOVE, type="BUSINESS", businessSubType="NON_PROJECT"
        )
        id_ = created["org"]["id"]
        write(register, "updateOrg", id=id_, name="新部门")
        show(register, id_, "org")
        expect(headings(register)).to_have_text(["Renamed", "Created"])
        restore(register).get_by_role("button", name="Restore").click()
        expect(title(register)).to_have_text("新部")
        write(register, "deleteOrg", id=id_)
        expect(register.page.locator(".record-head")).to_contain_text("Deleted")
        restore(register).get_by_role("button", name="Restore").click()
        expect(register.page.locator(".record-head")).to_contain_text("Enabled")


def test_an_ordinary_member_of_staff_sees_no_restore(chromium: Browser, program: str) -> None:
    with register_opened(chromium, program, "lisi") as register:
        write(register, "updateSpace", id=OF_LISI, area="99.5")
        show(register, OF_LISI)
        expect(headings(register).first).to_have_text("Changed: Area")
        expect(register.page.get_by_role("button", name="Restore")).to_have_count(0)


PHONE = 'mutation { updateCustomer(input: {id: "9343", phone: "13900001111"}) { errors { message } } }'


def test_personal_data_are_masked_in_the_history_of_a_customer(chromium: Browser, program: str) -> None:
    with record_opened(chromium, program, "space", OCCUPIED, "lisi") as register:
        assert register.ask(PHONE)["updateCustomer"]["errors"] == []
        register.page.get_by_role("navigation", name="Views").get_by_role("link", name="Residents").click()
        register.page.get_by_text("History of the customer").click()
        expect(headings(register).first).to_have_text("Changed: Phone")
        expect(entries(register).first.get_by_role("row", name="Phone")).to_contain_text("139****1111")
        expect(register.page.locator(".view")).not_to_contain_text("13900001111")
        expect(register.page.get_by_role("button", name="Restore")).to_have_count(0)


def test_a_relation_goes_back_to_a_former_state(chromium: Browser, program: str) -> None:
    with record_opened(chromium, program, "space", RENTED) as register:
        assert register.ask(AWAY)["updatePropertyRelation"]["errors"] == []
        register.page.get_by_role("navigation", name="Views").get_by_role("link", name="Residents").click()
        register.page.get_by_text("History of the relation").click()
        expect(headings(register).first).to_have_text("Changed: Housing status")
        asks = restore(register)
        expect(asks.get_by_role("row", name="Housing status")).to_contain_text("Away for a timeLives there")
        asks.get_by_role("button", name="Restore").click()
        expect(asks).to_have_count(0)
        query = f'{{ space(id: "{RENTED}") {{ propertyRelations {{ housingStatus }} }} }}'
        assert register.ask(query)["space"]["propertyRelations"] == [{"housingStatus": "LIVING_IN"}]


def test_a_foreign_tenant_sees_nothing(chromium: Browser, program: str) -> None:
    with register_opened(chromium, program, "zhangx") as register:
        id_ = building(register, "他人")
        deleted = building(register, "他人的")
        write(register, "deleteSpace", id=deleted)
        for each in (id_, deleted, "1"):
            show(register, each)
            expect(register.page.locator(".record")).to_contain_text("There is no such record, or you may not see it.")


def test_it_is_used_with_the_keyboard(chromium: Browser, program: str) -> None:
    with register_opened(chromium, program) as register:
        id_ = building(register, "键")
        write(register, "updateSpace", id=id_, name="盘")
        show(register, id_)
        button = entries(register).first.get_by_role("button", name="Restore")
        button.focus()
        register.page.keyboard.press("Enter")
        expect(register.page.get_by_role("dialog")).to_be_visible()
        register.page.keyboard.press("Escape")
        expect(button).to_be_focused()
        expect(button).to_have_accessible_description("Renamed")


def test_it_is_chinese_in_a_chinese_browser(chromium: Browser, program: str) -> None:
    with register_opened(chromium, program, button="登录", locale="zh-CN") as register:
        id_ = building(register, "中")
        write(register, "setSpaceStatus", "停用测试", id=id_, status="DISABLED")
        show(register, id_)
        newest = register.page.get_by_role("list", name="变更记录").locator("> li").first
        expect(newest.get_by_role("heading")).to_have_text("禁用")
        expect(newest).to_contain_text("变更原因： 停用测试")
        expect(newest.get_by_role("row", name="状态")).to_contain_text("启用禁用")
        newest.get_by_role("button", name="恢复到此变更之前").click()
        expect(register.page.get_by_role("dialog")).to_contain_text("恢复到此变更之前的状态？")


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(chromium: Browser, program: str, axe: str, scheme: str, width: int) -> None:
    options: dict[str, Any] = {"color_scheme": scheme, "viewport": {"width": width, "height": 800}}
    with register_opened(chromium, program, **options) as register:
        id_ = building(register, "看")
        unit(register, "看下", id_)
        write(register, "moveSpace", "看看", id=id_, parentId=OTHER)
        show(register, id_)
        entries(register).first.get_by_role("link").first.wait_for()
        assert serious(register.page, axe) == []
        asks = restore(register)
        assert serious(register.page, axe) == []
        asks.get_by_role("button", name="Cancel").click()
        write(register, "deleteSpaceTree", id=id_)
        register.page.locator(".record-head").filter(has_text="Deleted").wait_for()
        register.page.get_by_text("Deleted below").click()
        register.page.get_by_role("list", name="Deleted below").get_by_role("link").wait_for()
        assert serious(register.page, axe) == []
        restore(register).wait_for()
        assert serious(register.page, axe) == []
