"""KafkaProducer: sends messages to the brokers and returns when each of them is confirmed or refused.

A partition gets one batch at a time, so a failure never changes the order of its messages. The producer is idempotent:
when a confirmation is lost and the batch is sent again, the broker writes nothing twice. After an outage or a refusal a
new producer begins, and may repeat what was on its way.
"""

import asyncio
import logging
import ssl
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.errors import (
    InvalidTopicError,
    KafkaError,
    MessageSizeTooLargeError,
    PolicyViolationError,
    ProducerClosed,
    RecordListTooLargeError,
    TopicAuthorizationFailedError,
    UnknownError,
    UnsupportedForMessageFormatError,
)
from aiokafka.partitioner import DefaultPartitioner

from app.event_settings import EventSettings
from app.events.message import Entity, Message, Refusal
from app.events.queue import PartitionQueue, Refusals
from app.services.event import TOPIC

CLIENT = "cadastre-relay"

REQUEST_SECONDS = 10
"""How long a broker may take to answer a request."""

SEND_SECONDS = 30
"""How long a batch may take, with all tries, before a new producer sends it."""

TOPIC_SECONDS = 5
TOPIC_PAUSE = 0.05
"""How long brokers may take to make a topic."""

UNKNOWN_SECONDS = 60
"""How long a topic that the brokers do not have is not asked for again."""

STOP_SECONDS = 2

REFUSED = (
    InvalidTopicError,
    MessageSizeTooLargeError,
    PolicyViolationError,
    RecordListTooLargeError,
    TopicAuthorizationFailedError,
    UnknownError,  # such as code 87, a record that the broker does not accept, which aiokafka does not know
    UnsupportedForMessageFormatError,
)
"""The answers to a batch that sending again would not change."""

NO_TOPIC = "the brokers have no such topic, and make none"
NO_BROKER = "no broker answers"

LOG = logging.getLogger("cadastre.events")
logging.getLogger("aiokafka").setLevel(logging.CRITICAL)  # the relay says itself what fails, once


class OutageError(Exception):
    """The brokers cannot be used now. Nothing is lost: the messages are sent again."""


class KafkaProducer:
    """Sends messages to the brokers of the settings."""

    def __init__(self, settings: EventSettings) -> None:
        self._settings = settings
        self._producer: AIOKafkaProducer | None = None
        self._unknown: dict[str, float] = {}

    async def send(self, messages: Sequence[Message], held: Iterable[Entity] = ()) -> list[Refusal]:
        """Send messages, and return those that were not sent: refused ones, and those of entities that are `held`.

        OutageError when the brokers cannot be used; some of the messages may have been sent.
        """
        try:
            return await self._send(messages, Refusals(set(held)))
        except (KafkaError, OSError, TimeoutError) as error:
            await self.close()
            raise OutageError(type(error).__name__) from error
        except BaseException:
            await self.close()
            raise

    async def close(self) -> None:
        """Close the connections, without waiting for brokers that do not answer."""
        producer, self._producer = self._producer, None
        if producer is not None:
            await _abandon(producer)

    async def _send(self, messages: Sequence[Message], refusals: Refusals) -> list[Refusal]:
        queues = await self._queues(messages, refusals)
        while queues := [queue for queue in queues if queue]:
            async with asyncio.timeout(SEND_SECONDS):
                was_taken = await _round(await self._opened(), queues, refusals)
            if not was_taken:
                await self.close()  # a broker takes no more of a producer after it has refused a batch
        return refusals.all

    async def _queues(self, messages: Sequence[Message], refusals: Refusals) -> list[PartitionQueue]:
        """Divide messages among their partitions; those of topics that do not exist are refused."""
        topics = await self._partitions(message.topic for message in messages)
        queues: dict[tuple[str, int], PartitionQueue] = {}
        for message in messages:
            partitions = topics.get(message.topic)
            if partitions:
                place = message.topic, DefaultPartitioner()(message.record_key, partitions, partitions)
                queues.setdefault(place, PartitionQueue(*place, self._settings.kafka_max_bytes)).add(message)
            else:
                refusals.refuse(message, NO_TOPIC)
        return [*queues.values()]

    async def _partitions(self, topics: Iterable[str]) -> dict[str, list[int]]:
        """Return the partitions of topics, which brokers may have to make; none where they do not."""
        now = time.monotonic()
        wanted = {topic for topic in topics if self._unknown.get(topic, 0) <= now and TOPIC.fullmatch(topic)}
        if not wanted:
            return {}
        cluster = (await self._opened()).client.cluster
        with suppress(TimeoutError):
            async with asyncio.timeout(TOPIC_SECONDS):
                while not all(map(cluster.partitions_for_topic, wanted)):
                    await self._ask_for(wanted)
        found = {topic: sorted(cluster.partitions_for_topic(topic) or ()) for topic in wanted}
        self._unknown |= {topic: now + UNKNOWN_SECONDS for topic in wanted if not found[topic]}
        return found

    async def _ask_for(self, topics: Iterable[str]) -> None:
        """Read what the brokers know of topics; OutageError when none of them answers."""
        client = (await self._opened()).client
        for topic in topics:
            client.add_topic(topic)
        if not await client.force_metadata_update():
            raise OutageError(NO_BROKER)
        await asyncio.sleep(TOPIC_PAUSE)

    async def _opened(self) -> AIOKafkaProducer:
        if self._producer is None:
            producer = AIOKafkaProducer(**_arguments(self._settings))
            try:
                async with asyncio.timeout(SEND_SECONDS):
                    await producer.start()
            except BaseException as error:
                await _abandon(producer)
                if isinstance(error, Exception):  # aiokafka raises KeyError when a broker refuses a SCRAM log-in
                    raise OutageError(f"connecting fails with {type(error).__name__}") from error
                raise
            self._producer = producer
        return self._producer


