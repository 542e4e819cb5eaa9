"""The trees of /explorer/register: by keyboard, opened at once, searched, and with many nodes."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect

from app.settings import Settings
from tests.clients.login import serving
from tests.clients.page import Explorer
from tests.clients.record import REGISTER, rights_answered

SPACES = 14_606
"""Spaces of the generated community, itself included."""

ROW_PIXELS = 30


@pytest.fixture
def register(chromium: Browser, program: str) -> Iterator[Explorer]:
    """Open the register for a member of staff who sees two communities."""
    with Explorer.opened(chromium, program, REGISTER) as register:
        register.log_in_to_register("zhangx")
        yield register


@pytest.fixture
def large(chromium: Browser, community: str) -> Iterator[Explorer]:
    """Open the register with a large community."""
    with Explorer.opened(chromium, community, REGISTER) as register:
        register.node().first.wait_for()
        yield register


def active(register: Explorer) -> Locator:
    """Return the node that keys act on, as the tree names it."""
    tree = register.page.get_by_role("tree")
    expect(tree).to_have_attribute("aria-activedescendant", re.compile("."))  # it has none while it scrolls
    id_ = tree.get_attribute("aria-activedescendant")
    return register.page.locator(f'[id="{id_}"]')


def requests_of(register: Explorer) -> int:
    return len([each for each in register.sent if each.url.endswith("/graphql")])


def test_a_tree_is_used_by_keyboard(register: Explorer) -> None:
    tree = register.page.get_by_role("tree")
    tree.focus()
    tree.press("End")
    expect(active(register)).to_contain_text("美的置业小区2")
    tree.press("ArrowRight")
    expect(active(register)).to_have_attribute("aria-expanded", "true")
    register.node("建筑物1").wait_for()
    tree.press("ArrowRight")
    expect(active(register)).to_contain_text("建筑物1")
    assert active(register).get_attribute("aria-level") == "2"
    tree.press("Enter")
    expect(register.page.get_by_role("heading", level=2)).to_have_text("建筑物1")
    tree.press("ArrowLeft")
    tree.press("ArrowLeft")
    expect(active(register)).to_have_attribute("aria-expanded", "false")
    tree.press("Home")
    expect(active(register)).to_contain_text("美的置业小区1")
    tree.press("ArrowDown")
    expect(active(register)).to_contain_text("美的置业小区2")
    tree.press("*")
    expect(register.node("美的置业小区1")).to_have_attribute("aria-expanded", "true")


def test_a_register_without_records_says_so(chromium: Browser, empty_url: str, tmp_path: Path) -> None:
    settings = Settings(database_url=empty_url, data_dir=tmp_path, require_login=False)
    with serving(settings) as address, Explorer.opened(chromium, address, REGISTER) as register:
        expect(register.page.get_by_text("You see no records here.")).to_be_visible()


def test_what_has_failed_is_tried_again(register: Explorer) -> None:
    register.page.route("**/graphql", lambda route: route.fulfill(status=502, body="a proxy says this"))
    register.page.get_by_role("link", name="Organisations").click()
    expect(register.page.get_by_role("alert")).to_contain_text("The program does not answer.")
    register.page.unroute("**/graphql")
    register.page.get_by_role("button", name="Try again").click()
    expect(register.node()).to_have_count(2)
    expect(register.page.get_by_role("alert")).to_have_count(0)
    register.trouble.clear()  # the browser reports the refused requests


def test_children_that_could_not_be_loaded_are_loaded_by_try_again(register: Explorer) -> None:
    register.page.route("**/graphql", lambda route: route.fulfill(status=502, body="a proxy says this"))
    register.node("美的置业小区2").locator(".twisty").click()
    expect(register.page.get_by_role("alert")).to_contain_text("The program does not answer.")
    register.page.unroute("**/graphql")
    register.page.get_by_role("button", name="Try again").click()
    expect(register.node("建筑物1")).to_be_visible()
    expect(register.page.get_by_role("alert")).to_have_count(0)
    register.trouble.clear()  # the browser reports the refused requests


def test_letters_lead_to_a_name(chromium: Browser, program: str) -> None:
    with Explorer.opened(chromium, program, REGISTER) as register:
        register.log_in_to_register()
        register.page.get_by_role("tree").focus()
        register.page.keyboard.type("aaa")
        expect(active(register)).to_contain_text("AAAA")


def test_opening_a_node_is_one_request_and_its_numbers_another(large: Explorer) -> None:
    expect(large.node()).to_have_text([f"▸生成小区1Community{SPACES - 1:,}"])
    before = requests_of(large)
    large.page.locator(".twisty").click()
    expect(large.node()).to_have_count(6)
    expect(large.node("1区").locator(".count")).to_have_attribute(
        "title", "Building 8 · Unit of a building 32 · Floor 576 · House or flat 2,304"
    )
    assert requests_of(large) - before == 2


def test_a_whole_community_opens_at_once_and_scrolls(large: Explorer) -> None:
    with rights_answered(large):
        large.node("生成小区1").click()
        large.page.get_by_role("heading", level=2).wait_for()
    before = requests_of(large)
    large.page.get_by_role("button", name="Open all").click()
    tree = large.page.get_by_role("tree")
    expect(large.node("101").first).to_be_visible()
    assert tree.evaluate("tree => tree.scrollHeight") == SPACES * ROW_PIXELS
    assert requests_of(large) - before == 1
    tree.focus()
    tree.press("End")
    expect(active(large)).to_contain_text("1804")
    expect(active(large)).to_have_attribute("aria-level", "6")
    assert large.node().count() < 100
    assert requests_of(large) - before == 1
    large.page.get_by_role("button", name="Close all").click()
    expect(large.node()).to_have_count(1)


def test_a_search_leads_to_a_record_and_opens_the_tree_down_to_it(register: Explorer) -> None:
    search = register.page.get_by_role("searchbox", name="Search by name")
    search.fill("建筑物2")
    results = register.page.get_by_role("list", name="Results").get_by_role("link")
    expect(results).to_have_text(["建筑物2 Structure", "建筑物20 Structure", "建筑物21 Structure"])
    results.first.click()
    expect(register.page.get_by_role("heading", level=2)).to_have_text("建筑物2")
    search.fill("")
    expect(register.node("建筑物2")).to_have_attribute("aria-selected", "true")
    expect(register.node("美的置业小区1")).to_have_attribute("aria-expanded", "true")
    search.fill("nothing has this name")
    expect(register.page.get_by_text("No name contains this text.")).to_be_visible()


def test_a_search_is_ordered_by_pinyin(chromium: Browser, program: str) -> None:
    with Explorer.opened(chromium, program, f"{REGISTER}?tree=org") as register:
        register.log_in_to_register()
        register.page.get_by_role("searchbox").fill("业务组织")
        names = register.page.get_by_role("list", name="Results").get_by_role("link")
        expect(names.first).to_be_visible()
        listed = 'filter: {name: {contains: "业务组织"}}, orderBy: [{field: NAME_ZH_PINYIN}], first: 50'
        asked = f"{{ orgs({listed}) {{ nodes {{ name }} }} }}"
        expected = [node["name"] for node in register.ask(asked)["orgs"]["nodes"]]
        assert [name.split(" ")[0] for name in names.all_inner_texts()] == expected


def test_numbers_follow_what_changes_below_closed_nodes(chromium: Browser, settings: Settings) -> None:
    created = 'mutation { createSpace(input: {parentId: "9891", name: "添", type: HOUSE}) { errors { message } } }'
    with serving(settings) as address, Explorer.opened(chromium, address, REGISTER) as register:
        register.log_in_to_register()
        count = register.node("简岸花园").locator(".count")
        before = int(count.inner_text())
        assert register.ask(created)["createSpace"]["errors"] == []
        expect(count).to_have_text(str(before + 1))


def test_a_record_behind_the_first_page_of_its_siblings_is_found(chromium: Browser, address: str) -> None:
    with Explorer.opened(chromium, address, f"{REGISTER}?tree=space&record=9885") as register:
        register.log_in_to_register()
        names = [f"车位{number:03}" for number in range(150)]
        result = "{ spaces { id } errors { message } }"
        made = f"mutation ($spaces: [CreateSpaceInput!]!) {{ createSpaces(input: {{ spaces: $spaces }}) {result} }}"
        spaces = [{"parentId": "9885", "name": name, "type": "STRUCTURE"} for name in names]
        created = register.ask(made, {"spaces": spaces})["createSpaces"]
        assert created["errors"] == []
        last = created["spaces"][-1]["id"]
        register.page.goto(f"{address}/{REGISTER}?tree=space&record={last}")
        register.log_in_to_register()
        expect(register.node("车位149")).to_have_attribute("aria-selected", "true")
        expect(register.node("车位149")).to_be_in_viewport()
        expect(register.node("车位149")).to_have_attribute("aria-setsize", "151")
