"""The real embedded PostgreSQL for every test: one server, templates migrated by Alembic, a database per worker."""

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.bulk import demo, generate
from app.db.embedded import EmbeddedServer
from app.db.migrating import migrate
from app.execution.request import FAILED
from app.metrics.registry import REGISTRY
from app.processes.worker import tune
from app.settings import Settings
from tests.clients.api import Api, open_api
from tests.clients.login import LoginClient, open_login, serving
from tests.databases import DATA_DIR, copied, digest_of, make_template, with_request_url
from tests.restoring import ApiCopies, Copies
from tests.worlds.nouns import skip_while_incomplete

gc.disable()  # what is imported and collected stays until the end

MIGRATIONS = "migrations/**/*.py"
TREES = ("app/bulk/trees.py", "app/services/tree.py")


def pytest_collection_finish() -> None:
    """Collect garbage and change between threads as a serving program does, from now on."""
    gc.enable()
    tune()


@pytest.fixture(scope="session")
def server() -> Iterator[EmbeddedServer]:
    """Start or attach to the tests' server; what it holds may be lost, so it does not wait for the disk."""
    server = EmbeddedServer(DATA_DIR, {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"})
    yield server
    server.close()


@pytest.fixture(scope="session")
def empty_template(server: EmbeddedServer) -> str:
    """Name a database that is migrated and holds no record."""
    return make_template(server, f"empty_{digest_of(MIGRATIONS)}", migrate)


@pytest.fixture(scope="session")
def demo_template(server: EmbeddedServer) -> str:
    """Name a database that holds the demo world."""
    skip_while_incomplete()
    digest = digest_of(MIGRATIONS, "app/demo/*.json", "app/bulk/demo.py", *TREES)

    def fill(url: str) -> None:
        migrate(url)
        demo.load(url)

    return make_template(server, f"demo_{digest}", fill)


@pytest.fixture(scope="session")
def demo_url(server: EmbeddedServer, demo_template: str, worker_id: str) -> Iterator[str]:
    """Give the URL of the worker's own demo world, for tests that only read."""
    with copied(server, demo_template, worker_id) as url:
        yield url


@pytest.fixture(scope="session")
def api(demo_url: str) -> Iterator[Api]:
    """Give the API over the demo world."""
    with open_api(demo_url) as api:
        yield api


@pytest.fixture(scope="session")
def generated_template(server: EmbeddedServer) -> str:
    """Name a database that holds one generated community: 14,606 spaces."""
    digest = digest_of(MIGRATIONS, "app/bulk/generate.py", *TREES)

    def fill(url: str) -> None:
        migrate(url)
        generate.generate(url, communities=1)

    return make_template(server, f"generated_{digest}", fill)


@pytest.fixture(scope="session")
def generated_url(server: EmbeddedServer, generated_template: str, worker_id: str) -> Iterator[str]:
    """Give the URL of the worker's own generated community, for tests that only read."""
    with copied(server, generated_template, worker_id) as url:
        yield url


@pytest.fixture(scope="session")
def generated_api(generated_url: str) -> Iterator[Api]:
    """Give the API over the generated community."""
    with open_api(generated_url) as api:
        yield api


@pytest.fixture(scope="session")
def empty_copies(server: EmbeddedServer, empty_template: str, worker_id: str) -> Iterator[Copies]:
    """Keep the worker's migrated database without a record."""
    with Copies(server, empty_template, worker_id) as copies:
        yield copies


@pytest.fixture
def empty_url(empty_copies: Copies) -> Iterator[str]:
    """Give the URL of a migrated database without a record that the test may change."""
    yield empty_copies.url
    empty_copies.restore()


@pytest.fixture(scope="session")
def own_copies(server: EmbeddedServer, demo_template: str, worker_id: str) -> Iterator[Copies]:
    """Keep the worker's demo world that tests may change."""
    with Copies(server, demo_template, worker_id) as copies:
        yield copies


@pytest.fixture(scope="session")
def api_copies(server: EmbeddedServer, demo_template: str, worker_id: str) -> Iterator[ApiCopies]:
    """Keep the worker's demo world that tests may change through the API."""
    with ApiCopies(server, demo_template, worker_id) as copies:
        yield copies


@pytest.fixture
def own_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """Give the URL of a demo world that the test may change; own_api is the API over it."""
    name = "api_copies" if "own_api" in request.fixturenames else "own_copies"
    copies: Copies = request.getfixturevalue(name)
    yield copies.url
    copies.restore()


@pytest.fixture
def own_api(api_copies: ApiCopies, own_url: str) -> Api:  # noqa: ARG001 - own_url makes and restores the copy
    """Give the API over a demo world that the test may change, for callers who log in."""
    return api_copies.api


@pytest.fixture
def settings(own_url: str, tmp_path: Path) -> Settings:
    """Give settings with a demo world that the test may change, and with a data folder, and so keys, of its own."""
    return Settings(database_url=own_url, data_dir=tmp_path, **with_request_url(own_url))


@pytest.fixture
def login(settings: Settings) -> Iterator[LoginClient]:
    """Give the authorization server as a client sees it."""
    with open_login(settings) as login:
        yield login


@pytest.fixture(scope="module")
def shared_login(
    server: EmbeddedServer, demo_template: str, worker_id: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LoginClient]:
    """Give an authorization server that those tests of a module share whose log-ins do not disturb each other."""
    folder = tmp_path_factory.mktemp("shared")
    with (
        copied(server, demo_template, worker_id) as url,
        open_login(Settings(database_url=url, data_dir=folder, **with_request_url(url))) as login,
    ):
        yield login


@pytest.fixture
def address(settings: Settings) -> Iterator[str]:
    """Give the address of a running server."""
    with serving(settings) as address:
        yield address


@pytest.fixture(autouse=True)
def no_plan_fails(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test in which a plan failed and graphql-core answered: a bug that a client would not notice."""
    before = failed_plans()
    yield
    assert failed_plans() == before or request.node.get_closest_marker("plan_fails")


def failed_plans() -> float:
    """Count the plans of this process that failed."""
    return REGISTRY.get_sample_value("cadastre_queries_total", {"way": FAILED}) or 0.0
