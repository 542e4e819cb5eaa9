"""Failures: why an event could not be sent."""


class SendingError(Exception):
    """An event was not sent, and may be later. The message quotes neither the address nor what a receiver says."""


class NotAllowedError(SendingError):
    """The receiver is neither at a public address nor at one that a setting allows."""
