"""The `cadastre` program as an operator runs it."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parent.parent
COMMAND = [sys.executable, "-m", "app.commands.main"]


def environment(given: Mapping[str, str] | None = None) -> dict[str, str]:
    """Give the environment without the settings of whoever runs the tests, and with what a test gives."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CADASTRE_")}
    return {**kept, "PYTHONUNBUFFERED": "1", "COLUMNS": "120", **(given or {})}


def cadastre(*arguments: object, url: str | None = None, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end, over the database at `url` if given."""
    given = {f"CADASTRE_{name.upper()}": value for name, value in settings.items()}
    if url is not None:
        given["CADASTRE_DATABASE_URL"] = url
    return subprocess.run(  # noqa: S603 - our own program
        [*COMMAND, *map(str, arguments)], cwd=ROOT, env=environment(given), capture_output=True, text=True, check=False
    )
