"""Several workers: they share the port and one database, are replaced when they die, and end together."""

import re
import signal
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx2 as httpx
import psutil
import psycopg
import pytest

from app.db.embedded import EmbeddedServer
from app.metrics.registry import children_of
from app.processes.supervisor import MOST_DEATHS
from tests.clients.clusters import is_gone, kill_postmaster, postmaster_of
from tests.clients.ports import free_port
from tests.clients.program import cadastre
from tests.clients.served import START_SECONDS, Program, served, token_of
from tests.clients.waiting import SOON, waiting, within
from tests.execution.test_idempotency import OLD_ANSWERS

JSON = "content-type: application/json\r\n"
BODY = b'{"query": "{ me { clientId } }"}'


KEY = {"idempotency-key": "k"}


def post(program: Program, query: str, token: str, **headers: str) -> httpx.Response:
    headers["authorization"] = f"Bearer {token}"
    return httpx.post(f"{program.address}/graphql", json={"query": query}, headers=headers, timeout=60)


def wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def workers_of(program: Program) -> list[psutil.Process]:
    """Return the worker processes: the children of the one that they are forked from."""
    found = [worker for child in children_of(psutil.Process(program.process.pid)) for worker in children_of(child)]
    return [worker for worker in found if not is_gone(worker)]


def sample(url: str, name: str) -> float:
    """Read a number from the metrics."""
    found = re.search(rf"^{re.escape(name)} (\S+)$", httpx.get(url).text, re.MULTILINE)
    return float(found[1]) if found else 0.0


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("workers")


@pytest.fixture(scope="module")
def metrics() -> str:
    return f"http://127.0.0.1:{free_port()}/metrics"


@pytest.fixture(scope="module")
def program(folder: Path, metrics: str) -> Iterator[Program]:
    """Serve the demo world with two workers, and the metrics on a port of their own."""
    port = str(httpx.URL(metrics).port)
    with served("--data-dir", folder, "--workers", 2, metrics_port=port, drain_seconds="4") as program:
        yield program


def two_workers_share_one_database(program: Program, folder: Path, metrics: str) -> None:
    assert len(workers_of(program)) == 2
    assert sample(metrics, "cadastre_workers") == 2
    program.wait_until_ready()
    assert program.get("/metrics").status_code == 404
    assert postmaster_of(folder).is_running()


def the_metrics_are_summed(program: Program, metrics: str) -> None:
    name = 'cadastre_http_requests_total{method="GET",route="/healthz",status="200"}'
    before = sample(metrics, name)
    for _ in range(40):  # on a connection each, so that both workers answer some
        assert program.get("/healthz").status_code == 200
    assert sample(metrics, name) == before + 40


def a_worker_that_dies_is_replaced_and_its_counts_are_kept(program: Program, metrics: str) -> None:
    name = 'cadastre_http_requests_total{method="GET",route="/healthz",status="200"}'
    before, seconds = sample(metrics, name), sample(metrics, "process_cpu_seconds_total")
    old = workers_of(program)
    old[0].kill()
    wait_until(lambda: is_gone(old[0]) and sample(metrics, "cadastre_workers") == 2)
    assert old[1] in workers_of(program)
    assert program.get("/healthz").status_code == 200
    assert sample(metrics, name) == before + 1
    assert sample(metrics, "process_cpu_seconds_total") >= seconds


def rights_count_in_every_worker_soon(program: Program, folder: Path, metrics: str) -> None:
    form = {"grant_type": "client_credentials", "client_id": "sync-client", "client_secret": "cadastre-demo"}
    token = httpx.post(f"{program.address}/oauth/token", data=form).json()["access_token"]
    wait_until(lambda: sample(metrics, "cadastre_rights_listening") == 2)

    def statuses() -> set[int]:
        """Ask on a connection each, so that both workers answer some."""
        return {post(program, "{ __typename }", token).status_code for _ in range(20)}

    assert statuses() == {200}
    assert cadastre("client", "disable", "sync-client", "--data-dir", folder).returncode == 0
    assert within(SOON, lambda: statuses() == {401})
    assert cadastre("client", "enable", "sync-client", "--data-dir", folder).returncode == 0


RENAME = 'mutation { updateOrg(input: {id: "2", expectedVersion: 1, name: "a"}) { org { name } errors { code } } }'


