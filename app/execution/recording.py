"""Recording: each request that was shown customers' personal data in plain is written down before it is answered."""

import logging

import psycopg

from app.access.caller import Caller
from app.db.pool import Pool
from app.engine.document import Document
from app.errors import UnavailableError
from app.execution.errors import describe
from app.loaders.personal import PersonalReads
from app.services.stored_document import hash_of

LOG = logging.getLogger("cadastre.graphql")
INSERT = """
insert into personal_read (admin_id, client_id, entity, fields, row_count, document_sha256)
values (%(admin)s, %(client)s, %(entity)s, %(fields)s, %(rows)s, %(sha256)s)
"""


async def record_reads(pool: Pool, caller: Caller | None, reads: PersonalReads, document: Document) -> None:
    """Write down what a request was shown, if anything; UnavailableError when that cannot be done."""
    shown = reads.shown()
    if caller is None or not shown:
        return
    who = {"admin": caller.admin_id, "client": caller.client_id, "sha256": hash_of(document.source)}
    try:
        async with pool.writing_as_owner() as writing:
            for entity, columns, ids in shown:
                await writing.run(INSERT, {**who, "entity": entity, "fields": sorted(columns), "rows": len(ids)})
    except psycopg.Error as error:
        LOG.error("personal data are withheld, because their reading cannot be written down: %s", describe(error))  # noqa: TRY400 - the traceback's message may quote values
        raise UnavailableError(error) from error
