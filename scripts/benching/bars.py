"""Bars: how much of another's time ours may be."""

import statistics
from dataclasses import asdict, dataclass
from typing import Any

from benching.table import milliseconds, ratio


@dataclass(frozen=True)
class Bar:
    """Figures of ours and of another, one for each round, and the ratio that is allowed.

    They are milliseconds, of which we may take so many times the other's at the most, or requests a second, of which
    we must answer so many times the other's at the least.
    """

    work: str
    ours: list[float]
    other_name: str
    other: list[float]
    bar: float
    is_rate: bool = False

    @property
    def ratio(self) -> float:
        """Give the median of the rounds' ratios."""
        return statistics.median(mine / theirs for mine, theirs in zip(self.ours, self.other, strict=True))

    @property
    def met(self) -> bool:
        """Tell whether we are as fast as we must be."""
        return self.ratio >= self.bar if self.is_rate else self.ratio <= self.bar

    @property
    def cells(self) -> list[str]:
        """Write the row of the table."""
        write = "{:,.0f} req/s".format if self.is_rate else milliseconds
        mine, theirs = write(statistics.median(self.ours)), write(statistics.median(self.other))
        bar = f"{'>=' if self.is_rate else '<='} {ratio(self.bar)}"
        return [self.work, mine, f"{theirs} ({self.other_name})", ratio(self.ratio), bar, "yes" if self.met else "NO"]

    def as_json(self) -> dict[str, Any]:
        """Give the figures and the verdict."""
        return {**asdict(self), "ratio": self.ratio, "met": self.met}