def a_mutation_whose_worker_is_killed_is_sent_again_with_its_key(program: Program, folder: Path) -> None:
    """What did not commit has not run; what did is answered by every worker."""
    token = token_of(program)
    with (
        EmbeddedServer(folder) as server,
        psycopg.connect(server.url, autocommit=True) as connection,
        psycopg.connect(server.url) as other,
        ThreadPoolExecutor(1) as one,
    ):
        other.execute("select from org where id = 2 for update")
        lost = one.submit(post, program, RENAME, token, **KEY)
        with waiting(server.url):
            assert post(program, RENAME, token, **KEY).status_code == 409
            for worker in (killed := workers_of(program)):
                worker.kill()
        assert isinstance(lost.exception(), httpx.TransportError)
        other.rollback()
        wait_until(lambda: all(map(is_gone, killed)) and len(workers_of(program)) == 2)
        assert within(SOON, lambda: post(program, RENAME, token, **KEY).status_code == 200)
        answers = [post(program, RENAME, token, **KEY) for _ in range(20)]
        assert connection.execute("select version from org where id = 2").fetchone() == (2,)
    assert {answer.headers.get("idempotency-replayed") for answer in answers} == {"true"}
    assert {answer.json()["data"]["updateOrg"]["org"]["name"] for answer in answers} == {"a"}


def a_database_that_dies_is_restarted_for_all_workers(program: Program, folder: Path) -> None:
    killed = kill_postmaster(folder)
    program.wait_until_ready()
    assert postmaster_of(folder).pid != killed
    assert token_of(program)


def sighup_replaces_the_workers_without_losing_a_request(program: Program, metrics: str) -> None:
    old = workers_of(program)
    program.process.send_signal(signal.SIGHUP)
    while not all(map(is_gone, old)):
        assert program.get("/healthz").status_code == 200
    wait_until(lambda: sample(metrics, 'cadastre_pool_connections{pool="login"}') == 2)
    assert len(workers_of(program)) == 2


def sigterm_makes_it_unready_and_lets_requests_finish(program: Program, folder: Path, metrics: str) -> None:
    token, workers, postgres = token_of(program), workers_of(program), postmaster_of(folder)
    address = httpx.URL(program.address)
    with socket.create_connection((address.host, address.port)) as connection:
        head = f"POST /graphql HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\n{JSON}"
        connection.sendall(f"{head}content-length: {len(BODY)}\r\n\r\n".encode() + BODY[:5])
        wait_until(lambda: sample(metrics, "cadastre_workers") == 2)
        program.process.send_signal(signal.SIGTERM)
        program.wait_until_ready(503)
        assert program.get("/readyz").json()["code"] == "ENDING"
        assert program.get("/healthz").status_code == 200
        wait_until(lambda: not accepts(address.host, address.port or 0))
        connection.sendall(BODY[5:])
        assert connection.recv(1000).startswith(b"HTTP/1.1 200 ")
    assert program.process.wait(60) == 0
    assert all(map(is_gone, [*workers, postgres]))


def test_several_workers_are_one_program(program: Program, folder: Path, metrics: str) -> None:
    """Try all of it on one program, which takes seconds to start: tests of their own would each start another one."""
    two_workers_share_one_database(program, folder, metrics)
    the_metrics_are_summed(program, metrics)
    a_worker_that_dies_is_replaced_and_its_counts_are_kept(program, metrics)
    rights_count_in_every_worker_soon(program, folder, metrics)
    a_mutation_whose_worker_is_killed_is_sent_again_with_its_key(program, folder)
    a_database_that_dies_is_restarted_for_all_workers(program, folder)
    sighup_replaces_the_workers_without_losing_a_request(program, metrics)
    sigterm_makes_it_unready_and_lets_requests_finish(program, folder, metrics)


def accepts(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port), timeout=1).close()
    except OSError:
        return False
    return True


def test_workers_end_when_their_parent_is_killed(own_url: str) -> None:
    with psycopg.connect(own_url) as connection:
        connection.execute(OLD_ANSWERS, [300])
    with served("--workers", 2, url=own_url) as program:
        workers, address = workers_of(program), httpx.URL(program.address)
        program.process.kill()
        wait_until(lambda: all(map(is_gone, workers)))
    assert not accepts(address.host, address.port or 0)
    with psycopg.connect(own_url) as connection:  # the start has removed old answers
        assert connection.execute("select count(*) from idempotency_key").fetchone() == (0,)


def test_a_program_whose_workers_die_again_and_again_ends(own_url: str) -> None:
    with served("--workers", 2, url=own_url) as program:
        killed = set()
        while program.process.poll() is None:
            for worker in workers_of(program) if program.process.poll() is None else ():
                worker.kill()
                killed.add(worker.pid)
            time.sleep(0.05)
        assert program.process.returncode == 2
        assert len(killed) > MOST_DEATHS


def test_a_metrics_port_that_is_taken_is_one_line(own_url: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = cadastre("serve", "--port", 0, url=own_url, metrics_port=port)
    assert (done.returncode, done.stdout) == (2, "")
    assert f"port {port} of 127.0.0.1 cannot be used for metrics" in done.stderr
