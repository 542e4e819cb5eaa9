"""WebSockets as connections: what a client may do before, during and after the handshake, and what is logged of it."""

import socket
import struct
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import httpx2 as httpx
import pytest

from tests.clients.served import Program, served
from tests.clients.sockets import HANDSHAKE, head_of, opened, raw
from tests.clients.waiting import SOON, within
from tests.restoring import Copies
from tests.web.test_connections import PATIENCE, is_refused, memory


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("log") / "program.log"


@pytest.fixture(scope="module")
def program(empty_copies: Copies, log: Path) -> Iterator[Program]:
    """Serve with short times and few connections."""
    short = {"head_seconds": "2", "write_seconds": "2", "require_login": "false"}
    limits = {"max_connections": "20", "max_connections_of_address": "8"}
    with served(url=empty_copies.url, log=str(log), **limits, **short) as program:
        yield program


def log_of(log: Path, before: int) -> list[str]:
    """Return the lines since some moment, without those of probes and metrics."""
    lines = log.read_text().splitlines()[before:]
    return [line for line in lines if "/healthz" not in line and "/metrics" not in line]


HEADS = {
    "more headers than the library reads": (b"GET /graphql HTTP/1.1", HANDSHAKE + b"x: y\r\n" * 300),
    "a header longer than the library reads": (b"GET /graphql HTTP/1.1", HANDSHAKE + b"x: " + b"y" * 9_000 + b"\r\n"),
    "a URL longer than the library reads": (b"GET /graphql?" + b"y" * 9_000 + b" HTTP/1.1", HANDSHAKE),
    "another method": (b"POST /graphql HTTP/1.1", HANDSHAKE + b"content-length: 0\r\n"),
    "a body": (b"GET /graphql HTTP/1.1", HANDSHAKE + b"content-length: 5\r\n"),
    "a chunked body": (b"GET /graphql HTTP/1.1", HANDSHAKE + b"transfer-encoding: chunked\r\n"),
    "no key": (b"GET /graphql HTTP/1.1", HANDSHAKE.replace(b"sec-websocket-key", b"x")),
    "another version": (b"GET /graphql HTTP/1.1", HANDSHAKE.replace(b"13", b"8")),
    "bytes that are no ASCII in the URL": (b"GET /graphql?x=\xff\xe4 HTTP/1.1", HANDSHAKE),
    "bytes that are no ASCII in a header": (b"GET /graphql HTTP/1.1", HANDSHAKE + b"x: \xff\xe4\r\n"),
    "an unknown URL": (b"GET /secretpath HTTP/1.1", HANDSHAKE),
    "HTTP/1.0": (b"GET /graphql HTTP/1.0", HANDSHAKE),
}


@pytest.mark.parametrize("case", HEADS)
def test_a_handshake_is_answered_and_leaves_no_error_in_the_log(program: Program, log: Path, case: str) -> None:
    before = len(log.read_text().splitlines())
    line, headers = HEADS[case]
    with raw(program.address, line, headers) as client:
        head = head_of(client)
    assert head.startswith(b"HTTP/1.1 "), head
    assert program.get("/healthz").status_code == 200
    lines = log_of(log, before)
    assert not [each for each in lines if "level=error" in each or "secret" in each]


def frame(opcode: int, payload: bytes, *, fin: bool = True) -> bytes:
    """Write a frame of a client (RFC 6455, 5.2), masked with zeros."""
    size = len(payload)
    length = struct.pack("!B", 0x80 | size) if size < 126 else struct.pack("!BQ", 0x80 | 127, size)
    return bytes([(0x80 if fin else 0) | opcode]) + length + bytes(4) + payload


TEXT, CONTINUED, PING, PROTOCOL_ERROR, INVALID_DATA, TOO_BIG = 1, 0, 9, 1002, 1007, 1009

