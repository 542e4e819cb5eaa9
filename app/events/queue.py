"""PartitionQueue: the messages of a partition that are still to be sent, and how many of them at a time."""

from collections import deque
from typing import Any, Protocol

from app.events.message import Entity, Message, Refusal


class Batch(Protocol):
    """What a queue fills: aiokafka's BatchBuilder."""

    def append(self, *, timestamp: int | None, key: Any, value: Any, headers: Any) -> object:
        """Add a record; None when the batch is full."""


class Refusals:
    """What is not sent, and the entities whose messages wait behind it."""

    def __init__(self, held: set[Entity]) -> None:
        self.held = held
        self.all: list[Refusal] = []

    def holds(self, message: Message) -> bool:
        """Note a message that waits behind another one of its entity."""
        if message.entity not in self.held:
            return False
        self.all.append(Refusal(message, None))
        return True

    def refuse(self, message: Message, reason: str) -> None:
        """Note a message that is refused; what follows of its entity waits."""
        if not self.holds(message):
            self.all.append(Refusal(message, reason))
            self.held.add(message.entity)


class PartitionQueue:
    """The messages of one partition in their order. No batch is sent before the one before it is confirmed.

    A message with more than `largest` bytes is refused.
    """

    def __init__(self, topic: str, partition: int, largest: int) -> None:
        self.topic, self.partition, self._largest = topic, partition, largest
        self._waiting: deque[Message] = deque()
        self._batch: list[Message] = []
        self._most: int | None = None
        """Messages of the next batch, at most; None without a limit."""

    def __bool__(self) -> bool:
        return bool(self._waiting or self._batch)

    def add(self, message: Message) -> None:
        """Add a message at the end."""
        self._waiting.append(message)

    def fill(self, batch: Batch, refusals: Refusals) -> int:
        """Fill a batch with the next messages, and return their number. Messages that are not sent are noted."""
        while self._waiting and (self._most is None or len(self._batch) < self._most):
            message = self._waiting[0]
            if message.size > self._largest:
                refusals.refuse(message, f"{message.size} bytes are more than CADASTRE_KAFKA_MAX_BYTES")
            elif not refusals.holds(message):
                if not self._put(batch, message):
                    break
                self._batch.append(message)
            self._waiting.popleft()
        return len(self._batch)

    @staticmethod
    def _put(batch: Batch, message: Message) -> bool:
        """Add a record to a batch, unless it is full."""
        record = {"key": message.record_key, "value": message.value, "headers": list(message.headers)}
        return batch.append(timestamp=None, **record) is not None

    def confirm(self) -> None:
        """Forget the batch, because the broker has it."""
        self._batch = []
        self._most = None if self._most is None else 2 * self._most

    def refuse(self, reason: str, refusals: Refusals) -> None:
        """Note the message that the broker refuses; of several, the first half is tried next."""
        refused, self._batch = self._batch, []
        if len(refused) == 1:
            refusals.refuse(refused[0], reason)
        else:
            self._waiting.extendleft(reversed(refused))
            self._most = len(refused) // 2
