"""The page /explorer, built as scripts/serve builds it, in a browser."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from app.db.embedded import EmbeddedServer
from app.settings import Settings
from tests.clients.browser import browser
from tests.clients.login import serving
from tests.clients.npm import PACKAGES, UNREACHABLE, first_reason, unreachable, workspace
from tests.clients.page import Explorer
from tests.databases import ROOT, copied

BUILD_SECONDS = 600


@pytest.fixture(scope="session")
def built() -> None:
    """Build the page; skip the test where npm's registry cannot be reached."""
    done = subprocess.run(  # noqa: S603 - our own script
        [ROOT / "scripts" / "explorer"], capture_output=True, text=True, check=False, timeout=BUILD_SECONDS
    )
    if done.returncode and UNREACHABLE.search(done.stderr):
        pytest.skip(unreachable(first_reason(done.stderr)))
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def chromium(built: None) -> Iterator[Browser]:  # noqa: ARG001 - the page must be there
    """Run the browser for the tests of a module: it runs an event loop, beside which other tests cannot run theirs."""
    with browser() as running:
        yield running


@pytest.fixture(scope="module")
def axe() -> Iterator[str]:
    """Give axe-core, which the test puts into the page."""
    with workspace():
        yield (PACKAGES / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")


@pytest.fixture(scope="module")
def community(
    generated_url: str,
    tmp_path_factory: pytest.TempPathFactory,
    built: None,  # noqa: ARG001 - the page must be there
) -> Iterator[str]:
    """Give the address of a program with a community of 14,606 spaces, which needs no log-in."""
    folder: Path = tmp_path_factory.mktemp("community")
    with serving(Settings(database_url=generated_url, data_dir=folder, require_login=False)) as address:
        yield address


@pytest.fixture(scope="module")
def program(
    server: EmbeddedServer,
    demo_template: str,
    worker_id: str,
    tmp_path_factory: pytest.TempPathFactory,
    built: None,  # noqa: ARG001 - the page must be there
) -> Iterator[str]:
    """Give the address of a program with a demo world for the tests of a module."""
    folder: Path = tmp_path_factory.mktemp("explorer")
    with (
        copied(server, demo_template, worker_id) as url,
        serving(Settings(database_url=url, data_dir=folder)) as address,
    ):
        yield address


@pytest.fixture
def explorer(chromium: Browser, program: str) -> Iterator[Explorer]:
    """Open the page; at the end nothing may have been asked of another host, and no error may be on the console."""
    with Explorer.opened(chromium, program) as page:
        yield page