SENT = {
    "garbage": (b"GET / HTTP/1.1\r\nhost: x\r\n\r\n" * 3, PROTOCOL_ERROR),
    "a frame without a mask": (b"\x81\x02{}", PROTOCOL_ERROR),
    "reserved bits": (b"\xf1" + frame(TEXT, b"{}")[1:], PROTOCOL_ERROR),
    "an unknown opcode": (frame(3, b"{}"), PROTOCOL_ERROR),
    "a fragment of nothing": (frame(CONTINUED, b"{}"), PROTOCOL_ERROR),
    "a long ping": (frame(PING, b"x" * 200), PROTOCOL_ERROR),
    "text that is no UTF-8": (frame(TEXT, b'{"type":"\xff\xfe13800138000"}'), INVALID_DATA),
    "a message of more than 1 MiB": (frame(TEXT, b"x" * ((1 << 20) + 1)), TOO_BIG),
    "fragments without an end": (frame(TEXT, b"x", fin=False) + frame(CONTINUED, b"", fin=False) * 5_000, TOO_BIG),
    "large fragments without an end": (frame(TEXT, b"x" * 600_000, fin=False) + frame(0, b"x" * 600_000), TOO_BIG),
}


@pytest.mark.parametrize("case", SENT)
def test_what_is_no_message_ends_the_connection_and_is_no_error_in_the_log(
    program: Program, log: Path, case: str
) -> None:
    before = len(log.read_text().splitlines())
    sent, code = SENT[case]
    with raw(program.address) as client:
        assert head_of(client).startswith(b"HTTP/1.1 101 ")
        with suppress(ConnectionError):
            client.sendall(sent)
        received = b""
        with suppress(ConnectionError):
            while part := client.recv(65_536):
                received += part
    assert received[:1] == b"\x88", received
    assert struct.unpack("!H", received[2:4]) == (code,)
    assert within(SOON, lambda: bool(log_of(log, before)))
    (line,) = log_of(log, before)
    assert "method=WEBSOCKET route=/graphql status=101" in line, line


def test_a_connection_that_is_reset_is_one_line_of_the_log(program: Program, log: Path) -> None:
    before = len(log.read_text().splitlines())
    with raw(program.address) as client:
        assert head_of(client).startswith(b"HTTP/1.1 101 ")
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    assert within(SOON, lambda: bool(log_of(log, before)))
    (line,) = log_of(log, before)
    assert "level=info" in line, line


def test_the_log_has_one_line_of_a_websocket_and_no_value_of_its_messages(program: Program, log: Path) -> None:
    before = len(log.read_text().splitlines())
    canary = "canary-13800138000"
    with opened(program.address, f"/graphql?x={canary}", additional_headers={"x-canary": canary}) as client:
        client.initialise()
        client.subscribe(f'{{ orgs(filter: {{name: {{eq: "{canary}"}}}}) {{ totalCount }} }}', canary)
        assert client.message()["type"] == "next"
        assert client.message()["type"] == "complete"
        client.subscribe(f"{{ nothing(x: {canary}) }}", canary)
        assert client.message()["type"] == "error"
        client.send(canary)
        assert client.closed()[0] == 4400
    assert within(SOON, lambda: bool(log_of(log, before)))
    (line,) = log_of(log, before)
    assert "status=101" in line
    assert canary not in line


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "null", "http://127.0.0.1:1"])
def test_a_page_of_another_origin_is_refused(program: Program, log: Path, origin: str) -> None:
    before = len(log.read_text().splitlines())
    with raw(program.address, headers=HANDSHAKE + b"origin: " + origin.encode() + b"\r\n") as client:
        assert head_of(client).startswith(b"HTTP/1.1 403 ")
    assert within(SOON, lambda: bool(log_of(log, before)))
    (line,) = log_of(log, before)
    assert "status=403" in line
    assert "elsewhere" not in line


def test_the_page_of_the_program_itself_may_open_one(program: Program) -> None:
    with opened(program.address, origin=program.address) as client:
        client.initialise()


def test_websockets_are_counted_as_connections(program: Program) -> None:
    with ExitStack() as stack:
        for _ in range(8):
            stack.enter_context(opened(program.address))
        assert httpx.get(f"{program.address}/healthz").status_code == 503
    assert within(SOON, lambda: program.get("/healthz").status_code == 200)


def test_a_client_that_does_not_begin_is_sent_away(program: Program) -> None:
    with opened(program.address) as client:
        assert client.closed() == (4408, "Connection initialisation timeout")


def test_the_answers_to_pings_do_not_gather_in_memory(program: Program) -> None:
    """A client that sends pings and reads no answer costs no memory, and is disconnected."""
    pings = frame(PING, b"x" * 125) * 1_000
    with raw(program.address) as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        before = memory(program)
        assert within(PATIENCE, lambda: is_refused(client, pings))
        assert memory(program) - before < 16
