"""Telling whoever waits what is being done, on stderr: stdout is for results."""

import sys


def tell(what: str) -> None:
    """Say what is being done now."""
    sys.stderr.write(f"bench: {what} ...\n")
    sys.stderr.flush()
