"""The system user of the embedded server: PostgreSQL refuses to run as root, so root runs it as another user."""

import os
import pwd
import shutil
import stat
import subprocess
from pathlib import Path
from typing import NamedTuple

from app.errors import OperatorError

SYSTEM_USER = "cadastre-postgres"


class ServerUser(NamedTuple):
    """A user and the user's group."""

    uid: int
    gid: int


def server_user(cluster: Path) -> ServerUser:
    """Return the user that runs the server: this one; for root the cluster's owner or a system user made for it."""
    if os.geteuid() != 0:
        return ServerUser(os.geteuid(), os.getegid())
    if cluster.exists() and cluster.stat().st_uid != 0:
        return ServerUser(cluster.stat().st_uid, cluster.stat().st_gid)
    entry = _system_user() or _make_system_user()
    return ServerUser(entry.pw_uid, entry.pw_gid)


def give_to(user: ServerUser, folder: Path) -> None:
    """Make `user` the owner of a folder. Only root needs this, and only root may do it."""
    if os.geteuid() == 0:
        os.chown(folder, *user)


def make_traversable(*folders: Path) -> None:
    """Let the server's user pass through the parents of `folders`; their content stays as unreadable as before."""
    if os.geteuid() != 0:
        return
    for parent in {parent for folder in folders for parent in folder.parents}:
        mode = parent.stat().st_mode
        if not mode & stat.S_IXOTH:
            parent.chmod(stat.S_IMODE(mode) | stat.S_IXOTH)


def _system_user() -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        return None


def _make_system_user() -> pwd.struct_passwd:
    """Make the system user. Two programs may try at once, so what counts is that it exists afterwards."""
    useradd = shutil.which("useradd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    if useradd is not None:
        subprocess.run(  # noqa: S603 - a fixed command
            [useradd, "--system", "--no-create-home", "--shell", "/bin/sh", SYSTEM_USER],
            check=False,
            capture_output=True,
        )
    entry = _system_user()
    if entry is None:
        message = (
            f"PostgreSQL refuses to run as root and the user {SYSTEM_USER} cannot be made; "
            "run Cadastre as an ordinary user, or set CADASTRE_DATABASE_URL"
        )
        raise OperatorError(message)
    return entry
