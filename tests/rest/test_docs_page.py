"""/docs in a real browser: it shows the URLs, breaks no rule of its own policy, and asks no other host."""

import shutil
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import sync_playwright

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium; install Debian's package chromium")


def test_the_page_shows_the_urls_and_asks_no_other_host(address: str) -> None:
    hosts, trouble = set(), []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page()
        page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
        page.on("console", lambda message: trouble.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: trouble.append(str(error)))
        page.goto(f"{address}/docs")
        page.get_by_role("heading", name="组织机构").click()
        page.get_by_text("3.6 行政/业务组织详情").click()
        page.get_by_text("query OrgDetail").first.wait_for()
        browser.close()
    assert hosts - {""} == {urlsplit(address).netloc}
    assert trouble == []
