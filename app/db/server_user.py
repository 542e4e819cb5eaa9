"""The user that runs the embedded server: PostgreSQL refuses root, so root lends the work to somebody else."""

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
    """The numbers of a user and of the user's group."""

    uid: int
    gid: int


def server_user(cluster: Path) -> ServerUser:
    """Name who runs the server: the caller; when that is root, the cluster's owner or a system user made for it."""
    if os.geteuid() != 0:
        return ServerUser(os.geteuid(), os.getegid())
    if cluster.exists() and cluster.stat().st_uid != 0:
        return ServerUser(cluster.stat().st_uid, cluster.stat().st_gid)
    entry = _system_user() or _made_system_user()
    return ServerUser(entry.pw_uid, entry.pw_gid)


def hand_over(folder: Path, user: ServerUser) -> None:
    """Make `user` the owner of a folder; nothing is done unless root lends the work."""
    if os.geteuid() == 0:
        os.chown(folder, *user)


def open_the_way(*folders: Path) -> None:
    """Let the server's user pass through the parents of `folders`; what they hold stays unreadable as before."""
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


def _made_system_user() -> pwd.struct_passwd:
    """Make the system user; two programs may try at once, so what counts is that it is there afterwards."""
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
