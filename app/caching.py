"""Caching: a cache that is bounded by the bytes that it holds, not by a number of entries that callers choose."""

from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

from cachetools import LRUCache

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class ByteCache(Generic[Key, Value]):
    """The most recently used values, of at most `size` bytes together. Threads may share it.

    `size_of` returns the bytes of an entry, or estimates them. An entry that is larger than a quarter of the cache is
    not cached: it would displace too many others.
    """

    def __init__(self, size: int, size_of: Callable[[Key, Value], int]) -> None:
        self._size_of, self._largest, self._lock = size_of, size // 4, Lock()
        self._entries: LRUCache[Key, tuple[Value, int]] = LRUCache(size, lambda entry: entry[1])

    def get(self, key: Key) -> Value | None:
        """Return the value of a key; None when it is not cached."""
        with self._lock:
            try:
                return self._entries[key][0]
            except KeyError:
                return None

    def put(self, key: Key, value: Value) -> None:
        """Cache a value, and drop the least recently used ones that have no room beside it."""
        size = self._size_of(key, value)
        if size <= self._largest:
            with self._lock:
                self._entries[key] = (value, size)

    @property
    def held(self) -> int:
        """The bytes of all entries."""
        return int(self._entries.currsize)

    def values(self, wanted: Callable[[Key], bool]) -> list[Value]:
        """Return the values of the keys that are wanted, without using them."""
        with self._lock:
            return [value for key, (value, _) in self._entries.items() if wanted(key)]

    def __len__(self) -> int:
        """Return the number of entries."""
        return len(self._entries)
