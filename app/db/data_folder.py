"""The data folder: the files, locks and socket of the embedded server."""

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
UNQUOTED_PATH = re.compile(r"[A-Za-z0-9/._-]+")  # needs no quoting in a URL, in a list of folders and in a shell
CLUSTER = "postgres"
VERSION_FILE = "PG_VERSION"
START_LOCK = "start.lock"
USERS_LOCK = "users.lock"
HINT = "choose another with --data-dir or CADASTRE_DATA_DIR"


def writable_folder(folder: Path, *, may_create: bool = True) -> Path:
    """Make the lock files of the data folder and return its path; OperatorError when it is not writable.

    Without `may_create` the folder must hold a cluster, otherwise nothing is made: OperatorError.
    """
    folder = resolved(folder)
    if not may_create and not holds_cluster(folder / CLUSTER):
        message = (
            f"there is no register in the data folder {folder}; "
            f"`cadastre serve`, `migrate` and `demo` make one, or {HINT}"
        )
        raise OperatorError(message)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in (START_LOCK, USERS_LOCK):
            (folder / name).touch()
    except OSError as error:
        message = f"the data folder {folder} is not writable ({error.strerror}); {HINT}"
        raise OperatorError(message) from error
    return folder


def resolved(folder: Path) -> Path:
    """Return the absolute path of a folder without `~` and links; OperatorError when there is none."""
    message = f"the data folder {folder} has no path; {HINT}"
    try:
        found = folder.expanduser().resolve()
    except (RuntimeError, OSError) as error:  # an unknown user, a loop of links
        raise OperatorError(message) from error
    if found.is_symlink():  # from Python 3.13 on, a loop of links
        raise OperatorError(message)
    return found


def holds_cluster(cluster: Path) -> bool:
    """Return whether a folder is one of PostgreSQL's, of any version."""
    try:
        return (cluster / VERSION_FILE).exists()
    except OSError as error:
        message = f"the data folder {cluster.parent} cannot be read ({error.strerror}); {HINT}"
        raise OperatorError(message) from error


def refuse_other_version(cluster: Path, version: str) -> None:
    """Raise OperatorError when the cluster is one of another major version, or is something else."""
    if not holds_cluster(cluster):
        if cluster.is_symlink() or cluster.is_file() or (cluster.exists() and any(cluster.iterdir())):
            message = f"{cluster} is no folder of PostgreSQL; move it away, or {HINT}"
            raise OperatorError(message)
        return
    found = (cluster / VERSION_FILE).read_text().strip()
    if found != version:
        message = (
            f"the data folder {cluster.parent} is one of PostgreSQL {found}, this installation has {version}; "
            f"dump it with the installation that made it and restore it into a new one, or {HINT}"
        )
        raise OperatorError(message)


def refuse_foreign_cluster(cluster: Path) -> None:
    """Raise OperatorError when another user owns the cluster: PostgreSQL runs only as the owner of its files."""
    owner = cluster.stat().st_uid if cluster.exists() else os.geteuid()
    if os.geteuid() not in (0, owner):
        message = f"the data folder {cluster.parent} belongs to the user {_name_of(owner)}; {HINT}"
        raise OperatorError(message)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the lock under which programs start and stop the server of a data folder."""
    with (folder / START_LOCK).open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def digest_of(data_dir: Path) -> str:
    """Return a short name that identifies a data folder."""
    return hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:16]


def socket_path(data_dir: Path) -> Path:
    """Return the socket's folder: in the data folder, or in /tmp when that path is too long or needs quoting.

    It follows from the data folder alone, so that every program finds the same socket.
    """
    folder = data_dir / "socket"
    if len(os.fsencode(folder)) > SOCKET_PATH_LIMIT or not UNQUOTED_PATH.fullmatch(str(folder)):
        folder = Path("/tmp") / f"cadastre-{digest_of(data_dir)}"  # noqa: S108 - make_private verifies its owner
    return folder


def make_private(folder: Path, owner: int) -> None:
    """Make a folder for the socket; OperatorError when it belongs to another user, who could put any socket there."""
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
