"""Disclosures: a request that shows customers' personal data unmasked is recorded before it is answered."""

import logging

import psycopg

from app.access.caller import Caller
from app.db.pool import Pool
from app.engine.document import Document
from app.errors import UnavailableError, describe
from app.loaders.disclosures import Disclosures
from app.services.personal_read import Disclosed, record
from app.services.stored_document import hash_of

LOG = logging.getLogger("cadastre.graphql")


async def record_disclosures(pool: Pool, caller: Caller | None, disclosures: Disclosures, document: Document) -> None:
    """Record what a request shows, if anything; UnavailableError when that is not possible."""
    disclosed = [Disclosed(entity, sorted(columns), len(ids)) for entity, columns, ids in disclosures.shown()]
    if caller is None or not disclosed:
        return
    try:
        async with pool.writing_as_owner() as writing:
            await record(writing, caller.admin_id, caller.client_id, hash_of(document.source), disclosed)
    except psycopg.Error as error:
        LOG.error("personal data are withheld, because their disclosure cannot be recorded: %s", describe(error))  # noqa: TRY400 - the traceback's message may quote values
        raise UnavailableError(error) from error
