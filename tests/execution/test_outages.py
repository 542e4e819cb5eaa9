"""The database is killed and comes back: no request that comes after that meets a connection from before."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
import psycopg
import pytest

from app.db.embedded import EmbeddedServer
from app.db.migrating import migrate
from app.settings import Settings
from tests.clients.api import Api, open_api
from tests.clients.clusters import kill_postmaster, postmaster_of

SIZE = Settings().pool_size
OTHERS = ("login", "token", "rights", "push")
QUERY = "{ orgs { totalCount } }"
CONNECTIONS = "select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"


@pytest.fixture(scope="module")
def mortal() -> Iterator[EmbeddedServer]:
    """Give a server that may be killed, with an empty register.

    Its folder is not below pytest's, which another run closes to the user of the server when it starts.
    """
    with TemporaryDirectory() as folder, EmbeddedServer(Path(folder)) as server:
        migrate(server.url)
        yield server


def fill(api: Api, url: str) -> None:
    """Have the pool open all its connections; others log in, check tokens, listen, and tell the push service."""
    with psycopg.connect(url, autocommit=True) as connection, ThreadPoolExecutor(4 * SIZE) as threads:
        while connection.execute(CONNECTIONS).fetchone() != (SIZE + len(OTHERS),):
            assert {answer.status_code for answer in threads.map(lambda _: api.post(QUERY), range(8 * SIZE))} == {200}


def kill(folder: Path) -> None:
    """Kill the server as hard as can be, and wait until nothing of it is left."""
    backends = postmaster_of(folder).children()
    kill_postmaster(folder)
    psutil.wait_procs(backends)


@pytest.mark.parametrize("compiled", [True, False])
def test_no_request_meets_a_connection_from_before_a_restart(mortal: EmbeddedServer, *, compiled: bool) -> None:
    with open_api(mortal.url, compiled=compiled) as api:
        fill(api, mortal.url)
        kill(mortal.data_dir)
        assert mortal.revive()
        answers = [api.post(QUERY) for _ in range(3 * SIZE)]
        assert [answer.json().get("data") for answer in answers] == [{"orgs": {"totalCount": 0}}] * 3 * SIZE
        assert api.client.get("/readyz").status_code == 200
