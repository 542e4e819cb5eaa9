"""The pages /explorer and /explorer/register in a browser, as a person uses them."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote, urlsplit

import httpx2 as httpx
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Request

from app.bulk.demo import PASSWORD
from tests.clients.browser import EXPECTED_WITHIN

NOT_LOGGED_IN = "401 (Unauthorized)"
"""The browser reports the answer that tells the page to show the way to the log-in."""


class Explorer:
    """An open page, what it sent, and the errors on its console."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.context, self.address = context, address
        self.sent: list[Request] = []
        self.trouble: list[str] = []
        context.on("request", lambda request: self.sent.append(request))  # noqa: PLW0108 - playwright marks its handlers
        context.on("console", lambda said: self.trouble.append(said.text) if said.type == "error" else None)
        context.on("weberror", lambda error: self.trouble.append(str(error.error)))
        self.page: Page = context.new_page()
        self.others = httpx.Client(base_url=address, timeout=60, verify=False)  # reading certificates takes 20 ms
        """Asks the program besides the page."""

    @classmethod
    @contextmanager
    def opened(cls, browser: Browser, address: str, path: str = "explorer", **options: Any) -> Iterator[Self]:
        """Open a page, and check at the end that it asked no other host and had no errors."""
        context = browser.new_context(**{"locale": "en-GB", "viewport": {"width": 1440, "height": 900}, **options})
        context.set_default_timeout(2 * EXPECTED_WITHIN)
        explorer = cls(context, address)
        with explorer.others:
            explorer.page.goto(f"{address}/{path}")
            yield explorer
        hosts = {urlsplit(request.url).netloc for request in explorer.sent} - {""}
        assert hosts == {urlsplit(address).netloc}
        trouble = [said for said in explorer.trouble if NOT_LOGGED_IN not in said]
        assert not trouble, trouble
        context.close()

    def log_in(self, account: str = "supperadm", button: str = "Log in") -> None:
        """Log in on the product's own page, and wait for the editor."""
        self.send_log_in(account, button)
        self.editor.wait_for()

    def log_in_to_register(self, account: str = "supperadm", button: str = "Log in") -> None:
        """Log in on the product's own page, and wait for the tree."""
        self.send_log_in(account, button)
        self.page.locator("[role=treeitem]").first.wait_for(state="attached")  # a narrow page shows the record instead

    def send_log_in(self, account: str, button: str) -> None:
        """Log in on the product's own page."""
        self.page.get_by_role("main").get_by_role("button", name=button).click()
        self.page.locator("input[name=account]").fill(account)
        self.page.locator("input[name=password]").fill(PASSWORD)
        self.page.locator("form button").click()

    @property
    def editor(self) -> Any:
        return self.page.locator(".graphiql-query-editor .monaco-editor")

    def node(self, name: str | None = None) -> Locator:
        """Return the visible nodes of the tree, or the one of a name."""
        nodes = self.page.get_by_role("treeitem")
        return nodes if name is None else nodes.filter(has=self.page.get_by_text(name, exact=True))

    def open_example(self, title: str) -> None:
        self.page.get_by_role("region", name="Examples").get_by_role("button", name=title).click()

    def run(self) -> dict[str, Any]:
        """Run what is in the editor and return the answer of the program."""
        with self.page.expect_response(lambda response: is_of_editor(response.request)) as response:
            self.page.get_by_role("button", name="Execute query").click()
        self.page.locator(".answer output").wait_for()
        body: dict[str, Any] = response.value.json()
        return body

    def lines(self, editor: str = "query-editor") -> Locator:
        """Return what an editor shows."""
        return self.page.locator(f".graphiql-{editor} .view-lines")

    def write(self, query: str) -> None:
        """Replace what is in the editor."""
        self.editor.click()
        self.page.keyboard.press("ControlOrMeta+A")
        self.page.keyboard.press("Delete")  # the editor closes brackets that replace a selection
        self.page.keyboard.insert_text(query)

    def table(self) -> list[list[str]]:
        """Return the table of the answer: the names of its columns, and its rows."""
        return [row.locator("th, td").all_inner_texts() for row in self.page.locator(".answer tr").all()]

    def download(self, button: str, folder: Path) -> str:
        """Return the content of a file that a button saves."""
        with self.page.expect_download() as download:
            self.page.get_by_role("button", name=button, exact=True).click()
        path = folder / download.value.suggested_filename
        download.value.save_as(path)
        return path.read_bytes().decode()

    def forget_requests_to(self, address: str) -> None:
        """Leave out requests to another address of the same program."""
        self.sent[:] = [request for request in self.sent if not request.url.startswith(address)]

    def stored(self) -> str:
        """Return all that the page has stored in the browser, with its address and cookies."""
        kept = self.page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])")
        return json.dumps([kept, self.page.url, self.context.cookies()])

    @cached_property
    def authorization(self) -> str:
        """The header of a log-in like that of the page, for changes that others make."""
        form = {"grant_type": "password", "client_id": "h5-client", "username": "supperadm", "password": PASSWORD}
        return f"Bearer {self.others.post('/oauth/token', data=form).json()['access_token']}"

    def ask(self, query: str, variables: dict[str, Any] | None = None, reason: str = "") -> Any:
        """Return the data of an answer to somebody else, who may write for a reason."""
        headers = {"authorization": self.authorization, "x-change-reason": quote(reason)}
        body = {"query": query, "variables": variables or {}}
        return self.others.post("/graphql", json=body, headers=headers).json()["data"]

    def tokens(self) -> set[str]:
        """Return the tokens that the program has given to the page."""
        answers = [request.response() for request in self.sent if request.url.endswith("/oauth/token")]
        return {str(answer.json()[name]) for answer in answers if answer for name in ("access_token", "refresh_token")}


def is_of_editor(request: Request) -> bool:
    """Return whether a request runs what is in the editor: the page's own documents are sent by their ids."""
    sent = request.post_data or ""
    return request.url.endswith("/graphql") and '"documentId"' not in sent and "IntrospectionQuery" not in sent
