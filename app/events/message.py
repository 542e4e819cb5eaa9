"""Message: what the relay sends to a broker, and what becomes of it."""

from dataclasses import dataclass, field
from typing import NamedTuple

Headers = tuple[tuple[str, bytes], ...]

Entity = tuple[str, str]
"""What stays in order: a topic, and a key."""

OVERHEAD = 64
"""More bytes than a record takes besides its key, its value and its headers."""


@dataclass(frozen=True, slots=True)
class Message:
    """A change or a published event as a broker gets it; `event_id` is its id in the register."""

    event_id: int
    topic: str
    key: str
    """What the order is kept for: the id of the entity; of a published event, its own id."""

    value: bytes = field(repr=False)
    headers: Headers
    is_change: bool

    @property
    def record_key(self) -> bytes | None:
        """The key of the record; published events have none, as in the old system."""
        return self.key.encode() if self.is_change else None

    @property
    def size(self) -> int:
        """The bytes of the record, at most."""
        headers = sum(len(name) + len(value) + OVERHEAD for name, value in self.headers)
        return len(self.value) + len(self.key) + headers + OVERHEAD

    @property
    def entity(self) -> Entity:
        """What stays in order."""
        return self.topic, self.key


class Refusal(NamedTuple):
    """A message that was not sent. `reason` is None where it waits behind another one of the same entity."""

    message: Message
    reason: str | None
