"""Operations: the stored GraphQL operations of the legacy API, which run as the caller."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from graphql import DefinitionNode, DocumentNode, FragmentDefinitionNode, parse, print_ast
from graphql.utilities import separate_operations
from starlette.requests import Request as HttpRequest

from app.access.caller import Caller
from app.db.scope import NO_ORIGIN, Origin
from app.execution.execution import Execution
from app.execution.request import Answer, Request
from app.rest.dialect import LEGACY
from app.web.idempotency import Keyed

FOLDER = Path(__file__).parent / "documents"


def read_operations() -> Mapping[str, str]:
    """Read all documents and return the text of each operation by its name, before the fragments that it uses."""
    documents = [parse(file.read_text(encoding="utf-8")) for file in sorted(FOLDER.glob("*.graphql"))]
    definitions = (each for document in documents for each in document.definitions)
    whole = DocumentNode(definitions=tuple(sorted(definitions, key=is_fragment)))
    return {name: print_ast(document) for name, document in separate_operations(whole).items()}


def is_fragment(definition: DefinitionNode) -> bool:
    """Return whether a definition is a fragment."""
    return isinstance(definition, FragmentDefinitionNode)


OPERATIONS = read_operations()


async def run_operation(http: HttpRequest, request: Request, caller: Caller | None) -> Answer:
    """Run an operation and return its answer with data; RequestError when it, or one of its fields, fails."""
    execution: Execution = http.app.state.execution
    answer = await execution.answer(request, caller)
    if answer.refusal is not None:
        raise answer.refusal
    return answer


def stored(
    operation: str, variables: Mapping[str, Any] | None = None, origin: Origin = NO_ORIGIN, keyed: Keyed | None = None
) -> Request:
    """Make the request that runs a stored operation; `keyed` is what belongs to its Idempotency-Key."""
    text = OPERATIONS[operation]
    return Request(
        text, variables, operation, language="zh", is_own=True, dialect=LEGACY, origin=origin, **(keyed or {})
    )
