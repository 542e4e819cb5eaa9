"""Shelf: a bounded memory of what was made from documents."""

from collections import OrderedDict
from typing import Generic, TypeVar

Kept = TypeVar("Kept")


class Shelf(Generic[Kept]):
    """Things by name; what was used least goes when there are more than `count`, or when they fill more than `room`."""

    def __init__(self, count: int, room: int) -> None:
        self._count, self._room = count, room
        self._things: OrderedDict[str, tuple[Kept, int]] = OrderedDict()

    def get(self, name: str) -> Kept | None:
        """Find a thing."""
        if name not in self._things:
            return None
        self._things.move_to_end(name)
        return self._things[name][0]

    def put(self, name: str, thing: Kept, size: int) -> None:
        """Keep a thing that takes so much room."""
        _, former = self._things.pop(name, (None, 0))
        self._things[name] = (thing, size)
        self._room += former - size
        while len(self._things) > self._count or self._room < 0:
            _, (_, freed) = self._things.popitem(last=False)
            self._room += freed
