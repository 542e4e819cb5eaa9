"""/explorer under other settings and languages: behind proxies, without a log-in, without introspection, in Chinese."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from app.settings import Settings
from tests.clients.login import serving
from tests.clients.page import Explorer
from tests.clients.proxy import proxied

COUNT = "{ orgs { totalCount } }"


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_it_works_behind_a_proxy_with_a_path_prefix(
    chromium: Browser, settings: Settings, scheme: str, tmp_path: Path
) -> None:
    with (
        proxied(settings, scheme, "/register", tmp_path) as address,
        Explorer.opened(chromium, address, ignore_https_errors=True) as explorer,
    ):
        explorer.page.get_by_role("button", name="Log in").first.wait_for()  # what it loads is not to be cut off
        explorer.page.goto(f"{address}/")
        explorer.log_in()
        assert explorer.page.url == f"{address}/explorer"
        explorer.open_example("Spaces by type")
        assert explorer.run()["data"]["spaces"]["groups"]


def test_from_another_address_the_log_in_leads_to_the_public_one(chromium: Browser, address: str) -> None:
    other = address.replace("127.0.0.1", "localhost")
    with Explorer.opened(chromium, other) as explorer:
        explorer.log_in()
        assert explorer.page.url == f"{address}/explorer"
        explorer.forget_requests_to(address)


def test_without_required_log_in_the_page_asks_for_none(chromium: Browser, settings: Settings) -> None:
    open_to_all = settings.model_copy(update={"require_login": False})
    with serving(open_to_all) as address, Explorer.opened(chromium, address) as explorer:
        explorer.editor.wait_for()
        explorer.write(COUNT)
        assert explorer.run()["data"]["orgs"]["totalCount"] > 0
        expect(explorer.page.get_by_text("not logged in")).to_be_visible()


def test_without_introspection_the_page_says_what_to_switch_on(chromium: Browser, settings: Settings) -> None:
    closed = settings.model_copy(update={"introspection": False})
    with serving(closed) as address, Explorer.opened(chromium, address) as explorer:
        explorer.log_in()
        expect(explorer.page.get_by_role("status")).to_contain_text("CADASTRE_INTROSPECTION=true")
        explorer.write(COUNT)
        assert explorer.run()["data"]["orgs"]["totalCount"] > 0


def test_where_only_stored_documents_run_the_page_says_so(chromium: Browser, settings: Settings) -> None:
    trusted = settings.model_copy(update={"trusted_only": True})
    with serving(trusted) as address, Explorer.opened(chromium, address) as explorer:
        explorer.log_in("zhangx")
        expect(explorer.page.get_by_role("status")).to_contain_text("CADASTRE_TRUSTED_ONLY=false")
        expect(explorer.page.get_by_text("张欣")).to_be_visible()
        explorer.trouble.clear()  # the browser reports the refused introspection


def test_the_page_is_chinese_in_a_chinese_browser(chromium: Browser, address: str) -> None:
    with Explorer.opened(chromium, address, locale="zh-CN") as explorer:
        explorer.log_in(button="登录")
        page = explorer.page
        page.get_by_role("region", name="示例").get_by_role("button", name="谁住在这栋楼").click()
        page.get_by_role("button", name="执行 查询").click()
        expect(page.locator(".answer output")).to_contain_text("成本 522 / 1,000,000 · 4 行")
        assert page.evaluate("document.documentElement.lang") == "zh-CN"
        page.get_by_role("button", name="打开设置").click()
        expect(page.get_by_role("dialog").get_by_role("button", name="深色")).to_be_visible()
        page.get_by_role("button", name="关闭对话框").click()
        page.get_by_role("button", name="显示 文档").click()
        docs = page.get_by_role("region", name="文档")
        docs.get_by_role("link", name="Query").click()
        docs.get_by_role("link", name="org", exact=True).click()
        expect(docs).to_contain_text("类型")
        expect(docs).to_contain_text("参数")
