"""Document: a query's text, parsed, measured and validated once for all requests that send it again."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    DirectiveNode,
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    VariableNode,
    Visitor,
    parse,
    validate,
    visit,
)

from app.engine.guard import check_document
from app.engine.measuring import Measures
from app.errors import RequestError
from app.settings import Settings


class RefusedError(RequestError):
    """A document that cannot be run; `errors` are graphql-core's own."""

    def __init__(self, code: str, errors: list[GraphQLError]) -> None:
        super().__init__(errors[0].message)
        self.code, self.errors = code, errors


@dataclass(frozen=True)
class Document:
    """A document that may be run. `conditions` are the variables that `@include` and `@skip` depend on."""

    source: str
    ast: DocumentNode
    measures: Measures
    conditions: tuple[str, ...]

    @classmethod
    def of(cls, source: str, schema: GraphQLSchema, settings: Settings) -> "Document":
        """Parse, measure and validate; RefusedError or LimitExceededError."""
        try:
            ast = parse(source, max_tokens=settings.max_tokens)
        except GraphQLError as error:
            raise RefusedError(code_of(error), [error]) from error
        measures = check_document(ast, None, settings)
        errors = validate(schema, ast)
        if errors:
            code = "GRAPHQL_VALIDATION_FAILED"
            raise RefusedError(code, errors)
        finder = ConditionFinder()
        visit(ast, finder)
        return cls(source, ast, measures, tuple(sorted(finder.names)))

    def measured(self, variables: Mapping[str, Any] | None, settings: Settings) -> Measures:
        """Measure again with the values of a request, where they can make the document larger."""
        if not variables or all(isinstance(value, str | bool | None) for value in variables.values()):
            return self.measures
        return check_document(self.ast, variables, settings)

    def operation(self, name: str | None) -> OperationDefinitionNode | None:
        """Give the operation of a name, or the only one; None when there is none."""
        operations = [d for d in self.ast.definitions if isinstance(d, OperationDefinitionNode)]
        named = [o for o in operations if name is None or (o.name and o.name.value == name)]
        return named[0] if len(named) == 1 else None


class ConditionFinder(Visitor):
    """Finds the variables that decide which fields are included."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def enter_directive(self, node: DirectiveNode, *_: object) -> None:
        """Take the variables of an `@include` or `@skip`."""
        if node.name.value in ("include", "skip"):
            values = (argument.value for argument in node.arguments or ())
            self.names |= {value.name.value for value in values if isinstance(value, VariableNode)}


def code_of(error: GraphQLError) -> str:
    """Tell a document that is too long from one that is wrong."""
    return (
        "TOKEN_LIMIT_EXCEEDED" if "more than" in error.message and "tokens" in error.message else "GRAPHQL_PARSE_FAILED"
    )
