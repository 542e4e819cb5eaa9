"""A server that is measured: a process that answers GraphQL on a loopback port."""

import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import psutil

PATIENCE = 30  # seconds for a server to end


class NotStartedError(Exception):
    """A server ended before it was ready; the message quotes its output."""


@dataclass(frozen=True)
class Server:
    """A running server."""

    name: str
    port: int
    process: subprocess.Popen[str]

    @property
    def peak_memory(self) -> float:
        """The largest memory of the process in MB; outside Linux its present memory."""
        status = Path(f"/proc/{self.process.pid}/status")
        if status.exists():
            (line,) = (line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
            return int(line.split()[1]) / 1024
        return float(psutil.Process(self.process.pid).memory_info().rss) / (1 << 20)

    @property
    def processor_seconds(self) -> float:
        """The processor time that the process has used so far, in all threads."""
        used = psutil.Process(self.process.pid).cpu_times()
        return float(used.user + used.system)


@contextmanager
def running(command: list[str], folder: Path, environment: Mapping[str, str]) -> Iterator[subprocess.Popen[str]]:
    """Run a server with its stderr in a file, and end it."""
    with tempfile.TemporaryFile("w+") as errors:
        process = subprocess.Popen(  # noqa: S603 - our own programs
            command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=errors, text=True
        )
        try:
            yield process
        except EndOfOutputError as error:
            process.wait(PATIENCE)
            raise NotStartedError(_words(command, errors)) from error
        finally:
            process.terminate()
            process.wait(PATIENCE)


class EndOfOutputError(Exception):
    """The output of a server ended before the expected line."""


def line_with(process: subprocess.Popen[str], text: str) -> str:
    """Read the output of a server up to the line that contains a text, and return that line."""
    for line in process.stdout or ():
        if text in line:
            return line
    raise EndOfOutputError


def _words(command: list[str], errors: IO[str]) -> str:
    errors.seek(0)
    return f"{' '.join(command)} ended: {errors.read()[-2000:]}"
