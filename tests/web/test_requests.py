"""Every request has an id, and every answer has it with the headers that keep caches and browsers from guessing."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from app import logs
from app.build import VERSION
from app.main import create_app
from app.settings import Settings
from app.web.request_id import trace_of, traceparent_of
from tests.clients.api import Api

MADE = re.compile(r"[0-9a-f]{32}")
CANARY = "canary-13800138000"
PATHS = ["/graphql", "/graphql?query={__typename}", "/healthz", "/oauth/jwks", "/oauth/authorize", "/v1/x", "/nothing"]
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
SPAN = "00f067aa0ba902b7"


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_has_an_id_and_is_neither_cached_nor_sniffed(api: Api, path: str) -> None:
    headers = api.client.get(path).headers
    assert MADE.fullmatch(headers["x-request-id"])
    assert headers["x-content-type-options"] == "nosniff"
    expected = "public, max-age=300" if path == "/oauth/jwks" else "no-store"
    assert expected in headers["cache-control"]


def test_the_health_names_the_version(api: Api) -> None:
    assert api.client.get("/healthz").json() == {"status": "ok", "version": VERSION}


def test_answers_of_graphql_are_private(api: Api) -> None:
    assert api.post("{ __typename }").headers["cache-control"] == "private, no-store"
    assert api.post("{").headers["cache-control"] == "private, no-store"


@pytest.mark.parametrize("sent", ["a", "1-5f84c7a1-7b3d", "01J9ZQ4N5V.x_y:z=/+", "x" * 64])
def test_a_sane_id_is_echoed(api: Api, sent: str) -> None:
    assert api.client.get("/healthz", headers={"x-request-id": sent}).headers["x-request-id"] == sent


@pytest.mark.parametrize("sent", ["", " ", "x" * 65, "a b", 'a"b', "a\tb", "a;b", "-a", "<b>", "a,b", "\xe9", "{}"])
def test_another_id_is_replaced(api: Api, sent: str) -> None:
    answered = api.client.get("/healthz", headers=[(b"x-request-id", sent.encode("latin-1"))]).headers["x-request-id"]
    assert MADE.fullmatch(answered)


@pytest.mark.parametrize(
    ("traceparent", "is_valid"),
    [
        (f"00-{TRACE}-{SPAN}-01", True),
        (f"cc-{TRACE}-{SPAN}-01-later", True),
        (f"00-{TRACE}-{SPAN}-01-later", False),
        (f"ff-{TRACE}-{SPAN}-01", False),
        (f"00-{'0' * 32}-{SPAN}-01", False),
        (f"00-{TRACE}-{'0' * 16}-01", False),
        (f"00-{TRACE.upper()}-{SPAN}-01", False),
        ("", False),
        (CANARY, False),
    ],
)
def test_a_trace_is_read_as_the_standard_says(traceparent: str, is_valid: bool) -> None:  # noqa: FBT001 - a parameter
    expected = {"trace_id": TRACE, "span_id": SPAN} if is_valid else {}
    assert trace_of(traceparent_of(traceparent.encode())) == expected


@contextmanager
def logged(url: str, folder: Path) -> Iterator[TestClient]:
    """Run an application that logs requests as JSON."""
    settings = Settings(database_url=url, data_dir=folder, require_login=False)
    app = create_app(settings, log=logs.access_log("json", only_errors=False))
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


def records(capfd: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capfd.readouterr().err.splitlines()]


def test_a_request_is_logged_with_its_id_route_and_code(
    demo_url: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    headers = {"x-request-id": "mine", "traceparent": f"00-{TRACE}-{SPAN}-01"}
    with logged(demo_url, tmp_path) as client:
        client.post(f"/v1/iot/main/user/logout/{CANARY}?x={CANARY}", headers=headers)
    (record,) = records(capfd)
    assert list(record)[:5] == ["time", "level", "logger", "event", "request_id"]
    assert record.pop("time").endswith("Z")
    assert record.pop("ms") > 0
    assert record.pop("bytes") > 0
    assert record == {
        "level": "info", "logger": "cadastre.access", "event": "request", "request_id": "mine", "method": "POST",
        "route": "/v1/iot/main/user/logout/{appId}", "status": 401, "code": "UNAUTHENTICATED", "trace_id": TRACE,
        "span_id": SPAN,
    }  # fmt: skip


def test_a_refused_document_is_logged_with_its_code(
    demo_url: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with logged(demo_url, tmp_path) as client:
        client.post("/graphql", json={"query": f"{{ {CANARY}"})
    (record,) = records(capfd)
    assert (record["route"], record["status"], record["code"]) == ("/graphql", 200, "GRAPHQL_PARSE_FAILED")


def test_no_part_of_a_request_is_logged(demo_url: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with logged(demo_url, tmp_path) as client:
        client.get(f"/{CANARY}?{CANARY}", headers={"x-request-id": f"{CANARY};", "user-agent": CANARY})
        client.request(f"X-{CANARY}", "/graphql", headers={"traceparent": CANARY, "referer": CANARY})
    first, second = records(capfd)
    assert (first["route"], first["method"]) == ("", "GET")
    assert (second["method"], second["status"]) == ("other", 405)
    assert CANARY not in f"{first}{second}"
