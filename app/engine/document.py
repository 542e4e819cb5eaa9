"""Document: the text of an operation, parsed, measured and validated once for all requests that send it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from cachetools import LRUCache
from graphql import (
    ArgumentNode,
    DirectiveNode,
    DocumentNode,
    FieldNode,
    GraphQLError,
    GraphQLSchema,
    NonNullTypeNode,
    OperationDefinitionNode,
    VariableNode,
    Visitor,
    parse,
    validate,
    visit,
)
from graphql.validation.rules import overlapping_fields_can_be_merged

from app.engine.argument_sizes import Size, may_grow, measure_variables
from app.engine.guard import check_document, check_limit, operations_of
from app.engine.introspection import INTROSPECTION, only_introspects
from app.engine.limits import Limits
from app.engine.measuring import Measures
from app.errors import RequestError
from app.loaders.reads import FILTER

MOST_MEASURES = 32
"""The most measures of one document that are cached."""

MOST_ERRORS = 8
"""The most errors of a document that are reported, so that a hostile document is refused quickly."""

overlapping_fields_can_be_merged.MAX_COMPLEXITY_BUDGET = 20_000
"""Limits the comparison of fields of one name to 0.1 s; graphql-core's own limit of 500,000 allows 2.5 s."""

TOKEN = re.compile(
    r'"""(?:[^"\\]|\\"""|\\|"(?!""))*+(?:""")?|"(?:[^"\\\n]|\\.)*+"?|#[^\n]*+|[_A-Za-z]\w*+|-?\d[\w.+-]*+|\.\.\.|[^\s,\ufeff]'
)
"""A token of GraphQL or a comment (October 2021, 2.1.6); an unterminated string is a token as well."""


class RefusedError(RequestError):
    """A document that cannot be run; `errors` are graphql-core's own."""

    def __init__(self, code: str, errors: list[GraphQLError]) -> None:
        super().__init__(errors[0].message)
        self.code, self.errors = code, errors


@dataclass(frozen=True)
class Document:
    """A document that may be run.

    `limits` are those that it was checked against. `conditions` are the variables that `@include` and `@skip` depend
    on, `compared` those inside a filter. `grows` says whether its variables may make it larger; `names` are those of
    all its fields, `below` the variables that are used below the root fields. `by_sizes` are the measures by the sizes
    of the variables.
    """

    source: str
    schema: GraphQLSchema = field(repr=False, compare=False)
    ast: DocumentNode
    limits: Limits
    measures: Measures
    conditions: tuple[str, ...]
    compared: frozenset[str]
    grows: bool
    names: frozenset[str]
    below: frozenset[str]
    by_sizes: LRUCache[tuple[tuple[str, Size], ...], Measures] = field(
        default_factory=lambda: LRUCache(MOST_MEASURES), compare=False
    )

    @classmethod
    def of(cls, source: str, schema: GraphQLSchema, limits: Limits, *, suggest: bool = False) -> "Document":
        """Parse, measure and validate; RefusedError or LimitExceededError. Errors may `suggest` names of the schema."""
        check_text(source, limits)
        try:
            ast = parse(source, max_tokens=limits.tokens, allow_empty_selection_sets=False)
        except GraphQLError as error:
            code = "GRAPHQL_PARSE_FAILED"
            raise RefusedError(code, [error]) from error
        measures = check_document(schema, ast, measure_variables(operations_of(ast), None), limits)
        hide = not suggest
        errors = validate(schema, ast, max_errors=MOST_ERRORS, hide_suggestions=hide, allow_empty_selection_sets=False)
        if errors:
            code = "GRAPHQL_VALIDATION_FAILED"
            raise RefusedError(code, errors)
        finder = Finder()
        visit(ast, finder)
        conditions, grows = tuple(sorted(finder.conditions)), may_grow(operations_of(ast))
        compared, names = frozenset(finder.compared), frozenset(finder.names)
        return cls(
            source,
            schema,
            ast,
            limits,
            measures,
            conditions,
            compared,
            grows,
            names,
            frozenset(finder.below),
        )

    def measured(self, variables: Mapping[str, Any] | None) -> Measures:
        """Measure again with the values of a request, where they can make the document larger.

        DocumentLimitError when the document then exceeds a limit. Variables of the same sizes have the same measures,
        which are cached.
        """
        given = variables or {}
        if not self.grows and not any(isinstance(value, list | dict) for value in given.values()):
            return self.measures
        sizes = measure_variables(self.operations, given)
        key = tuple(sizes.items())
        if key not in self.by_sizes:
            self.by_sizes[key] = check_document(self.schema, self.ast, sizes, self.limits)
        return self.by_sizes[key]

    @cached_property
    def operations(self) -> Sequence[OperationDefinitionNode]:
        """The operations."""
        return operations_of(self.ast)

    @cached_property
    def introspects(self) -> bool:
        """Whether it asks about the schema."""
        return not self.names.isdisjoint(INTROSPECTION)

    @cached_property
    def only_introspects(self) -> bool:
        """Whether every operation asks about the schema alone: then all callers get the same answer."""
        return all(only_introspects(operation.selection_set) for operation in self.operations)

    def nulls(self, operation: OperationDefinitionNode) -> dict[str, None]:
        """Return null for each variable inside a filter that a request may leave out.

        GraphQL drops an input field whose variable is left out: `{eq: $id}` would become `{}`, which compares nothing.
        """
        return {name: None for name in optional_variables(operation) if name in self.compared}

    def operation(self, name: str | None) -> OperationDefinitionNode | None:
        """Return the operation of a name, or the only one; None when there is none."""
        named = [o for o in self.operations if name is None or (o.name and o.name.value == name)]
        return named[0] if len(named) == 1 else None


