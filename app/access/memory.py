"""Memory: values by key that are loaded once for a time, unless they are forgotten earlier."""

from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar, cast

from cachetools import TTLCache

Key = TypeVar("Key")
Value = TypeVar("Value")

MISSING = object()


class Memory(Generic[Key, Value]):
    """Loaded values. A value whose load began before it was forgotten is not remembered: it may be the old one."""

    def __init__(self, size: int, seconds: float, clock: Callable[[], float]) -> None:
        self._size, self._clock = size, clock
        self._loads: dict[Key, object] = {}
        self._values: TTLCache[Key, Value] = TTLCache(size, seconds, clock)

    async def get(self, key: Key, load: Callable[[Key], Awaitable[Value]]) -> Value:
        """Return the remembered value of a key, or load it. None is a value like any other."""
        value: Value | object = self._values.get(key, MISSING)
        return await self._load(key, load) if value is MISSING else cast("Value", value)

    async def _load(self, key: Key, load: Callable[[Key], Awaitable[Value]]) -> Value:
        mine = self._loads[key] = object()
        try:
            value = await load(key)
            if self._loads.get(key) is mine:
                self._values[key] = value
        finally:
            if self._loads.get(key) is mine:
                del self._loads[key]
        return value

    def forget_where(self, condition: Callable[[Key], bool]) -> None:
        """Forget the values of the keys for which a condition holds."""
        for key in [key for key in (*self._values, *self._loads) if condition(key)]:
            self._values.pop(key, None)
            self._loads.pop(key, None)

    def forget_all(self, seconds: float) -> None:
        """Forget all values, and remember new ones for so long."""
        self._values = TTLCache(self._size, seconds, self._clock)
        self._loads.clear()
