"""10,000 changes reach consumers while brokers, relays, connections and the database fail at each step of delivery.

Three writers change customers, in transactions that overlap, roll back, and commit late. A fault strikes every few
produce requests: before the broker gets a request, or after it has written the batch and before the relay hears of it.
"""

import itertools
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from app.bulk import demo
from app.db.embedded import EmbeddedServer
from app.db.migrating import migrate
from tests.clients.broker import Broker, by_entity, running_broker
from tests.clients.clusters import kill_postmaster
from tests.clients.relays import RelayProgram, all_sent
from tests.clients.waiting import within

CHANGES, WRITERS = 10_000, 3
LONG = 240
RECORDED = "select 'cadastre.' || entity, entity_id::text, id from change order by id"
CHANGE = """update customer set name = left(name, 20) || %s, version = version + 1
where id in (select id from customer order by random() limit 60) and id %% 3 = %s"""
EVERY = 3
"""Produce requests from one fault to the next."""


class Faults:
    """What fails, in turn, at the steps of produce requests."""

    def __init__(self, folder: Path, server: EmbeddedServer, broker: Broker, relays: list[RelayProgram]) -> None:
        self._folder, self._server, self._broker, self._relays = folder, server, broker, relays
        self._lock, self._requests = threading.Lock(), itertools.count(1)
        self.struck: dict[tuple[str, str], int] = defaultdict(int)
        kinds = {
            "connection": lambda: None,
            "broker": self._restart_broker,
            "relay": self._restart_relays,
            "database": self._restart_database,
        }
        self._turns: Iterator[tuple[str, tuple[str, Callable[[], None]]]] = itertools.cycle(
            itertools.product(("before", "after"), kinds.items())
        )
        self._next = next(self._turns)

    def __call__(self, step: str) -> bool:
        """Let something fail at its turn; the connection of the relay then breaks as well."""
        with self._lock:
            wanted, (name, strike) = self._next
            if step != wanted or next(self._requests) % EVERY:
                return False
            self._next = next(self._turns)
            strike()
            self.struck[name, step] += 1
            return True

    def _restart_broker(self) -> None:
        self._broker.kill()
        self._broker.start()

    def _restart_relays(self) -> None:
        """Kill both, of which one works, and start them again."""
        for relay in self._relays:
            relay.kill()
            relay.start()

    def _restart_database(self) -> None:
        kill_postmaster(self._folder)
        assert self._server.revive()


def write(url: str, number: int, enough: int) -> None:
    """Change customers until there are enough changes; some changes are undone."""
    turns = itertools.count()
    while not _is_enough(url, enough):
        with suppress(psycopg.OperationalError), psycopg.connect(url) as connection:
            for turn in itertools.islice(turns, 10):
                _write_some(connection, number, turn)


def _is_enough(url: str, enough: int) -> bool:
    with suppress(psycopg.OperationalError), psycopg.connect(url) as connection:
        ((there,),) = connection.execute("select count(*) from change").fetchall()
        return int(there) >= enough
    return False


def _write_some(connection: psycopg.Connection, number: int, turn: int) -> None:
    """Change some customers; every fifth time undo it, every seventh time commit later than others."""
    connection.execute(CHANGE, (".", number))
    if turn % 5 == 0:
        connection.rollback()
    time.sleep(0.2 if turn % 7 == 0 else 0.02)
    connection.commit()


@pytest.fixture
def world(tmp_path: Path) -> Iterator[tuple[Path, EmbeddedServer]]:
    """Give a database of its own with the demo world, because it is killed."""
    folder = tmp_path / "data"
    with EmbeddedServer(folder, {"fsync": "off"}) as server:
        migrate(server.url)
        demo.load(server.url)
        yield folder, server


def test_no_change_is_lost_and_each_entity_stays_in_order(world: tuple[Path, EmbeddedServer]) -> None:
    folder, server = world
    with running_broker() as broker:
        relays = [RelayProgram(server.url, broker) for _ in range(2)]
        faults = Faults(folder, server, broker, relays)
        broker.proxy.fault = faults
        for relay in relays:
            relay.start()
        try:
            _write_all(server.url)
            assert within(LONG, lambda: (_is_sent(server.url) and len(faults.struck) == 8) or _goes_on(server.url))
            broker.proxy.fault = lambda _: False
            assert all_sent(server.url, LONG)
            records = broker.records()
        finally:
            for relay in relays:
                relay.kill()
    with psycopg.connect(server.url) as connection:
        expected: dict[tuple[str, str | None], list[int]] = defaultdict(list)
        for topic, key, id_ in connection.execute(RECORDED):
            expected[topic, key].append(id_)
    assert sum(map(len, expected.values())) >= CHANGES
    assert by_entity(records) == expected
    assert len(faults.struck) == 8, faults.struck
    assert len(records) > sum(map(len, expected.values()))  # some were sent again


def _write_all(url: str) -> None:
    writers = [threading.Thread(target=write, args=(url, each, CHANGES)) for each in range(WRITERS)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(LONG)


def _is_sent(url: str) -> bool:
    with suppress(psycopg.OperationalError):
        return all_sent(url, 1)
    return False


def _goes_on(url: str) -> bool:
    """Write a little more, so that there is a step at which the next fault can strike."""
    with suppress(psycopg.OperationalError), psycopg.connect(url) as connection:
        _write_some(connection, 0, 1)
    return False
