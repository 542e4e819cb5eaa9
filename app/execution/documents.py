"""Documents: the document of a request, named by its text or by an id, and prepared once for all requests.

Stored documents are in the table `stored_document`, and those of the program's own pages in its files. A client names
one by `documentId` (GraphQL over HTTP, appendix A) or by Apollo's `persistedQuery`. Apollo's clients also register
documents. That works in development only, and only in the memory of the process, so that clients cannot fill the table.
"""

from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from typing import NamedTuple

from cachetools import TTLCache
from graphql import GraphQLSchema

from app.caching import ByteCache
from app.db.pool import Pool
from app.engine.document import Document
from app.engine.limits import Limits
from app.engine.plans import Aside
from app.errors import RequestError
from app.execution.background import Background
from app.execution.request import Request
from app.services.stored_document import any_stored, find, hash_of
from app.settings import Settings

CHARACTER_BYTES, DOCUMENT_BYTES = 300, 10_000
"""What a parsed document takes for each character, and besides: measured generously."""

CACHED_TEXTS = 8_388_608
"""Most bytes of the texts of stored documents, and of registered ones."""

STORED_SECONDS = 60
"""How long a stored document is cached. A document that is removed may still be run for so long."""

QUICK_LENGTH = 2_000
"""Longer documents may take more than 10 ms: they are prepared in a thread, one after the other."""


class DocumentNotFoundError(RequestError):
    """No document is stored under the id; Apollo's clients know this message and send the text."""

    code = "PERSISTED_QUERY_NOT_FOUND"


class RegistrationNotSupportedError(RequestError):
    """Clients cannot register documents, and none is stored; Apollo's clients then send no more hashes."""

    code = "PERSISTED_QUERY_NOT_SUPPORTED"


class DocumentNotTrustedError(RequestError):
    """Only stored documents are run, and this document is not stored."""

    code = "DOCUMENT_NOT_TRUSTED"


class Refused(NamedTuple):
    """A document that is not run, and why."""

    source: str
    error: RequestError


Parsed = Document | Refused


class Documents:
    """The documents that requests name."""

    def __init__(self, schema: GraphQLSchema, pool: Pool, settings: Settings, of_pages: Mapping[str, str]) -> None:
        self._schema, self._pool, self._settings = schema, pool, settings
        self._limits = Limits.of(settings)
        self._of_pages = of_pages
        self._own: dict[str, Document] = {}
        self._background = Background(1, settings.deadline)
        self.aside: Aside = self._background.aside
        """Runs work on a document in the thread of long documents."""
        self.prepared: ByteCache[str, Parsed] = ByteCache(settings.cache_bytes // 4, size_of)
        self._stored: TTLCache[str, str] = TTLCache(CACHED_TEXTS, STORED_SECONDS, getsizeof=bytes_of)
        self._registered: ByteCache[str, str] = ByteCache(CACHED_TEXTS, lambda _, text: bytes_of(text))

    async def find(self, request: Request) -> Document:
        """Return the document that a request names; RequestError when there is none, or it must not be run."""
        if request.is_own:
            return self._own_document(request.query or "")
        if request.query is None:
            id_ = request.document_id or ""
            text = await self._text_of(id_) or self._registered.get(id_)
            if text is None:
                raise await self._not_found(request)
            return await self._document(text)
        if self._settings.trusted_only and await self._text_of(hash_of(request.query)) is None:
            raise DocumentNotTrustedError
        document = await self._document(request.query)
        if request.document_id is not None and self._settings.development:
            self._registered.put(request.document_id, request.query)
        return document

    async def _not_found(self, request: Request) -> RequestError:
        """Tell Apollo's clients to register a document, or that no hash is worth sending here."""
        may_register = self._settings.development and not self._settings.trusted_only
        if may_register or not request.is_persisted_query:
            return DocumentNotFoundError()
        async with self._pool.reading_as_owner() as reading:
            return DocumentNotFoundError() if await any_stored(reading) else RegistrationNotSupportedError()

    def _own_document(self, text: str) -> Document:
        """Return a document of the program from the cache, or prepare it; there are only a few."""
        if text not in self._own:
            self._own[text] = Document.of(text, self._schema, Limits.none(), suggest=True)
        return self._own[text]

    async def _text_of(self, document_id: str) -> str | None:
        """Find the text of a stored document: one of the pages, or one in the cache or in the table."""
        text = self._of_pages.get(document_id) or self._stored.get(document_id)
        if text is None:
            async with self._pool.reading_as_owner() as reading:
                text = await find(reading, document_id)
            if text is not None:
                with suppress(ValueError):
                    self._stored[document_id] = text
        return text

    async def _document(self, text: str) -> Document:
        """Return a document from the cache, or prepare it; refusals are cached as well."""
        prepared = self.prepared.get(text)
        if prepared is None:
            prepared = await self._prepare(text)
            self.prepared.put(text, prepared)
        if isinstance(prepared, Refused):
            raise prepared.error.fresh()
        return prepared

    async def _prepare(self, text: str) -> Parsed:
        if len(text) <= QUICK_LENGTH:
            return self._parse(text)
        async with self._background.turn():
            known = self.prepared.get(text)  # another request may have sent the same text
            return await self._background.run(partial(self._parse, text)) if known is None else known

    def _parse(self, text: str) -> Parsed:
        try:
            return Document.of(text, self._schema, self._limits, suggest=self._settings.development)
        except RequestError as error:
            return Refused(text, error.fresh())


def size_of(text: str, _: Parsed) -> int:
    """Estimate the bytes that a document takes in memory; the errors of one that is refused hold what was parsed."""
    return DOCUMENT_BYTES + CHARACTER_BYTES * len(text)


def bytes_of(text: str) -> int:
    """Return the bytes of a text and of its key, at most."""
    return 4 * len(text) + 200
