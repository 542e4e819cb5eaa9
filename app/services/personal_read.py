"""PersonalRead: the log of requests that showed customers' personal data unmasked. Operators delete old entries."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import psycopg

from app.db.transaction import Writing
from app.errors import InvalidInputError
from app.models.base import LARGEST_ID
from app.services.calls import call
from app.services.client import CLIENT_ID

ENTRIES = """
select r.read_at, r.admin_id, a.account, r.client_id, r.entity, r.fields, r.row_count, r.document_sha256
from personal_read r left join admin a on a.id = r.admin_id
where (%(admins)s::bigint[] is null or r.admin_id = any(%(admins)s))
  and (%(client)s::text is null or r.client_id = %(client)s)
  and (%(since)s::timestamptz is null or r.read_at >= %(since)s)
order by r.number desc limit %(limit)s
"""


RECORD = """
insert into personal_read (admin_id, client_id, entity, fields, row_count, document_sha256)
values (%(admin)s, %(client)s, %(entity)s, %(fields)s, %(rows)s, %(sha256)s)
returning number
"""

RECORD_MORE = """
update personal_read set row_count = row_count + %(rows)s,
  fields = array(select distinct unnest(fields || %(fields)s::text[]) order by 1)
where number = %(number)s
"""


RECORD_OWN = call("record_personal_read", entities="text[]", columns="text[]", counts="int[]", sha256="text")
"""Records what the caller of a transaction is shown. The role of requests may do no more with the log."""


class Disclosed(NamedTuple):
    """Fields of one entity that a request showed unmasked, and of how many records."""

    entity: str
    fields: list[str]
    row_count: int


class Entry(NamedTuple):
    """A request that showed personal data; `account` is None when the member of staff no longer exists."""

    read_at: datetime
    admin_id: int | None
    account: str | None
    client_id: str
    entity: str
    fields: list[str]
    row_count: int
    document_sha256: str


async def record(
    writing: Writing, admin_id: int | None, client_id: str, sha256: str, disclosed: Iterable[Disclosed]
) -> list[int]:
    """Record what a request showed to a member of staff, or to a client itself; `sha256` names its document.

    Return the numbers of the entries.
    """
    reader, numbers = {"admin": admin_id, "client": client_id, "sha256": sha256}, []
    for entity, fields, row_count in disclosed:
        ((number,),) = await writing.run(RECORD, {**reader, "entity": entity, "fields": fields, "rows": row_count})
        numbers.append(int(number))
    return numbers


async def record_own(writing: Writing, sha256: str, disclosed: Sequence[Disclosed]) -> None:
    """Record what a mutation showed to its caller, in its transaction."""
    values = {
        "entities": [each.entity for each in disclosed],
        "columns": [",".join(each.fields) for each in disclosed],
        "counts": [each.row_count for each in disclosed],
        "sha256": sha256,
    }
    await writing.fetch_all([(RECORD_OWN, values)])


async def record_more(writing: Writing, disclosed: Mapping[int, Disclosed]) -> None:
    """Record what another part of an export showed, by the numbers of its entries; a repeated record counts again."""
    for number, (_, fields, row_count) in disclosed.items():
        await writing.run(RECORD_MORE, {"number": number, "fields": fields, "rows": row_count})


def entries(
    connection: psycopg.Connection,
    *,
    admin: str | None = None,
    client: str | None = None,
    since: datetime | None = None,
    limit: int,
) -> list[Entry]:
    """List the recorded requests, newest first; `admin` is an account or an id, `client` a client id.

    InvalidInputError when the account does not exist, or no client can have the client id.
    """
    if client is not None and not CLIENT_ID.fullmatch(client):
        message = f"there is no client {client!r}"
        raise InvalidInputError(message)
    admins = None if admin is None else _ids_of(connection, admin)
    rows = connection.execute(ENTRIES, {"admins": admins, "client": client, "since": since, "limit": limit}).fetchall()
    return [Entry(*row) for row in rows]


def forget(connection: psycopg.Connection, days: int) -> int:
    """Delete the entries that are older than this many days, and return their number."""
    older = "delete from personal_read where read_at < now() - make_interval(days => %s)"
    return connection.execute(older, [days]).rowcount


def _ids_of(connection: psycopg.Connection, admin: str) -> list[int]:
    """Find a member of staff by account, or take the id unchecked: a deleted member of staff still has entries."""
    ids = []
    if admin.isprintable():  # bytes that are not UTF-8 are not printable, and PostgreSQL refuses them
        ids += [id_ for (id_,) in connection.execute("select id from admin where account = %s", [admin])]
    if admin.isascii() and admin.isdecimal() and int(admin) <= LARGEST_ID:
        ids.append(int(admin))
    if not ids:
        message = f"there is no account {admin!r}"
        raise InvalidInputError(message)
    return ids
