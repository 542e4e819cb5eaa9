"""/explorer/register for people with assistive technology, on wide and narrow screens, in light and in dark."""

import pytest
from playwright.sync_api import Browser, Page

from tests.clients.axe import serious_in_light_and_dark
from tests.clients.page import Explorer

PLACE = "explorer/register?tree=space&record=9889"


def overflows(page: Page) -> bool:
    """Return whether a person has to scroll the page sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth > innerWidth"))


@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_serious(chromium: Browser, program: str, axe: str, width: int) -> None:
    with Explorer.opened(chromium, program, PLACE, viewport={"width": width, "height": 800}) as register:
        register.log_in_to_register()
        register.page.get_by_text("as GraphQL").click()
        assert not overflows(register.page)
        assert serious_in_light_and_dark(register.page, axe) == []
        register.page.get_by_role("link", name="Everything below").click()
        register.page.get_by_role("region", name="Rows").get_by_role("link").first.wait_for()
        assert not overflows(register.page)
        assert serious_in_light_and_dark(register.page, axe) == []
        if width == 390:  # a narrow page shows the record or the tree
            register.page.get_by_role("link", name="‹ Tree").click()
        register.page.get_by_role("searchbox", name="Search by name").fill("1")
        register.page.get_by_role("list", name="Results").wait_for()
        assert not overflows(register.page)
        assert serious_in_light_and_dark(register.page, axe) == []
