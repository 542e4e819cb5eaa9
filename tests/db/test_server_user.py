"""The data folder in the hands of several users."""

import os
import subprocess
from pathlib import Path

import pytest

from app.db.embedded import EmbeddedServer
from tests.clients.clusters import ask, kill_postmaster, postmaster_of, program

OTHER_USER = 65534
ROOT_ONLY = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")


@ROOT_ONLY
def test_another_user_is_refused_the_folder_of_root(folder: Path) -> None:
    EmbeddedServer(folder).close()
    with program(folder, OTHER_USER) as other:
        assert other.communicate("")[0].startswith(f"the data folder {folder} is not writable")
    folder.chmod(0o777)
    for lock in folder.glob("*.lock"):
        lock.chmod(0o666)
    with program(folder, OTHER_USER) as other:
        assert "belongs to the user" in other.communicate("")[0]


@ROOT_ONLY
def test_root_works_in_the_folder_of_another_user(folder: Path) -> None:
    subprocess.run(["chown", "-R", str(OTHER_USER), folder], check=True)  # noqa: S603, S607 - a fixed command
    folder.parent.chmod(0o711)
    with program(folder, OTHER_USER) as owner:
        assert owner.stdout is not None
        assert owner.stdout.readline().startswith("postgresql://")
        with EmbeddedServer(folder) as server:
            assert ask(server, "select 1") == 1
        assert owner.communicate("")[0] == ""
    with EmbeddedServer(folder):
        assert postmaster_of(folder).uids().real == OTHER_USER


@ROOT_ONLY
def test_a_server_starts_again_below_a_folder_that_was_closed_meanwhile(folder: Path) -> None:
    """Every start of pytest closes the folder above all its temporary folders, where another run has its servers."""
    with EmbeddedServer(folder) as server:
        kill_postmaster(folder)
        folder.parent.chmod(0o700)
        assert server.revive()
        assert ask(server, "select 1") == 1
