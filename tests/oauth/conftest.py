"""The authorization server over a demo world of the test's own, and behind a real port."""

import itertools
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.db.embedded import EmbeddedServer
from app.settings import Settings
from tests.conftest import copy_of, execute
from tests.login import Door, open_door, serving

NUMBERS = itertools.count()


@pytest.fixture
def settings(server: EmbeddedServer, demo_template: str, worker_id: str, tmp_path: Path) -> Iterator[Settings]:
    """Give settings with a demo world that the test may change, and a data folder, and so keys, of its own."""
    name = f"login_{worker_id}_{os.getpid()}_{next(NUMBERS)}"
    yield Settings(database_url=copy_of(server, demo_template, name), data_dir=tmp_path)
    execute(server, f"drop database if exists {name} with (force)")


@pytest.fixture
def door(settings: Settings) -> Iterator[Door]:
    """Give the authorization server as a client sees it."""
    with open_door(settings) as door:
        yield door


@pytest.fixture(scope="module")
def shared_door(
    server: EmbeddedServer, demo_template: str, worker_id: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Door]:
    """Give an authorization server that those tests of a module share whose log-ins do not disturb each other."""
    name = f"login_{worker_id}_{os.getpid()}_{next(NUMBERS)}"
    url = copy_of(server, demo_template, name)
    with open_door(Settings(database_url=url, data_dir=tmp_path_factory.mktemp("shared"))) as door:
        yield door
    execute(server, f"drop database if exists {name} with (force)")


@pytest.fixture
def address(settings: Settings) -> Iterator[str]:
    """Give the address of a running server."""
    with serving(settings) as address:
        yield address
