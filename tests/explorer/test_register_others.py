"""Changes by other people also reach what the register browser shows of other records: totals, deletions, names."""

from playwright.sync_api import Browser, Locator, expect

from tests.clients.page import Explorer
from tests.clients.record import open_dialog
from tests.explorer.buildings import show, spaces
from tests.explorer.histories import COMMUNITY, building, change, register_opened, unit


def total(register: Explorer, type_: str) -> Locator:
    return register.page.locator("table.totals tr").filter(has_text=type_).locator(".number")


def test_totals_and_the_deletion_count_what_is_moved_below_a_record(chromium: Browser, program: str) -> None:
    with register_opened(chromium, program) as register:
        to, away = building(register, "移入"), building(register, "移出")
        moved = unit(register, "随迁", away)
        spaces(register, moved, "FLOOR", "一层", "二层")
        show(register, to, "overview")
        expect(total(register, "Building")).to_have_text("1")
        change(register, "moveSpace", id=moved, parentId=to)
        expect(total(register, "Floor")).to_have_text("2")
        asks = open_dialog(register, "Delete")
        asks.get_by_label("Also everything below it: 3 spaces").check()
        expect(asks.get_by_role("row", name="Everything below it")).to_contain_text("3 spaces")


def test_totals_tell_valid_from_invalid_spaces_at_once(chromium: Browser, program: str) -> None:
    with register_opened(chromium, program) as register:
        above = building(register, "停用")
        below = unit(register, "停用单元", above)
        show(register, above, "overview")
        expect(total(register, "Enabled")).to_have_count(2)
        change(register, "setSpaceStatus", id=below, status="DISABLED")
        expect(total(register, "Disabled")).to_have_text("1")
        expect(total(register, "Enabled")).to_have_count(1)


def test_a_space_shows_the_new_name_of_its_organisation(chromium: Browser, program: str) -> None:
    with register_opened(chromium, program) as register:
        org = register.ask(f'{{ space(id: "{COMMUNITY}") {{ org {{ id name }} }} }}')["space"]["org"]
        show(register, COMMUNITY, "overview")
        expect(register.page.locator(".facts")).to_contain_text(org["name"])
        change(register, "updateOrg", id=org["id"], name="改名物业")
        expect(register.page.locator(".facts")).to_contain_text("改名物业")
