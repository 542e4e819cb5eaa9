"""One attempt to send an event: to which address, under which certificate, and what its answer means."""

import asyncio
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from ipaddress import ip_network
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from app.events.webhooks import sending
from app.events.webhooks.sending import LONGEST_WAIT, Outcome, Sender, seconds_of
from tests.clients.receiver import Receiver, running

SECRET = "c2VjcmV0IG9mIHRoZSB0ZXN0cw=="  # noqa: S105 - of the tests
HERE = (ip_network("127.0.0.0/8"),)
NAME = "hooks.example"


class Names:
    """A resolver: each name leads to the next addresses."""

    def __init__(self, *found: list[str]) -> None:
        self.found, self.asked = [*found], 0

    async def __call__(self, host: str, port: int) -> list[str]:
        """Resolve a name."""
        del host, port
        self.asked += 1
        return self.found.pop(0) if len(self.found) > 1 else self.found[0]


def sent(sender: Sender, url: str) -> Outcome:
    return asyncio.run(sender.send(url, "msg_1", b"{}", [SECRET]))


def url_of(receiver: Receiver, host: str = NAME, scheme: str = "http") -> str:
    return f"{scheme}://{host}:{receiver.port}/in"


@contextmanager
def deaf(address: str, port: int) -> Iterator[None]:
    """Listen at an address, and accept no connection."""
    with ExitStack() as stack:
        stack.enter_context(socket.create_server((address, port), backlog=0))
        for _ in range(4):
            waiting = stack.enter_context(socket.socket())
            waiting.settimeout(0)
            waiting.connect_ex((address, port))
        yield


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with running(Receiver()) as receiver:
        yield receiver


def test_the_connection_is_made_to_the_address_that_was_checked(receiver: Receiver) -> None:
    names = Names(["127.0.0.1"])
    assert sent(Sender(HERE, resolve=names), url_of(receiver)) == Outcome("HTTP 204", is_delivered=True)
    assert names.asked == 1
    assert receiver.messages[0].headers["host"] == f"{NAME}:{receiver.port}"
    assert receiver.messages[0].verified(f"whsec_{SECRET}") == {}


def test_a_name_that_leads_to_a_private_network_at_the_second_attempt_is_refused(receiver: Receiver) -> None:
    sender = Sender((ip_network("127.0.0.1/32"),), resolve=Names(["127.0.0.1"], ["127.0.0.2"]))
    assert sent(sender, url_of(receiver)).is_delivered
    assert sent(sender, url_of(receiver)).text == "the receiver is in a network that is not allowed"
    assert len(receiver.messages) == 1


def test_the_next_address_is_tried_when_one_does_not_listen(receiver: Receiver) -> None:
    sender = Sender(HERE, resolve=Names(["127.0.0.2", "127.0.0.1"]))
    assert sent(sender, url_of(receiver)).is_delivered


def test_the_next_address_is_tried_when_one_answers_nothing(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As one does that is behind a firewall: its backlog is full, so that no connection is accepted."""
    monkeypatch.setattr("app.events.webhooks.sending.TIMEOUT_SECONDS", 8)
    with deaf("127.0.0.3", receiver.port):
        assert sent(Sender(HERE, resolve=Names(["127.0.0.3", "127.0.0.1"])), url_of(receiver)).is_delivered


def test_a_receiver_that_does_not_listen_is_a_failure() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    assert sent(Sender(HERE), f"http://127.0.0.1:{port}/") == Outcome("no connection")


@pytest.mark.parametrize("answer", [b"", b"SSH-2.0\r\n", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 abc\r\n\r\n"])
def test_what_is_no_http_is_a_failure(answer: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(65_536)
                connection.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        outcome = sent(Sender(HERE), f"http://127.0.0.1:{server.getsockname()[1]}/")
        thread.join()
    assert not outcome.is_delivered
    assert outcome.text.startswith("no answer: ")


def test_a_receiver_that_answers_byte_by_byte_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "TIMEOUT_SECONDS", 1)
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                try:
                    for _ in range(100):
                        connection.sendall(b"H")
                        time.sleep(0.1)
                except OSError:
                    return

        thread = threading.Thread(target=serve)
        thread.start()
        begun = time.monotonic()
        outcome = sent(Sender(HERE), f"http://127.0.0.1:{server.getsockname()[1]}/")
        thread.join()
    assert not outcome.is_delivered
    assert time.monotonic() - begun < 8


def test_an_endless_body_is_not_read(receiver: Receiver) -> None:
    receiver.answers.append((200, {"content-length": "1000000000000"}))
    begun = time.monotonic()
    assert sent(Sender(HERE), url_of(receiver, "127.0.0.1")).is_delivered
    assert time.monotonic() - begun < 5


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (200, Outcome("HTTP 200", is_delivered=True)),
        (302, Outcome("HTTP 302, and redirects are not followed")),
        (410, Outcome("HTTP 410", is_gone=True)),
        (404, Outcome("HTTP 404")),
        (429, Outcome("HTTP 429", wait=7)),
    ],
)
def test_what_statuses_mean(receiver: Receiver, status: int, outcome: Outcome) -> None:
    receiver.answer_next(status, location=receiver.url, retry_after="7" if status == 429 else "soon")
    assert sent(Sender(HERE), url_of(receiver, "127.0.0.1")) == outcome
    assert len(receiver.messages) == 1


def test_how_long_receivers_may_ask_to_wait() -> None:
    later = format_datetime(datetime.now(UTC) + timedelta(minutes=5), usegmt=True)
    assert 290 < seconds_of(later) <= 300
    assert seconds_of("120") == 120
    assert seconds_of("9" * 400) == seconds_of("Fri, 31 Dec 9999 23:59:59 GMT") == LONGEST_WAIT
    for wrong in (
        "",
        "-5",
        "٣",
        "1e9",
        "yesterday",
        "Thu, 01 Jan 1970 00:00:00 GMT",
        f"Mon, 01 Jan 2024 00:00:00 +{'9' * 17}",
    ):
        assert seconds_of(wrong) == 0


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a key and a certificate for one name."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, NAME)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file = tmp_path_factory.mktemp("tls") / "both.pem"
    file.write_bytes(private + made.public_bytes(pem))
    return file


def test_the_certificate_must_be_that_of_the_name(certificate: Path) -> None:
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(certificate)
    trusting = ssl.create_default_context(cafile=str(certificate))
    with running(Receiver(), server) as receiver:
        sender = Sender(HERE, resolve=Names(["127.0.0.1"]), context=trusting)
        assert sent(sender, url_of(receiver, scheme="https")).is_delivered
        refused = Outcome("no connection: the certificate is refused")
        assert sent(sender, url_of(receiver, "other.example", "https")) == refused
        assert sent(sender, url_of(receiver, "127.0.0.1", "https")) == refused
        assert sent(Sender(HERE, resolve=Names(["127.0.0.1"])), url_of(receiver, scheme="https")) == refused
    assert len(receiver.messages) == 1
