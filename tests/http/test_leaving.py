"""Subscribers that leave, that take nothing, or whose program ends."""

import signal
import socket
import time
from collections.abc import Iterator

import httpx2 as httpx
import psycopg
import pytest
from websockets.exceptions import ConnectionClosed

from app.db.embedded import EmbeddedServer
from tests.clients.served import Program, served, token_of
from tests.clients.sockets import Socket, head_of, opened, raw
from tests.clients.streams import streamed
from tests.clients.waiting import SOON, within
from tests.databases import copied
from tests.http.test_event_stream import gauge
from tests.web.test_connections import memory
from tests.web.test_websockets import TEXT, frame

CHANGES = "subscription { changes { cursor } }"
LONG = "update space set name = right(name, 1) || repeat('长', 60), version = version + 1"
FEW = "update space set version = version + 1 where community_id = 15641"  # 22 spaces
MOST_MIB = 80
"""Most memory that the program takes meanwhile; the follower is told of 16 MB and the other one of 100 KB."""


@pytest.fixture(scope="module")
def url(server: EmbeddedServer, demo_template: str, worker_id: str) -> Iterator[str]:
    with copied(server, demo_template, worker_id) as url:
        yield url


@pytest.fixture
def program(url: str) -> Iterator[Program]:
    with served(url=url, require_login="false", write_seconds="2") as program:
        yield program


def test_a_websocket_that_is_closed_or_lost_ends_its_subscriptions(program: Program) -> None:
    with opened(program.address) as closed, raw(program.address) as lost:
        closed.initialise()
        closed.subscribe(CHANGES)
        head_of(lost)
        begin(lost, CHANGES)
        assert within(SOON, lambda: gauge(program) == 2)
    assert within(SOON, lambda: gauge(program) == 0)


def begin(client: socket.socket, query: str) -> None:
    """Begin a subscription over a raw connection."""
    subscribe = f'{{"type":"subscribe","id":"1","payload":{{"query":"{query}"}}}}'
    client.sendall(frame(TEXT, b'{"type":"connection_init"}') + frame(TEXT, subscribe.encode().ljust(126)))


def test_a_websocket_whose_client_takes_nothing_is_cut_off_and_costs_little_memory(program: Program, url: str) -> None:
    fields = " ".join(f"a{number}: name" for number in range(90))
    with raw(program.address) as slow, opened(program.address, ping_interval=None) as quick:
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        head_of(slow)
        begin(slow, f"subscription {{ spaceChanged {{ space {{ {fields} }} }} }}")
        quick.initialise()
        quick.subscribe(CHANGES)
        assert within(SOON, lambda: gauge(program) == 2)
        before = memory(program)
        with psycopg.connect(url, autocommit=True) as connection:
            for _ in range(10):
                connection.execute(LONG)
        assert within(30, lambda: gauge(program) == 1)
        assert memory(program) - before < MOST_MIB
        assert quick.data()["changes"]["cursor"]


def test_a_slow_client_is_told_nothing_more_when_its_log_in_has_ended(url: str) -> None:
    """Fifty events of a megabyte are answered together; buffers take a few of them."""
    fields = " ".join(f"a{number}: name" for number in range(90))
    below = " ".join(f"d{number}: descendants {{ nodes {{ ...Names }} }}" for number in range(3))
    query = f"""subscription {{ spaceChanged {{ space {{ community {{ {below} }} }} }} }}
      fragment Names on Space {{ {fields} }}"""
    with (
        served(url=url, require_login="true", max_aliases="1000") as program,
        psycopg.connect(url, autocommit=True) as connection,
    ):
        connection.execute(LONG)
        with opened(program.address, max_size=None, max_queue=1) as slow:
            token = token_of(program)
            slow.initialise(f"Bearer {token}")
            slow.subscribe(query)
            assert within(SOON, lambda: gauge(program) == 1)
            with connection.transaction():
                for _ in range(3):
                    connection.execute(FEW)
            slow.message()
            connection.execute("update admin set is_enabled = false where account = 'supperadm'")
            assert within(SOON, lambda: status_for(program, token) == 401)
            time.sleep(3)  # open subscriptions are looked at each second
            code, told = closed_after(slow)
        connection.execute("update admin set is_enabled = true where account = 'supperadm'")
    assert code == 4403
    assert told < 30


def status_for(program: Program, token: str) -> int:
    """Ask with a token, and return the status of the answer."""
    headers = {"authorization": f"Bearer {token}"}
    return httpx.post(f"{program.address}/graphql", json={"query": "{ __typename }"}, headers=headers).status_code


def closed_after(client: Socket) -> tuple[int, int]:
    """Read to the end, and return the code of the close and the number of messages before it."""
    told = 0
    try:
        while True:
            client.message()
            told += 1
    except ConnectionClosed as closed:
        return (1006 if closed.rcvd is None else closed.rcvd.code), told


def test_websockets_and_streams_end_at_once_with_the_program(program: Program, url: str) -> None:
    """Also those whose clients take nothing."""
    fields = " ".join(f"a{number}: name" for number in range(90))
    with (
        opened(program.address) as socket_,
        streamed(program.address, CHANGES) as stream,
        raw(program.address) as slow,
    ):
        socket_.initialise()
        socket_.subscribe(CHANGES)
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        head_of(slow)
        begin(slow, f"subscription {{ spaceChanged {{ space {{ {fields} }} }} }}")
        assert within(SOON, lambda: gauge(program) == 3)
        with psycopg.connect(url, autocommit=True) as connection:
            for _ in range(10):
                connection.execute(LONG)
        begun = time.monotonic()
        program.process.send_signal(signal.SIGTERM)
        assert "complete" not in [event.kind for event in stream.rest()]
        assert socket_.closed()[0] == 1012
        assert program.process.wait(60) == 0
        assert time.monotonic() - begun < 15
