"""Document: a query's text, parsed, measured and validated once for all requests that send it again."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    DirectiveNode,
    DocumentNode,
    FieldNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    VariableNode,
    Visitor,
    parse,
    validate,
    visit,
)
from graphql.validation.rules import overlapping_fields_can_be_merged

from app.engine.guard import check_document
from app.engine.measuring import Measures
from app.errors import LimitExceededError, RequestError
from app.settings import Settings

MOST_ERRORS = 8
"""Errors of a document that an answer tells. The more there are, the longer a hostile one takes."""

overlapping_fields_can_be_merged.MAX_COMPLEXITY_BUDGET = 20_000
"""What comparing fields of one name may cost: 0.1 s at the most. graphql-core's own bound of 500,000 allows 2.5 s."""

TOKEN = re.compile(
    r'"""(?:[^"\\]|\\"""|\\|"(?!""))*+(?:""")?|"(?:[^"\\\n]|\\.)*+"?|#[^\n]*+|[_A-Za-z]\w*+|-?\d[\w.+-]*+|\.\.\.|[^\s,\ufeff]'
)
"""A token of GraphQL or a comment (October 2021, 2.1.6); a text that does not end is one as well."""

INTROSPECTION = ("__schema", "__type")


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
    introspects: bool = False

    @classmethod
    def of(cls, source: str, schema: GraphQLSchema, settings: Settings) -> "Document":
        """Parse, measure and validate; RefusedError or LimitExceededError."""
        check_length(source, settings)
        try:
            ast = parse(source, max_tokens=settings.max_tokens, allow_empty_selection_sets=False)
        except GraphQLError as error:
            code = "GRAPHQL_PARSE_FAILED"
            raise RefusedError(code, [error]) from error
        measures = check_document(ast, None, settings)
        hide = not settings.development
        errors = validate(schema, ast, max_errors=MOST_ERRORS, hide_suggestions=hide, allow_empty_selection_sets=False)
        if errors:
            code = "GRAPHQL_VALIDATION_FAILED"
            raise RefusedError(code, errors)
        finder = Finder()
        visit(ast, finder)
        return cls(source, ast, measures, tuple(sorted(finder.conditions)), finder.introspects)

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


class Finder(Visitor):
    """Finds the variables that decide which fields are included, and questions about the schema."""

    def __init__(self) -> None:
        super().__init__()
        self.conditions: set[str] = set()
        self.introspects = False

    def enter_directive(self, node: DirectiveNode, *_: object) -> None:
        """Take the variables of an `@include` or `@skip`."""
        if node.name.value in ("include", "skip"):
            values = (argument.value for argument in node.arguments or ())
            self.conditions |= {value.name.value for value in values if isinstance(value, VariableNode)}

    def enter_field(self, node: FieldNode, *_: object) -> None:
        """Notice a question about the schema."""
        self.introspects = self.introspects or node.name.value in INTROSPECTION


def check_length(source: str, settings: Settings) -> None:
    """Refuse a text that is too long, before it is parsed: to count its tokens takes a hundredth of the time."""
    for code, words, count, allowed in (
        ("DOCUMENT_TOO_LONG", "characters of the document", len, settings.max_length),
        ("TOKEN_LIMIT_EXCEEDED", "tokens of the document", count_tokens, settings.max_tokens),
    ):
        found = count(source)
        if found > allowed:
            raise LimitExceededError(code, words, found, allowed)


def count_tokens(source: str) -> int:
    """Count the tokens of a document, comments left out."""
    return sum(not token.startswith("#") for token in TOKEN.findall(source))
