"""Progress: how a long piece of work tells how far it is, without knowing who listens."""

from typing import Protocol


class Progress(Protocol):
    """Called now and then with the stage's name and how much of it is done, in the stage's own units."""

    def __call__(self, stage: str, done: int, total: int | None = None) -> None:
        """Take note of `done` of `total` units; `total` is None while it is not known."""


def silent(stage: str, done: int, total: int | None = None) -> None:
    """Listen to nothing."""
    del stage, done, total
