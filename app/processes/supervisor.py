"""Supervisor: several workers on one socket. A worker that dies is replaced; SIGTERM and SIGINT end all of them.

SIGHUP replaces the workers one by one. Workers are forked from one process that has imported the application and does
nothing else (multiprocessing's fork server): they start in a tenth of the time, and share the memory of the code.
"""

import logging
import multiprocessing
import os
import socket
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory

import uvicorn
import uvicorn._subprocess
from prometheus_client.multiprocess import mark_process_dead
from uvicorn.supervisors import multiprocess

from app.errors import OperatorError
from app.metrics.registry import FOLDER
from app.processes.server import Server

LOG = logging.getLogger("cadastre.workers")

MOST_DEATHS = 10
PERIOD_SECONDS = 60
"""The program ends when more than `MOST_DEATHS` workers die within this time: a service manager restarts it."""


class Worker(multiprocess.Process):
    """A worker whose server answers the connections that wait when it closes the port."""

    @property
    def server(self) -> Server:
        """The server of this process."""
        if self._server is None:
            self._server = Server(self.config)
        return self._server  # type: ignore[return-value]


class Supervisor(multiprocess.Multiprocess):
    """Uvicorn's supervisor, which also notices when all workers answer and when they die again and again."""

    def __init__(self, config: uvicorn.Config, listener: socket.socket, on_ready: Callable[[], None]) -> None:
        super().__init__(config, [listener])
        uvicorn._subprocess.spawn = forking()  # type: ignore[assignment] # noqa: SLF001 - would start Python anew
        multiprocess.Process = Worker  # type: ignore[misc] # uvicorn has no other way to say what a worker is
        self._on_ready = on_ready
        self._is_ready = False
        self._deaths: deque[float] = deque(maxlen=MOST_DEATHS + 1)
        self._failure: str | None = None
        self._running: set[int | None] = set()

    def run(self) -> None:
        """Run the workers until a signal; OperatorError when they cannot start or die again and again."""
        super().run()
        if self._failure is not None:
            raise OperatorError(self._failure)

    def keep_subprocess_alive(self) -> None:
        """Replace workers that have died, and call `on_ready` once all answer."""
        before = list(self.processes)
        super().keep_subprocess_alive()
        for process in before:
            if process not in self.processes:
                self._note_death(process)
        self._forget_ended()
        if not self._is_ready and not self.should_exit.is_set() and all(each.is_ready() for each in self.processes):
            self._is_ready = True
            self._on_ready()

    def terminate_all(self) -> None:
        """End the workers. The port closes with the last of them, so this process must not keep it open."""
        super().terminate_all()
        for listener in self.sockets:
            listener.close()

    def _note_death(self, process: multiprocess.Process) -> None:
        LOG.error("the worker %s ended with status %s and is replaced", process.pid, process.exitcode)
        self._deaths.append(time.monotonic())
        if not self._is_ready:
            self._end("a worker ended before it was ready; the log records above say why")
        elif len(self._deaths) > MOST_DEATHS and self._deaths[-1] - self._deaths[0] < PERIOD_SECONDS:
            self._end(f"more than {MOST_DEATHS} workers died within {PERIOD_SECONDS} seconds")

    def _forget_ended(self) -> None:
        """Remove from the metrics what is only true of live processes, such as open connections."""
        running = {process.pid for process in self.processes}
        for pid in self._running - running:
            mark_process_dead(pid)  # type: ignore[no-untyped-call]
        self._running = running

    def _end(self, failure: str) -> None:
        self._failure = failure
        self.should_exit.set()


def forking() -> multiprocessing.context.ForkServerContext:
    """Return the way to start workers: by a process that has imported the application."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["app.processes.worker"])
    return context


@contextmanager
def shared_metrics() -> Iterator[None]:
    """Keep the metrics of all workers in one folder, which is removed in the end. Workers inherit the variable."""
    with TemporaryDirectory(prefix="cadastre-metrics-") as folder:
        os.environ[FOLDER] = folder
        try:
            yield
        finally:
            del os.environ[FOLDER]
