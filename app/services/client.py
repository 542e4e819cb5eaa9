"""Client: the programs that may ask for tokens."""

import hashlib
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

import psycopg
from psycopg.rows import class_row

from app.db.transaction import Reading
from app.errors import InvalidInputError
from app.services.login import end_logins_of

GRANTS = ("authorization_code", "refresh_token", "client_credentials", "password")
CLIENT_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
REDIRECT_URI = re.compile(
    r"https://[^\s#/?@\\]+(?:[/?][^\s#]*)?"
    r"|http://(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?(?:[/?][^\s#]*)?"
    r"|[a-z][a-z0-9-]*(?:\.[a-z0-9-]+)+:/[^\s#]*"
)
"""https, http on this machine, or an app's own scheme named after a domain (RFC 8252)."""

MOST_PUBLIC_CLIENTS = 10_000
"""Of so many clients at most the origins are kept in memory."""

UPDATE = "update client set version = version + 1, updated_at = now(),"

LARGEST_BUDGET = 2**31 - 1

COLUMNS = """select client_id, description, secret_hash, grant_types, redirect_uris, password_until, password_uses,
  max_nodes, token_version, is_enabled, created_at from client"""


@dataclass(frozen=True, slots=True)
class Client:
    """A registered program. `secret_hash` is None for a public one, `max_nodes` is None where the setting applies."""

    client_id: str
    description: str
    secret_hash: str | None
    grant_types: list[str]
    redirect_uris: list[str]
    password_until: datetime | None
    password_uses: int
    max_nodes: int | None
    token_version: int
    is_enabled: bool
    created_at: datetime

    def allows_password_at(self, time: datetime) -> bool:
        """Return whether anyone who knows the name of this client may log in with the password grant at a time."""
        until = self.password_until
        return "password" in self.grant_types and self.secret_hash is None and until is not None and time < until

    def has_secret(self, secret: str) -> bool:
        """Return whether the secret is right, in constant time."""
        return self.secret_hash is not None and secrets.compare_digest(self.secret_hash, secret_hash(secret))


