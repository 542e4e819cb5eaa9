"""The plan of a building in the register browser: floors by houses, with who lives there."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, expect

from app.settings import Settings
from tests.clients.login import serving
from tests.clients.page import Explorer
from tests.clients.record import REGISTER, asks, busy
from tests.databases import execute_in
from tests.explorer.buildings import CUSTOMER, OTHER, STRUCTURE, cell, relate, rows, show, spaces


@pytest.fixture
def register(chromium: Browser, program: str) -> Iterator[Explorer]:
    """Open the register as the super administrator."""
    with Explorer.opened(chromium, program, REGISTER) as register:
        register.log_in_to_register()
        yield register


def legend(register: Explorer) -> list[str]:
    register.page.get_by_role("grid").wait_for()
    return [" ".join(text.split()) for text in register.page.locator(".legend button").all_inner_texts()]


def panel(register: Explorer) -> Locator:
    return register.page.locator("section.property")


def test_a_building_of_the_demo_world_is_a_grid(register: Explorer) -> None:
    show(register, "41008", "building")
    assert rows(register) == [["13", "1301-1", "1302-1"]]
    expect(register.page.get_by_role("columnheader", name="1单元")).to_be_visible()
    cells = register.page.get_by_role("grid", name="Houses of 1栋").get_by_role("gridcell", name="1栋_1单元_1301-1")
    expect(cells).to_have_accessible_name("1栋_1单元_1301-1, Owner lives there")
    assert legend(register)[0] == "O Owner lives there 2"


def test_floors_are_from_the_top_down_and_units_side_by_side(register: Explorer) -> None:
    (building,) = spaces(register, STRUCTURE, "BUILDING", "双单元")
    first, second = spaces(register, building, "UNIT", "一单元", "二单元")
    shop, two, below = spaces(register, first, "FLOOR", "1层", "2层", "地下1层")
    other_one, _ = spaces(register, second, "FLOOR", "1层", "10层")
    spaces(register, shop, "HOUSE", "101", "102")
    spaces(register, two, "HOUSE", "202")
    spaces(register, below, "HOUSE", "车间")
    spaces(register, other_one, "HOUSE", "101", "103")
    show(register, building, "building")
    assert rows(register) == [
        ["10层", "", "", "", ""],
        ["2层", "202", "", "", ""],
        ["1层", "101", "102", "101", "103"],
        ["地下1层", "车间", "", "", ""],
    ]
    show(register, second, "building")
    expect(register.page.locator(".plan tbody th")).to_have_text(["10层", "1层"])


def test_houses_are_above_each_other_by_their_numbers(register: Explorer) -> None:
    (building,) = spaces(register, STRUCTURE, "BUILDING", "板楼")
    one, two = spaces(register, building, "FLOOR", "1层", "2层")
    spaces(register, one, "HOUSE", "101", "102", "103")
    spaces(register, two, "HOUSE", "203", "201")
    show(register, building, "building")
    assert rows(register) == [["2层", "201", "", "203"], ["1层", "101", "102", "103"]]
    assert register.page.locator(".plan thead th").all_inner_texts() == ["01", "02", "03"]


def test_a_building_without_floors_and_an_empty_one(register: Explorer) -> None:
    loose, empty = spaces(register, STRUCTURE, "BUILDING", "别墅", "空楼")
    spaces(register, loose, "HOUSE", *(f"{number}号" for number in range(1, 15)))
    show(register, loose, "building")
    assert [[row[0], len([name for name in row[1:] if name])] for row in rows(register)] == [
        ["No floor", 12],
        ["No floor (2)", 2],
    ]
    show(register, empty, "building")
    expect(register.page.get_by_text("No floors and no houses.")).to_be_visible()


def test_occupancy_is_told_by_words_and_letters_and_can_be_highlighted(register: Explorer) -> None:
    (building,) = spaces(register, STRUCTURE, "BUILDING", "混合楼")
    (floor,) = spaces(register, building, "FLOOR", "3层")
    owned, let, away, _ = spaces(register, floor, "HOUSE", "301", "302", "303", "304")
    spaces(register, floor, "HOUSE", "305", status="DISABLED")
    relate(register, owned, CUSTOMER, "OWNER")
    relate(register, let, CUSTOMER, "OWNER", "AWAY")
    relate(register, let, OTHER, "TENANT")
    relate(register, away, CUSTOMER, "OWNER", "AWAY")
    show(register, building, "building")
    assert legend(register) == [
        "O Owner lives there 1",
        "T Tenant lives there 1",
        "A Residents away 1",
        "– Empty 2",
        "? Awaiting verification 0",
        "× Disabled 1",
    ]
    expect(cell(register, "305")).to_have_accessible_name("305, Empty, Disabled")
    expect(cell(register, "302").locator(".letters")).to_have_attribute("data-letters", "T")
    empty = register.page.get_by_role("button", name="Empty")
    empty.click()
    expect(empty).to_have_attribute("aria-pressed", "true")
    expect(register.page.locator(".legend").get_by_role("status")).to_have_text("2 of 5 highlighted")
    expect(register.page.locator(".plan .faded")).to_have_count(3)
    empty.click()
    expect(register.page.locator(".plan .faded")).to_have_count(0)


def test_arrow_keys_move_and_enter_opens_the_house_beside_the_grid(register: Explorer) -> None:
    (building,) = spaces(register, STRUCTURE, "BUILDING", "键盘楼")
    one, _, three = spaces(register, building, "FLOOR", "1层", "2层", "3层")
    spaces(register, one, "HOUSE", "101", "103")
    spaces(register, three, "HOUSE", "302", "303")
    show(register, building, "building")
    cell(register, "302").focus()
    for key, reached in (
        ("ArrowRight", "303"), ("ArrowDown", "103"), ("ArrowLeft", "101"), ("ArrowLeft", "101"), ("ArrowUp", "302"),
        ("Control+End", "103"), ("Control+Home", "302"), ("End", "303"), ("PageDown", "103"), ("Home", "101"),
    ):  # fmt: skip
        register.page.keyboard.press(key)
        expect(cell(register, reached)).to_be_focused()
    register.page.keyboard.press("Enter")
    expect(panel(register).get_by_role("heading", name="101")).to_be_visible()
    expect(panel(register)).to_contain_text("Nobody owns or rents it.")
    expect(cell(register, "101")).to_have_attribute("aria-selected", "true")
    panel(register).get_by_role("button", name="Close").click()
    expect(cell(register, "101")).to_be_focused()
    expect(panel(register)).to_have_count(0)


def test_a_building_is_one_request_and_its_panel_leads_to_the_house(register: Explorer) -> None:
    show(register, "9890", "building")
    rows(register)
    before = len(register.sent)
    show(register, "41008", "building")
    rows(register)
    asked = [each.response() for each in register.sent[before:] if each.url.endswith("/graphql")]
    assert len([answer for answer in asked if answer and "propertyRelations" in answer.text()]) == 1
    cell(register, "1栋_1单元_1301-1").click()
    panel(register).get_by_role("link", name="Open the record").click()
    expect(register.page.get_by_role("heading", level=2)).to_have_text("1栋_1单元_1301-1")
    expect(register.page.get_by_text("Who has it now")).to_be_visible()


def test_what_others_change_is_shown_in_the_plan(chromium: Browser, settings: Settings) -> None:
    with (
        serving(settings) as address,
        Explorer.opened(chromium, address, f"{REGISTER}?tree=space&record=9890&view=building") as register,
    ):
        register.log_in_to_register()
        expect(cell(register, "602")).to_have_accessible_name("602, Owner lives there")
        execute_in(
            settings.database_url or "",
            "insert into verification (type, space_id, customer_id, tenure, app_user_id, app_user_name)"
            " values ('HOUSE', 9892, 9148, 'OWNER', 500, '用户500')",
        )
        expect(cell(register, "602")).to_have_accessible_name("602, Owner lives there, Awaiting verification")
        spaces(register, "9891", "HOUSE", "603")
        expect(cell(register, "603")).to_have_accessible_name("603, Empty")


def test_a_house_stays_open_when_the_plan_cannot_be_read_again(register: Explorer) -> None:
    (building,) = spaces(register, STRUCTURE, "BUILDING", "忙楼")
    (floor,) = spaces(register, building, "FLOOR", "1层")
    spaces(register, floor, "HOUSE", "101")
    show(register, building, "building")
    cell(register, "101").click()
    again = register.page.locator(".view").get_by_role("button", name="Try again")
    with busy(register, asks(f'{{"id":"{building}"}}')):
        spaces(register, floor, "HOUSE", "102")
        expect(again).to_be_visible()
        expect(panel(register).get_by_role("heading", name="101")).to_be_visible()
    again.click()
    expect(cell(register, "102")).to_be_visible()
    expect(again).to_have_count(0)
    expect(panel(register).get_by_role("heading", name="101")).to_be_visible()


def test_a_foreign_tenant_sees_nothing_of_a_building(chromium: Browser, program: str) -> None:
    with Explorer.opened(chromium, program, f"{REGISTER}?tree=space&record=9890&view=building") as register:
        register.log_in_to_register("zhangx")
        expect(register.page.get_by_text("There is no such record, or you may not see it.")).to_be_visible()
        expect(register.page.get_by_role("grid")).to_have_count(0)


def test_why_the_program_refuses_a_plan_is_shown_in_words(chromium: Browser, settings: Settings) -> None:
    with (
        serving(settings.model_copy(update={"max_depth": 5})) as address,
        Explorer.opened(chromium, address, f"{REGISTER}?tree=space&record=9890&view=building") as register,
    ):
        register.log_in_to_register()
        expect(register.page.get_by_role("alert")).to_contain_text("allowed 5")
        expect(register.page.get_by_role("button", name="Try again")).to_be_visible()
