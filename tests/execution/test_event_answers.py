"""Event answers: what is read for several subscriptions is kept while one of them waits for it, and no longer."""

import asyncio
from types import SimpleNamespace
from typing import Any

from app.events.event import Event
from app.execution.event_answers import EventAnswers

EVENT = Event(1, "space", 18, "UPDATE", frozenset(), frozenset())

REQUEST = SimpleNamespace(variables=None, operation_name=None, language="en")
PREPARED: Any = SimpleNamespace(request=REQUEST, document=SimpleNamespace(source="", below=frozenset()))


class Answers(EventAnswers):
    """Answers when it is allowed to."""

    def __init__(self) -> None:
        settings: Any = SimpleNamespace(deadline=10)
        super().__init__(None, None, None, settings)  # type: ignore[arg-type]
        self.allowed = asyncio.Event()
        self.running = 0

    async def _run(self, *_: Any) -> list[bytes]:
        self.running += 1
        try:
            await self.allowed.wait()
        finally:
            self.running -= 1
        return [b"answer"]

    @property
    def kept(self) -> int:
        """The questions that are in memory."""
        return len(self._told)


async def asked(answers: Answers, events: list[Event]) -> asyncio.Task[list[bytes]]:
    """Ask in a task, which waits then."""
    asking = asyncio.create_task(answers.bodies(PREPARED, None, events))
    await asyncio.sleep(0.01)
    return asking


def test_what_nobody_waits_for_any_more_is_not_read() -> None:
    async def left() -> None:
        answers = Answers()
        one, two = await asked(answers, [EVENT]), await asked(answers, [EVENT])
        one.cancel()
        await asyncio.sleep(0.01)
        assert answers.running == 1
        two.cancel()
        await asyncio.sleep(0.01)
        assert (answers.running, answers.kept) == (0, 0)
        three = await asked(answers, [EVENT])
        answers.allowed.set()
        assert await three == [b"answer"]

    asyncio.run(left())


def test_a_question_about_no_event_is_not_kept() -> None:
    async def nothing() -> None:
        answers = Answers()
        assert await (await asked(answers, [])) == []
        assert answers.kept == 0

    asyncio.run(nothing())