class Finder(Visitor):
    """Finds the variables of `@include` and `@skip`, those inside filters, and the names of all fields."""

    def __init__(self) -> None:
        super().__init__()
        self.conditions: set[str] = set()
        self.compared: set[str] = set()
        self.in_filter = False
        self.names: set[str] = set()
        self.below: set[str] = set()
        self.nesting = 0

    def enter_directive(self, node: DirectiveNode, *_: object) -> None:
        """Collect the variables of an `@include` or `@skip`."""
        if node.name.value in ("include", "skip"):
            values = (argument.value for argument in node.arguments or ())
            self.conditions |= {value.name.value for value in values if isinstance(value, VariableNode)}

    def enter_argument(self, node: ArgumentNode, *_: object) -> None:
        """Enter a filter."""
        self.in_filter = node.name.value == FILTER

    def leave_argument(self, *_: object) -> None:
        """Leave a filter."""
        self.in_filter = False

    def enter_variable(self, node: VariableNode, *_: object) -> None:
        """Collect the variables of a filter, and those below the root fields."""
        if self.in_filter:
            self.compared.add(node.name.value)
        if self.nesting > 1:
            self.below.add(node.name.value)

    def enter_fragment_definition(self, *_: object) -> None:
        """Count the fields of a fragment as nested: it may be spread anywhere."""
        self.nesting += 1

    def leave_fragment_definition(self, *_: object) -> None:
        """Leave a fragment."""
        self.nesting -= 1

    def enter_field(self, node: FieldNode, *_: object) -> None:
        """Collect the names of fields."""
        self.names.add(node.name.value)
        self.nesting += 1

    def leave_field(self, *_: object) -> None:
        """Leave a field."""
        self.nesting -= 1


def optional_variables(operation: OperationDefinitionNode) -> Iterator[str]:
    """Yield the variables of an operation that a request may leave out and that have no default."""
    for definition in operation.variable_definitions or ():
        if definition.default_value is None and not isinstance(definition.type, NonNullTypeNode):
            yield definition.variable.name.value


def check_text(source: str, limits: Limits) -> None:
    """Refuse a text that is too long, before it is parsed: parsing takes ten times as long as splitting into tokens."""
    check_limit("DOCUMENT_TOO_LONG", len(source), limits.length)
    tokens = tokens_of(source)
    check_limit("TOKEN_LIMIT_EXCEEDED", len(tokens), limits.tokens)
    spreads, variables = tokens.count("..."), tokens.count("$")
    check_limit("SPREAD_LIMIT_EXCEEDED", spreads, limits.spreads)
    check_limit("VARIABLE_LIMIT_EXCEEDED", variables, limits.variables)


def tokens_of(source: str) -> list[str]:
    """Split a document into tokens, without comments."""
    return [token for token in TOKEN.findall(source) if not token.startswith("#")]
