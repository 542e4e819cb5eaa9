"""Servers of Debian's packages on the machine's loopback: a PostgreSQL of the operator's own, and PgBouncer."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.db.embedded import OWNER, PORT, EmbeddedServer
from app.db.server_user import ServerUser, give_to, make_traversable
from tests.clients.debian import debian_program
from tests.clients.ports import free_port

START_SECONDS = 60
POSTGRES = {"listen_addresses": "127.0.0.1", "unix_socket_directories": "", "log_min_messages": "fatal", "fsync": "off"}
SUPERUSER = "postgres"

PGBOUNCER = """
[databases]
* = host={socket} port={postgres_port} user={owner}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
log_connections = 0
log_disconnections = 0
"""


def run_as(user: ServerUser, *command: object, folder: Path) -> subprocess.Popen[str]:
    """Start a program as a user, because neither server runs as root."""
    identity = {"user": user.uid, "group": user.gid, "extra_groups": []} if os.geteuid() == 0 else {}
    return subprocess.Popen(  # type: ignore[call-overload,no-any-return]  # noqa: S603 - a program of the tests
        [*map(str, command)], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **identity
    )


def run_to_end(user: ServerUser, *command: object, folder: Path) -> None:
    """Run a program as a user; it must succeed."""
    with run_as(user, *command, folder=folder) as program:
        output = program.communicate()[0]
    assert program.returncode == 0, output


def wait_for(port: int, program: subprocess.Popen[str]) -> None:
    """Wait until a program listens on a port."""
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            assert program.poll() is None, program.communicate()[0]
            assert time.monotonic() < deadline
            time.sleep(0.02)
        else:
            return


def wait_until_open(pg_isready: Path, port: int, server: subprocess.Popen[str]) -> None:
    """Wait until a PostgreSQL that listens also lets clients in."""
    ask = [str(pg_isready), "-q", "-h", "127.0.0.1", "-p", str(port)]
    deadline = time.monotonic() + START_SECONDS
    while subprocess.run(ask, check=False).returncode != 0:  # noqa: S603 - the tests' own
        assert server.poll() is None, server.communicate()[0]
        assert time.monotonic() < deadline
        time.sleep(0.02)


def pgbouncer_version() -> tuple[int, int]:
    """Return the version of the PgBouncer that `pgbouncer` runs."""
    program = debian_program("pgbouncer", "pgbouncer")
    done = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)  # noqa: S603 - the tests' own
    major, minor = done.stdout.split()[1].split(".")[:2]
    return int(major), int(minor)


@contextmanager
def pgbouncer(server: EmbeddedServer, folder: Path, **settings: object) -> Iterator[int]:
    """Run PgBouncer before an embedded server, whose databases it reaches as their owner, and return its port."""
    program, port = debian_program("pgbouncer", "pgbouncer"), free_port()
    config = folder / "pgbouncer.ini"
    text = PGBOUNCER.format(socket=server.socket_dir, postgres_port=PORT, owner=OWNER, port=port)
    config.write_text(text + "".join(f"{name} = {value}\n" for name, value in settings.items()))
    config.chmod(0o644)
    make_traversable(config)
    with run_as(server.user, program, config, folder=folder) as process:
        wait_for(port, process)
        try:
            yield port
        finally:
            process.kill()
            process.communicate()


@contextmanager
def own_postgres(folder: Path, user: ServerUser, password: str) -> Iterator[int]:
    """Run Debian's PostgreSQL with a superuser who logs in with a password, and return its port."""
    binaries, port = debian_program("initdb", "postgresql").parent, free_port()
    (folder / "password").write_text(password)
    give_to(user, folder)
    give_to(user, folder / "password")
    make_traversable(folder / "password")
    run_to_end(
        user, binaries / "initdb", "-D", "data", "-U", SUPERUSER, "--pwfile=password", "--auth=scram-sha-256",
        "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", folder=folder,
    )  # fmt: skip
    settings = {**POSTGRES, "port": port}
    options = [f"--{name}={value}" for name, value in settings.items()]
    with run_as(user, binaries / "postgres", "-D", "data", *options, folder=folder) as process:
        wait_for(port, process)
        wait_until_open(binaries / "pg_isready", port, process)
        try:
            yield port
        finally:
            process.send_signal(signal.SIGINT)
            process.communicate()
