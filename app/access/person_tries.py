"""Person tries: a name and a phone number are tried ten times an hour at most (document 000, section 3).

The pair is weak proof. All tries with a phone number count for it, failed ones for the client too: one client asks for
many owners. What is stored is a digest.
"""

import hashlib

from app.db.pool import Pool
from app.errors import RequestError

MOST_TRIES = 10
"""Tries in an hour with one phone number, and failed ones by one client."""

COUNT = """
with old as (
  delete from person_try where key in (
    select key from person_try where since < now() - interval '1 hour' order by since limit 100 for update skip locked
  ) and key <> all(%(keys)s::text[])
)
insert into person_try as known (key, tries) select key, 1 from unnest(%(keys)s::text[]) key order by key
on conflict (key) do update set
  tries = case when known.since < now() - interval '1 hour' then 1 else known.tries + 1 end,
  since = case when known.since < now() - interval '1 hour' then now() else known.since end
returning tries
"""

TRIED = """
select coalesce(max(tries), 0) from person_try
where key = any(%(keys)s::text[]) and since >= now() - interval '1 hour'
"""


class TooManyTriesError(RequestError):
    """Names and phone numbers were tried too often."""

    code = "TOO_MANY_TRIES"


async def count_try(pool: Pool, phone: str, client: str) -> None:
    """Count a try with a phone number; TooManyTriesError when it, or the client, has none left."""
    async with pool.writing_as_owner() as writing:
        ((failed,),) = await writing.run(TRIED, {"keys": [_key("client", client)]})
        ((tries,),) = await writing.run(COUNT, {"keys": [_key("phone", phone)]})
    if tries > MOST_TRIES or failed >= MOST_TRIES:
        raise TooManyTriesError


async def count_failure(pool: Pool, client: str) -> None:
    """Count a failed try of a client."""
    async with pool.writing_as_owner() as writing:
        await writing.run(COUNT, {"keys": [_key("client", client)]})


def _key(kind: str, value: str) -> str:
    return hashlib.sha256(f"{kind} {value}".encode()).hexdigest()
