"""Spaces and organisations are created, moved and deleted in the register browser."""

import pytest
from playwright.sync_api import Browser, expect

from app.settings import Settings
from tests.clients.login import serving
from tests.clients.page import Explorer
from tests.clients.record import (
    REGISTER,
    dialog,
    held,
    is_change,
    mutations,
    open_dialog,
    record_opened,
    title,
    value_of,
)


def test_a_space_is_created_below_another_one(chromium: Browser, program: str) -> None:
    with record_opened(chromium, program, "space", "9890") as register:
        shown = open_dialog(register, "Create a space below")
        types = ["Unit of a building", "Floor", "House or flat"]
        expect(shown.get_by_label("Type").get_by_role("option")).to_have_text(types)
        shown.get_by_label("Name").fill("2单元")
        expect(shown.get_by_role("row", name="Full name")).to_contain_text("简岸花园/建筑物8/8栋/2单元")
        shown.get_by_role("button", name="Create").click()
        expect(title(register)).to_have_text("2单元")
        expect(title(register)).to_be_focused()
        expect(register.node("2单元")).to_have_attribute("aria-selected", "true")


def test_each_error_stands_beside_its_field(chromium: Browser, program: str) -> None:
    with record_opened(chromium, program, "space", "9891") as register:
        shown = open_dialog(register, "Create a space below")
        shown.get_by_label("Name").fill("603")
        area = shown.get_by_label("Area")
        area.fill("-1")
        shown.get_by_role("button", name="Create").click()
        expect(area).to_have_attribute("aria-invalid", "true")
        described = shown.locator(f"[id='{area.get_attribute('aria-describedby')}']")
        expect(described).to_have_text("an area must not be negative")
        expect(shown.get_by_label("Name")).to_have_attribute("aria-invalid", "false")
        area.fill("88.5")
        shown.get_by_role("button", name="Create").click()
        expect(title(register)).to_have_text("603")
        expect(register.page.locator(".facts")).to_contain_text("88.50")


def test_an_organisation_is_created_renamed_moved_and_deleted(chromium: Browser, program: str) -> None:
    with record_opened(chromium, program, "org", "8830") as register:
        shown = open_dialog(register, "Create an organisation below")
        shown.get_by_label("Name").fill("物业三部")
        shown.get_by_role("button", name="Create").click()
        expect(title(register)).to_have_text("物业三部")
        shown = open_dialog(register, "Move")
        shown.get_by_label("Search by name").fill("产业发展")
        shown.get_by_role("button", name="产业发展事业部 Business").click()
        expect(shown.get_by_role("row", name="Below")).to_contain_text("产业发展事业部")
        shown.get_by_role("button", name="Move").click()
        expect(dialog(register)).to_have_count(0)
        expect(register.page.locator(".breadcrumbs")).to_contain_text("产业发展事业部")
        open_dialog(register, "Delete").get_by_role("button", name="Delete").click()
        expect(title(register)).to_have_text("产业发展事业部")
        expect(register.node("物业三部")).to_have_count(0)


def test_a_space_is_moved_by_keys_alone(chromium: Browser, program: str) -> None:
    with record_opened(chromium, program, "space", "11228") as register:
        before = value_of(register, "space", "11228", "parentId")
        shown = open_dialog(register, "Move")
        tree = shown.get_by_role("tree")
        expect(tree.get_by_role("treeitem", selected=True)).to_contain_text("1栋")
        tree.focus()
        for key in ("ArrowLeft", "ArrowUp", "Enter"):
            register.page.keyboard.press(key)
        expect(shown.get_by_role("row", name="Full name")).to_contain_text("君兰江山/君兰东区/东区建筑物/1栋-1单元")
        assert value_of(register, "space", "11228", "parentId") == before
        shown.get_by_role("button", name="Move").click()
        expect(dialog(register)).to_have_count(0)
        assert value_of(register, "space", "11228", "parentId") == "11222"


def test_a_place_that_does_not_fit_is_refused_in_words(chromium: Browser, program: str) -> None:
    with record_opened(chromium, program, "space", "41015", locale="zh-CN") as register:
        shown = open_dialog(register, "移动")
        shown.get_by_role("treeitem").filter(has_text="车场1").click()
        shown.get_by_role("button", name="移动").click()
        expect(shown.get_by_role("alert")).to_contain_text("不能位于")
        assert value_of(register, "space", "41015", "parentId") == "41014"


def test_a_node_is_dragged_and_moves_only_after_the_confirmation(chromium: Browser, program: str) -> None:
    with record_opened(chromium, program, "space", "10456") as register:
        expect(register.node("建筑物1")).to_have_attribute("draggable", "true")
        register.node("建筑物1").drag_to(register.node("云悦江山"))
        shown = dialog(register)
        expect(shown.get_by_role("row", name="Below")).to_contain_text("云悦江山/片区1")
        shown.get_by_role("button", name="Cancel").click()
        assert mutations(register) == []
        register.node("建筑物1").drag_to(register.node("云悦江山"))
        dialog(register).get_by_role("button", name="Move").click()
        expect(dialog(register)).to_have_count(0)
        expect(register.page.locator(".breadcrumbs li")).to_have_text(["云悦江山", "建筑物1"])
        assert value_of(register, "space", "10456", "parentId") == "9888"


