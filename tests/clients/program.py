"""The `cadastre` program as an operator runs it, in this process or in one of its own."""

import os
import subprocess
import sys
from collections.abc import Mapping
from contextlib import chdir, redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import NamedTuple
from unittest.mock import patch

from app.commands.main import main
from tests.databases import ROOT

COMMAND = [sys.executable, "-m", "app.commands.main"]


class Done(NamedTuple):
    """What a command left: its exit status and what it wrote."""

    returncode: int
    stdout: str
    stderr: str


def environment(given: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the environment without its CADASTRE settings, and with those of the test."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CADASTRE_")}
    return {**kept, "PYTHONUNBUFFERED": "1", "COLUMNS": "120", **(given or {})}


def environment_of(url: str | None, settings: Mapping[str, str]) -> dict[str, str]:
    """Give the environment with settings, and with the database at `url` if there is one."""
    named = {f"CADASTRE_{name.upper()}": value for name, value in settings.items()}
    return environment(named if url is None else {**named, "CADASTRE_DATABASE_URL": url})


def cadastre(*arguments: object, url: str | None = None, **settings: str) -> Done:
    """Run a command in this process, over the database at `url` if given."""
    return cadastre_in(ROOT, *arguments, url=url, **settings)


def cadastre_in(folder: Path, *arguments: object, url: str | None = None, **settings: str) -> Done:
    """Run a command in this process and in a folder."""
    stdout, stderr = StringIO(), StringIO()
    with (
        patch.dict(os.environ, environment_of(url, settings), clear=True),
        patch.object(sys, "argv", ["cadastre", *map(str, arguments)]),
        redirect_stdout(stdout),
        redirect_stderr(stderr),
        chdir(folder),
    ):
        try:
            main()
        except SystemExit as end:
            return Done(int(end.code or 0), stdout.getvalue(), stderr.getvalue())
    return Done(0, stdout.getvalue(), stderr.getvalue())


def spawned(*arguments: object, url: str | None = None, **settings: str) -> Done:
    """Run a command to its end in its own process, where no prompt can be answered."""
    done = subprocess.run(  # noqa: S603 - our own program
        [*COMMAND, *map(str, arguments)],
        cwd=ROOT,
        env=environment_of(url, settings),
        stdin=subprocess.DEVNULL,
        start_new_session=True,  # without a terminal
        capture_output=True,
        text=True,
        check=False,
    )
    return Done(done.returncode, done.stdout, done.stderr)
