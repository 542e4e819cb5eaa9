"""The URLs of the page: who is led there, what browsers may keep, and what is said where it is not built."""

from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from app.explorer import page
from tests.clients.api import Api

BROWSER = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


def test_browsers_are_led_to_the_page_below_whatever_prefix(api: Api) -> None:
    answer = api.client.get("/", headers=BROWSER, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (302, "explorer")


def test_other_programs_find_nothing_at_the_root(api: Api) -> None:
    answer = api.client.get("/", headers={"accept": "*/*"}, follow_redirects=False)
    assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (404, "URL_NOT_FOUND")


def test_the_page_cannot_be_framed_and_loads_its_own_files_only(api: Api) -> None:
    headers = api.client.get("/explorer").headers
    policy = dict(rule.split(" ", 1) for rule in headers["content-security-policy"].split("; "))
    assert policy["default-src"] == "'self'"
    assert "script-src" not in policy
    assert policy["frame-ancestors"] == "'none'"
    assert headers["cache-control"] == "private, no-store"


@pytest.fixture
def build(tmp_path: Path) -> Path:
    return tmp_path / "build"


@pytest.fixture
def client(build: Path) -> TestClient:
    """Give a client of the page that is built in a folder of the test."""
    return TestClient(Starlette(routes=page.routes(build)))


def test_a_file_may_be_kept_and_none_outside_is_served(client: TestClient, build: Path) -> None:
    (build / "explorer").mkdir(parents=True)
    (build / "explorer" / "index-1.js").write_text("1", "utf-8")
    (build / "version").write_text("1", "utf-8")
    kept = client.get("/explorer/index-1.js")
    assert (kept.status_code, kept.headers["cache-control"]) == (200, "public, max-age=31536000, immutable")
    for path in ("nothing.js", "../version", "%2e%2e/version", "..%2fversion"):
        assert client.get(f"/explorer/{path}").status_code == 404


def test_a_page_that_is_not_built_says_how_to_build_it(client: TestClient, build: Path) -> None:
    answer = client.get("/explorer")
    assert answer.status_code == 503
    assert answer.text.count("scripts/explorer") == 2
    build.mkdir()
    (build / "index.html").write_text("built meanwhile", "utf-8")
    assert client.get("/explorer").text == "built meanwhile"
