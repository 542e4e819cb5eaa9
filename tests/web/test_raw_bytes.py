"""Raw bytes on the socket: whatever a client sends, the program answers as HTTP says, or closes, and goes on."""

import re
import socket
from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import urlsplit

import httpx2 as httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.clients.served import Program, served
from tests.restoring import Copies

PATIENCE = 20  # seconds: a limit for a hopeless wait, not an expectation
PATHS = (
    b"/graphql",
    b"/healthz",
    b"/readyz",
    b"/oauth/token",
    b"/v1/iot/main/space/list",
    b"/",
    b"*",
    b"//",
    b"/%00",
    b"/%ff",
)
METHODS = (b"GET", b"POST", b"HEAD", b"OPTIONS", b"PUT", b"CONNECT", b"PRI", b"get", b"")
VERSIONS = (b"HTTP/1.1", b"HTTP/1.0", b"HTTP/2.0", b"HTTP/9.9", b"")
NAMES = (
    b"host", b"content-length", b"transfer-encoding", b"content-type", b"connection", b"upgrade", b"expect", b"accept",
    b"authorization", b"x-forwarded-for", b"x-request-id", b"accept-language", b"idempotency-key", b"cadastre-org",
    b"\x00", b"",
)  # fmt: skip
VALUES = (
    b"x", b"0", b"5", b"-1", b"99999999999999999999", b"chunked", b"chunked, chunked", b"application/json",
    b"websocket", b"close", b"keep-alive", b"100-continue", b"text/csv", b"Bearer x", b"\xff\xfe", b"", b"1, 2",
)  # fmt: skip
BODIES = (
    b"",
    b"{}",
    b"null",
    b"[[[[",
    b'{"query": "{ __typename }"}',
    b"5\r\nhello\r\n0\r\n\r\n",
    b"zz\r\n",
    b"\x00" * 64,
)
ENDS = (b"\r\n", b"\n", b"\r", b"\r\n ", b"")

words = st.one_of(st.binary(max_size=24), st.sampled_from(VALUES))
headers = st.builds(
    lambda name, value, end: name + b": " + value + end,
    st.one_of(st.sampled_from(NAMES), st.binary(max_size=12)),
    words,
    st.sampled_from(ENDS[:3]) | st.just(b"\r\n"),
)


def request_of(method: bytes, path: bytes, version: bytes, lines: list[bytes], body: bytes) -> bytes:
    """Put a request together."""
    return b"%s %s %s\r\n%s\r\n%s" % (method, path, version, b"".join(lines), body)


requests = st.builds(
    request_of,
    st.sampled_from(METHODS) | st.binary(max_size=8),
    st.sampled_from(PATHS) | st.binary(max_size=40).map(lambda rest: b"/" + rest),
    st.sampled_from(VERSIONS),
    st.lists(headers, max_size=6),
    st.sampled_from(BODIES) | st.binary(max_size=200),
)
streams = st.one_of(st.binary(max_size=400), requests, st.lists(requests, min_size=2, max_size=4).map(b"".join))


@pytest.fixture(scope="module")
def program(empty_copies: Copies) -> Iterator[Program]:
    """Serve with short times, so that what never ends is cut off soon."""
    short = {"head_seconds": "0.3", "body_seconds": "0.3", "idle_seconds": "0.3"}
    with served(url=empty_copies.url, require_login="true", **short) as program:
        yield program


def answers(program: Program, content: bytes) -> bytes:
    """Send bytes, end the sending, and read until the program closes the connection."""
    to = urlsplit(program.address)
    with socket.create_connection((to.hostname, to.port), PATIENCE) as client:
        received = b""
        with suppress(BrokenPipeError, ConnectionResetError):
            client.sendall(content)
            client.shutdown(socket.SHUT_WR)
            while part := client.recv(65_536):
                received += part
        return received


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=streams)
def test_no_bytes_are_a_server_error(program: Program, content: bytes) -> None:
    received = answers(program, content)
    statuses = [int(status) for status in re.findall(rb"^HTTP/1\.1 (\d+) ", received, re.MULTILINE)]
    assert not received or statuses, received
    assert [status for status in statuses if status >= 500 and status != 503] == []


ODD = (b"\x16\x03\x01\x02\x00", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"GET / HTTP/1.1\r\n" * 99, b"\x00" * 4_000)
"""Greetings of TLS and HTTP/2, a head of request lines, and nothing at all."""


def test_the_program_goes_on(program: Program) -> None:
    for content in ODD:
        answers(program, content)
    assert httpx.get(f"{program.address}/healthz").status_code == 200
    assert program.process.poll() is None
