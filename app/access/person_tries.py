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
  ) and key <> %(key)s
)
insert into person_try as known (key, tries) values (%(key)s, %(count)s)
on conflict (key) do update set
  tries = case when known.since < now() - interval '1 hour' then 0 else known.tries end + excluded.tries,
  since = case when known.since < now() - interval '1 hour' then now() else known.since end
returning tries
"""


class TooManyTriesError(RequestError):
    """Names and phone numbers were tried too often."""

    code = "TOO_MANY_TRIES"


async def count_try(pool: Pool, phone: str, client: str, *, has_failed: bool) -> None:
    """Count a try with a phone number, and a failed one for the client; TooManyTriesError when one has none left.

    The statements are the same whether it has failed. They lock what they count, so of tries at once no more are
    answered than of tries one after the other. Of a client that has none left no phone number is counted.
    """
    failed = int(has_failed)
    async with pool.writing_as_owner() as writing:
        ((failures,),) = await writing.run(COUNT, {"key": _key("client", client), "count": failed})
        is_over = failures - failed >= MOST_TRIES
        if not is_over:
            ((tries,),) = await writing.run(COUNT, {"key": _key("phone", phone), "count": 1})
            is_over = tries > MOST_TRIES
    if is_over:
        raise TooManyTriesError


def _key(kind: str, value: str) -> str:
    return hashlib.sha256(f"{kind} {value}".encode()).hexdigest()
