"""Sight: which of the newest changes a scope sees, asked once for all who follow them with that scope."""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from app.db.pool import Pool
from app.db.scope import Scope
from app.events.event import Event
from app.events.reading import visible


@dataclass
class Asking:
    """A statement that is about to be sent for a scope, and the changes that it asks for."""

    ids: set[int]
    task: asyncio.Task[frozenset[int]]


class Sight:
    """What the scopes of a process see of the newest changes. It holds what was asked until it is forgotten."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._known: dict[Scope, dict[int, bool]] = {}
        self._asking: dict[Scope, Asking] = {}

    async def seen(self, scope: Scope, events: Sequence[Event]) -> list[Event]:
        """Return the events that a scope sees; UnavailableError when the database cannot be used."""
        known = self._known.get(scope, {})
        unknown = [event.id for event in events if event.id not in known]
        found = await self._ask(scope, unknown) if unknown else frozenset()
        return [event for event in events if known.get(event.id) or event.id in found]

    def forget(self, upto: int) -> None:
        """Forget what is known of old changes."""
        for scope, known in list(self._known.items()):
            self._known[scope] = {id_: is_seen for id_, is_seen in known.items() if id_ > upto}
            if not self._known[scope]:
                del self._known[scope]

    async def _ask(self, scope: Scope, ids: Collection[int]) -> frozenset[int]:
        """Ask with the next statement of a scope: others who hear of an event at the same time add their changes."""
        asking = self._asking.get(scope)
        if asking is None:
            asking = self._asking[scope] = Asking(set(), asyncio.create_task(self._read(scope)))
        asking.ids.update(ids)
        return await asyncio.shield(asking.task)

    async def _read(self, scope: Scope) -> frozenset[int]:
        await asyncio.sleep(0)
        ids = self._asking.pop(scope).ids
        found = await visible(self._pool, scope, ids)
        self._known.setdefault(scope, {}).update((id_, id_ in found) for id_ in ids)
        return found
