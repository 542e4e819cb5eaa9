"""Limits of connections: what a client may send before it is known, and how long it may hold a connection.

The times are limits of the program that these tests make short; no test measures one.
"""

import json
import re
import resource
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from itertools import zip_longest
from pathlib import Path
from urllib.parse import urlsplit

import httpx2 as httpx
import pytest

from tests.clients.served import Program, served
from tests.clients.waiting import within
from tests.restoring import Copies

HEAD = b"GET /healthz HTTP/1.1\r\nhost: x\r\n"
POST = b"POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n"
LOGIN = b"POST /oauth/token HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-www-form-urlencoded\r\n"
CHUNKED = LOGIN + b"transfer-encoding: chunked\r\n\r\n1\r\na\r\n"
PATIENCE = 30  # seconds: a limit for a hopeless wait, not an expectation


@pytest.fixture(scope="module")
def program(empty_copies: Copies) -> Iterator[Program]:
    """Serve with short times and few connections."""
    short = {"head_seconds": "1", "body_seconds": "1", "idle_seconds": "2", "write_seconds": "2"}
    limits = {"max_connections": "20", "max_connections_of_address": "8"}
    with served(url=empty_copies.url, **limits, **short) as program:
        yield program


@contextmanager
def connected(program: Program, buffer: int | None = None, address: str = "127.0.0.1") -> Iterator[socket.socket]:
    """Connect to a program from an address of this machine, with a small buffer for what it answers if given."""
    to = urlsplit(program.address)
    with socket.socket() as client:
        client.bind((address, 0))
        if buffer is not None:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        client.settimeout(PATIENCE)
        client.connect((to.hostname, to.port))
        yield client


def send(client: socket.socket, *parts: bytes) -> None:
    """Send parts one after the other, until the program reads no more."""
    with suppress(BrokenPipeError, ConnectionResetError):
        for part in parts:
            client.sendall(part)


def received(client: socket.socket) -> bytes:
    """Read until the program closes the connection."""
    received = b""
    with suppress(ConnectionResetError):
        while part := client.recv(65_536):
            received += part
    return received


def is_refused(client: socket.socket, sent: bytes) -> bool:
    """Send, and return whether the connection is closed."""
    try:
        client.sendall(sent)
    except ConnectionError:
        return True
    return False


def statuses(received: bytes) -> list[int]:
    """Return the statuses of answers."""
    return [int(status) for status in re.findall(rb"HTTP/1.1 (\d+) ", received)]


def refused(client: socket.socket) -> tuple[int, str]:
    """Read the only answer and return its status and the code of its error."""
    head, _, body = received(client).partition(b"\r\n\r\n")
    return int(head.split()[1]), json.loads(body)["errors"][0]["extensions"]["code"]


