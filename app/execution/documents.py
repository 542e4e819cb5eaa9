"""Documents: the document of a request, named by its text or by an id, and prepared once for all requests.

Stored documents are in the table `stored_document`. A client names one by `documentId` (GraphQL over HTTP, appendix A)
or by Apollo's `persistedQuery`. Apollo's clients also register documents. That works in development only, and only in
the memory of the process, so that clients cannot fill the table.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import NamedTuple, TypeVar

from cachetools import Cache, LRUCache, TTLCache
from graphql import GraphQLSchema

from app.db.pool import Pool
from app.engine.document import Document
from app.engine.limits import Limits
from app.errors import RequestError
from app.execution.request import Request
from app.services.stored_document import any_stored, find, hash_of
from app.settings import Settings

CACHED_CHARACTERS = 500_000
"""A parsed document takes about 200 bytes a character: 100 MB for all that are cached."""

SMALLEST_SIZE = 500
"""A document counts at least as this many characters, which limits their number to 1,000."""

STORED_SECONDS = 60
"""How long a stored document is cached. A document that is removed may still be run for so long."""

QUICK_LENGTH = 2_000
"""Longer documents may take more than 10 ms: they are prepared in a thread, one after the other."""

PREPARING = ThreadPoolExecutor(1, "documents")


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
Value = TypeVar("Value")


class Documents:
    """The documents that requests name."""

    def __init__(self, schema: GraphQLSchema, pool: Pool, settings: Settings) -> None:
        self._schema, self._pool, self._settings = schema, pool, settings
        self._limits = Limits.of(settings)
        self._own: dict[str, Document] = {}
        self._prepared: LRUCache[str, Parsed] = LRUCache(CACHED_CHARACTERS, lambda prepared: size_of(prepared.source))
        self._stored: TTLCache[str, str] = TTLCache(CACHED_CHARACTERS, STORED_SECONDS, getsizeof=size_of)
        self._registered: LRUCache[str, str] = LRUCache(CACHED_CHARACTERS, size_of)

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
            put(self._registered, request.document_id, request.query)
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
        """Find the text of a stored document in the cache or in the table."""
        text = self._stored.get(document_id)
        if text is None:
            async with self._pool.reading_as_owner() as reading:
                text = await find(reading, document_id)
            if text is not None:
                put(self._stored, document_id, text)
        return text

    async def _document(self, text: str) -> Document:
        """Return a document from the cache, or prepare it; refusals are cached as well."""
        prepared = self._prepared.get(text)
        if prepared is None:
            prepared = await self._prepare(text)
            put(self._prepared, text, prepared)
        if isinstance(prepared, Refused):
            raise prepared.error.fresh()
        return prepared

    async def _prepare(self, text: str) -> Parsed:
        if len(text) <= QUICK_LENGTH:
            return self._parse(text)
        return await asyncio.get_running_loop().run_in_executor(PREPARING, self._parse, text)

    def _parse(self, text: str) -> Parsed:
        try:
            return Document.of(text, self._schema, self._limits, suggest=self._settings.development)
        except RequestError as error:
            return Refused(text, error.fresh())


def size_of(text: str) -> int:
    """Return how many characters of a cache a document takes."""
    return max(len(text), SMALLEST_SIZE)


def put(cache: Cache[str, Value], key: str, value: Value) -> None:
    """Cache a value, unless it is larger than the whole cache."""
    with suppress(ValueError):
        cache[key] = value
