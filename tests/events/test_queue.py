"""The messages of a partition: their order, what waits behind what is refused, and how a refused record is found."""

from typing import Any

from app.events.message import Message
from app.events.queue import PartitionQueue, Refusals


class Batch(list[bytes]):
    """Takes so many records."""

    def __init__(self, room: int) -> None:
        super().__init__()
        self._room = room

    def append(self, *, value: bytes, **_: Any) -> object:  # type: ignore[override] # as aiokafka's
        if len(self) == self._room:
            return None
        super().append(value)
        return self


def queue_of(*keys: str) -> PartitionQueue:
    queue = PartitionQueue("t", 0, 1_000)
    for number, key in enumerate(keys):
        value = b"%d" % number if key.islower() else b"x" * 2_000
        queue.add(Message(number, "t", key.lower(), value, (), is_change=True))
    return queue


def sent(queue: PartitionQueue, poison: bytes, room: int, refusals: Refusals) -> list[bytes]:
    """Send all batches to a broker that refuses those with poison, and return what it has taken."""
    taken: list[bytes] = []
    while queue:
        batch = Batch(room)
        if not queue.fill(batch, refusals):
            continue
        if poison in batch:
            queue.refuse("no", refusals)
        else:
            taken += batch
            queue.confirm()
    return taken


def test_all_are_sent_in_order() -> None:
    refusals = Refusals(set())
    assert sent(queue_of(*"abcabcab"), b"-", 3, refusals) == [b"%d" % number for number in range(8)]
    assert refusals.all == []


def test_a_refused_record_is_found_and_what_follows_of_its_entity_waits() -> None:
    for poison in range(20):
        refusals = Refusals(set())
        keys = "abcdabcdabcdabcdabcd"
        taken = sent(queue_of(*keys), b"%d" % poison, 100, refusals)
        waiting = {number for number in range(poison, 20) if keys[number] == keys[poison]}
        assert taken == [b"%d" % number for number in range(20) if number not in waiting]
        assert {refusal.message.event_id for refusal in refusals.all} == waiting
        assert [refusal.message.event_id for refusal in refusals.all if refusal.reason] == [poison]


def test_a_large_message_holds_back_what_follows_and_not_what_comes_before() -> None:
    refusals = Refusals(set())
    assert sent(queue_of("a", "b", "A", "b", "a"), b"-", 100, refusals) == [b"0", b"1", b"3"]
    assert [(refusal.message.event_id, bool(refusal.reason)) for refusal in refusals.all] == [(2, True), (4, False)]


def test_an_entity_that_is_held_sends_nothing() -> None:
    refusals = Refusals({("t", "a")})
    assert sent(queue_of("a", "b", "A"), b"-", 100, refusals) == [b"1"]
    assert [refusal.reason for refusal in refusals.all] == [None, None]
