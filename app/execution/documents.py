"""Documents: what a request asks to run, by its text or by its hash, prepared once for all requests that ask again.

Stored documents stand in the table `stored_document`. A client names one by `documentId` (GraphQL over HTTP, appendix
A) or by Apollo's `persistedQuery`. Apollo's clients also register documents: only in development, and only in the
memory of the process, so that nobody fills the table from outside.
"""

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor

from graphql import GraphQLSchema

from app.db.pool import Pool
from app.engine.document import Document
from app.errors import RequestError
from app.execution.request import Request
from app.execution.shelf import Shelf
from app.services.stored_document import find, hash_of
from app.settings import Settings

KEPT_DOCUMENTS = 1_000
KEPT_CHARACTERS = 500_000
"""A parsed document takes some 200 bytes a character: 100 MB for all that are kept."""

STORED_SECONDS = 60
"""How long a stored document is remembered: one that is removed is run until then at the latest."""

QUICK_LENGTH = 2_000
"""Longer documents may take more than 10 ms: they are prepared in a thread, one after the other."""

PREPARING = ThreadPoolExecutor(1, "documents")


class DocumentNotFoundError(RequestError):
    """No document is stored under the hash; Apollo's clients know this message and send the text."""

    code = "PERSISTED_QUERY_NOT_FOUND"

    def __init__(self) -> None:
        super().__init__("PersistedQueryNotFound")


class DocumentNotTrustedError(RequestError):
    """Only stored documents are run, and this is none."""

    code = "DOCUMENT_NOT_TRUSTED"

    def __init__(self) -> None:
        super().__init__("only stored documents are run here")


class Documents:
    """The documents that requests name."""

    def __init__(self, schema: GraphQLSchema, pool: Pool, settings: Settings) -> None:
        self._schema, self._pool, self._settings = schema, pool, settings
        self._prepared: Shelf[Document | RequestError] = Shelf(KEPT_DOCUMENTS, KEPT_CHARACTERS)
        self._stored: Shelf[tuple[str, float]] = Shelf(KEPT_DOCUMENTS, KEPT_CHARACTERS)
        self._registered: Shelf[str] = Shelf(KEPT_DOCUMENTS, KEPT_CHARACTERS)

    async def find(self, request: Request) -> Document:
        """Give the document that a request names; RequestError when there is none, or it must not be run."""
        if request.query is None:
            sha256 = request.document_hash or ""
            text = await self._text_of(sha256) or self._registered.get(sha256)
            if text is None:
                raise DocumentNotFoundError
            return await self._document(text)
        if self._settings.trusted_only and await self._text_of(hash_of(request.query)) is None:
            raise DocumentNotTrustedError
        document = await self._document(request.query)
        if request.document_hash is not None and self._settings.development:
            self._registered.put(request.document_hash, request.query, len(request.query))
        return document

    async def _text_of(self, sha256: str) -> str | None:
        """Find a stored document in memory or in the table."""
        text, until = self._stored.get(sha256) or (None, 0.0)
        if text is None or time.monotonic() > until:
            async with self._pool.reading_as_owner() as reading:
                text = await find(reading, sha256)
            if text is not None:
                self._stored.put(sha256, (text, time.monotonic() + STORED_SECONDS), len(text))
        return text

    async def _document(self, text: str) -> Document:
        """Prepare a document, or find it; a refusal is kept as well."""
        found = self._prepared.get(text)
        if found is None:
            quick = len(text) <= QUICK_LENGTH
            found = (
                self._prepare(text)
                if quick
                else await asyncio.get_running_loop().run_in_executor(PREPARING, self._prepare, text)
            )
            self._prepared.put(text, found, len(text))
        if isinstance(found, RequestError):
            raise found.with_traceback(None)  # or each request would lengthen the traceback of the one that is kept
        return found

    def _prepare(self, text: str) -> Document | RequestError:
        try:
            return Document.of(text, self._schema, self._settings)
        except RequestError as error:
            return error
