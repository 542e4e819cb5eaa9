"""The dialogs that change the register, for people with assistive technology, on wide and narrow screens."""

from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.clients.axe import serious_in_light_and_dark
from tests.clients.page import Explorer
from tests.clients.record import dialog, open_dialog, record_opened

WIDTHS = [1280, 390]


def check(register: Explorer, axe: str) -> None:
    """Check the page with the dialog that is shown, and close it."""
    assert serious_in_light_and_dark(register.page, axe) == []
    box = dialog(register).bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= register.page.evaluate("innerWidth")
    assert dialog(register).evaluate("each => each.scrollWidth <= each.clientWidth")
    register.page.keyboard.press("Escape")
    dialog(register).wait_for(state="detached")


@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_nothing_serious(chromium: Browser, program: str, axe: str, width: int) -> None:
    options: dict[str, Any] = {"viewport": {"width": width, "height": 800}}
    with record_opened(chromium, program, "space", "9890", **options) as register:
        assert serious_in_light_and_dark(register.page, axe) == []
        shown = open_dialog(register, "Rename")
        shown.get_by_label("Name").fill(" ")
        shown.get_by_role("button", name="Rename").click()
        shown.get_by_role("alert").wait_for()
        check(register, axe)
        open_dialog(register, "Move").get_by_role("treeitem").filter(has_text="建筑物8").wait_for()
        check(register, axe)
        shown = open_dialog(register, "Add houses")
        shown.get_by_role("button", name="Check").click()
        shown.get_by_text("The program takes them all").wait_for()
        check(register, axe)
        open_dialog(register, "Delete")
        check(register, axe)


@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_nothing_serious_in_a_conflict(chromium: Browser, program: str, axe: str, width: int) -> None:
    options: dict[str, Any] = {"viewport": {"width": width, "height": 800}}
    with record_opened(chromium, program, "space", "9892", **options) as register:
        shown = open_dialog(register, "Rename")
        shown.get_by_label("Name").fill("六〇二")
        renamed = 'mutation { updateSpace(input: {id: "9892", name: "六〇二 %d"}) { errors { code } } }'
        assert register.ask(renamed % width)["updateSpace"]["errors"] == []
        shown.get_by_role("button", name="Rename").click()
        shown.get_by_role("button", name="Take theirs").wait_for()
        check(register, axe)
        shown = open_dialog(register, "Relate a customer")
        shown.get_by_label("Name, or whole phone number").fill("客户")
        shown.get_by_role("button", name="客户4").click()
        check(register, axe)
