"""PgBouncer between the program and its database: what works in which pool mode, and what is refused."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest

from app.db.embedded import EmbeddedServer
from app.db.migrating import migrate, require_migrated
from tests.clients.api import Api, open_api
from tests.clients.login import WHO
from tests.clients.program import cadastre
from tests.clients.servers import pgbouncer, pgbouncer_version

KNOWS_STATEMENTS = (1, 21)
"""The first PgBouncer that keeps prepared statements by client, with `max_prepared_statements`."""

NOUNS = ("orgs", "spaces", "roles", "menus", "customers", "admins")
QUERIES = [f"{{ {noun} {{ totalCount nodes {{ id name }} }} }}" for noun in NOUNS]
Urls = Callable[..., str]


@pytest.fixture
def url_through(server: EmbeddedServer, demo_url: str, tmp_path: Path) -> Iterator[Urls]:
    """Return a function that runs PgBouncer with some settings and returns the URL of a database behind it."""
    with ExitStack() as stack:

        def start(url: str = demo_url, **settings: object) -> str:
            port = stack.enter_context(pgbouncer(server, tmp_path, **settings))
            return f"postgresql://me:very-secret@127.0.0.1:{port}/{psycopg.conninfo.conninfo_to_dict(url)['dbname']}"

        yield start


def transaction_settings() -> dict[str, object]:
    """Return the settings of transaction pooling with prepared statements; skip where PgBouncer is too old."""
    if pgbouncer_version() < KNOWS_STATEMENTS:
        pytest.skip(f"PgBouncer {pgbouncer_version()} does not know prepared statements")
    return {"pool_mode": "transaction", "max_prepared_statements": 50}


def answers_of(api: Api, queries: list[str]) -> dict[str, object]:
    """Run queries at once and return the data of each; a log-in runs beside them."""
    with ThreadPoolExecutor(8) as threads:
        token = threads.submit(api.bearer, "supperadm")
        answers = dict(zip(queries, threads.map(api.data, queries), strict=True))
    me = api.post(WHO, authorization=token.result()).json()
    return {**answers, "me": me["data"]["me"]}


def assert_two_programs_answer(api: Api, url: str, **settings: object) -> None:
    """Two programs prepare the same statements in different orders; each gets the answers of a direct connection."""
    expected = answers_of(api, QUERIES)
    with open_api(url, **settings) as one, open_api(url, **settings) as other:
        for _ in range(3):
            assert answers_of(one, QUERIES) == answers_of(other, QUERIES[::-1]) == expected


def test_session_pooling_serves(api: Api, url_through: Urls) -> None:
    assert_two_programs_answer(api, url_through(pool_mode="session", default_pool_size=60))


def test_transaction_pooling_with_prepared_statements_serves(api: Api, url_through: Urls) -> None:
    assert_two_programs_answer(api, url_through(**transaction_settings(), default_pool_size=5))


def test_transaction_pooling_without_prepared_statements_serves_by_a_setting(api: Api, url_through: Urls) -> None:
    url = url_through(pool_mode="transaction", default_pool_size=5)
    assert_two_programs_answer(api, url, prepared_statements=False)


@pytest.mark.parametrize("pool_mode", ["session", "transaction"])
def test_nothing_is_heard_through_a_pooler_but_past_it(demo_url: str, url_through: Urls, pool_mode: str) -> None:
    url = url_through(pool_mode=pool_mode, default_pool_size=5)
    for listen_url, heard in ((None, 0), (demo_url, 1)):
        with open_api(url, prepared_statements=False, listen_url=listen_url) as api:
            assert f"cadastre_rights_listening {heard}.0\n" in api.client.get("/metrics").text
            assert api.client.get("/healthz").status_code == 200


def test_a_pooler_that_loses_prepared_statements_is_refused_in_one_line(url_through: Urls, tmp_path: Path) -> None:
    is_old = pgbouncer_version() < KNOWS_STATEMENTS
    url = url_through(pool_mode="transaction", **({} if is_old else {"max_prepared_statements": 0}))
    for _ in range(2):
        done = cadastre("serve", "--port", 0, "--data-dir", tmp_path, url=url)
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
        assert "does not keep the prepared statements of its clients" in done.stderr
        assert "CADASTRE_PREPARED_STATEMENTS=false" in done.stderr
        assert "very-secret" not in done.stderr


def test_the_commands_run_through_transaction_pooling(bare_url: str, url_through: Urls, tmp_path: Path) -> None:
    """Two migrations at once need the lock, which a pooled session would lose; nothing may stay set in a session."""
    url = url_through(bare_url, pool_mode="transaction", default_pool_size=4)
    with ThreadPoolExecutor(2) as threads:
        assert len({*threads.map(migrate, [url, url])}) == 1
    require_migrated(bare_url)
    rows = tmp_path / "orgs.csv"
    rows.write_text("external_id,parent_external_id,name,type\n1,,Root,BUSINESS\n2,1,Child,BUSINESS\n", "utf-8")
    assert "2 inserted" in cadastre("import", "orgs", rows, "--source", "erp", url=url).stdout
    assert cadastre("check", url=url).stdout.startswith("0 differences in ")
    with psycopg.connect(url) as connection:
        limits = connection.execute("select current_setting('lock_timeout'), current_setting('statement_timeout')")
        assert limits.fetchall() == [("0", "0")]
        held = "select count(*) from pg_locks join pg_database d on d.oid = database where locktype = 'advisory'"
        assert connection.execute(f"{held} and datname = current_database()").fetchone() == (0,)
