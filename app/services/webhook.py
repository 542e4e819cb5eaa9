"""Webhook: the addresses that are sent changes, and what was sent to them, as operators manage them."""

import re
import secrets
from base64 import b64encode
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from urllib.parse import urlsplit

import psycopg
from psycopg.rows import class_row

from app.errors import InvalidInputError
from app.models.base import LARGEST_ID
from app.services.client import named
from app.services.client_grant import SELF

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,252}")
URL = re.compile(r"https?://[^\s/?#@\\]+(?:[/?][^\s#]*)?")

SECRET_BYTES = 32
PREFIX = "whsec_"
"""Stands before a secret when it is shown, as Standard Webhooks say."""

OLD_SECRET_HOURS = 24
"""How long the secret before a rotation signs as well."""

ADD = """
insert into webhook (name, url, client_id, entity, under, selection, secret, position, created_by)
select %(name)s, %(url)s, id, %(entity)s, %(under)s, %(selection)s, %(secret)s, settled_change(), %(by)s
from client where client_id = %(client)s
on conflict (name) do nothing
"""

WEBHOOKS = """
select webhook.number, webhook.name, webhook.url, client.client_id, webhook.entity, webhook.under, webhook.selection,
  webhook.is_enabled, webhook.disabled_reason,
  client.is_enabled and 'client_credentials' = any(client.grant_types) as client_works,
  (select count(*) from webhook_delivery where webhook_number = webhook.number and due_at is not null) as waiting
from webhook join client on client.id = webhook.client_id
"""

DELIVERIES = """
select number, change_id, record_id, attempts, due_at, tried_at, outcome, delivered_at
from webhook_delivery where webhook_number = %s order by number desc limit %s
"""

REPEAT = """
update webhook_delivery set due_at = clock_timestamp(), attempts = 0, failing_since = null, delivered_at = null
where number = %s returning webhook_number
"""

RETRY = """
update webhook_delivery set due_at = clock_timestamp(), attempts = 0, failing_since = null
where webhook_number = %s and due_at is not null
"""
ENABLE = """
update webhook set is_enabled = true, disabled_reason = null, failures = 0, paused_until = null where number = %s
"""
DISABLE = "update webhook set is_enabled = false, disabled_reason = %s where number = %s"
ROTATE = f"""
update webhook set secret = %s, old_secret = secret, old_secret_until = now() + interval '{OLD_SECRET_HOURS} hours'
where number = %s
"""  # noqa: S608 - our own number


class Webhook(NamedTuple):
    """A webhook without its secrets."""

    number: int
    name: str
    url: str
    client_id: str
    entity: str
    under: int | None
    selection: str
    is_enabled: bool
    disabled_reason: str | None
    client_works: bool
    waiting: int


class Delivery(NamedTuple):
    """An event for a webhook; `due_at` is None when it is not tried again."""

    number: int
    change_id: int
    record_id: int
    attempts: int
    due_at: datetime | None
    tried_at: datetime | None
    outcome: str | None
    delivered_at: datetime | None


def host_of(url: str) -> str:
    """Return the host of an address that events may be sent to; InvalidInputError when it is none."""
    try:
        host, port = urlsplit(url).hostname, urlsplit(url).port
    except ValueError:
        host, port = None, None
    if not host or port == 0 or not URL.fullmatch(url):
        message = f"not a valid address: {url!r}; write one such as https://erp.example.com/hooks, without a password"
        raise InvalidInputError(message)
    return host


def add(  # noqa: PLR0913 - one parameter a fact
    connection: psycopg.Connection,
    url: str,
    *,
    name: str,
    client: str,
    entity: str,
    under: str | None,
    selection: str,
    by: str,
) -> str:
    """Add a webhook and return its secret. It is sent what is changed from now on.

    InvalidInputError when the name is taken or not valid, when the client cannot call for itself, or when `under` is
    the id of no organisation and no space.
    """
    if not NAME.fullmatch(name):
        message = f"not a valid name: {name!r}; it has letters, digits, '.', '-' and '_'; choose one with --name"
        raise InvalidInputError(message)
    if SELF not in named(connection, client).grant_types:
        message = f"the client {client!r} does not call for itself: a webhook needs one with the grant {SELF}"
        raise InvalidInputError(message)
    secret = new_secret()
    values = {"name": name, "url": url, "client": client, "entity": entity, "selection": selection, "by": by}
    added = connection.execute(ADD, {**values, "under": _place(connection, under), "secret": secret})
    if added.rowcount == 0:
        message = f"there is a webhook {name!r} already; choose another name with --name"
        raise InvalidInputError(message)
    return PREFIX + secret


