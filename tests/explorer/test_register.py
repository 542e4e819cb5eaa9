"""/explorer/register in a real browser: its trees, the way between both pages, and what the address keeps."""

import itertools
import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from starlette.applications import Starlette
from starlette.testclient import TestClient

from app.explorer import page as explorer_page
from app.settings import Settings
from tests.clients.login import serving
from tests.clients.page import Explorer
from tests.clients.proxy import proxied
from tests.clients.record import REGISTER, asks, await_query, held, record_opened, title
from tests.clients.waiting import within
from tests.explorer.buildings import show

PATIENCE = 30
"""Seconds for which changes come faster than answers; a view that waits for their end shows none of them."""

RENAMED = """mutation ($id: ID!, $name: String!) {
  updateSpace(input: {id: $id, name: $name}) { errors { message } }
}"""


def test_both_trees_are_shown(chromium: Browser, program: str) -> None:
    with Explorer.opened(chromium, program, REGISTER) as register:
        register.log_in_to_register("zhangx")
        expect(register.node()).to_have_text(["▸美的置业小区1Community21", "▸美的置业小区2Community5"])
        register.page.get_by_role("link", name="Organisations").click()
        expect(register.node()).to_have_text(["▸美的置业Administrative", "▸美的置业-业务Business28"])


def test_a_node_opens_and_its_record_is_shown(chromium: Browser, program: str) -> None:
    with Explorer.opened(chromium, program, REGISTER) as register:
        register.log_in_to_register("zhangx")
        register.node("美的置业小区2").locator(".twisty").click()
        register.node("建筑物1").click()
        expect(register.page.get_by_role("heading", level=2)).to_have_text("建筑物1")
        expect(register.page.locator(".breadcrumbs")).to_contain_text("美的置业小区2")
        expect(register.page.locator(".facts")).to_contain_text("美的置业小区2/建筑物1")
        expect(register.node("建筑物1")).to_have_attribute("aria-selected", "true")


def test_the_way_between_the_pages_keeps_the_log_in(explorer: Explorer) -> None:
    explorer.log_in()
    explorer.page.get_by_role("link", name="Register").click()
    explorer.node().first.wait_for()
    assert explorer.page.url == f"{explorer.address}/{REGISTER}"
    assert explorer.page.title() == "Cadastre Register"
    explorer.page.get_by_role("link", name="Queries").click()
    explorer.editor.wait_for()
    assert explorer.page.url == f"{explorer.address}/explorer"
    explorer.write("{ me { clientId } }")
    assert explorer.run()["data"] == {"me": {"clientId": "explorer"}}


def test_the_register_loads_no_editor(chromium: Browser, program: str) -> None:
    with Explorer.opened(chromium, program, REGISTER) as register:
        register.log_in_to_register()
        assert [each.url for each in register.sent if "editor" in each.url or "Workbench" in each.url] == []


def test_the_log_in_comes_back_to_the_record(chromium: Browser, program: str) -> None:
    with Explorer.opened(chromium, program, f"{REGISTER}?tree=space&record=9889") as register:
        register.log_in_to_register()
        assert register.page.url == f"{program}/{REGISTER}?tree=space&record=9889"
        expect(register.page.get_by_role("heading", level=2)).to_have_text("建筑物8")
        expect(register.node("建筑物8")).to_have_attribute("aria-selected", "true")
        expect(register.node("简岸花园")).to_have_attribute("aria-expanded", "true")


def test_back_and_forward_lead_through_records_and_pages(explorer: Explorer) -> None:
    explorer.log_in()
    explorer.page.get_by_role("link", name="Register").click()
    explorer.node("君兰江山").click()
    heading = explorer.page.get_by_role("heading", level=2)
    expect(heading).to_have_text("君兰江山")
    explorer.node("简岸花园").click()
    expect(heading).to_have_text("简岸花园")
    explorer.page.go_back()
    expect(heading).to_have_text("君兰江山")
    explorer.page.go_back()
    explorer.page.go_back()
    explorer.editor.wait_for()
    explorer.page.go_forward()
    explorer.page.go_forward()
    expect(heading).to_have_text("君兰江山")


def test_a_view_shows_its_query_and_opens_it_in_graphiql(chromium: Browser, program: str) -> None:
    with Explorer.opened(chromium, program, f"{REGISTER}?tree=space&record=9889") as register:
        register.log_in_to_register()
        register.page.get_by_text("as GraphQL").click()
        expect(register.page.locator(".as-graphql pre").first).to_contain_text("query SpaceRecord")
        register.page.get_by_role("link", name="Open in GraphiQL").click()
        register.editor.wait_for()
        expect(register.page.locator(".graphiql-query-editor")).to_contain_text("query SpaceRecord")
        assert register.run()["data"]["space"]["name"] == "建筑物8"


def test_changes_of_others_are_shown_without_reloading(chromium: Browser, settings: Settings) -> None:
    with (
        serving(settings) as address,
        Explorer.opened(chromium, address, f"{REGISTER}?tree=space&record=9889") as register,
    ):
        register.log_in_to_register()
        heading = register.page.get_by_role("heading", level=2)
        expect(heading).to_have_text("建筑物8")
        renamed = (
            'mutation { updateSpace(input: {id: "9889", expectedVersion: %d, name: "新名"}) { errors { message } } }'
        )
        asked = register.ask('{ space(id: "9889") { version } }')["space"]["version"]
        assert register.ask(renamed % asked)["updateSpace"]["errors"] == []
        expect(heading).to_have_text("新名")
        expect(register.node("新名")).to_have_attribute("aria-selected", "true")
        created = (
            'mutation { createSpace(input: {parentId: "9885", name: "添", type: STRUCTURE}) { errors { message } } }'
        )
        assert register.ask(created)["createSpace"]["errors"] == []
        expect(register.node("添")).to_be_visible()


