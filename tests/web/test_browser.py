"""A page on another origin in a real browser: what it may read depends on whether its origin is registered."""

import functools
import http.server
import threading
from collections.abc import Iterator
from typing import Any, NamedTuple

import psycopg
import pytest
from playwright.sync_api import Error, Page

from app.bulk.demo import PASSWORD
from app.services import client as clients
from app.settings import Settings
from app.web.compression import SMALLEST
from tests.clients.browser import browser

LOG_IN = """async (address) => {
  const form = new URLSearchParams({
    grant_type: "password", client_id: "h5-client", username: "supperadm", password: "%s"
  });
  return (await (await fetch(`${address}/oauth/token`, {method: "POST", body: form})).json()).access_token;
}""".replace("%s", PASSWORD)

ASK = """async ([address, token, query]) => {
  const response = await fetch(`${address}/graphql`, {
    method: "POST",
    headers: {
      "authorization": `Bearer ${token}`, "content-type": "application/json", "x-request-id": "from-the-page",
      "apollo-require-preflight": "true", "x-apollo-operation-name": "Query", "traceparent": "00-1-1-01"
    },
    body: JSON.stringify({query})
  });
  const text = await response.text();
  return {
    status: response.status, body: JSON.parse(text), size: text.length, id: response.headers.get("x-request-id"),
    challenge: response.headers.get("www-authenticate"), encoded: response.headers.get("content-encoding"),
  };
}"""

SEND_FORM = """async ([address, token, query]) => {
  const options = {method: "POST", mode: "no-cors", credentials: "include", body: JSON.stringify({query})};
  return (await fetch(`${address}/graphql`, options)).type;
}"""

MUTATION = 'mutation { updateOrg(input: {id: "6419", expectedVersion: 1, name: "stolen"}) { org { name } } }'


class Origins(NamedTuple):
    """Two origins of one page server."""

    registered: str
    foreign: str


@pytest.fixture(scope="module")
def origins(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Origins]:
    """Serve a page on two origins."""
    folder = tmp_path_factory.mktemp("page")
    (folder / "index.html").write_text("<!doctype html><title>page</title>", "utf-8")
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever).start()
        yield Origins(f"http://localhost:{server.server_port}", f"http://127.0.0.1:{server.server_port}")
        server.shutdown()


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    """Open a browser."""
    with browser() as chromium:
        yield chromium.new_page()


@pytest.fixture
def registered(settings: Settings, origins: Origins) -> Settings:
    """Register a public client whose pages have the registered origin."""
    with psycopg.connect(settings.database_url or "") as connection:
        clients.add(
            connection, "page", "page",
            grant_types=["authorization_code"], redirect_uris=[f"{origins.registered}/back"], public=True,
        )  # fmt: skip
    return settings


@pytest.mark.usefixtures("registered")
def test_a_page_of_a_registered_client_logs_in_asks_and_reads_errors(
    page: Page, address: str, origins: Origins
) -> None:
    page.goto(origins.registered)
    token = page.evaluate(LOG_IN, address)
    answer: dict[str, Any] = page.evaluate(ASK, [address, token, '{ org(id: "6419") { name } }'])
    assert (answer["status"], answer["body"]["data"]) == (200, {"org": {"name": "美的集团"}})
    assert answer["id"] == "from-the-page"
    large = page.evaluate(ASK, [address, token, "{ __schema { types { name description fields { name } } } }"])
    assert large["body"]["data"]["__schema"]
    assert large["size"] > SMALLEST
    refused = page.evaluate(ASK, [address, "forged", "{ me { clientId } }"])
    assert refused["status"] == 401
    assert refused["body"]["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    assert "invalid_token" in refused["challenge"]


@pytest.mark.usefixtures("registered")
def test_a_page_of_another_origin_reads_nothing_and_changes_nothing(
    page: Page, address: str, origins: Origins, settings: Settings
) -> None:
    page.goto(origins.foreign)
    for script, argument in ((LOG_IN, address), (ASK, [address, "forged", "{ me { clientId } }"])):
        with pytest.raises(Error, match="Failed to fetch"):
            page.evaluate(script, argument)
    assert page.evaluate(SEND_FORM, [address, "", MUTATION]) == "opaque"
    with psycopg.connect(settings.database_url or "") as connection:
        assert connection.execute("select name from org where id = 6419").fetchone() == ("美的集团",)


@pytest.mark.usefixtures("registered")
def test_no_page_reads_the_login_page(page: Page, address: str, origins: Origins) -> None:
    page.goto(origins.registered)
    with pytest.raises(Error, match="Failed to fetch"):
        page.evaluate("async (address) => (await fetch(address)).text()", f"{address}/oauth/authorize?client_id=page")
