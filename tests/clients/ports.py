"""Ports for programs that must be told one."""

import random
import socket

NEVER_TAKEN_BY_ITSELF = range(20_000, 32_000)
"""Below the ports that a system gives to outgoing connections, which would take a free one before the program does."""


def free_port() -> int:
    """Return a port that no program listens on."""
    while True:
        # A seed that two workers share would give both the same port.
        port = random.SystemRandom().choice(NEVER_TAKEN_BY_ITSELF)
        try:
            socket.create_server(("127.0.0.1", port)).close()
        except OSError:
            continue
        return port
