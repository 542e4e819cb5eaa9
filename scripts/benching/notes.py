"""Notes on stderr about the progress of a run; results go to stdout."""

import sys


def print_note(what: str) -> None:
    """Print what is being done."""
    sys.stderr.write(f"bench: {what} ...\n")
    sys.stderr.flush()
