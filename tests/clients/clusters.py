"""The processes of an embedded server, seen and killed from outside."""

import os
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import psutil
import psycopg

from app.db.embedded import EmbeddedServer
from tests.databases import ROOT

ENDING_SECONDS = 10

OPENING = """
import os, sys
from pathlib import Path
from app.db.embedded import EmbeddedServer
from app.errors import OperatorError
user = int(sys.argv[2])
if user != os.geteuid():  # after the imports, because this Python may be where others cannot read
    os.setgroups([]), os.setgid(user), os.setuid(user)
try:
    with EmbeddedServer(Path(sys.argv[1])) as server:
        print(server.url, flush=True)
        sys.stdin.read()
except OperatorError as error:
    print(error)
"""


def processes_of(server: EmbeddedServer) -> list[psutil.Process]:
    name = server.settings["cluster_name"]
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if process.name() == "postgres" and not is_gone(process) and name in " ".join(process.cmdline()):
                found.append(process)
    return found


def has_ended(server: EmbeddedServer) -> bool:
    """Tell whether nothing is left of a server that was stopped; its last processes may be on their way out."""
    end = time.monotonic() + ENDING_SECONDS
    while processes_of(server):
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def postmaster_of(folder: Path) -> psutil.Process:
    return psutil.Process(int((folder / "postgres" / "postmaster.pid").read_text().split()[0]))


def is_gone(process: psutil.Process) -> bool:
    """Tell whether a process has ended, even if its parent has not waited for it yet."""
    with suppress(psutil.NoSuchProcess):
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    return True


def kill_postmaster(folder: Path) -> int:
    process = postmaster_of(folder)
    process.kill()
    while not is_gone(process):
        time.sleep(0.01)
    return process.pid


def ask(server: EmbeddedServer, statement: str) -> object:
    with psycopg.connect(server.url, autocommit=True) as connection:
        row = connection.execute(statement).fetchone()
    return row[0] if row else None


def program(folder: Path, user: int | None = None) -> subprocess.Popen[str]:
    """Start a program that holds a handle until its input ends, or prints why it has none."""
    return subprocess.Popen(  # noqa: S603 - this Python with code of this file
        [sys.executable, "-c", OPENING, str(folder), str(os.geteuid() if user is None else user)], cwd=ROOT,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
