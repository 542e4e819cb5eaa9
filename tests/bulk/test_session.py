"""The locks of bulk commands: others wait and say so, and a killed program lets go."""

import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from app.bulk.importing.run import ImportOptions, import_file
from app.bulk.session import lock_trees, session
from tests.clients.program import COMMAND, cadastre, environment_of
from tests.databases import ROOT

ORGS = "external_id,parent_external_id,name,type\na,,A,BUSINESS\n"
LOCK = "select count(*) from pg_locks where locktype = 'advisory' and objid = 1953654017 and granted"
BLOCKED = (
    "select count(*) from pg_stat_activity where application_name = 'cadastre import' and wait_event_type = 'Lock'"
)


@pytest.fixture
def orgs(tmp_path: Path) -> Path:
    file = tmp_path / "orgs.csv"
    file.write_text(ORGS, "utf-8")
    return file


@contextmanager
def locked(url: str) -> Iterator[psycopg.Connection]:
    """Hold the lock of the organisations as another import does."""
    with session(url, "cadastre import") as connection:
        lock_trees(connection, ["org"])
        yield connection


def wait_until(connection: psycopg.Connection, query: str, expected: int) -> None:
    deadline = time.monotonic() + 30
    while connection.execute(query).fetchone() != (expected,):
        assert time.monotonic() < deadline, f"{query} is not {expected}"
        time.sleep(0.05)


def test_an_import_waits_for_another_and_says_for_which(empty_url: str, orgs: Path) -> None:
    waiting = threading.Event()
    notes: list[str] = []

    def note(line: str) -> None:
        notes.append(line)
        waiting.set()

    def second() -> None:
        import_file(empty_url, ImportOptions("orgs", orgs, "crm"), note=note)

    with locked(empty_url) as first:
        thread = threading.Thread(target=second)
        thread.start()
        assert waiting.wait(30)
        assert first.execute("select from org").fetchone() is None
    thread.join()
    assert len(notes) == 1
    assert notes[0].startswith("Waiting for cadastre import (process ")
    with psycopg.connect(empty_url) as connection:
        assert connection.execute("select name from org").fetchall() == [("A",)]


@pytest.mark.parametrize("wait", ["0", "0.2"])
def test_an_import_gives_up_after_the_wait(empty_url: str, orgs: Path, wait: str) -> None:
    with locked(empty_url):
        done = cadastre("import", "orgs", orgs, "--source", "crm", "--wait", wait, url=empty_url)
    assert (done.returncode, done.stdout) == (2, "")
    *notes, line = done.stderr.splitlines()
    assert len(notes) == (wait != "0")
    assert line.startswith("cadastre: nothing was written: cadastre import (process ")
    assert line.endswith("wait longer with --wait")


def test_a_killed_importer_releases_its_lock_while_its_statement_still_runs(empty_url: str, orgs: Path) -> None:
    with psycopg.connect(empty_url) as blocker, psycopg.connect(empty_url, autocommit=True) as observer:
        blocker.execute("lock table org in share mode")  # the importer's insert waits for it
        importer = subprocess.Popen(  # noqa: S603 - our own program
            [*COMMAND, "import", "orgs", str(orgs), "--source", "crm"],
            cwd=ROOT,
            env=environment_of(empty_url, {}),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            wait_until(observer, BLOCKED, 1)
            wait_until(observer, LOCK, 1)
        finally:
            importer.send_signal(signal.SIGKILL)
            importer.wait()
        wait_until(observer, LOCK, 0)
    with psycopg.connect(empty_url) as connection:
        assert connection.execute("select from org").fetchone() is None
