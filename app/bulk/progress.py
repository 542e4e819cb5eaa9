"""Progress: a callback by which long work reports how far it is."""

from typing import Protocol


class Progress(Protocol):
    """Called from time to time with a stage and how much of it is done, in units of the stage."""

    def __call__(self, stage: str, done: int, total: int | None = None) -> None:
        """Report `done` of `total` units; `total` is None while it is unknown."""


def silent(stage: str, done: int, total: int | None = None) -> None:
    """Ignore the report."""
    del stage, done, total
