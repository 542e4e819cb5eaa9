"""Every script answers --help at once, before anything is installed."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from typer.main import get_command

from app.commands.serve import app as serve
from tests.clients.program import environment
from tests.databases import ROOT

SCRIPTS = sorted(path.name for path in (ROOT / "scripts").iterdir() if path.is_file() and os.access(path, os.X_OK))


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a checkout in which nothing is installed."""
    folder = tmp_path_factory.mktemp("fresh")
    shutil.copytree(ROOT / "scripts", folder / "scripts", ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    bare = environment({"PYTHONDONTWRITEBYTECODE": "1", "PATH": os.environ["PATH"].split(":", 1)[1]})
    return subprocess.run(  # noqa: S603 - our own scripts
        [folder / "scripts" / words[0], *words[1:]], env=bare, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("script", SCRIPTS)
def test_help_has_the_same_form_everywhere_and_installs_nothing(fresh: Path, script: str) -> None:
    before = sorted(fresh.rglob("*"))
    done = run(fresh, script, "--help")
    assert (done.returncode, done.stderr) == (0, "")
    usage, *others = done.stdout.splitlines()
    assert usage.startswith(f"usage: scripts/{script}")
    assert any(line.endswith(".") for line in others)
    assert sorted(fresh.rglob("*")) == before


def test_help_wins_over_the_other_arguments(fresh: Path) -> None:
    assert run(fresh, "test", "-k", "migrate", "--help").stdout == run(fresh, "test", "--help").stdout
    assert run(fresh, "serve", "--port", "0", "-h").stdout == run(fresh, "serve", "--help").stdout


def test_the_help_of_serve_names_every_option_of_the_command() -> None:
    words = (ROOT / "scripts" / "serve").read_text("utf-8")
    options = [name for option in get_command(serve).params for name in (*option.opts, *option.secondary_opts)]
    assert "--port" in options
    assert [name for name in options if name not in words] == []


@pytest.mark.parametrize(
    "words",
    [
        ("install", "frob"), ("install", "test", "bench"), ("migration",), ("bench", "--slow"),
        ("bench-import", "menus"), ("bench-scope", "many"), ("check-engine", "all"), ("check-hostile", "--rounds", ""),
    ],
    ids=" ".join,
)  # fmt: skip
def test_wrong_arguments_are_refused_before_anything_is_installed(fresh: Path, words: tuple[str, ...]) -> None:
    done = run(fresh, *words)
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].startswith(f"scripts/{words[0]}: ")
    assert not (fresh / ".venv").exists()
