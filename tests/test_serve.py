"""The running program: what it answers, how it ends, and what it survives."""

import json
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from app.db.embedded import EmbeddedServer
from tests.clients.clusters import is_gone, kill_postmaster, postmaster_of
from tests.clients.program import cadastre
from tests.clients.served import needs_curl, served, token_of


@pytest.fixture(scope="session")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("serve")
    yield folder
    EmbeddedServer(folder).close()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_serving_answers_and_ends_cleanly(data_dir: Path, number: int) -> None:
    with served("--data-dir", data_dir) as program:
        assert program.get("/healthz").status_code == 200
        program.wait_until_ready()
        assert "server" not in program.get("/healthz").headers
        assert "supperadm" in program.welcome
        postgres = postmaster_of(data_dir)
        assert program.end(number) == 0
        assert is_gone(postgres)


def test_sigterm_makes_it_unready_before_the_port_closes(own_url: str) -> None:
    with served(url=own_url, drain_seconds="60") as program:
        program.process.send_signal(signal.SIGTERM)
        program.wait_until_ready(503)
        assert program.get("/readyz").json()["code"] == "ENDING"
        answer = program.get("/healthz")
        assert (answer.status_code, answer.headers["connection"]) == (200, "close")
        assert program.end(signal.SIGINT) == 0  # ends it at once


@needs_curl
def test_the_first_query_works_when_pasted(data_dir: Path) -> None:
    with served("--data-dir", data_dir) as program:
        token, query = (line for line in program.welcome.splitlines() if "curl" in line)
        printed = subprocess.run(  # noqa: S603 - what the program tells a newcomer to paste
            ["/bin/bash", "-euc", f"{token}\n{query}"], capture_output=True, text=True, check=True
        ).stdout
        assert json.loads(printed)["data"]["org"]["name"] == "美的集团"


def test_a_second_program_attaches_and_the_first_one_lives_on(data_dir: Path) -> None:
    with served("--data-dir", data_dir) as program:
        assert cadastre("check", "--data-dir", data_dir).stdout.startswith("0 differences in ")
        database = postmaster_of(data_dir).pid
        with served("--data-dir", data_dir) as second:
            second.wait_until_ready()
            assert second.end(signal.SIGINT) == 0
        program.wait_until_ready()
        assert postmaster_of(data_dir).pid == database


def test_a_killed_database_is_back_with_its_data(data_dir: Path) -> None:
    with served("--data-dir", data_dir) as program:
        killed = kill_postmaster(data_dir)
        program.wait_until_ready()
        assert postmaster_of(data_dir).pid != killed
        assert cadastre("check", "--data-dir", data_dir).stdout.startswith("0 differences in ")
        assert token_of(program)
        assert program.end(signal.SIGINT) == 0


def test_everything_killed_at_once_starts_again(data_dir: Path) -> None:
    with served("--data-dir", data_dir) as program:
        program.process.kill()
        kill_postmaster(data_dir)
    with served("--data-dir", data_dir) as program:
        assert "supperadm" in program.welcome
        assert program.end(signal.SIGINT) == 0


def test_an_operators_own_database_gets_no_demo_world_unasked(empty_url: str) -> None:
    with served(url=empty_url) as program:
        program.wait_until_ready()
        assert "Accounts  none" in program.welcome
        assert program.end(signal.SIGTERM) == 0
    with psycopg.connect(empty_url) as connection:
        assert connection.execute("select from org").fetchone() is None
    with served("--demo", url=empty_url) as program:
        assert "supperadm" in program.welcome