def memory(program: Program) -> int:
    """Return the resident memory of a program in MiB."""
    pages = int(Path(f"/proc/{program.process.pid}/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() // 2**20


TOO_LARGE = {
    "a head without an end": (431, "HEAD_TOO_LARGE", [HEAD, *[b"x: " + b"y" * 1_000 + b"\r\n"] * 40_000]),
    "a header without an end": (431, "HEAD_TOO_LARGE", [HEAD, b"x: ", *[b"y" * 65_536] * 500]),
    "a name without an end": (431, "HEAD_TOO_LARGE", [HEAD, *[b"y" * 65_536] * 500]),
    "a whole head that is too large": (431, "HEAD_TOO_LARGE", [HEAD + b"x: " + b"y" * 33_000 + b"\r\n\r\n"]),
    "a URL without an end": (414, "URL_TOO_LONG", [b"GET /", *[b"y" * 65_536] * 500]),
    "a whole URL that is too long": (414, "URL_TOO_LONG", [b"GET /" + b"y" * 33_000 + b" HTTP/1.1\r\n\r\n"]),
    "a trailer without an end": (431, "HEAD_TOO_LARGE", [CHUNKED, b"0\r\nx: ", *[b"y" * 65_536] * 500]),
    "trailers without an end": (431, "HEAD_TOO_LARGE", [CHUNKED, b"0\r\n", *[b"x: y\r\n" * 1_000] * 5_000]),
    "a chunk's extension without an end": (431, "HEAD_TOO_LARGE", [CHUNKED, b"2;", *[b"y" * 65_536] * 500]),
    "no HTTP": (400, "BAD_REQUEST", [b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" * 9]),
}


@pytest.mark.parametrize("case", TOO_LARGE)
def test_what_a_request_sends_besides_its_body_is_limited(program: Program, case: str) -> None:
    status, code, parts = TOO_LARGE[case]
    before = memory(program)
    with connected(program) as client:
        send(client, *parts)
        assert refused(client) == (status, code)
    assert memory(program) - before < 8


def test_a_head_within_the_limit_is_read_also_in_small_parts(program: Program) -> None:
    with connected(program) as client:
        send(client, HEAD, *[b"x: " + b"y" * 1_000 + b"\r\n"] * 30, b"connection: close\r\n\r\n")
        assert client.makefile("rb").readline() == b"HTTP/1.1 200 OK\r\n"


def test_requests_behind_each_other_on_one_connection_are_answered_in_turn(program: Program) -> None:
    with connected(program) as client:
        send(client, (HEAD + b"\r\n") * 99 + HEAD + b"connection: close\r\n\r\n")
        assert client.makefile("rb").read().count(b"HTTP/1.1 200 OK") == 100


def test_the_head_and_the_body_of_an_answer_come_together(program: Program) -> None:
    with connected(program) as client:
        for _ in range(200):  # two system calls would often be two parts
            send(client, HEAD + b"\r\n")
            head, _, body = client.recv(65_536).partition(b"\r\n\r\n")
            assert b"content-length: %d" % len(body) in head
            assert body


def test_an_answer_whose_body_is_not_sent_has_its_head(program: Program) -> None:
    with connected(program) as client:
        lines = client.makefile("rb")
        send(client, HEAD.replace(b"GET", b"HEAD") + b"\r\n")
        assert lines.readline() == b"HTTP/1.1 200 OK\r\n"
        assert b"\r\n" in iter(lines.readline, b"")


def test_a_body_is_asked_for_before_it_is_answered(program: Program) -> None:
    with connected(program) as client:
        lines = client.makefile("rb")
        send(client, LOGIN, b"expect: 100-continue\r\ncontent-length: 1\r\n\r\n")
        assert lines.readline() == b"HTTP/1.1 100 Continue\r\n"
        assert lines.readline() == b"\r\n"
        send(client, b"a")
        assert lines.readline() == b"HTTP/1.1 400 Bad Request\r\n"


SLOW = {
    "half a request": ([HEAD], 408),
    "half a request behind a whole one": ([HEAD + b"\r\n" + HEAD], 408),
    "half a body": ([LOGIN + b"content-length: 9\r\n\r\na"], 408),
    "a byte of a head now and then": ([HEAD, *[b"x"] * 20], 408),
    "a byte of a body now and then": ([LOGIN + b"content-length: 90\r\n\r\n", *[b"a"] * 20], 408),
    "half a body of a request that is answered before": ([POST + b"content-length: 9\r\n\r\n{"], 401),
}


def test_requests_that_do_not_end_are_ended(program: Program) -> None:
    with ExitStack() as stack:
        clients = {case: stack.enter_context(connected(program)) for case in SLOW}
        for parts in zip_longest(*(parts for parts, _ in SLOW.values()), fillvalue=b""):
            for client, part in zip(clients.values(), parts, strict=True):
                send(client, part)
            time.sleep(0.1)
        found = {case: statuses(received(client)) for case, client in clients.items()}
    assert {case: each[-1] for case, each in found.items()} == {case: status for case, (_, status) in SLOW.items()}
    assert program.get("/healthz").status_code == 200


def test_a_connection_without_a_request_is_closed(program: Program) -> None:
    with connected(program) as silent, connected(program) as used:
        send(used, HEAD + b"\r\n")
        assert silent.recv(1) == b""
        assert b"200 OK" in used.makefile("rb").read()  # to its end


def test_a_client_that_takes_no_answer_is_disconnected(program: Program) -> None:
    request = b"GET /openapi.json HTTP/1.1\r\nhost: x\r\n\r\n"
    with connected(program, buffer=4_096) as client:
        send(client, request * 50)
        assert within(PATIENCE, lambda: is_refused(client, request))
        taken = received(client)
    assert taken.count(b"HTTP/1.1 200 OK") < 50


@pytest.mark.parametrize(("number", "addresses"), [(20, 4), (8, 1)], ids=["of all addresses", "of one address"])
def test_connections_beyond_a_limit_are_refused_until_others_end(program: Program, number: int, addresses: int) -> None:
    with ExitStack() as stack:
        sources = [f"127.0.0.{1 + place % addresses}" for place in range(number + 3)]
        held = [stack.enter_context(connected(program, address=source)) for source in sources[:number]]
        send(held[0], HEAD + b"\r\n")
        assert held[0].recv(15) == b"HTTP/1.1 200 OK"
        for source in sources[number:]:
            with connected(program, address=source) as client:
                assert refused(client) == (503, "TOO_MANY_CONNECTIONS")
    wait_until_answered(program)


def test_few_file_descriptors_bound_the_connections_and_the_program_goes_on(empty_copies: Copies) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (256, hard))  # the program inherits it
    with ExitStack() as stack:
        try:
            program = stack.enter_context(served(url=empty_copies.url))
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        first = stack.enter_context(connected(program))
        held = [stack.enter_context(connected(program)) for _ in range(300)]
        send(first, HEAD + b"\r\n")
        assert first.recv(15) == b"HTTP/1.1 200 OK"
        assert 100 < len([client for client in held if peeked(client)]) < 300
        for client in held:
            client.close()
        wait_until_answered(program)


def peeked(client: socket.socket) -> bool:
    """Return whether the program has refused or closed a connection on which nothing was sent."""
    client.settimeout(0.001)
    try:
        return client.recv(15) in {b"", b"HTTP/1.1 503 Se"}
    except TimeoutError:
        return False
    except ConnectionResetError:
        return True


def wait_until_answered(program: Program) -> None:
    """Wait until a new connection is answered."""
    deadline = time.monotonic() + PATIENCE
    while True:
        with suppress(httpx.HTTPError):
            if program.get("/healthz").status_code == 200:
                return
        assert time.monotonic() < deadline
        time.sleep(0.1)
