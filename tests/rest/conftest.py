"""Legacy clients over two demo worlds of each module: one that its tests change, and one that is only read."""

from collections.abc import Iterator

import pytest

from app.db.embedded import EmbeddedServer
from tests.clients.api import Api, open_api
from tests.clients.legacy import Legacy
from tests.databases import copied
from tests.rest.orgs import Orgs


@pytest.fixture(scope="module")
def world(server: EmbeddedServer, demo_template: str, worker_id: str) -> Iterator[Api]:
    """Give a demo world that the tests of a module change, each with records of its own."""
    with copied(server, demo_template, worker_id) as url, open_api(url, require_login=True) as api:
        yield api


@pytest.fixture(scope="module")
def staff(world: Api) -> Legacy:
    """Give an administrator of organisation 2."""
    return Legacy(world, "yanggc4")


@pytest.fixture(scope="module")
def super_(world: Api) -> Legacy:
    """Give the super administrator."""
    return Legacy(world, "supperadm")


@pytest.fixture(scope="module")
def reader(api: Api) -> Legacy:
    """Give the super administrator of a world that is only read."""
    return Legacy(api, "supperadm")


@pytest.fixture(scope="module")
def ordinary(api: Api) -> Legacy:
    """Give an administrator of organisation 2 in a world that is only read."""
    return Legacy(api, "yanggc4")


@pytest.fixture(scope="module")
def orgs(world: Api) -> Orgs:
    """Give the organisations of a world that the tests of a module change."""
    return Orgs(world)
