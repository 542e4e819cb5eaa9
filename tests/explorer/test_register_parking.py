"""Parking in the register browser: the car parks of a community, and the places of a car park by state."""

from playwright.sync_api import Browser, expect

from app.settings import Settings
from tests.clients.login import serving
from tests.clients.page import Explorer
from tests.clients.record import REGISTER
from tests.explorer.buildings import CUSTOMER, cell, relate, rows, show, spaces


def test_a_community_shows_its_car_parks_and_each_leads_to_its_places(chromium: Browser, program: str) -> None:
    with Explorer.opened(chromium, program, f"{REGISTER}?tree=space&record=9888&view=parking") as register:
        register.log_in_to_register()
        expect(register.page.locator(".figures tbody td").last).to_have_text("1")
        register.page.get_by_role("link", name="云悦江山/片区1/车场1").click()
        assert rows(register) == [["地上车场 / 区域1", "A01"]]
        expect(cell(register, "A01")).to_have_accessible_name("A01, Free")
        cell(register, "A01").click()
        expect(register.page.locator("section.property")).to_contain_text("Nobody owns or rents it.")


def test_places_are_owned_rented_or_free(chromium: Browser, settings: Settings) -> None:
    with (
        serving(settings) as address,
        Explorer.opened(chromium, address, f"{REGISTER}?tree=space&record=41021&view=parking") as register,
    ):
        register.log_in_to_register()
        rows(register)
        (part,) = spaces(register, "41021", "PARK_AREA", "新区")
        sold, rented, let, *_ = spaces(register, part, "PARK_SPACE", *(f"N{number:02}" for number in range(1, 15)))
        relate(register, rented, CUSTOMER, "TENANT")
        for place, status in ((sold, "SOLD"), (let, "UNSOLD_LET")):
            detail = f'setParkingDetail(input: {{spaceId: "{place}", type: STANDARD, status: {status}}})'
            assert (
                register.ask(f"mutation {{ {detail} {{ errors {{ message }} }} }}")["setParkingDetail"]["errors"] == []
            )
        for name, title in (("N01", "Owned"), ("N02", "Rented"), ("N03", "Rented"), ("N14", "Free")):
            expect(cell(register, name)).to_have_accessible_name(f"{name}, {title}")
        assert [row[0] for row in rows(register)][-2:] == ["新区", "新区 (2)"]
        cell(register, "N01").click()
        expect(register.page.locator("section.property")).to_contain_text("Sold")
        free = register.page.get_by_role("button", name="Free")
        free.click()
        expect(cell(register, "N01")).to_have_class("cell mark-OWNED faded")
        show(register, part, "parking")
        assert [row[0] for row in rows(register)] == ["新区", "新区 (2)"]


def test_a_car_park_without_places_and_one_of_a_foreign_tenant(chromium: Browser, program: str) -> None:
    with Explorer.opened(chromium, program, f"{REGISTER}?tree=space&record=9888&view=parking") as register:
        register.log_in_to_register()
        (empty,) = spaces(register, "9885", "PARK", "空车场")
        show(register, empty, "parking")
        expect(register.page.get_by_text("No parking places.")).to_be_visible()
    with Explorer.opened(chromium, program, f"{REGISTER}?tree=space&record=41021&view=parking") as register:
        register.log_in_to_register("zhangx")
        expect(register.page.get_by_text("There is no such record, or you may not see it.")).to_be_visible()
