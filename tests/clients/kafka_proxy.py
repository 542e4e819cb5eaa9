"""A proxy in front of the tests' broker: it translates one request, and fails where a test says so.

aiokafka asks for the id of an idempotent producer in version 0 of the protocol, which this broker answers with an
error. The proxy asks in version 3.
"""

import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress

PRODUCE, INIT_PRODUCER_ID = 0, 22
API_VERSIONS, SASL_HANDSHAKE, SASL_AUTHENTICATE = 18, 17, 36
RETRY, INVALID_RECORD, LOGIN_FAILED = 6, 87, 58
"""Codes of errors: the client tries again; the broker does not accept a record; nor the log-in."""

HAS_LOG_START, HAS_RECORD_ERRORS = 5, 8
"""The versions of Produce from which an answer has these."""

V0, V3 = 0, 3

Step = str
Fault = Callable[[Step], bool]
"""Is called with the step of each produce request: `before` the broker gets it, and `after` it has answered.

It returns whether the connection to the client breaks.
"""


class CutError(Exception):
    """The connection breaks here."""


class KafkaProxy:
    """Listens on a port of its own and passes everything on to the broker's."""

    def __init__(
        self, broker_port: Callable[[], int], tls: ssl.SSLContext | None = None, login: bytes | None = None
    ) -> None:
        self._broker_port, self._tls, self._login = broker_port, tls, login
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.fault: Fault = lambda _: False
        self.poison: bytes | None = None
        """Records that contain this are refused, as by a broker that checks them."""
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        """Connect a client with the broker until one of them ends."""
        try:
            client = client if self._tls is None else self._tls.wrap_socket(client, server_side=True)
            broker = socket.create_connection(("127.0.0.1", self._broker_port()), 5)
        except OSError:
            client.close()
            return
        broker.settimeout(None)
        asked: dict[int, tuple[int, int]] = {}
        ways = (
            threading.Thread(target=self._pass, args=(client, broker, self._request, asked), daemon=True),
            threading.Thread(target=self._pass, args=(broker, client, self._answer, asked), daemon=True),
        )
        for way in ways:
            way.start()

    def _pass(
        self,
        source: socket.socket,
        target: socket.socket,
        translate: Callable[[bytes, dict[int, tuple[int, int]]], bytes],
        asked: dict[int, tuple[int, int]],
    ) -> None:
        is_known = self._login is None or translate == self._answer
        with suppress(OSError, CutError):
            for frame in frames_of(source):
                is_known = is_known or self._knows(frame)
                if translate == self._request and (own := self._own_answer(frame, is_known=is_known)):
                    source.sendall(struct.pack(">i", len(own)) + own)
                    continue
                body = translate(frame, asked)
                target.sendall(struct.pack(">i", len(body)) + body)
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def _request(self, frame: bytes, asked: dict[int, tuple[int, int]]) -> bytes:
        key, version, number = struct.unpack_from(">hhi", frame)
        asked[number] = key, version
        if key == PRODUCE and self.fault("before"):
            raise CutError
        if (key, version) != (INIT_PRODUCER_ID, V0):
            return frame
        (length,) = struct.unpack_from(">h", frame, 8)
        header = struct.pack(">hhi", key, V3, number) + frame[8 : 10 + length] + b"\0"
        return header + b"\0" + frame[-4:] + struct.pack(">qh", -1, -1) + b"\0"

    def _knows(self, frame: bytes) -> bool:
        """Return whether a request logs in (SASL PLAIN)."""
        key, *_ = struct.unpack_from(">hhi", frame)
        return key == SASL_AUTHENTICATE and self._login is not None and frame.endswith(self._login)

    def _own_answer(self, frame: bytes, *, is_known: bool) -> bytes | None:
        """Return the answer to a request that the broker does not get: log-ins, and records with poison."""
        key, version, number = struct.unpack_from(">hhi", frame)
        head = struct.pack(">i", number)
        if key == SASL_HANDSHAKE:
            return head + struct.pack(">hih5s", 0, 1, 5, b"PLAIN")
        if key == SASL_AUTHENTICATE:
            lifetime = struct.pack(">q", 0) if version else b""
            return head + struct.pack(">hhi", 0 if is_known else LOGIN_FAILED, -1, 0) + lifetime
        if not is_known and key != API_VERSIONS:
            raise CutError
        if self.poison is None or key != PRODUCE or self.poison not in frame:
            return None
        return head + refused(Reader(frame, 8), version, self.poison)

    def _answer(self, frame: bytes, asked: dict[int, tuple[int, int]]) -> bytes:
        key, version = asked.pop(struct.unpack_from(">i", frame)[0], (-1, -1))
        if key == PRODUCE and self.fault("after"):
            raise CutError
        return frame[:4] + frame[5:-1] if (key, version) == (INIT_PRODUCER_ID, V0) else frame


class Reader:
    """Reads the parts of a frame one after the other."""

    def __init__(self, frame: bytes, place: int) -> None:
        self._frame, self._place = frame, place

    def number(self, form: str) -> int:
        (number,) = struct.unpack_from(form, self._frame, self._place)
        self._place += struct.calcsize(form)
        return int(number)

    def part(self, form: str) -> bytes:
        """Read bytes with their length before them; -1 stands for none."""
        length = max(0, self.number(form))
        self._place += length
        return self._frame[self._place - length : self._place]


def refused(request: Reader, version: int, poison: bytes) -> bytes:
    """Write the body of the answer to a produce request, whose client, transaction, acks and timeout come first."""
    request.part(">h"), request.part(">h"), request.number(">h"), request.number(">i")
    topics = request.number(">i")
    answer = struct.pack(">i", topics)
    for _ in range(topics):
        name, partitions = request.part(">h"), request.number(">i")
        answer += struct.pack(">h", len(name)) + name + struct.pack(">i", partitions)
        for _ in range(partitions):
            partition, records = request.number(">i"), request.part(">i")
            answer += struct.pack(">ihqq", partition, INVALID_RECORD if poison in records else RETRY, -1, -1)
            answer += struct.pack(">q", -1) if version >= HAS_LOG_START else b""
            answer += struct.pack(">ih", 0, -1) if version >= HAS_RECORD_ERRORS else b""
    return answer + struct.pack(">i", 0)


def frames_of(source: socket.socket) -> Iterator[bytes]:
    """Yield the frames of a connection until it ends."""
    with source.makefile("rb") as file:
        while len(head := file.read(4)) == 4:
            (length,) = struct.unpack(">i", head)
            frame = file.read(length)
            if len(frame) < length:
                return
            yield frame
