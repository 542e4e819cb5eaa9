"""Relays of the tests: in a thread of this process, or as `cadastre relay` in one of its own."""

import asyncio
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from app.settings import Settings
from app.tasks import relay_of
from tests.clients.broker import Broker
from tests.clients.program import COMMAND, environment_of
from tests.clients.waiting import within
from tests.databases import ROOT

LONG = 60

LEFT = """select (select count(*) from change where id > coalesce((select change_id from relay_position), 0))
  + (select count(*) from published_event where id not in (select event_id from parked_event))"""


@contextmanager
def relaying(url: str, broker: Broker, **chosen: object) -> Iterator[None]:
    """Relay in a thread while the body runs."""
    settings = Settings(database_url=url, kafka_bootstrap=broker.address, **chosen)  # type: ignore[arg-type]
    loop = asyncio.new_event_loop()

    async def work() -> None:
        await relay_of(settings).run()

    task = loop.create_task(work())

    def run() -> None:
        asyncio.set_event_loop(loop)
        loop.run_until_complete(asyncio.wait([task]))
        loop.close()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        loop.call_soon_threadsafe(task.cancel)
        thread.join(LONG)


class RelayProgram:
    """`cadastre relay` in a process of its own, which can be killed."""

    def __init__(self, url: str, broker: Broker) -> None:
        self._environment = environment_of(url, {"kafka_bootstrap": broker.address})
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [*COMMAND, "relay"]
        self._process = subprocess.Popen(command, cwd=ROOT, env=self._environment, stderr=subprocess.DEVNULL)  # noqa: S603

    def kill(self) -> None:
        """Kill it with -9."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def stop(self) -> int:
        """End it as an operator does, and return its exit status."""
        assert self._process is not None
        self._process.terminate()
        return self._process.wait(LONG)


def all_sent(url: str, seconds: float = LONG) -> bool:
    """Return whether soon nothing waits to be sent."""
    with psycopg.connect(url, autocommit=True) as connection:
        return within(seconds, lambda: connection.execute(LEFT).fetchone() == (0,))
