"""Memory: what the database answered, believed for half a minute."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, NamedTuple, TypeVar

CACHE_SECONDS = 30
"""How long an answer is believed: a disabled account, a log-out, a new grant count after that time at the latest."""

CACHE_SIZE = 10_000

Question = TypeVar("Question", bound=Hashable)
Answer = TypeVar("Answer")


class Remembered(NamedTuple, Generic[Answer]):
    """An answer, and until when (on the monotonic clock) it may be believed."""

    answer: Answer
    until: float


class Memory(Generic[Question, Answer]):
    """The answers to questions of one kind; the least recently asked are forgotten first."""

    def __init__(self, ask: Callable[[Question], Awaitable[Answer]], clock: Callable[[], float]) -> None:
        self._ask = ask
        self._clock = clock
        self._remembered: OrderedDict[Question, Remembered[Answer]] = OrderedDict()

    async def answer(self, question: Question) -> Answer:
        """Remember the answer to a question, or ask."""
        found = self._remembered.get(question)
        if found is None or found.until <= self._clock():
            found = Remembered(await self._ask(question), self._clock() + CACHE_SECONDS)
            self._remembered[question] = found
        self._remembered.move_to_end(question)
        if len(self._remembered) > CACHE_SIZE:
            self._remembered.popitem(last=False)
        return found.answer