def secret_hash(secret: str) -> str:
    """Return the hash that is stored of a secret. A secret has 256 random bits, so a fast hash is enough."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def is_redirect_uri(uri: str) -> bool:
    """Return whether codes may be sent to an address: it is one of REDIRECT_URI, and its port is below 65536."""
    try:
        port = urlsplit(uri).port
    except ValueError:
        return False
    return port != 0 and REDIRECT_URI.fullmatch(uri) is not None


def find_client(connection: psycopg.Connection, client_id: str) -> Client | None:
    """Find an enabled client."""
    if not CLIENT_ID.fullmatch(client_id):
        return None
    with connection.cursor(row_factory=class_row(Client)) as cursor:
        return cursor.execute(f"{COLUMNS} where client_id = %s and is_enabled".encode(), [client_id]).fetchone()


async def public_redirect_uris(reading: Reading) -> list[str]:
    """Return the redirect URIs of the enabled clients without a secret, of at most `MOST_PUBLIC_CLIENTS` newest."""
    rows = await reading.run(
        """select redirect_uris from client where is_enabled and secret_hash is null and redirect_uris <> '{}'
           order by id desc limit %(most)s""",
        {"most": MOST_PUBLIC_CLIENTS},
    )
    return [uri for (uris,) in rows for uri in uris]


def all_clients(connection: psycopg.Connection) -> list[Client]:
    """Return all clients, by name."""
    with connection.cursor(row_factory=class_row(Client)) as cursor:
        return cursor.execute(f"{COLUMNS} order by client_id".encode()).fetchall()


def named(connection: psycopg.Connection, client_id: str) -> Client:
    """Return a client, enabled or not; InvalidInputError when there is none."""
    with connection.cursor(row_factory=class_row(Client)) as cursor:
        client = None
        if CLIENT_ID.fullmatch(client_id):
            client = cursor.execute(f"{COLUMNS} where client_id = %s for update".encode(), [client_id]).fetchone()
    if client is None:
        message = f"there is no client {client_id!r}; `cadastre client list` prints them"
        raise InvalidInputError(message)
    return client


def add(  # noqa: PLR0913 - one parameter a fact
    connection: psycopg.Connection,
    client_id: str,
    description: str,
    *,
    grant_types: Sequence[str],
    redirect_uris: Sequence[str] = (),
    password_until: datetime | None = None,
    max_nodes: int | None = None,
    public: bool = False,
) -> str | None:
    """Register a client and return its secret, or None for a public client. Only a hash of the secret is stored.

    `max_nodes` is the most rows that a query of the client may load, instead of the setting. InvalidInputError when the
    name exists already, when a value is not valid, or when the grants and the other values contradict each other.
    """
    reason = _reason_against(client_id, grant_types, redirect_uris, password_until, max_nodes, public=public)
    if reason is not None:
        raise InvalidInputError(reason)
    secret = None if public else secrets.token_urlsafe(32)
    inserted = connection.execute(
        """insert into client
             (client_id, description, secret_hash, grant_types, redirect_uris, password_until, max_nodes)
           values (%s, %s, %s, %s, %s, %s, %s) on conflict (client_id) do nothing returning id""",
        [
            client_id,
            description,
            None if secret is None else secret_hash(secret),
            list(grant_types),
            list(redirect_uris),
            password_until,
            max_nodes,
        ],
    ).fetchone()
    if inserted is None:
        message = f"the client {client_id!r} exists already"
        raise InvalidInputError(message)
    return secret


def rotate(connection: psycopg.Connection, client_id: str) -> str:
    """Give a client a new secret and return it.

    The old secret is refused at once, and the client's own tokens within a second. InvalidInputError for an
    unknown client, and for a public one.
    """
    secret = secrets.token_urlsafe(32)
    if named(connection, client_id).secret_hash is None:
        message = f"the client {client_id!r} is public: it has no secret"
        raise InvalidInputError(message)
    connection.execute(f"{UPDATE} secret_hash = %s where client_id = %s".encode(), [secret_hash(secret), client_id])
    return secret


def disable(connection: psycopg.Connection, client_id: str) -> None:
    """Disable a client: it gets no more tokens, its log-ins end, and its tokens become invalid within a second.

    They stay so when it is enabled again. Its roles are kept.
    """
    named(connection, client_id)
    connection.execute(f"{UPDATE} is_enabled = false where client_id = %s".encode(), [client_id])
    end_logins_of(connection, client_id, "disabled")


def enable(connection: psycopg.Connection, client_id: str) -> None:
    """Enable a client that was disabled: it may ask for tokens again."""
    named(connection, client_id)
    connection.execute(f"{UPDATE} is_enabled = true where client_id = %s".encode(), [client_id])


def count_password_use(connection: psycopg.Connection, client_id: str) -> None:
    """Count a log-in with the password grant."""
    connection.execute("update client set password_uses = password_uses + 1 where client_id = %s", [client_id])


def _reason_against(  # noqa: PLR0913 - one parameter a fact
    client_id: str,
    grant_types: Sequence[str],
    redirect_uris: Sequence[str],
    password_until: datetime | None,
    max_nodes: int | None,
    *,
    public: bool,
) -> str | None:
    unknown = sorted(set(grant_types) - set(GRANTS))
    wrong = [uri for uri in redirect_uris if not is_redirect_uri(uri)]
    rules = {
        "a client's name has 1 to 64 letters, digits, '.', '-' and '_', and starts with a letter or digit": (
            not CLIENT_ID.fullmatch(client_id)
        ),
        f"unknown grants: {', '.join(map(repr, unknown))}; the grants are {', '.join(GRANTS)}": bool(unknown),
        "a client needs a grant": not grant_types,
        f"not a valid redirect URI: {', '.join(map(repr, wrong))}": bool(wrong),
        "the grant authorization_code needs a redirect URI": "authorization_code" in grant_types and not redirect_uris,
        "the grant client_credentials needs a client with a secret": public and "client_credentials" in grant_types,
        "the grant password is for legacy clients only and needs an end date, and an end date needs that grant": (
            ("password" in grant_types) != (password_until is not None)
        ),
        f"the most rows that a query may load must be a number from 1 to {LARGEST_BUDGET}": (
            max_nodes is not None and not 1 <= max_nodes <= LARGEST_BUDGET
        ),
    }
    return next((reason for reason, holds in rules.items() if holds), None)
