"""The real embedded PostgreSQL for every test: one server, templates migrated by Alembic, a database per worker."""

import fcntl
import hashlib
import itertools
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from app.bulk import demo, generate
from app.db.embedded import EmbeddedServer
from app.db.leakproof import trust_searches
from app.db.migrating import migrate
from app.execution.metrics import REGISTRY
from app.execution.request import FAILED
from app.settings import Settings
from tests.api import Api, open_api
from tests.login import LoginClient, open_login, serving
from tests.nouns import skip_while_incomplete

ROOT = Path(__file__).parent.parent
DATA_DIR = ROOT / ".cadastre" / "tests"
NUMBERS = itertools.count()


@pytest.fixture(scope="session")
def server() -> Iterator[EmbeddedServer]:
    """Start or attach to the tests' server; what it holds may be lost, so it does not wait for the disk."""
    server = EmbeddedServer(DATA_DIR, {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"})
    yield server
    server.close()


def digest_of(*patterns: str) -> str:
    """Name a state of some files, so that a template is made again when they change."""
    files = sorted(path for pattern in ("app/db/leakproof.py", *patterns) for path in ROOT.glob(pattern))
    assert files
    digest = hashlib.sha256()
    for path in files:
        digest.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return digest.hexdigest()[:12]


def execute(server: EmbeddedServer, statement: str) -> list[tuple[object, ...]]:
    """Run a statement about whole databases."""
    with psycopg.connect(server.url_of("postgres", "postgres"), autocommit=True) as connection:
        cursor = connection.execute(statement)
        return cursor.fetchall() if cursor.description else []


def make_template(server: EmbeddedServer, name: str, fill: Callable[[str], None]) -> str:
    """Make a template database once, whichever worker comes first."""
    with (DATA_DIR / "templates.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not execute(server, f"select 1 from pg_database where datname = '{name}'"):
            half = f"{name}_half"
            execute(server, f"drop database if exists {half}")
            execute(
                server, f"create database {half} owner cadastre template template0 encoding 'UTF8' locale 'C.UTF-8'"
            )
            trust_searches(server.url_of(half, "postgres"))
            fill(server.url_of(half))
            execute(server, f"alter database {half} rename to {name}")
    return name


@pytest.fixture(scope="session")
def empty_template(server: EmbeddedServer) -> str:
    """Name a database that is migrated and holds no record."""
    return make_template(server, f"empty_{digest_of('migrations/**/*.py')}", migrate)


def copy_of(server: EmbeddedServer, template: str, name: str) -> str:
    """Make a database from a template and give its URL; copied file by file, which takes a third of the time."""
    execute(server, f"drop database if exists {name} with (force)")
    execute(server, f"create database {name} owner cadastre template {template} strategy file_copy")
    return server.url_of(name)


@pytest.fixture(scope="session")
def demo_template(server: EmbeddedServer) -> str:
    """Name a database that holds the demo world."""
    skip_while_incomplete()
    digest = digest_of(
        "migrations/**/*.py", "app/demo/*.json", "app/bulk/demo.py", "app/bulk/trees.py", "app/services/tree.py"
    )

    def fill(url: str) -> None:
        migrate(url)
        demo.load(url)

    return make_template(server, f"demo_{digest}", fill)


@pytest.fixture(scope="session")
def demo_url(server: EmbeddedServer, demo_template: str, worker_id: str) -> Iterator[str]:
    """Give the URL of the worker's own demo world, for tests that only read."""
    name = f"demo_{worker_id}_{os.getpid()}"
    yield copy_of(server, demo_template, name)
    execute(server, f"drop database if exists {name} with (force)")


@pytest.fixture(scope="session")
def api(demo_url: str) -> Iterator[Api]:
    """Give the API over the demo world."""
    with open_api(demo_url) as api:
        yield api


@pytest.fixture(scope="session")
def generated_template(server: EmbeddedServer) -> str:
    """Name a database that holds one generated community: 14,606 spaces."""
    digest = digest_of("migrations/**/*.py", "app/bulk/generate.py", "app/bulk/trees.py", "app/services/tree.py")

    def fill(url: str) -> None:
        migrate(url)
        generate.generate(url, communities=1)

    return make_template(server, f"generated_{digest}", fill)


@pytest.fixture(scope="session")
def generated_url(server: EmbeddedServer, generated_template: str, worker_id: str) -> Iterator[str]:
    """Give the URL of the worker's own generated community, for tests that only read."""
    name = f"generated_{worker_id}_{os.getpid()}"
    yield copy_of(server, generated_template, name)
    execute(server, f"drop database if exists {name} with (force)")


@pytest.fixture(scope="session")
def generated_api(generated_url: str) -> Iterator[Api]:
    """Give the API over the generated community."""
    with open_api(generated_url) as api:
        yield api


@pytest.fixture
def empty_url(server: EmbeddedServer, empty_template: str, worker_id: str) -> Iterator[str]:
    """Give the URL of a migrated database of the test's own, without a record."""
    name = f"test_{worker_id}_{os.getpid()}_{next(NUMBERS)}"
    yield copy_of(server, empty_template, name)
    execute(server, f"drop database if exists {name} with (force)")


@pytest.fixture
def settings(server: EmbeddedServer, demo_template: str, worker_id: str, tmp_path: Path) -> Iterator[Settings]:
    """Give settings with a demo world that the test may change, and a data folder, and so keys, of its own."""
    name = f"login_{worker_id}_{os.getpid()}_{next(NUMBERS)}"
    yield Settings(database_url=copy_of(server, demo_template, name), data_dir=tmp_path)
    execute(server, f"drop database if exists {name} with (force)")


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
    name = f"login_{worker_id}_{os.getpid()}_{next(NUMBERS)}"
    url = copy_of(server, demo_template, name)
    with open_login(Settings(database_url=url, data_dir=tmp_path_factory.mktemp("shared"))) as login:
        yield login
    execute(server, f"drop database if exists {name} with (force)")


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