def new_secret() -> str:
    """Make a secret, in Base64."""
    return b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def all_webhooks(connection: psycopg.Connection) -> list[Webhook]:
    """Return all webhooks in the order in which they were added."""
    with connection.cursor(row_factory=class_row(Webhook)) as cursor:
        return cursor.execute(f"{WEBHOOKS} order by webhook.number".encode()).fetchall()


def webhook_named(connection: psycopg.Connection, name: str) -> Webhook:
    """Return the webhook with a name, or the only one with an address; InvalidInputError when there is none."""
    every = all_webhooks(connection)
    matching = [each for each in every if each.name == name] or [each for each in every if each.url == name]
    if len(matching) == 1:
        return matching[0]
    reason = "several webhooks have the address" if matching else "there is no webhook"
    message = f"{reason} {name!r}; `cadastre webhook list` prints their names"
    raise InvalidInputError(message)


def secrets_of(connection: psycopg.Connection, webhook: Webhook) -> list[str]:
    """Return the secrets that sign now, in Base64."""
    query = """select secret, case when old_secret_until > now() then old_secret end from webhook where number = %s"""
    ((secret, old),) = connection.execute(query, [webhook.number]).fetchall()
    return [secret] if old is None else [secret, old]


def rotate(connection: psycopg.Connection, name: str) -> str:
    """Give a webhook a new secret and return it. For a day the one before signs as well."""
    secret = new_secret()
    connection.execute(ROTATE.encode(), [secret, webhook_named(connection, name).number])
    return PREFIX + secret


def disable(connection: psycopg.Connection, name: str, by: str) -> Webhook:
    """Send no events to a webhook; its position and its deliveries stay."""
    webhook = webhook_named(connection, name)
    connection.execute(DISABLE, [f"disabled by {by}", webhook.number])
    return webhook


def enable(connection: psycopg.Connection, name: str) -> Webhook:
    """Send events to a webhook again, from where it stopped: deliveries that wait are due at once."""
    webhook = webhook_named(connection, name)
    connection.execute(RETRY, [webhook.number])
    connection.execute(ENABLE, [webhook.number])
    return webhook


def remove(connection: psycopg.Connection, name: str) -> Webhook:
    """Delete a webhook with its deliveries."""
    webhook = webhook_named(connection, name)
    connection.execute("delete from webhook where number = %s", [webhook.number])
    return webhook


def deliveries(connection: psycopg.Connection, name: str, limit: int) -> Sequence[Delivery]:
    """Return the newest deliveries of a webhook, newest first."""
    number = webhook_named(connection, name).number
    with connection.cursor(row_factory=class_row(Delivery)) as cursor:
        return cursor.execute(DELIVERIES, [number, limit]).fetchall()


def repeat(connection: psycopg.Connection, number: int) -> Webhook:
    """Send a delivery again under the same id, and return its webhook; InvalidInputError when there is none."""
    rows = connection.execute(REPEAT, [number]).fetchall() if number <= LARGEST_ID else []
    if not rows:
        message = f"there is no delivery {number}; `cadastre webhook deliveries` lists them"
        raise InvalidInputError(message)
    return next(each for each in all_webhooks(connection) if each.number == rows[0][0])


def _place(connection: psycopg.Connection, under: str | None) -> int | None:
    """Read the id of an organisation or a space."""
    if under is None:
        return None
    query = "select exists (select from org where id = %(id)s) or exists (select from space where id = %(id)s)"
    is_id = under.isascii() and under.isdecimal() and int(under) <= LARGEST_ID
    if not is_id or connection.execute(query, {"id": int(under)}).fetchall() != [(True,)]:
        message = f"there is neither an organisation nor a space {under!r}"
        raise InvalidInputError(message)
    return int(under)
