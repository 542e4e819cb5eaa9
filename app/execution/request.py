"""A request, its answer, and its state while it runs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from app.access.caller import Caller
from app.db.scope import NO_ORIGIN, Origin, Scope
from app.engine.dialect import GRAPHQL, Dialect
from app.engine.document import Document
from app.engine.plan import Plan
from app.error_codes import Language
from app.errors import RequestError
from app.loaders.budget import Budget, CountedRows
from app.loaders.disclosures import Disclosures
from app.settings import Settings

COMPILED, CORE, FAILED, REFUSED = "compiled", "graphql-core", "failed", "refused"
"""How a request ran. FAILED is a bug: the plan raised an unexpected exception, and graphql-core ran the query."""


class Request(NamedTuple):
    """What a caller sends: a document by its text or by its id, its variables, and which of its operations."""

    query: str | None = None
    variables: Mapping[str, Any] | None = None
    operation_name: str | None = None
    only_queries: bool = False
    document_id: str | None = None
    """The SHA-256 of a stored document, or its id in a manifest."""

    is_persisted_query: bool = False
    """The id is the hash of Apollo's `persistedQuery`; otherwise it is a `documentId`."""

    language: Language = "en"

    origin: Origin = NO_ORIGIN
    """What the record of changes says about the request."""

    is_own: bool = False
    """The document is part of the program: `trusted_only` and the limits of documents do not apply to it.

    It runs by its plan only, and as a mutation it is all or nothing: one error undoes every field.
    """

    dialect: Dialect = GRAPHQL
    """How the values of the answer are written; another one than GraphQL only for documents of the program."""

    idempotency_key: str | None = None
    """The header Idempotency-Key; only mutations read it."""

    working_org: str | None = None
    """The header cadastre-org of a request with a key: with another one it is another request."""


class Answer(NamedTuple):
    """An answer to a request."""

    body: dict[str, Any]

    refusal: RequestError | None = None
    """Why the answer has no data; None when the request ran."""

    content: bytes | None = None
    """The body as JSON, `extensions` included, where it is kept under a key; None where it is still to be written."""

    is_query: bool = False
    """Nothing was written, so an answer that is too large may be refused."""

    is_large: bool = False
    """The answer has so many values that it is encoded and sent in pieces."""

    is_replayed: bool = False
    """The request had run before, and this is the answer of that time."""


@dataclass
class Run:
    """The state of one request while it runs."""

    caller: Caller | None
    """None when no log-in is required: the request sees every row, and personal data masked."""

    budget: Budget
    """The most rows that may be loaded, and the most values that the answer may have."""

    estimated: int | None = None
    """The estimated cost; None until the document is measured."""

    conditions: int | None = None
    """The comparisons in filters; None until the document is measured."""

    actual: int = 0
    """The rows that were loaded."""

    values: int = 0
    """The values of the answer."""

    way: str = REFUSED
    """How the request ran: compiled, by graphql-core, or not at all."""

    reason: str = ""
    """Why it did not run by a compiled plan; empty when it did."""

    plan: Plan | None = None
    """The plan that it ran by."""

    settled: int | None = None
    """The last change that no other may precede; None where the request does not read the feed of changes."""

    document: Document | None = None
    """The document, when it is prepared."""

    disclosures: Disclosures = field(default_factory=Disclosures)
    """Whose personal data the answer shows, and which."""

    def count(self, rows: CountedRows) -> None:
        """Take over what was counted."""
        self.actual, self.values = rows.mark()

    @property
    def scope(self) -> Scope:
        """Return the rows that the caller may see."""
        return scope_of(self.caller)

    @property
    def sees_personal(self) -> bool:
        """Return whether personal data are shown unmasked: only to callers who may read them in their whole scope."""
        return self.caller is not None and self.caller.may_throughout("pii.read")


def scope_of(caller: Caller | None) -> Scope:
    """Return the rows that a caller may see."""
    return Scope.everything() if caller is None else caller.scope


def budget_of(caller: Caller | None, settings: Settings) -> Budget:
    """Return the budget of a document that a caller writes: the rows of the client, or else of the setting."""
    own = None if caller is None else caller.max_nodes
    return Budget(settings.max_nodes if own is None else own, settings.max_answer_values)
