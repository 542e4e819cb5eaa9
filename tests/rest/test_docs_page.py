"""/docs in a real browser: it shows the URLs, breaks no rule of its own policy, and asks no other host."""

from urllib.parse import urlsplit

from tests.clients.browser import browser


def test_the_page_shows_the_urls_and_asks_no_other_host(address: str) -> None:
    hosts, trouble = set(), []
    with browser() as chromium:
        page = chromium.new_page()
        page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
        page.on("console", lambda message: trouble.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: trouble.append(str(error)))
        page.goto(f"{address}/docs")
        page.get_by_role("heading", name="组织机构").click()
        page.get_by_text("3.6 行政/业务组织详情").click()
        page.get_by_text("query OrgDetail").first.wait_for()
    assert hosts - {""} == {urlsplit(address).netloc}
    assert trouble == []
