"""A server under trial: a process on a loopback port that answers GraphQL, for as long as it is measured."""

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
    """A server ended before it was ready; the message is what it said."""


@dataclass(frozen=True)
class Server:
    """A running server."""

    name: str
    port: int
    process: subprocess.Popen[str]

    @property
    def peak_memory(self) -> float:
        """Give the most memory that the process ever held, in MB (Linux), or what it holds now (elsewhere)."""
        status = Path(f"/proc/{self.process.pid}/status")
        if status.exists():
            (line,) = (line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
            return int(line.split()[1]) / 1024
        return float(psutil.Process(self.process.pid).memory_info().rss) / (1 << 20)

    @property
    def processor_seconds(self) -> float:
        """Give the processor time that the process has used so far, by all its threads."""
        used = psutil.Process(self.process.pid).cpu_times()
        return float(used.user + used.system)


@contextmanager
def running(command: list[str], folder: Path, environment: Mapping[str, str]) -> Iterator[subprocess.Popen[str]]:
    """Run a server, its complaints kept in a file, and end it."""
    with tempfile.TemporaryFile("w+") as complaints:
        process = subprocess.Popen(  # noqa: S603 - our own programs
            command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=complaints, text=True
        )
        try:
            yield process
        except EndOfOutputError as error:
            process.wait(PATIENCE)
            raise NotStartedError(_words(command, complaints)) from error
        finally:
            process.terminate()
            process.wait(PATIENCE)


class EndOfOutputError(Exception):
    """A server's output ended before what was looked for."""


def line_with(process: subprocess.Popen[str], text: str) -> str:
    """Read what a server prints up to the line that has some text in it."""
    for line in process.stdout or ():
        if text in line:
            return line
    raise EndOfOutputError


def _words(command: list[str], complaints: IO[str]) -> str:
    complaints.seek(0)
    return f"{' '.join(command)} ended: {complaints.read()[-2000:]}"
