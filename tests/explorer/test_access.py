"""/explorer for people with assistive technology: axe finds nothing serious, in light and in dark."""

import pytest
from playwright.sync_api import Browser

from tests.clients.axe import serious
from tests.clients.page import Explorer


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
