"""The program under test: it is served from a data folder of its own, killed, frozen and started again."""

import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import httpx2 as httpx
import psutil

READY_SECONDS = 90


def free_port() -> int:
    """Return a port that no program listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


class Program:
    """A serving program with the demo world; `starts` counts how often it was started."""

    def __init__(self, folder: Path, log: Path) -> None:
        self.folder, self._log, self.port = folder, log, free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.starts = 0
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The process that answers requests."""
        return self.process.pid

    @property
    def process(self) -> subprocess.Popen[bytes]:
        """The process of the last start."""
        if self._process is None:
            message = "the program was not started"
            raise SystemExit(message)
        return self._process

    def start(self) -> None:
        """Start to serve; a program that runs already is left alone."""
        if self._process is not None and self._process.poll() is None:
            return
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 - our own program
                [*COMMAND, "serve", "--port", str(self.port), "--data-dir", str(self.folder)], stdout=log, stderr=log
            )
        self.starts += 1

    def wait_until_ready(self) -> float:
        """Return the seconds until every face answers; the program is started again if it has ended."""
        begun = time.monotonic()
        while time.monotonic() < begun + READY_SECONDS:
            self.start()
            with suppress(httpx.HTTPError):
                if httpx.get(f"{self.address}/readyz", timeout=5).status_code == httpx.codes.OK:
                    return time.monotonic() - begun
            time.sleep(0.2)
        message = f"the program is not ready after {READY_SECONDS} seconds; its log is {self._log}"
        raise SystemExit(message)

    def kill(self) -> None:
        """Kill the program as hard as can be."""
        self.process.kill()
        self.process.wait()

    def end(self) -> None:
        """End the program as an operator does."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(60)

    def postmaster(self) -> psutil.Process | None:
        """Return the process of the database; None while there is none."""
        with suppress(FileNotFoundError, ValueError, psutil.NoSuchProcess):
            return psutil.Process(int((self.folder / "postgres" / "postmaster.pid").read_text().split("\n", 1)[0]))
        return None

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command of the operator on the same register."""
        command = [*COMMAND, *arguments, "--data-dir", str(self.folder)]
        return subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own program


COMMAND = (sys.executable, "-m", "app.commands.main")
