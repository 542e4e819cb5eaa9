"""Histories in the register browser: who changed what, when and why."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.clients.axe import serious_in_light_and_dark
from tests.clients.page import Explorer
from tests.clients.record import REGISTER, asks, await_query, busy, held, record_opened, title
from tests.explorer.histories import (
    OCCUPIED,
    ORG_ABOVE,
    OTHER,
    building,
    change,
    entries,
    headings,
    register_opened,
    restore,
    show_history,
    unit,
)


def test_an_entry_says_who_when_why_and_what(chromium: Browser, program: str) -> None:
    with register_opened(chromium, program) as register:
        id_ = building(register, "甲楼")
        change(register, "updateSpace", "物业更名 №7", id=id_, name="乙楼", area="120.5")
        show_history(register, id_)
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
        change(register, "moveSpace", id=id_, parentId=OTHER)
        show_history(register, id_)
        expect(headings(register).first).to_have_text("Moved")
        entries(register).first.get_by_role("row", name="Parent").get_by_role("link").first.click()
        expect(title(register)).to_have_text("简岸花园")


def test_a_place_that_changed_because_of_a_record_above_is_told_apart(chromium: Browser, program: str) -> None:
    with register_opened(chromium, program) as register:
        above = building(register, "上")
        below = unit(register, "下", above)
        change(register, "updateSpace", id=above, name="上层")
        show_history(register, below)
        expect(headings(register).first).to_have_text("Its place changed, because a record above was renamed or moved")
        expect(entries(register).first.get_by_role("button", name="Restore")).to_have_count(0)


@contextmanager
def two_pages_opened(chromium: Browser, program: str) -> Iterator[tuple[Explorer, str]]:
    """Open the history of a building that was changed 22 times before; the page follows later changes alone."""
    with Explorer.opened(chromium, program, REGISTER) as register:
        id_ = building(register, "0")
        for number in range(1, 23):
            change(register, "updateSpace", id=id_, name=str(number))
        register.log_in_to_register()
        show_history(register, id_)
        expect(entries(register)).to_have_count(20)
        yield register, id_


def ask_for_older(register: Explorer) -> None:
    register.page.get_by_role("button", name="Older").click()


def test_older_changes_are_loaded_when_they_are_asked_for(chromium: Browser, program: str) -> None:
    with two_pages_opened(chromium, program) as (register, _):
        ask_for_older(register)
        expect(entries(register)).to_have_count(23)
        expect(headings(register).last).to_have_text("Created")
        expect(register.page.get_by_role("button", name="Older")).to_have_count(0)


def test_older_changes_asked_for_while_a_new_one_is_read_are_loaded_after_it(chromium: Browser, program: str) -> None:
    with two_pages_opened(chromium, program) as (register, id_):
        with held(register, asks(f'{{"id":"{id_}","after":null}}')) as queries:
            change(register, "setSpaceStatus", id=id_, status="DISABLED")
            await_query(register, queries)
            ask_for_older(register)
            expect(entries(register)).to_have_count(20)
        expect(entries(register)).to_have_count(24)
        expect(headings(register).first).to_have_text("Disabled")


def test_a_new_change_does_not_drop_older_ones_that_are_on_their_way(chromium: Browser, program: str) -> None:
    with two_pages_opened(chromium, program) as (register, id_):
        with held(register, asks(f'{{"id":"{id_}","after":"')) as queries:
            ask_for_older(register)
            await_query(register, queries)
            change(register, "setSpaceStatus", id=id_, status="DISABLED")
            expect(headings(register).first).to_have_text("Disabled")
        expect(entries(register)).to_have_count(24)


def test_older_changes_come_after_a_new_one_that_cannot_be_read_at_first(chromium: Browser, program: str) -> None:
    with two_pages_opened(chromium, program) as (register, id_):
        with busy(register, asks(f'{{"id":"{id_}","after":null}}')) as refused:
            change(register, "setSpaceStatus", id=id_, status="DISABLED")
            register.page.get_by_role("alert").wait_for()
            ask_for_older(register)
            await_query(register, refused, 2)
            expect(entries(register)).to_have_count(20)
        register.page.get_by_role("alert").get_by_role("button", name="Try again").click()
        expect(entries(register)).to_have_count(24)
        expect(headings(register).first).to_have_text("Disabled")


def test_older_changes_that_cannot_be_read_are_asked_for_again(chromium: Browser, program: str) -> None:
    with two_pages_opened(chromium, program) as (register, id_):
        with busy(register, asks(f'{{"id":"{id_}","after":"')):
            ask_for_older(register)
            register.page.get_by_role("alert").wait_for()
            expect(entries(register)).to_have_count(20)
        ask_for_older(register)
        expect(entries(register)).to_have_count(23)
        expect(register.page.get_by_role("alert")).to_have_count(0)


def test_changes_of_others_appear_without_reloading(chromium: Browser, program: str) -> None:
    with register_opened(chromium, program) as register:
        id_ = building(register, "静")
        show_history(register, id_)
        expect(entries(register)).to_have_count(1)
        change(register, "setSpaceStatus", id=id_, status="DISABLED")
        expect(headings(register)).to_have_text(["Disabled", "Created"])


def test_organisations_have_histories_as_well(chromium: Browser, program: str) -> None:
    with register_opened(chromium, program) as register:
        created = change(
            register, "createOrg", name="新部", parentId=ORG_ABOVE, type="BUSINESS", businessSubType="NON_PROJECT"
        )
        id_ = created["org"]["id"]
        change(register, "updateOrg", id=id_, name="新部门")
        show_history(register, id_, "org")
        expect(headings(register)).to_have_text(["Renamed", "Created"])
        restore(register).get_by_role("button", name="Restore").click()
        expect(title(register)).to_have_text("新部")
        change(register, "deleteOrg", id=id_)
        expect(register.page.locator(".record-head")).to_contain_text("Deleted")
        restore(register).get_by_role("button", name="Restore").click()
        expect(register.page.locator(".record-head")).to_contain_text("Enabled")


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


def test_a_foreign_tenant_sees_nothing(chromium: Browser, program: str) -> None:
    with register_opened(chromium, program, "zhangx") as register:
        id_ = building(register, "他人")
        deleted = building(register, "他人的")
        change(register, "deleteSpace", id=deleted)
        for each in (id_, deleted, "1"):
            show_history(register, each)
            expect(register.page.locator(".record")).to_contain_text("There is no such record, or you may not see it.")


def test_it_is_chinese_in_a_chinese_browser(chromium: Browser, program: str) -> None:
    with register_opened(chromium, program, button="登录", locale="zh-CN") as register:
        id_ = building(register, "中")
        change(register, "setSpaceStatus", "停用测试", id=id_, status="DISABLED")
        show_history(register, id_)
        newest = register.page.get_by_role("list", name="变更记录").locator("> li").first
        expect(newest.get_by_role("heading")).to_have_text("禁用")
        expect(newest).to_contain_text("变更原因： 停用测试")
        expect(newest.get_by_role("row", name="状态")).to_contain_text("启用禁用")
        newest.get_by_role("button", name="恢复到此变更之前").click()
        expect(register.page.get_by_role("dialog")).to_contain_text("恢复到此变更之前的状态？")


@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_serious(chromium: Browser, program: str, axe: str, width: int) -> None:
    options: dict[str, Any] = {"viewport": {"width": width, "height": 800}}
    with register_opened(chromium, program, **options) as register:
        id_ = building(register, "看")
        unit(register, "看下", id_)
        change(register, "moveSpace", "看看", id=id_, parentId=OTHER)
        show_history(register, id_)
        entries(register).first.get_by_role("link").first.wait_for()
        assert serious_in_light_and_dark(register.page, axe) == []
        asks = restore(register)
        assert serious_in_light_and_dark(register.page, axe) == []
        asks.get_by_role("button", name="Cancel").click()
        change(register, "deleteSpaceTree", id=id_)
        register.page.locator(".record-head").filter(has_text="Deleted").wait_for()
        register.page.get_by_text("Deleted below").click()
        register.page.get_by_role("list", name="Deleted below").get_by_role("link").wait_for()
        assert serious_in_light_and_dark(register.page, axe) == []
        restore(register).wait_for()
        assert serious_in_light_and_dark(register.page, axe) == []
