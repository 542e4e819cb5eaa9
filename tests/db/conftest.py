"""Data folders that already hold a cluster."""

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.db.embedded import EmbeddedServer
from tests.clients.clusters import has_ended
from tests.databases import execute


@pytest.fixture(scope="session")
def stopped_cluster(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a cluster once, the way an unlucky machine does: locale POSIX, a foreign PGPORT, an interrupted initdb."""
    folder = tmp_path_factory.mktemp("cluster")
    (folder / "postgres.new").mkdir()
    (folder / "postgres.new" / "PG_VERSION").write_text("18\n")
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {"LANG": "POSIX", "LC_ALL": "POSIX", "PGPORT": "9", "PGDATA": "/nowhere"}.items():
            patch.setenv(name, value)
        EmbeddedServer(folder).close()
    return folder / "postgres"


@pytest.fixture
def make_folder(stopped_cluster: Path, tmp_path: Path) -> Iterator[Callable[[str], Path]]:
    """Make data folders that already hold a cluster, and leave no server and no socket folder of theirs behind."""
    made = []

    def make(name: str) -> Path:
        made.append(tmp_path / name)
        made[-1].mkdir()
        subprocess.run(["cp", "-a", stopped_cluster, made[-1] / "postgres"], check=True)  # noqa: S603, S607 - keeps owners
        return made[-1]

    yield make
    for folder in made:
        server = EmbeddedServer(folder)
        server.close()
        assert has_ended(server)
        assert server.socket_dir.parent == folder or not server.socket_dir.exists()


@pytest.fixture
def bare_url(server: EmbeddedServer, request: pytest.FixtureRequest, worker_id: str) -> Iterator[str]:
    """Create a database without tables, with the options of the test's parameter."""
    options = getattr(request, "param", "encoding 'UTF8' locale 'C.UTF-8'")
    name = f"bare_{worker_id}"
    execute(server, f"drop database if exists {name} with (force)")
    execute(server, f"create database {name} owner cadastre template template0 {options}")
    yield server.url_of(name)
    execute(server, f"drop database {name} with (force)")


@pytest.fixture
def folder(make_folder: Callable[[str], Path]) -> Path:
    return make_folder("data")