async def _round(producer: AIOKafkaProducer, queues: Iterable[PartitionQueue], refusals: Refusals) -> bool:
    """Send a batch to each partition, and return whether all were taken. Other errors than refusals are raised."""
    sent = []
    for queue in queues:
        batch = producer.create_batch()
        if queue.fill(batch, refusals):
            sent.append((queue, await producer.send_batch(batch, queue.topic, partition=queue.partition)))
    answers = await asyncio.gather(*(future for _, future in sent), return_exceptions=True)
    for (queue, _), answer in zip(sent, answers, strict=True):
        if isinstance(answer, REFUSED):
            queue.refuse(f"the broker answers {type(answer).__name__}", refusals)
        elif isinstance(answer, BaseException):
            raise answer
        else:
            queue.confirm()
    return not any(isinstance(answer, REFUSED) for answer in answers)


def _arguments(settings: EventSettings) -> dict[str, Any]:
    """Return the arguments of aiokafka's producer."""
    login = settings.kafka_login() if settings.kafka_security.startswith("SASL") else {}
    return {
        "bootstrap_servers": list(settings.kafka_bootstrap),
        "client_id": CLIENT,
        "enable_idempotence": True,
        "acks": "all",
        "max_batch_size": settings.kafka_max_bytes,
        "request_timeout_ms": 1_000 * REQUEST_SECONDS,
        "security_protocol": settings.kafka_security,
        "ssl_context": _tls(settings) if settings.kafka_security.endswith("SSL") else None,
        **login,
    }


def _tls(settings: EventSettings) -> ssl.SSLContext:
    """Return how connections to brokers use TLS."""
    context = ssl.create_default_context(cafile=settings.kafka_ca_file)
    if settings.kafka_certificate_file is not None:
        context.load_cert_chain(settings.kafka_certificate_file, settings.kafka_key_file)
    return context


async def _abandon(producer: AIOKafkaProducer) -> None:
    """Close a producer at once. Its own `stop` waits until the brokers have taken what is on its way."""
    producer._closed = True  # noqa: SLF001 - aiokafka has no public way to give up, here and below
    task = producer._sender.sender_task  # noqa: SLF001
    if task is not None:
        task.cancel()
    await producer.client.close()
    producer._message_accumulator.fail_all(ProducerClosed())  # noqa: SLF001
    if task is not None:
        await asyncio.wait([task], timeout=STOP_SECONDS)
