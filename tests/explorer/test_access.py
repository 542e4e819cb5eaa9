"""/explorer for people with assistive technology: axe finds nothing serious, in light and in dark."""

import pytest
from playwright.sync_api import Browser

from tests.clients.axe import serious, serious_in_light_and_dark
from tests.clients.page import Explorer
from tests.explorer.buildings import show


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(chromium: Browser, program: str, axe: str, scheme: str) -> None:
    with Explorer.opened(chromium, program, color_scheme=scheme) as explorer:
        assert serious(explorer.page, axe) == []
        explorer.log_in()
        explorer.open_example("Staff and their roles")
        explorer.run()
        assert serious(explorer.page, axe) == []
        explorer.page.get_by_role("button", name="Table", exact=True).click()
        explorer.page.locator(".caller summary").click()
        explorer.page.get_by_role("button", name="Show Legacy URLs").click()
        assert serious(explorer.page, axe) == []


def test_axe_finds_nothing_serious_in_plans_residents_and_totals(chromium: Browser, program: str, axe: str) -> None:
    with Explorer.opened(chromium, program, "explorer/register") as register:
        register.log_in_to_register()
        for record, view, tree, shown in (
            ("41014", "building", "space", ".plan"),
            ("4238", "residents", "space", ".occupants"),
            ("41021", "parking", "space", ".plan"),
            ("13702", "totals", "space", ".figures"),
        ):
            show(register, record, view, tree)
            register.page.locator(shown).first.wait_for()
            if shown == ".plan":
                register.page.locator(".plan .cell").first.click()
                register.page.locator(".property .occupants").wait_for()
                register.page.get_by_role("button", name="Disabled").click()
            assert serious_in_light_and_dark(register.page, axe) == [], view
