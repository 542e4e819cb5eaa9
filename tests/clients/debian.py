"""Programs of Debian's packages, such as PgBouncer; a test that needs one is skipped where it cannot be had."""

import fcntl
import os
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest

from tests.databases import DATA_DIR

INSTALL_SECONDS = 240
OLDEST_POSTGRES = 15


def debian_program(name: str, package: str) -> Path:
    """Return the path of a program, installing its package if need be; skip the test where that is not possible."""
    path = _path_of(name) or _installed(name, package)
    if path is None:
        pytest.skip(f"there is no {name}, and apt-get cannot install the package {package}")
    return Path(path)


def _path_of(name: str) -> str | None:
    """Look where Debian installs versions of PostgreSQL, then in the PATH."""
    folders = [*map(str, _postgres_folders()), os.environ.get("PATH", ""), "/usr/sbin"]
    return shutil.which(name, path=os.pathsep.join(folders))


def _postgres_folders() -> list[Path]:
    """Return the folders of the versions that Cadastre supports, oldest first."""
    folders = Path("/usr/lib/postgresql").glob("*/bin")
    return sorted(folder for folder in folders if int(folder.parent.name) >= OLDEST_POSTGRES)


@cache
def _installed(name: str, package: str) -> str | None:
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return None
    with (DATA_DIR / "apt.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if _path_of(name) is None:  # another worker may have installed it meanwhile
            _apt_get("update")
            _apt_get("install", "--yes", "--no-install-recommends", package)
    return _path_of(name)


def _apt_get(*arguments: str) -> None:
    subprocess.run(  # noqa: S603 - a fixed command
        ["apt-get", "--quiet", *arguments],  # noqa: S607
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        check=False,
        capture_output=True,
        timeout=INSTALL_SECONDS,
    )
