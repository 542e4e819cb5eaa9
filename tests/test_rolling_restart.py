"""A rolling restart behind nginx: the programs are replaced one by one under load, and no request fails.

The queries are sent by POST, which nginx sends to one program only.
"""

import signal
import threading
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from typing import Self

import httpx2 as httpx
import pytest

from tests.clients.nginx import nginx
from tests.clients.ports import free_port
from tests.clients.served import Program, served

QUERY = {"query": "{ orgs(first: 20) { nodes { id name } } }"}
CLIENTS = 6


class Clients:
    """Clients that ask again and again, and the statuses of their answers."""

    def __init__(self, address: str) -> None:
        self._address, self._ended = address, threading.Event()
        self.statuses: Counter[object] = Counter()
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._ask) for _ in range(CLIENTS)]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        for thread in self._threads:
            thread.join()

    def _ask(self) -> None:
        with httpx.Client(base_url=self._address, timeout=60) as client:
            while not self._ended.is_set():
                try:
                    status: object = client.post("/graphql", json=QUERY).status_code
                except httpx.HTTPError as error:
                    status = type(error).__name__
                with self._lock:
                    self.statuses[status] += 1
                time.sleep(0.05)  # leaves time for the programs to start


@pytest.mark.parametrize("workers", [1, 2])
def test_no_request_fails_while_the_programs_are_replaced(own_url: str, tmp_path: Path, workers: int) -> None:
    ports = [free_port(), free_port()]
    with ExitStack() as stack:

        def start(port: int) -> Program:
            options = {"require_login": "false", "drain_seconds": "1"}
            program = stack.enter_context(served("--port", port, "--workers", workers, url=own_url, **options))
            program.wait_until_ready()
            return program

        programs = [start(port) for port in ports]
        address = stack.enter_context(nginx(tmp_path, ports))
        with Clients(address) as clients:
            for port, program in zip(ports, programs, strict=True):
                assert program.end(signal.SIGTERM) == 0
                start(port)
        assert set(clients.statuses) == {200}, clients.statuses
        assert clients.statuses[200] > CLIENTS
