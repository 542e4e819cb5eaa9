"""The README says what is true: its commands work, its answer is the answer, its packages are the packages."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.db.embedded import EmbeddedServer
from tests.clients.ports import free_port
from tests.clients.program import environment
from tests.clients.served import Program, needs_curl
from tests.databases import ROOT

README = (ROOT / "README.md").read_text("utf-8")
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
COMMANDS = [text for language, text in BLOCKS if language == "sh"]
(ANSWER,) = [json.loads(text) for language, text in BLOCKS if language == "json"]
(PACKAGES,) = [text for language, text in BLOCKS if not language]
ADDRESS = "http://127.0.0.1:8000"
THEIR_DATABASE = "postgresql://me:secret@localhost/register"
SERVE, TEST = "scripts/serve", "scripts/test"
NO_SOURCES = "4294967295 0\n"
"""What cksum prints for the page /explorer without sources: scripts/explorer finds it to be built."""


@dataclass(frozen=True)
class Checkout:
    """A checkout whose installation is the one that runs the tests, and the address of what it serves."""

    folder: Path
    address: str

    def run(self, commands: str, url: str = THEIR_DATABASE) -> str:
        """Run commands of the README and give what they print."""
        script = commands.replace(ADDRESS, self.address).replace(THEIR_DATABASE, url)
        done = subprocess.run(  # noqa: S603 - our own README
            ["/bin/bash", "-euc", script],
            cwd=self.folder, env=environment(), capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done
        return done.stdout


def install(folder: Path) -> None:
    """Leave in a folder what scripts/install finds to be complete: this Python and its packages."""
    shutil.copytree(ROOT / "scripts", folder / "scripts")
    shutil.copy(ROOT / "pyproject.toml", folder)
    programs = folder / ".venv" / "bin"
    programs.mkdir(parents=True)
    for name, program in (("python", ""), ("cadastre", "-m app.commands.main")):
        (programs / name).write_text(f'#!/bin/sh\nPYTHONPATH={ROOT} exec {sys.executable} {program} "$@"\n', "utf-8")
        (programs / name).chmod(0o755)
    (folder / ".venv" / "pyvenv.cfg").write_text(f"command = python -m venv {folder}/.venv\n", "utf-8")
    command = "printf '%s explorer test' \"$(cat pyproject.toml scripts/constraints.txt | cksum)\" >.venv/installed"
    subprocess.run(["/bin/sh", "-c", command], cwd=folder, check=True)  # noqa: S603 - as scripts/install counts
    (folder / "app" / "explorer" / "web").mkdir(parents=True)
    (folder / "schema.graphql").touch()
    (folder / "app" / "explorer" / "build").mkdir()
    (folder / "app" / "explorer" / "build" / "version").write_text(NO_SOURCES, "utf-8")


@contextmanager
def serving(folder: Path, **given: str) -> Iterator[Program]:
    """Run scripts/serve as the README has it."""
    given["CADASTRE_PORT"] = str(free_port())
    with subprocess.Popen(  # noqa: S603 - our own script
        [folder / SERVE], cwd=folder, env=environment(given), stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield Program(process)
        finally:
            process.send_signal(signal.SIGINT)


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Checkout]:
    folder = tmp_path_factory.mktemp("checkout")
    install(folder)
    with serving(folder) as program:
        yield Checkout(folder, program.address)
    EmbeddedServer(folder / ".cadastre").close()


def runnable(commands: str) -> str:
    """Take the lines that end by themselves: serving has its own test, and the suite does not run the suite."""
    kept = [line for line in commands.splitlines() if line.split()[0] not in {SERVE, TEST}]
    return "\n".join(kept)


@pytest.mark.parametrize(
    "commands",
    [pytest.param(text, marks=needs_curl) if "curl " in text else text for text in COMMANDS],
    ids=[text.split("\n", 1)[0][:40] for text in COMMANDS],
)
def test_the_commands_work(checkout: Checkout, empty_url: str, commands: str) -> None:
    checkout.run(runnable(commands), empty_url)


@needs_curl
def test_the_query_has_the_answer_that_is_shown(checkout: Checkout) -> None:
    (query,) = [commands for commands in COMMANDS if "/graphql" in commands]
    assert json.loads(checkout.run(query))["data"] == ANSWER["data"]


def test_your_own_database_is_served_after_migrating(checkout: Checkout, empty_url: str) -> None:
    (commands,) = [commands for commands in COMMANDS if THEIR_DATABASE in commands]
    assert SERVE in commands
    checkout.run(runnable(commands), empty_url)
    with serving(checkout.folder, CADASTRE_DATABASE_URL=empty_url) as program:
        program.wait_until_ready()


def test_both_commands_are_what_a_newcomer_and_the_build_run(checkout: Checkout) -> None:
    assert [line.split()[0] for line in COMMANDS[0].splitlines()] == [SERVE, TEST]
    assert all(os.access(ROOT / script, os.X_OK) for script in (SERVE, TEST))
    assert (ROOT / ".ci" / "run").read_text("utf-8").splitlines()[-1] == f"exec {TEST}"
    assert (checkout.folder / ".cadastre").is_dir()


def test_the_packages_in_the_picture_are_the_packages() -> None:
    drawn = {
        package for line in PACKAGES.splitlines() for package in re.split(r",? |\|", line.split("  ")[0]) if package
    }
    there = {path.stem for path in (ROOT / "app").iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
    assert drawn == there - {"__init__"}


def test_links_lead_somewhere() -> None:
    for target in re.findall(r"\]\(([^)]+)\)", README):
        assert (ROOT / target).exists(), target
