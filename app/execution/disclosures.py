"""Disclosures: a request that shows customers' personal data unmasked is recorded before it is answered."""

import logging
from contextlib import AbstractAsyncContextManager

import psycopg

from app.access.caller import Caller
from app.db.transaction import CONTENTION, Writing
from app.engine.document import Document
from app.errors import RetryError, UnavailableError, describe
from app.loaders.disclosures import Disclosures
from app.services.personal_read import Disclosed, record
from app.services.stored_document import hash_of

LOG = logging.getLogger("cadastre.graphql")


async def record_disclosures(
    as_owner: AbstractAsyncContextManager[Writing],
    caller: Caller | None,
    disclosures: Disclosures,
    document: Document,
) -> None:
    """Record what a request shows, if anything; UnavailableError when that is not possible.

    `as_owner` is opened only then: a transaction of the owner, or the part of one that runs as the owner.
    """
    disclosed = [Disclosed(entity, sorted(columns), len(ids)) for entity, columns, ids in disclosures.shown()]
    if caller is None or not disclosed:
        return
    try:
        async with as_owner as writing:
            await record(writing, caller.admin_id, caller.client_id, hash_of(document.source), disclosed)
    except CONTENTION:  # of the transaction of a mutation, which runs again
        raise
    except (psycopg.Error, RetryError) as error:
        LOG.error("personal data are withheld, because their disclosure cannot be recorded: %s", describe(error))  # noqa: TRY400 - the traceback's message may quote values
        raise UnavailableError(error) from error
