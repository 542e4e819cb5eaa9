"""Outages: a task of the background that waits for the database logs that once for each outage."""

from logging import Logger


class Outages:
    """The outages of one task; `text` says who waits, and has `%s` for the reason."""

    def __init__(self, log: Logger, text: str) -> None:
        self._log, self._text = log, text
        self._is_up = True

    def begin(self, reason: str) -> None:
        """Log the reason, unless the outage is known."""
        if self._is_up:
            self._log.warning(self._text, reason)
        self._is_up = False

    def end(self) -> None:
        """Take note that the database answers."""
        self._is_up = True
