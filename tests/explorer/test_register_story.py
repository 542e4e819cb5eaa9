"""The register browser from end to end: an administrator at work, and all others who look on."""

import json
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, expect

from app.settings import Settings
from tests.clients.axe import serious_in_light_and_dark
from tests.clients.login import serving
from tests.clients.page import Explorer
from tests.clients.record import REGISTER, dialog, open_dialog, record_opened, title, value_of

COMMUNITY, OTHER, HOUSE, OF_STAFF = "9887", "9888", "41017", "3429"
NONE = "There is no such record, or you may not see it."


def show_view(register: Explorer, name: str) -> None:
    register.page.get_by_role("navigation", name="Views").get_by_role("link", name=name).click()
    register.page.get_by_role("region", name=name).wait_for()


def views(register: Explorer) -> list[str]:
    return register.page.get_by_role("navigation", name="Views").get_by_role("link").all_inner_texts()


def search(register: Explorer, name: str) -> Locator:
    """Search a name, and return the results."""
    register.page.get_by_role("searchbox", name="Search by name").fill(name)
    return register.page.get_by_role("list", name="Results").get_by_role("link")


def add_building(register: Explorer) -> None:
    """Add a building of 18 floors with 4 houses each below the shown community."""
    asks = open_dialog(register, "Add houses")
    given = {
        "Name of the new building": "竹苑18栋",
        "First floor": "1",
        "Last floor": "18",
        "Houses on each floor": "4",
    }
    for label, value in given.items():
        asks.get_by_label(label).fill(value)
    asks.get_by_label("Names of floors").fill("{n}层")
    asks.get_by_role("button", name="Check").click()
    asks.get_by_role("button", name="Create 91 records").click()
    expect(dialog(register)).to_have_count(0)


def move(register: Explorer, name: str) -> None:
    """Move the shown record below another one."""
    asks = open_dialog(register, "Move")
    asks.get_by_label("Search by name").fill(name)
    asks.get_by_role("button", name=f"{name} Community").click()
    asks.get_by_role("button", name="Move").click()
    expect(dialog(register)).to_have_count(0)


def relate(register: Explorer, customer: str) -> None:
    """Relate a customer to the shown house."""
    asks = open_dialog(register, "Relate a customer")
    asks.get_by_label("Name, or whole phone number").fill(customer)
    asks.get_by_role("button", name=customer).click()
    asks.get_by_role("button", name="Relate a customer").click()
    expect(dialog(register)).to_have_count(0)


def rename(register: Explorer, name: str) -> None:
    asks = open_dialog(register, "Rename")
    asks.get_by_label("Name").fill(name)
    asks.get_by_role("button", name="Rename").click()
    expect(title(register)).to_have_text(name)


def occupied(register: Explorer) -> Locator:
    return register.page.locator(".legend").get_by_role("button", name="Owner lives there")


def test_an_administrator_builds_moves_finds_relates_and_restores(chromium: Browser, program: str) -> None:
    with record_opened(chromium, program, "space", COMMUNITY, "yanggc4") as register:
        add_building(register)
        search(register, "竹苑18栋").click()
        expect(title(register)).to_have_text("竹苑18栋")
        register.page.get_by_role("searchbox").fill("")
        move(register, "云悦江山")
        expect(register.page.locator(".breadcrumbs")).to_contain_text("云悦江山")
        show_view(register, "Building")
        expect(register.page.get_by_role("grid").get_by_role("gridcell").filter(has_text="1804")).to_have_count(1)
        expect(occupied(register)).to_contain_text("0")
        search(register, "1804").click()
        expect(title(register)).to_have_text("1804")
        register.page.get_by_role("searchbox").fill("")
        relate(register, "客户4")
        rename(register, "1804室")
        show_view(register, "History")
        register.page.get_by_role("button", name="Restore the state before this").click()
        expect(dialog(register).get_by_role("row", name="Name")).to_contain_text("1804室1804")
        dialog(register).get_by_role("button", name="Restore").click()
        expect(title(register)).to_have_text("1804")
        register.page.locator(".breadcrumbs").get_by_role("link", name="竹苑18栋").click()
        show_view(register, "Building")
        expect(occupied(register)).to_contain_text("1")


def test_an_ordinary_member_of_staff_looks_and_changes_nothing(chromium: Browser, program: str) -> None:
    with record_opened(chromium, program, "space", OF_STAFF, "lisi") as register:
        for view in views(register):
            show_view(register, view)
            expect(register.page.get_by_role("region", name=view).get_by_role("alert")).to_have_count(0)
            expect(register.page.locator("[aria-haspopup=dialog]")).to_have_count(0)
        assert [each for each in register.sent if "idempotency-key" in each.headers] == []


def test_a_foreign_tenant_finds_and_sees_nothing(chromium: Browser, program: str) -> None:
    path = f"{REGISTER}?tree=space&record={HOUSE}"
    with Explorer.opened(chromium, program, path) as register:
        register.log_in_to_register("zhangx")
        expect(register.page.locator(".record")).to_contain_text(NONE)
        search(register, str(value_of(register, "space", COMMUNITY)))
        expect(register.page.get_by_text("No name contains this text.")).to_be_visible()
        expect(register.page.get_by_role("main").get_by_role("link", name="海岸花园")).to_have_count(0)


@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_serious_in_any_view(chromium: Browser, program: str, axe: str, width: int) -> None:
    options: dict[str, Any] = {"viewport": {"width": width, "height": 800}}
    for tree, id_ in (("space", "41008"), ("space", HOUSE), ("org", "9105")):
        with record_opened(chromium, program, tree, id_, **options) as register:
            for view in views(register):
                show_view(register, view)
                expect(register.page.locator(".loading")).to_have_count(0)
                assert serious_in_light_and_dark(register.page, axe) == [], (tree, view)
                assert register.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (tree, view)


def test_what_one_changes_the_other_sees_without_reloading(chromium: Browser, program: str) -> None:
    with (
        record_opened(chromium, program, "space", "9886", "yanggc4") as one,
        record_opened(chromium, program, "space", "9886") as other,
    ):
        other.page.evaluate("window.isStill = true")
        show_view(other, "History")
        rename(one, "同看小区")
        expect(title(other)).to_have_text("同看小区")
        expect(other.node("同看小区")).to_be_visible()
        newest = other.page.get_by_role("list", name="Changes").get_by_role("listitem").first
        expect(newest).to_contain_text("杨观超 (yanggc4)")
        newest.get_by_role("button", name="Restore").click()
        dialog(other).get_by_role("button", name="Restore").click()
        expect(title(one)).not_to_have_text("同看小区")
        assert other.page.evaluate("window.isStill")


def test_every_view_works_where_only_stored_documents_run(chromium: Browser, settings: Settings) -> None:
    trusted = settings.model_copy(update={"trusted_only": True})
    with serving(trusted) as address, record_opened(chromium, address, "space", HOUSE) as register:
        for view in views(register):
            show_view(register, view)
            expect(register.page.locator(".loading")).to_have_count(0)
            expect(register.page.get_by_role("alert")).to_have_count(0)
        rename(register, "守门")
        sent = [json.loads(each.post_data or "{}") for each in register.sent if each.url.endswith("/graphql")]
        assert {"query" in each for each in sent} == {False}