def test_a_view_goes_on_while_changes_come_faster_than_answers(chromium: Browser, settings: Settings) -> None:
    with (
        serving(settings) as address,
        Explorer.opened(chromium, address, f"{REGISTER}?tree=space&record=9889") as register,
    ):
        register.log_in_to_register()
        heading = register.page.get_by_role("heading", level=2)
        expect(heading).to_have_text("建筑物8")
        slow = {"offline": False, "latency": 700, "downloadThroughput": -1, "uploadThroughput": -1}
        register.context.new_cdp_session(register.page).send("Network.emulateNetworkConditions", slow)
        shown: set[str] = set()
        names = map(str, itertools.count())

        def rename() -> None:
            register.ask(RENAMED, {"id": "9889", "name": next(names)})
            shown.add(heading.inner_text())

        assert within(PATIENCE, lambda: len(shown) > 2, rename)
        register.ask(RENAMED, {"id": "9889", "name": "最后"})
        expect(heading).to_have_text("最后")


def test_an_answer_that_comes_after_its_record_was_left_is_asked_again(chromium: Browser, settings: Settings) -> None:
    with serving(settings) as address, record_opened(chromium, address, "space", "9888") as register:
        with held(register, asks('{"id":"9885"}')) as queries:
            show(register, "9885", "overview")
            await_query(register, queries)
            old = [(query, query.fetch()) for query in queries]
            show(register, "9888", "overview")
            expect(title(register)).to_have_text("云悦江山")
            for id_, name in (("9885", "新名称"), ("9888", "后来的名称")):
                register.ask(RENAMED, {"id": id_, "name": name})
            expect(title(register)).to_have_text("后来的名称")
            queries.clear()
            for query, answer in old:
                query.fulfill(response=answer)
            register.page.wait_for_timeout(500)
        show(register, "9885", "overview")
        expect(title(register)).to_have_text("新名称")


def test_a_narrow_page_shows_the_record_or_the_tree(chromium: Browser, program: str) -> None:
    narrow = {"viewport": {"width": 390, "height": 844}}
    with Explorer.opened(chromium, program, REGISTER, **narrow) as register:
        register.log_in_to_register()
        register.node("君兰江山").click()
        expect(register.page.get_by_role("heading", level=2)).to_have_text("君兰江山")
        expect(register.node("君兰江山")).to_be_hidden()
        register.page.get_by_role("link", name="‹ Tree").click()
        expect(register.node("君兰江山")).to_be_visible()


def test_it_works_where_only_stored_documents_run(chromium: Browser, settings: Settings) -> None:
    trusted = settings.model_copy(update={"trusted_only": True})
    with (
        serving(trusted) as address,
        Explorer.opened(chromium, address, f"{REGISTER}?tree=space&record=9889") as register,
    ):
        register.log_in_to_register()
        expect(register.page.get_by_role("heading", level=2)).to_have_text("建筑物8")
        expect(register.page.get_by_text("as GraphQL")).to_be_visible()
        expect(register.page.get_by_role("status")).to_have_count(0)
        sent = [json.loads(each.post_data or "{}") for each in register.sent if each.url.endswith("/graphql")]
        assert {"query" in each for each in sent} == {False}
        register.page.get_by_text("as GraphQL").click()
        register.page.get_by_role("link", name="Open in GraphiQL").click()
        register.editor.wait_for()
        assert register.run()["data"]["space"]["name"] == "建筑物8"
        register.trouble.clear()  # the browser reports the refused introspection


def test_it_works_behind_a_proxy_with_a_path_prefix(chromium: Browser, settings: Settings, tmp_path: Path) -> None:
    with (
        proxied(settings, "http", "/prefix", tmp_path) as address,
        Explorer.opened(chromium, address, f"{REGISTER}?tree=org") as register,
    ):
        register.log_in_to_register()
        assert register.page.url == f"{address}/{REGISTER}?tree=org"
        register.page.get_by_role("link", name="Queries").click()
        register.editor.wait_for()
        assert register.page.url == f"{address}/explorer"


def test_from_another_address_the_log_in_leads_to_the_same_record(chromium: Browser, address: str) -> None:
    other = address.replace("127.0.0.1", "localhost")
    with Explorer.opened(chromium, other, f"{REGISTER}?tree=space&record=9889") as register:
        register.log_in_to_register()
        assert register.page.url == f"{address}/{REGISTER}?tree=space&record=9889"
        register.forget_requests_to(address)


def test_it_is_chinese_in_a_chinese_browser(chromium: Browser, program: str) -> None:
    with Explorer.opened(chromium, program, REGISTER, locale="zh-CN") as register:
        register.log_in_to_register("zhangx", button="登录")
        expect(register.node()).to_have_text(["▸美的置业小区1小区21", "▸美的置业小区2小区5"])
        assert register.page.title() == "Cadastre 主数据浏览"


@pytest.mark.parametrize("path", ["/explorer", "/explorer/register"])
def test_a_page_that_is_not_built_says_how_to_build_it(tmp_path: Path, path: str) -> None:
    client = TestClient(Starlette(routes=explorer_page.routes(tmp_path / "build")))
    assert client.get(path).status_code == 503
    assert explorer_page.documents(tmp_path / "build") == {}
