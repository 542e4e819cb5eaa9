"""Unmodified clients follow changes over both protocols, and go on after a restart of the program."""

import json
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest

from app.bulk.demo import PASSWORD
from app.db.embedded import EmbeddedServer
from tests.clients.npm import SCRIPT_SECONDS, run_node, workspace
from tests.clients.ports import free_port
from tests.clients.served import served
from tests.clients.waiting import within
from tests.databases import copied

REFUSALS = {"graphql-ws": 4403, "graphql-sse": 401, "apollo": 4403, "urql": 4403, "urql-sse": 401}
"""What each client is refused with when its token is wrong."""

SPACES = dict(zip(REFUSALS, ("9892", "41017", "41018", "41019", "41020"), strict=True))
"""The space that each client follows."""


@pytest.fixture(scope="module")
def url(server: EmbeddedServer, demo_template: str, worker_id: str) -> Iterator[str]:
    with copied(server, demo_template, worker_id) as url:
        yield url


def followed(folder: Path, name: str, **environment: str) -> dict[str, object]:
    """Follow a space with a client in a folder of its own, and return what the client was told."""
    told: dict[str, object] = json.loads(run_node(folder, "follow.mjs", name, SPACES[name], **environment))
    return told


def test_clients_miss_nothing_and_get_nothing_twice_when_the_program_is_restarted(url: str) -> None:
    port = free_port()
    program = {"url": url, "public_url": f"http://127.0.0.1:{port}"}
    environment = {"ADDRESS": program["public_url"], "PASSWORD": PASSWORD}
    with ExitStack() as stack:
        connection = stack.enter_context(psycopg.connect(url, autocommit=True))
        folders = {name: stack.enter_context(workspace()) for name in REFUSALS}
        threads = stack.enter_context(ThreadPoolExecutor(len(REFUSALS)))

        def rename(*names: str) -> None:
            for each in names:
                connection.execute(
                    "update space set name = %s, version = version + 1 where id = any(%s::bigint[])",
                    [each, list(SPACES.values())],
                )

        begun = [folder / "first" for folder in folders.values()]

        def ended() -> list[object]:
            """Return what the clients were told that ended; the error of one that failed."""
            return [client.result() for client in clients.values() if client.done()]

        with served("--port", port, **program) as first:
            clients = {name: threads.submit(followed, folder, name, **environment) for name, folder in folders.items()}
            assert within(SCRIPT_SECONDS, lambda: all(map(Path.exists, begun)) or ended() != [])
            assert ended() == []
            rename("before")
            assert first.end(signal.SIGTERM) == 0
        rename("down 1", "down 2")
        with served("--port", port, **program):
            rename("up", "last")
            for folder in folders.values():
                (folder / "done").touch()
            told = {name: client.result() for name, client in clients.items()}
    assert told == {
        name: {
            "client": "h5-client", "renamed": f"by {name}", "last": "last", "operations": ["UPDATE"] * 6,
            "cursors": [0, 1, 2, 3, 4, 5], "refusal": refusal, "warnings": [],
        }
        for name, refusal in REFUSALS.items()
    }  # fmt: skip
