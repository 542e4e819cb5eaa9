"""scripts/install: an installation that was interrupted at any moment is made anew by the next run."""

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.clients.program import environment
from tests.databases import ROOT

PROJECT = """
[project]
name = "small"
version = "1"

[project.optional-dependencies]
test = []
bench = []

[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
"""

BACKEND = """
import time, zipfile
from pathlib import Path

def get_requires_for_build_editable(settings=None):
    Path("building").touch()
    while Path("slow").exists():
        time.sleep(0.02)
    return []

def build_editable(folder, settings=None, metadata=None):
    name = "small-1-py3-none-any.whl"
    info = "small-1.dist-info"
    with zipfile.ZipFile(Path(folder) / name, "w") as wheel:
        wheel.writestr("small.py", "")
        wheel.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\\nName: small\\nVersion: 1\\n"
            "Provides-Extra: test\\nProvides-Extra: bench\\n")
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr(f"{info}/RECORD", f"small.py,,\\n{info}/METADATA,,\\n{info}/WHEEL,,\\n{info}/RECORD,,\\n")
    return name
"""
"""A package that pip builds and installs without a network."""

WAIT_SECONDS = 60
INSTALLING = "Installing Cadastre into .venv (once; a minute or two) ...\n"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Give the real scripts with a project that has no dependencies."""
    shutil.copytree(ROOT / "scripts", tmp_path / "scripts")
    (tmp_path / "scripts" / "constraints.txt").write_text("", "utf-8")
    (tmp_path / "pyproject.toml").write_text(PROJECT, "utf-8")
    (tmp_path / "backend.py").write_text(BACKEND, "utf-8")
    return tmp_path


def start(checkout: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(  # noqa: S603 - our own script
        [checkout / "scripts" / "install", *arguments], env=environment(), start_new_session=True,
        stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def install(checkout: Path, *arguments: str) -> str:
    """Run to the end and return what was written: nothing when nothing was missing."""
    with start(checkout, *arguments) as process:
        _, written = process.communicate()
    assert process.returncode == 0, written
    assert subprocess.run([checkout / ".venv/bin/python", "-c", "import pip, small"], check=False).returncode == 0  # noqa: S603
    return written


def both(checkout: Path) -> list[str]:
    """Run twice at the same time, and return what was written."""
    with start(checkout) as first, start(checkout) as second:
        return sorted(process.communicate()[1] for process in (first, second))


def wait_for(path: Path) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while not path.exists():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def kill_when(path: Path, checkout: Path, *arguments: str) -> None:
    """Kill an installation, with all its processes, as soon as a path exists."""
    with start(checkout, *arguments) as process:
        wait_for(path)
        os.killpg(process.pid, signal.SIGKILL)


def test_an_interrupted_installation_is_made_anew(checkout: Path) -> None:
    slow, building, constraints = checkout / "slow", checkout / "building", checkout / "scripts" / "constraints.txt"
    kill_when(checkout / ".venv" / "bin" / "python", checkout)  # a venv without pip
    slow.touch()
    kill_when(building, checkout)  # a venv without the package
    slow.unlink()
    assert both(checkout) == ["", INSTALLING]
    assert install(checkout) == ""

    assert install(checkout, "bench") == INSTALLING
    constraints.write_text("# other versions\n", "utf-8")
    assert install(checkout, "test") == INSTALLING
    assert [install(checkout, *extra) for extra in ((), ("bench",), ("test",))] == [""] * 3  # extras add up

    constraints.write_text("# interrupted versions\n", "utf-8")
    building.unlink()
    slow.touch()
    kill_when(building, checkout)
    assert not (checkout / ".venv" / "installed").exists()


def test_an_old_python_is_named_as_the_reason(checkout: Path, tmp_path: Path) -> None:
    programs = tmp_path / "programs"
    programs.mkdir()
    for name in ("bash", "cat", "cksum", "dirname", "grep", "sed"):
        (programs / name).symlink_to(shutil.which(name) or "")
    done = subprocess.run(  # noqa: S603 - our own script
        [programs / "bash", checkout / "scripts" / "install"], env={"PATH": str(programs)}, capture_output=True,
        text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "needs Python 3.11 or newer" in done.stderr
