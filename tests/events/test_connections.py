"""Connections to brokers: TLS, log-ins, and what is said when they are refused."""

import asyncio
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from pydantic import SecretStr

from app.events.message import Message
from app.events.producer import KafkaProducer, OutageError
from app.settings import Settings
from tests.clients.broker import Broker, running_broker
from tests.clients.ports import free_port
from tests.clients.program import cadastre

MESSAGE = Message(1, "secret.topic", "k", b"v", (), is_change=True)
PASSWORD = "the relay's"  # noqa: S105 - of a broker of the tests


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """Make a certificate of 127.0.0.1, with its key in the same file."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([])
    addresses = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now, now + timedelta(days=1))
        .add_extension(addresses, critical=True)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    written = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    path = tmp_path / "broker.pem"
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM) + written)
    return path


@pytest.fixture
def broker(certificate: Path) -> Iterator[Broker]:
    """Give a broker that speaks TLS and asks for a log-in."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with running_broker(context, f"\0relay\0{PASSWORD}".encode()) as broker:
        yield broker


def send(address: str, **chosen: object) -> list[object]:
    async def sent() -> list[object]:
        producer = KafkaProducer(Settings(kafka_bootstrap=address, **chosen))  # type: ignore[arg-type]
        try:
            return [*await producer.send([MESSAGE])]
        finally:
            await producer.close()

    return asyncio.run(sent())


def test_events_are_sent_over_tls_with_a_log_in(broker: Broker, certificate: Path) -> None:
    login = {"kafka_security": "SASL_SSL", "kafka_mechanism": "PLAIN", "kafka_user": "relay"}
    right = {**login, "kafka_password": SecretStr(PASSWORD), "kafka_ca_file": certificate}
    assert send(broker.address, **right) == []
    for wrong in (
        {**right, "kafka_password": SecretStr("wrong")},
        {**right, "kafka_ca_file": None},
        {**right, "kafka_security": "SSL"},
        {**right, "kafka_security": "PLAINTEXT"},
    ):
        with pytest.raises(OutageError):
            send(broker.address, **wrong)


def test_a_broker_that_is_not_there_is_an_outage() -> None:
    with pytest.raises(OutageError, match="KafkaConnectionError"):
        send(f"127.0.0.1:{free_port()}")


def test_the_relay_wants_a_broker(empty_url: str) -> None:
    done = cadastre("relay", url=empty_url)
    assert (done.returncode, done.stdout) == (2, "")
    assert "CADASTRE_KAFKA_BOOTSTRAP" in done.stderr


def test_an_address_without_a_port_and_a_wrong_password_are_not_printed(empty_url: str) -> None:
    assert "kafka1.internal:9092" in cadastre("relay", url=empty_url, kafka_bootstrap="kafka1").stderr
    assert PASSWORD not in repr(Settings(kafka_password=SecretStr(PASSWORD)))
