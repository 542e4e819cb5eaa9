"""scripts/explorer and scripts/serve without npm's registry: the program starts, without the page."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.clients.program import environment
from tests.databases import ROOT


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Give the scripts, the sources of the page, an installation that is complete, and a program that ends at once."""
    shutil.copytree(ROOT / "scripts", tmp_path / "scripts")
    web = Path("app", "explorer", "web")
    shutil.copytree(ROOT / web, tmp_path / web, ignore=shutil.ignore_patterns("node_modules", "generated"))
    for name in ("pyproject.toml", "schema.graphql"):
        shutil.copy(ROOT / name, tmp_path)
    programs = tmp_path / ".venv" / "bin"
    programs.mkdir(parents=True)
    (programs / "python").symlink_to(sys.executable)
    for name, line in {"cadastre": "echo served", "npm": f'exec {Path(sys.executable).parent}/npm "$@"'}.items():
        (programs / name).write_text(f"#!/bin/sh\n{line}\n", "utf-8")
        (programs / name).chmod(0o755)
    (tmp_path / ".venv" / "pyvenv.cfg").write_text(f"command = python -m venv {tmp_path}/.venv\n", "utf-8")
    command = "printf '%s explorer' \"$(cat pyproject.toml scripts/constraints.txt | cksum)\" >.venv/installed"
    subprocess.run(["/bin/sh", "-c", command], cwd=tmp_path, check=True)  # noqa: S603 - as scripts/install counts
    return tmp_path


def run(checkout: Path, script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    unreachable = {"npm_config_registry": "http://127.0.0.1:1/", "npm_config_cache": str(checkout / "cache")}
    return subprocess.run(  # noqa: S603 - our own script
        [checkout / "scripts" / script, *arguments],
        cwd=checkout, env=environment(unreachable), capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_the_reason_is_said_and_nothing_counts_as_built(checkout: Path) -> None:
    done = run(checkout, "explorer")
    assert done.returncode == 2
    assert "is its registry reachable?" in done.stderr.splitlines()[-1]
    assert not (checkout / "app" / "explorer" / "build" / "version").exists()


def test_the_program_starts_all_the_same(checkout: Path) -> None:
    done = run(checkout, "serve")
    assert (done.returncode, done.stdout) == (0, "served\n")
    assert done.stderr.splitlines()[-1] == "The page /explorer is not built; everything else works."


def test_wrong_arguments_are_refused(checkout: Path) -> None:
    done = run(checkout, "explorer", "again")
    assert (done.returncode, done.stderr) == (
        2,
        "scripts/explorer: unknown arguments: again; see scripts/explorer --help\n",
    )
