"""Scope: the operation that is compiled, and what graphql-core says of its selection sets and arguments."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLField,
    GraphQLObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
)
from graphql.execution.collect_fields import FieldDetails, FragmentDetails, collect_fields, collect_subfields
from graphql.execution.values import VariableValues, get_argument_values

Details = list[FieldDetails]
ArgumentsOf = Callable[[VariableValues], Mapping[str, Any]]


@dataclass(frozen=True)
class Scope:
    """An operation of a document. `variables` matter only for `@include` and `@skip`.

    `plain` says whether personal data are shown in plain.
    """

    schema: GraphQLSchema
    operation: OperationDefinitionNode
    fragments: dict[str, FragmentDetails]
    variables: VariableValues
    plain: bool

    @classmethod
    def of(
        cls,
        schema: GraphQLSchema,
        document: DocumentNode,
        operation: OperationDefinitionNode,
        variables: VariableValues,
        *,
        plain: bool,
    ) -> "Scope":
        """Make the scope of an operation of a document."""
        definitions = (d for d in document.definitions if isinstance(d, FragmentDefinitionNode))
        return cls(schema, operation, {d.name.value: FragmentDetails(d) for d in definitions}, variables, plain)

    def root_fields(self, type_: GraphQLObjectType) -> dict[str, Details]:
        """Collect the fields of the operation itself, by response key, in the order of the answer."""
        return collect_fields(self.schema, self.fragments, self.variables, type_, self.operation).grouped_field_set

    def subfields(self, type_: GraphQLObjectType, details: Details) -> dict[str, Details]:
        """Collect the fields that are selected on an object of a type, by response key, in the order of the answer."""
        collected = collect_subfields(self.schema, self.fragments, self.variables, self.operation, type_, details)
        return collected.grouped_field_set


def name_of(details: Details) -> str:
    """Give the name of a field."""
    return details[0].node.name.value


def arguments_of(field: GraphQLField, details: Details) -> ArgumentsOf:
    """Give how the arguments of a field follow from the variables."""
    node = details[0].node
    if not node.arguments:
        return lambda _: {}
    return lambda variables: get_argument_values(field, node, variables)
