"""What takes too long is given up: by PostgreSQL, statement by statement, and by the program, as a whole."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest

from app.db import connections
from tests.clients.api import open_api
from tests.clients.waiting import SOON, within

QUERY = '{ org(id: "6419") { id } }'
ANSWER = {"org": {"id": "6419"}}
SEVERAL = '{ org(id: "6419") { id } space(id: "9885") { id } roles { nodes { id admins { id } } } }'
TIMEOUT = {"code": "TIMEOUT"}
ENDED = (TIMEOUT, {"code": "UNAVAILABLE"})
"""What a request is told at its deadline; the second one where a busy machine takes long to undo its transaction."""
WAITING = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"


@contextmanager
def locked(url: str) -> Iterator[psycopg.Connection]:
    """Lock the organisations against every reader."""
    with psycopg.connect(url) as connection:
        connection.execute("lock table org in access exclusive mode")
        yield connection
        connection.rollback()


@pytest.mark.parametrize("compiled", [True, False])
def test_a_statement_that_takes_too_long_is_a_timeout(
    demo_url: str, monkeypatch: pytest.MonkeyPatch, *, compiled: bool
) -> None:
    monkeypatch.setitem(connections.CONNECTION, "options", "-c timezone=UTC -c statement_timeout=200ms")
    with open_api(demo_url, compiled=compiled, pool_size=1) as api:
        with locked(demo_url):
            response = api.post(QUERY)
        (error,) = response.json()["errors"]
        assert (response.status_code, error["message"], error["extensions"]) == (
            200,
            "the request took too long",
            TIMEOUT,
        )
        assert not response.json().get("data", {"org": None})["org"]
        assert api.data(QUERY) == ANSWER


@pytest.mark.parametrize("compiled", [True, False])
def test_a_request_ends_at_its_deadline_and_gives_its_connection_back(demo_url: str, *, compiled: bool) -> None:
    with open_api(demo_url, compiled=compiled, pool_size=1, deadline=0.3) as api:
        assert api.answers(QUERY, ANSWER)
        with locked(demo_url) as connection:
            body = api.post(SEVERAL).json()
            assert within(SOON, lambda: connection.execute(WAITING).fetchone() == (0,))
        assert [error["extensions"] in ENDED for error in body["errors"]] == [True]
        assert "data" not in body
        assert api.answers(QUERY, ANSWER)


@pytest.mark.parametrize("compiled", [True, False])
def test_a_scan_for_a_filter_ends_at_the_deadline(generated_url: str, *, compiled: bool) -> None:
    wanted: dict[str, Any] = {"not": {"community": {"fullName": {"contains": "无"}}}}
    for _ in range(3):
        wanted = {"not": {"community": {"not": {"children": {"every": wanted}}}}}
    query = "query ($f: SpaceFilter) { spaces(filter: $f) { totalCount nodes { id } } }"
    with open_api(generated_url, compiled=compiled, pool_size=1, deadline=0.05) as api:
        body = api.post(query, {"f": wanted}).json()
        assert [error["extensions"] in ENDED for error in body["errors"]] == [True]
        assert api.answers(QUERY.replace("6419", "1"), {"org": None})


def test_what_fails_with_a_slow_statement_tells_the_same(demo_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """PostgreSQL runs nothing more in a transaction of which a statement was cancelled."""
    monkeypatch.setitem(connections.CONNECTION, "options", "-c timezone=UTC -c statement_timeout=200ms")
    with open_api(demo_url, compiled=False, pool_size=1) as api, locked(demo_url):
        errors = api.post(SEVERAL).json()["errors"]
    assert len(errors) > 1
    assert {error["extensions"]["code"] for error in errors} == {"TIMEOUT"}
