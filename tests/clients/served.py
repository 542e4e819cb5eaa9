"""A serving program in a process of its own, as an operator runs it."""

import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import httpx2 as httpx
import pytest

from app.bulk.demo import PASSWORD
from tests.clients.program import COMMAND, environment_of
from tests.databases import ROOT

needs_curl = pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
START_SECONDS = 120  # a limit for a hopeless start, not an expectation
ANSWER_SECONDS = 60  # a request waits five seconds for the database before it is answered with 503


class Program:
    """A serving program, its words of welcome and its address."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        self.process = process
        self.welcome = ""
        for line in process.stdout:
            self.welcome += line
            if "/graphql -H" in line:
                break
        assert "curl" in self.welcome, process.wait(10)
        self.address = re.findall(r"http://[\d.:\[\]]+:\d+", self.welcome)[0]

    def get(self, path: str) -> httpx.Response:
        return httpx.get(self.address + path, timeout=ANSWER_SECONDS)

    def wait_until_ready(self, status: int = 200) -> None:
        deadline = time.monotonic() + START_SECONDS
        while self.get("/readyz").status_code != status:
            assert time.monotonic() < deadline
            time.sleep(0.05)

    def end(self, number: int) -> int:
        self.process.send_signal(number)
        return self.process.wait(60)


@contextmanager
def served(*arguments: object, url: str | None = None, log: str | None = None, **settings: str) -> Iterator[Program]:
    """Serve with settings until the body ends; the log goes to the file `log` if it is given."""
    command = [*COMMAND, "serve", "--port", "0", *map(str, arguments)]
    with (
        nullcontext() if log is None else Path(log).open("w") as errors,
        subprocess.Popen(  # noqa: S603 - our own program
            command, cwd=ROOT, env=environment_of(url, settings), stdout=subprocess.PIPE, stderr=errors, text=True
        ) as process,
    ):
        try:
            yield Program(process)
        finally:
            process.kill()


def token_of(program: Program, account: str = "supperadm") -> str:
    """Log in; the account is a record that the database must have kept."""
    form = {"grant_type": "password", "client_id": "h5-client", "username": account, "password": PASSWORD}
    return str(httpx.post(f"{program.address}/oauth/token", data=form).json()["access_token"])
