"""Deleted records in the register browser: where they are found, and what comes back with them."""

from playwright.sync_api import Browser, expect

from tests.clients.record import title
from tests.explorer.buildings import spaces
from tests.explorer.histories import (
    COMMUNITY,
    building,
    change,
    headings,
    register_opened,
    restore,
    show_history,
    unit,
)


def test_a_deleted_subtree_is_found_by_its_link_and_comes_back_whole(chromium: Browser, program: str) -> None:
    with register_opened(chromium, program) as register:
        id_ = building(register, "拆楼")
        units = [unit(register, name, id_) for name in ("1单元", "2单元")]
        change(register, "deleteSpaceTree", "误删", id=id_)
        show_history(register, id_)
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
        change(register, "deleteSpace", id=first)
        change(register, "deleteSpace", id=second)
        show_history(register, above)
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
        zone = change(register, "createSpace", name="片", parentId=COMMUNITY, type="ZONE")["space"]["id"]
        house = building(register, "片楼", zone)
        unit(register, "片单元", house)
        change(register, "deleteSpaceTree", id=house)
        show_history(register, zone)
        register.page.get_by_text("Deleted below").click()
        deleted = register.page.get_by_role("list", name="Deleted below").get_by_role("listitem")
        expect(deleted).to_have_count(1)
        expect(deleted).to_contain_text("with 1 below it")


def test_a_large_deletion_is_one_row_once_all_of_it_is_loaded(chromium: Browser, program: str) -> None:
    with register_opened(chromium, program) as register:
        zone = change(register, "createSpace", name="大片", parentId=COMMUNITY, type="ZONE")["space"]["id"]
        house = building(register, "大楼", zone)
        spaces(register, house, "UNIT", *(f"{number}单元" for number in range(1, 121)))
        change(register, "deleteSpaceTree", id=house)
        show_history(register, zone)
        register.page.get_by_text("Deleted below").click()
        deleted = register.page.get_by_role("list", name="Deleted below").get_by_role("listitem")
        expect(deleted).to_have_count(100)
        register.page.get_by_role("button", name="Older").last.click()
        expect(deleted).to_have_count(1)
        expect(deleted).to_contain_text("with 120 below it")
