"""The data folder: where the embedded server keeps its files, its locks and its socket."""

import fcntl
import hashlib
import os
import pwd
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.errors import OperatorError

SOCKET_PATH_LIMIT = 90  # the kernel's limit for a socket's path is 107 bytes, of which 14 are the socket's own name
PLAIN_PATH = re.compile(r"[A-Za-z0-9/._-]+")  # what needs no quoting in a URL, in a list of folders and in a shell
START_LOCK = "start.lock"
USERS_LOCK = "users.lock"


def writable_folder(folder: Path) -> Path:
    """Make the data folder and its lock files; OperatorError when this user may not work in it."""
    folder = folder.expanduser().resolve()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in (START_LOCK, USERS_LOCK):
            (folder / name).touch()
    except OSError as error:
        message = f"the data folder {folder} is not writable ({error.strerror}); {_way_out()}"
        raise OperatorError(message) from error
    return folder


def refuse_foreign_cluster(cluster: Path) -> None:
    """Refuse a cluster that another user made: PostgreSQL runs only as the owner of its files."""
    owner = cluster.stat().st_uid if cluster.exists() else os.geteuid()
    if os.geteuid() not in (0, owner):
        message = f"the data folder {cluster.parent} belongs to the user {_name_of(owner)}; {_way_out()}"
        raise OperatorError(message)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Let programs start and stop the server of a data folder one after the other."""
    with (folder / START_LOCK).open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def digest_of(data_dir: Path) -> str:
    """Name a data folder in a few letters that no other one has."""
    return hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:16]


def socket_path(data_dir: Path) -> Path:
    """Choose the socket's folder: in the data folder, or in /tmp when that path is too long or not plain.

    The place depends on nothing but the data folder, so that every program finds the same one.
    """
    folder = data_dir / "socket"
    if len(os.fsencode(folder)) > SOCKET_PATH_LIMIT or not PLAIN_PATH.fullmatch(str(folder)):
        folder = Path("/tmp") / f"cadastre-{digest_of(data_dir)}"  # noqa: S108 - make_private verifies its owner
    return folder


def make_private(folder: Path, owner: int) -> None:
    """Make a folder for the socket; refuse one that another user made, because its socket could lead anywhere."""
    folder.mkdir(mode=0o700, exist_ok=True)
    state = folder.lstat()
    if folder.is_symlink() or state.st_uid not in (os.geteuid(), owner):
        message = f"the socket folder {folder} belongs to the user {_name_of(state.st_uid)}; remove it and start again"
        raise OperatorError(message)


def _name_of(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def _way_out() -> str:
    return "choose another with --data-dir or CADASTRE_DATA_DIR"
