"""Bars: the largest allowed ratio of our time to another's."""

import statistics
from dataclasses import asdict, dataclass
from typing import Any

from benching.table import milliseconds, ratio


@dataclass(frozen=True)
class Bar:
    """Our figures and another's, one for each round, and the allowed ratio of ours to the other's.

    Milliseconds may be at most `bar` times the other's; requests a second must be at least that.
    """

    work: str
    ours: list[float]
    other_name: str
    other: list[float]
    bar: float
    is_rate: bool = False

    @property
    def ratio(self) -> float:
        """The ratio of the medians, which are the two figures printed beside it."""
        return statistics.median(self.ours) / statistics.median(self.other)

    @property
    def met(self) -> bool:
        """Whether we are fast enough."""
        return self.ratio >= self.bar if self.is_rate else self.ratio <= self.bar

    @property
    def cells(self) -> list[str]:
        """The row of the table."""
        formatted = "{:,.0f} req/s".format if self.is_rate else milliseconds
        mine, theirs = formatted(statistics.median(self.ours)), formatted(statistics.median(self.other))
        bar = f"{'>=' if self.is_rate else '<='} {ratio(self.bar)}"
        return [self.work, mine, f"{theirs} ({self.other_name})", ratio(self.ratio), bar, "yes" if self.met else "NO"]

    def as_json(self) -> dict[str, Any]:
        """Return the figures, the ratio and whether the bar is met."""
        return {**asdict(self), "ratio": self.ratio, "met": self.met}