def test_a_deletion_is_refused_in_words(chromium: Browser, program: str) -> None:
    with record_opened(chromium, program, "space", "41016") as register:
        shown = open_dialog(register, "Delete")
        expect(shown.get_by_role("button", name="Cancel")).to_be_focused()
        shown.get_by_role("button", name="Delete").click()
        expect(shown.get_by_role("alert")).to_have_text("space 41016 has spaces below it")
        expect(shown.get_by_role("button", name="Delete")).to_be_focused()
        assert value_of(register, "space", "41016") == "楼层1"


def test_a_space_is_deleted_with_all_below_it(chromium: Browser, program: str) -> None:
    with record_opened(chromium, program, "space", "9889") as register:
        below = value_of(register, "space", "9889", "descendantCount")
        shown = open_dialog(register, "Delete")
        shown.get_by_label(f"Also everything below it: {below} spaces").check()
        shown.get_by_role("button", name="Delete").click()
        expect(shown.get_by_role("alert")).to_contain_text("valid property relations")
    with record_opened(chromium, program, "space", "41021") as register:
        shown = open_dialog(register, "Delete")
        shown.get_by_label("Also everything below it").check()
        expect(shown.get_by_role("row", name="Everything below it")).to_contain_text("5 spaces")
        shown.get_by_role("button", name="Delete").click()
        expect(title(register)).to_have_text("片区1")
        expect(title(register)).to_be_focused()
        expect(register.node("车场1")).to_have_count(0)
        assert value_of(register, "space", "41024") is None


@pytest.mark.parametrize(("tree", "id_"), [("space", "3429"), ("org", "9099")])
def test_who_may_not_write_drags_nothing(chromium: Browser, program: str, tree: str, id_: str) -> None:
    with Explorer.opened(chromium, program, f"{REGISTER}?tree={tree}&record={id_}") as register:
        with register.page.expect_response(lambda answer: '"hasOrg":false' in (answer.request.post_data or "")):
            register.log_in_to_register("lisi")  # and wait until the page knows what the caller may do anywhere
        title(register).wait_for()
        register.page.evaluate("() => new Promise(requestAnimationFrame)")
        expect(register.page.get_by_role("treeitem").first).not_to_have_attribute("draggable", "true")
        expect(register.page.get_by_role("group", name="Changes")).to_have_count(0)


def test_records_of_another_tenant_are_not_there(chromium: Browser, program: str) -> None:
    with record_opened(chromium, program, "space", "41000") as register:
        expect(register.page.get_by_role("group", name="Changes")).to_be_visible()
    with record_opened(chromium, program, "org", "15264", account="zhangx") as register:
        expect(register.page.get_by_role("group", name="Changes")).to_be_visible()
        register.page.goto(f"{program}/explorer/register?tree=space&record=9886")
        register.log_in_to_register("zhangx")
        expect(register.page.get_by_text("There is no such record")).to_be_visible()
        expect(register.page.get_by_role("group", name="Changes")).to_have_count(0)


def test_enter_in_a_search_field_moves_nothing(chromium: Browser, settings: Settings) -> None:
    with serving(settings) as address, record_opened(chromium, address, "space", "11228") as register:
        shown = open_dialog(register, "Move")
        tree = shown.get_by_role("tree")
        expect(tree.get_by_role("treeitem", selected=True)).to_contain_text("1栋")
        tree.focus()
        for key in ("ArrowLeft", "ArrowUp", "Enter"):
            register.page.keyboard.press(key)
        expect(shown.get_by_role("button", name="Move")).to_be_enabled()
        shown.get_by_label("Search by name").press_sequentially("东区")
        register.page.keyboard.press("Enter")
        expect(shown.get_by_role("list", name="Records found")).to_be_visible()
        assert mutations(register) == []


def test_a_creation_that_is_left_does_not_lead_to_the_new_record(chromium: Browser, program: str) -> None:
    with record_opened(chromium, program, "space", "9888") as register:
        register.node("简岸花园").first.click()
        before = title(register)
        expect(before).to_have_text("简岸花园")
        shown = open_dialog(register, "Create a space below")
        shown.get_by_label("Name").fill("迟到的片区")
        with register.page.expect_response(lambda answer: is_change(answer.request)), held(register, is_change):
            shown.get_by_role("button", name="Create").click()
            expect(shown.get_by_role("button", name="Sending")).to_be_visible()
            register.page.go_back()
            expect(dialog(register)).to_have_count(0)
            left, address = title(register).inner_text(), register.page.url
        register.page.wait_for_timeout(500)
        assert register.page.url == address
        expect(title(register)).to_have_text(left)


def test_a_community_is_moved_into_another_one_and_back_to_the_top(chromium: Browser, program: str) -> None:
    with record_opened(chromium, program, "space", "9886") as register:
        shown = open_dialog(register, "Move")
        expect(shown.get_by_role("button", name="No parent (top)")).to_have_count(0)
        shown.get_by_label("Search by name").fill("海岸花园")
        shown.get_by_role("list", name="Records found").get_by_role("button").first.click()
        shown.get_by_role("button", name="Move", exact=True).click()
        expect(dialog(register)).to_have_count(0)
        expect(register.page.locator(".breadcrumbs")).to_contain_text("海岸花园")
        shown = open_dialog(register, "Move")
        shown.get_by_role("button", name="No parent (top)").click()
        expect(shown.get_by_role("row", name="Below")).to_contain_text("none")
        shown.get_by_role("button", name="Move", exact=True).click()
        expect(dialog(register)).to_have_count(0)
        assert value_of(register, "space", "9886", "parentId") is None
