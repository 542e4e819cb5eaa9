"""Unmodified clients follow changes over both protocols, and go on after a restart of the program."""

import json
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from app.bulk.demo import PASSWORD
from app.db.embedded import EmbeddedServer
from tests.clients.npm import SCRIPT_SECONDS, run_node, workspace
from tests.clients.served import served
from tests.clients.servers import free_port
from tests.clients.waiting import within
from tests.databases import copied

REFUSALS = {"graphql-ws": 4403, "graphql-sse": 401, "apollo": 4403, "urql": 4403, "urql-sse": 401}
"""What each client is refused with when its token is wrong."""


@pytest.fixture(scope="module")
def url(server: EmbeddedServer, demo_template: str, worker_id: str) -> Iterator[str]:
    with copied(server, demo_template, worker_id) as url:
        yield url


@pytest.fixture
def folder() -> Iterator[Path]:
    with workspace() as folder:
        yield folder


@pytest.mark.parametrize("name", REFUSALS)
def test_a_client_misses_nothing_and_gets_nothing_twice_when_the_program_is_restarted(
    url: str, folder: Path, name: str
) -> None:
    port = free_port()
    program = {"url": url, "public_url": f"http://127.0.0.1:{port}"}
    environment = {"ADDRESS": program["public_url"], "PASSWORD": PASSWORD}
    with ThreadPoolExecutor(1) as threads, psycopg.connect(url, autocommit=True) as connection:

        def rename(*names: str) -> None:
            for each in names:
                connection.execute("update space set name = %s, version = version + 1 where id = 18", [each])

        with served("--port", port, **program) as first:
            script = threads.submit(run_node, folder, "follow.mjs", name, **environment)
            assert within(SCRIPT_SECONDS, lambda: (folder / "first").exists() or script.done())
            assert not script.done(), script.result()
            rename("before")
            assert first.end(signal.SIGTERM) == 0
        rename("down 1", "down 2")
        with served("--port", port, **program):
            rename("up", "last")
            (folder / "done").touch()
            result = json.loads(script.result())
    assert result == {
        "client": "h5-client", "renamed": f"by {name}", "last": "last", "operations": ["UPDATE"] * 6,
        "cursors": [0, 1, 2, 3, 4, 5], "refusal": REFUSALS[name], "warnings": [],
    }  # fmt: skip
