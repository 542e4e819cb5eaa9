"""A program behind a proxy: below a path prefix, with or without TLS."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from starlette.types import ASGIApp, Receive, Scope, Send

from app.settings import Settings
from tests.clients.login import application, running

HOST = "localhost"


@contextmanager
def proxied(settings: Settings, scheme: str, prefix: str, folder: Path) -> Iterator[str]:
    """Run the application below a prefix, which it does not see, and return its public URL."""
    listener = socket.create_server(("127.0.0.1", 0))
    address = f"{scheme}://{HOST}:{listener.getsockname()[1]}{prefix}"
    app = application(settings.model_copy(update={"public_url": address}))
    options = {"ssl_certfile": certificate(folder)} if scheme == "https" else {}
    with running(without_prefix(app, prefix), listener, **options):
        yield address


def without_prefix(app: ASGIApp, prefix: str) -> ASGIApp:
    """Remove the prefix from the path of each request, as a proxy does; other paths are unknown."""

    async def pass_on(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in {"http", "websocket"}:
            path = scope["path"]
            scope = {**scope, "path": path.removeprefix(prefix) if path.startswith(prefix) else "/outside"}
        await app(scope, receive, send)

    return pass_on


def certificate(folder: Path) -> str:
    """Write a certificate of this machine with its key into a file."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    signed = (
        x509.CertificateBuilder()
        .subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
        .not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    path = folder / "certificate.pem"
    path.write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) + signed.public_bytes(Encoding.PEM)
    )
    return str(path)
