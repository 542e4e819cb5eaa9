"""Disclosures: who is shown or compares customers' personal data is recorded before the answer."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from app.access.caller import Caller
from app.db.pool import Pool
from app.db.transaction import CONTENTION, Writing
from app.engine.document import Document
from app.errors import RetryError, UnavailableError, describe
from app.loaders.disclosures import Disclosures
from app.services.personal_read import Disclosed, record, record_more, record_own
from app.services.stored_document import hash_of

LOG = logging.getLogger("cadastre.graphql")


async def record_disclosures(pool: Pool, caller: Caller | None, disclosures: Disclosures, document: Document) -> None:
    """Record what a request shows or compares, if anything; UnavailableError when that is not possible."""
    disclosed = disclosed_in(disclosures)
    if caller is None or not disclosed:
        return
    with withheld_unless_recorded():
        async with pool.writing_as_owner() as writing:
            await record(writing, caller.admin_id, caller.client_id, hash_of(document.source), disclosed)


async def record_disclosures_in(writing: Writing, disclosures: Disclosures, document: Document) -> None:
    """Record what a mutation shows or compares, if anything, in its transaction; UnavailableError as above."""
    if disclosed := disclosed_in(disclosures):
        with withheld_unless_recorded():
            await record_own(writing, hash_of(document.source), disclosed)


class Recorder:
    """Records what an export shows, part by part: one entry for each kind of record, which grows with the parts."""

    def __init__(self, pool: Pool, caller: Caller | None, document: Document) -> None:
        self._pool, self._caller, self._document = pool, caller, document
        self._numbers: dict[str, int] = {}

    async def record(self, disclosures: Disclosures) -> None:
        """Record what a part shows, if anything; UnavailableError when that is not possible."""
        disclosed, caller = disclosed_in(disclosures), self._caller
        if caller is None or not disclosed:
            return
        old = {self._numbers[each.entity]: each for each in disclosed if each.entity in self._numbers}
        new = [each for each in disclosed if each.entity not in self._numbers]
        sha256 = hash_of(self._document.source)
        with withheld_unless_recorded():
            async with self._pool.writing_as_owner() as writing:
                numbers = await record(writing, caller.admin_id, caller.client_id, sha256, new)
                await record_more(writing, old)
        self._numbers.update(zip((each.entity for each in new), numbers, strict=True))


def disclosed_in(disclosures: Disclosures) -> list[Disclosed]:
    """Return what disclosures are recorded as."""
    return [Disclosed(*each) for each in disclosures.summed()]


@contextmanager
def withheld_unless_recorded() -> Iterator[None]:
    """Refuse a request whose disclosures cannot be recorded: UnavailableError."""
    try:
        yield
    except CONTENTION:  # of the transaction of a mutation, which runs again
        raise
    except (psycopg.Error, RetryError) as error:
        LOG.error("personal data are withheld, because their disclosure cannot be recorded: %s", describe(error))  # noqa: TRY400 - the traceback's message may quote values
        raise UnavailableError(error) from error
