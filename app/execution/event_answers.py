"""Event answers: what subscriptions select of events, read when they happen.

The engine reads the events of a batch together, in one transaction of the caller, with the records as they are now.
Subscriptions of one caller that ask the same of the same events share what is read.
"""

import asyncio
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from app.access.caller import Caller
from app.db.pool import Pool
from app.encoding import to_json
from app.engine.operation import Audience
from app.engine.plan import Inputs
from app.engine.plans import Engine
from app.engine.running import complete
from app.engine.subscription import SubscriptionPlan
from app.errors import AnswerTooLargeError, LimitExceededError
from app.events.event import Event
from app.execution.disclosures import record_disclosures
from app.execution.documents import Documents
from app.execution.errors import refusal_json, refusal_of
from app.execution.patience import patiently
from app.execution.prepare import Prepared
from app.execution.request import Run, budget_of
from app.loaders.budget import CountedRows, ShareExceededError
from app.loaders.disclosures import Disclosures
from app.settings import Settings

MOST_TOGETHER = 50
"""The most events that are read together; the limits of a query hold for them together."""

SHARED_SECONDS = 1
"""How long what was read is kept for other subscriptions, which hear of the events at the same time."""


class Question(NamedTuple):
    """What decides how an event is answered."""

    source: str
    operation: str | None
    variables: bytes
    caller: Caller | None


@dataclass(eq=False)
class Answering:
    """Events that are answered together, and how many subscriptions wait for that."""

    events: Sequence[Event]
    task: asyncio.Task[list[bytes]]
    waiting: int = 0


class Told(NamedTuple):
    """An event that is answered with others, and its place among them."""

    answering: Answering
    place: int


class EventAnswers:
    """Answers the events of the subscriptions of one process."""

    def __init__(self, engine: Engine, documents: Documents, pool: Pool, settings: Settings) -> None:
        self._engine, self._documents, self._pool, self._settings = engine, documents, pool, settings
        self._told: dict[Question, dict[int, Told]] = {}

    async def plan_of(self, prepared: Prepared, caller: Caller | None) -> SubscriptionPlan:
        """Return the plan of a subscription for the rights that its caller has now."""
        state = self._run_of(caller)
        audience = Audience(state.sees_personal, state.scope.extent)
        return await self._engine.subscription(prepared.asked_by(audience), self._documents.aside)

    async def bodies(self, prepared: Prepared, caller: Caller | None, events: Sequence[Event]) -> list[bytes]:
        """Answer at most MOST_TOGETHER events, each with a body as JSON.

        What fails has `errors`; an outage is waited out.
        """
        if not events:
            return []
        question = question_of(prepared, caller)
        told = self._told.setdefault(question, {})
        if new := [event for event in events if event.id not in told]:
            answering = Answering(new, asyncio.create_task(self._answered(prepared, caller, new)))
            told.update((event.id, Told(answering, place)) for place, event in enumerate(new))
            answering.task.add_done_callback(lambda _: self._forget_later(question, answering))
        answers = [told[event.id] for event in events]
        with self._awaited(question, {each.answering for each in answers}):
            return [(await asyncio.shield(each.answering.task))[each.place] for each in answers]

    @contextmanager
    def _awaited(self, question: Question, every: Collection[Answering]) -> Iterator[None]:
        """End what nobody waits for any more, so that clients who come and go leave no work behind."""
        for answering in every:
            answering.waiting += 1
        try:
            yield
        finally:
            for answering in every:
                answering.waiting -= 1
                if not answering.waiting and not answering.task.done():
                    self._forget(question, answering)
                    answering.task.cancel()

    def _forget_later(self, question: Question, answering: Answering) -> None:
        asyncio.get_running_loop().call_later(SHARED_SECONDS, self._forget, question, answering)

    def _forget(self, question: Question, answering: Answering) -> None:
        told = self._told.get(question, {})
        for event in answering.events:
            if event.id in told and told[event.id].answering is answering:
                del told[event.id]
        if not told:
            self._told.pop(question, None)

    def forget_all(self) -> None:
        """Forget what was read: there is no subscription any more."""
        self._told.clear()

    async def _answered(self, prepared: Prepared, caller: Caller | None, events: Sequence[Event]) -> list[bytes]:
        try:
            return await patiently(partial(self._in_time, prepared, caller, events))
        except Exception as error:  # noqa: BLE001 - no message of an unexpected error may leave the program
            if isinstance(error, LimitExceededError) and len(events) > 1:
                return [body for event in events for body in await self._answered(prepared, caller, [event])]
            refusal = refusal_of(error)
            return [to_json({"data": None, "errors": refusal_json(refusal, prepared.request.language)})] * len(events)

    async def _in_time(self, prepared: Prepared, caller: Caller | None, events: Sequence[Event]) -> list[bytes]:
        async with asyncio.timeout(self._settings.deadline):
            return await self._run(prepared, caller, events)

    async def _run(self, prepared: Prepared, caller: Caller | None, events: Sequence[Event]) -> list[bytes]:
        plan = await self.plan_of(prepared, caller)
        try:
            dicts, shown = await self._run_plan(plan, prepared, caller, events, together=True)
        except ShareExceededError:
            dicts, shown = await self._run_plan(plan, prepared, caller, events, together=False)
        bodies = await self._encoded(plan, dicts)
        await record_disclosures(self._pool, caller, shown, prepared.document)
        return bodies

    async def _encoded(self, plan: SubscriptionPlan, dicts: Sequence[dict[str, object]]) -> list[bytes]:
        """Encode events; AnswerTooLargeError when together they have more bytes than an answer may have."""
        bodies, size, most = list[bytes](), 0, self._settings.max_answer_bytes
        for event in dicts:
            bodies.append(to_json({"data": {plan.response_key: event}}))
            size += len(bodies[-1])
            if size > most:
                raise AnswerTooLargeError(size, most)
            await asyncio.sleep(0)
        return bodies

    async def _run_plan(
        self,
        plan: SubscriptionPlan,
        prepared: Prepared,
        caller: Caller | None,
        events: Sequence[Event],
        *,
        together: bool,
    ) -> tuple[list[dict[str, object]], Disclosures]:
        state, shown = self._run_of(caller), Disclosures()
        inputs = Inputs(prepared.variables, caller)
        level = plan.begin([(event.id, event.entity_id) for event in events], inputs)
        async with self._pool.repeating(state.scope) as reading:
            loads, rows = plan.event.loads(level, inputs), CountedRows(reading, state.budget)
            await complete(loads, [], rows, shown, together=together)
        return level.dicts, shown

    def _run_of(self, caller: Caller | None) -> Run:
        return Run(caller, budget_of(caller, self._settings))


def question_of(prepared: Prepared, caller: Caller | None) -> Question:
    """Return what decides how events are answered; the arguments of the subscription itself do not."""
    request, names = prepared.request, prepared.document.below
    given = {name: value for name, value in (request.variables or {}).items() if name in names}
    return Question(prepared.document.source, request.operation_name, to_json([given, request.language]), caller)
