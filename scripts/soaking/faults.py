"""The faults: each is a function that does harm to a program for a while, and undoes it."""

import random
import shutil
import socket
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psutil

from soaking.program import Program

FROZEN_SECONDS = 4
FULL_SECONDS = 4
SLOW_CLIENTS = 40
SMALL = "1g"
"""The size of the file system of the data folder, where one can be mounted."""

MIB = 1 << 20


def kill_database(program: Program) -> None:
    """Kill the database's first process; the program starts it again."""
    if (postmaster := program.postmaster()) is not None:
        postmaster.kill()


def kill_program(program: Program) -> None:
    """Kill the program and start it again."""
    program.kill()
    program.start()


def freeze_database(program: Program) -> None:
    """Stop every process of the database for a few seconds."""
    if (postmaster := program.postmaster()) is None:
        return
    processes = [postmaster, *postmaster.children(recursive=True)]
    _freeze(processes)


def freeze_program(program: Program) -> None:
    """Stop the program for a few seconds."""
    _freeze([psutil.Process(program.pid)])


def slow_clients(program: Program) -> None:
    """Open connections that send half a head and no more."""
    sockets = []
    with suppress(OSError):
        for _ in range(SLOW_CLIENTS):
            sockets.append(socket.create_connection(("127.0.0.1", program.port), 5))
            sockets[-1].sendall(b"POST /graphql HTTP/1.1\r\nhost: x\r\n")
    time.sleep(FROZEN_SECONDS)
    for each in sockets:
        each.close()


def full_disk(program: Program) -> None:
    """Fill the file system of the data folder, and empty it again; it must be a small one."""
    path = program.folder.parent / "filling"
    with suppress(OSError), path.open("wb", buffering=0) as file:
        while True:
            file.write(b"\0" * MIB)
    time.sleep(FULL_SECONDS)
    path.unlink(missing_ok=True)


def _freeze(processes: list[psutil.Process]) -> None:
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.suspend()
    time.sleep(FROZEN_SECONDS)
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.resume()


Fault = Callable[[Program], None]
FAULTS: tuple[Fault, ...] = (kill_database, kill_program, freeze_database, freeze_program, slow_clients)


def faults_of(seed: int, *, is_small: bool) -> list[Fault]:
    """Return all faults in an order that the seed decides; full disks only on a small file system."""
    faults = [*FAULTS, *([full_disk] if is_small else [])]
    random.Random(seed).shuffle(faults)  # noqa: S311 - no secret
    return faults


def mounted(folder: Path) -> bool:
    """Mount a small file system on a folder, and return whether that was possible."""
    mount = shutil.which("mount")
    command = [mount or "mount", "-t", "tmpfs", "-o", f"size={SMALL},mode=755", "tmpfs", str(folder)]
    return mount is not None and subprocess.run(command, capture_output=True, check=False).returncode == 0  # noqa: S603


def unmount(folder: Path) -> None:
    """Undo `mounted`."""
    subprocess.run(["umount", "--lazy", str(folder)], capture_output=True, check=False)  # noqa: S603, S607
