"""Stack depths: the same query under an increasing number of Python frames.

CPython before about 3.13.3 allocates and frees a chunk of its stack at every call that crosses the end of a chunk
(python/cpython#142183). Recursion at that depth is several times slower.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from benching.data import Data
from benching.ours import Inside
from benching.works import BUILDING, body

Result = TypeVar("Result")
MOST_FRAMES = 128  # a chunk of 16 KB holds about 120 frames of `under`


@dataclass(frozen=True)
class Sweep:
    """Milliseconds of a building, the best of several runs, by the number of extra frames."""

    milliseconds: dict[int, float]

    @property
    def fastest(self) -> float:
        """The time at the best depth."""
        return min(self.milliseconds.values())

    @property
    def slowest(self) -> float:
        """The time at the worst depth."""
        return max(self.milliseconds.values())

    @property
    def worst_frames(self) -> int:
        """The number of extra frames at the worst depth."""
        return max(self.milliseconds, key=lambda frames: self.milliseconds[frames])


def sweep(inside: Inside, data: Data, step: int, runs: int) -> Sweep:
    """Measure a building at every `step`-th depth."""
    wanted = body(BUILDING.ours, BUILDING.variables(data)[0])
    inside.answer(wanted)
    best = {
        frames: min(under(frames, lambda: timed(inside, wanted)) for _ in range(runs))
        for frames in range(0, MOST_FRAMES + 1, step)
    }
    return Sweep(best)


def timed(inside: Inside, wanted: bytes) -> float:
    """Return the milliseconds that an answer takes."""
    started = time.perf_counter()
    inside.answer(wanted)
    return (time.perf_counter() - started) * 1000


def under(frames: int, call: Callable[[], Result]) -> Result:
    """Call a function under a number of extra frames."""
    return under(frames - 1, call) if frames else call()
