"""Operation: the operation that is compiled, with its selection sets and arguments as graphql-core reads them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, cast

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
    get_named_type,
)
from graphql.execution.collect_fields import FieldDetails, FragmentDetails, collect_fields, collect_subfields
from graphql.execution.values import VariableValues, get_argument_values

from app.db.scope import Extent
from app.engine.dialect import GRAPHQL, Dialect, Layout

TYPENAME = "__typename"
Details = list[FieldDetails]
ArgumentsOf = Callable[[VariableValues], Mapping[str, Any]]


class Audience(NamedTuple):
    """Which callers a plan serves: whether they see personal data, the extent of their scopes, and their dialect."""

    sees_personal: bool
    extent: Extent
    dialect: Dialect = GRAPHQL


@dataclass(frozen=True)
class Operation:
    """An operation and the audience that it is compiled for. `variables` matter only for `@include` and `@skip`."""

    schema: GraphQLSchema
    definition: OperationDefinitionNode
    fragments: dict[str, FragmentDetails]
    variables: VariableValues
    audience: Audience

    @classmethod
    def of(
        cls,
        schema: GraphQLSchema,
        document: DocumentNode,
        definition: OperationDefinitionNode,
        variables: VariableValues,
        audience: Audience,
    ) -> "Operation":
        """Take an operation of a document."""
        definitions = (d for d in document.definitions if isinstance(d, FragmentDefinitionNode))
        fragments = {d.name.value: FragmentDetails(d) for d in definitions}
        return cls(schema, definition, fragments, variables, audience)

    def root_fields(self, type_: GraphQLObjectType) -> dict[str, Details]:
        """Collect the fields of the operation itself, by response key, in the order of the answer."""
        return collect_fields(self.schema, self.fragments, self.variables, type_, self.definition).grouped_field_set

    def subfields(self, type_: GraphQLObjectType, details: Details) -> dict[str, Details]:
        """Collect the fields that are selected on an object of a type, by response key, in the order of the answer."""
        collected = collect_subfields(self.schema, self.fragments, self.variables, self.definition, type_, details)
        return collected.grouped_field_set

    def layout_of(self, details: Details) -> Layout | None:
        """Return the layout of the object that fields lead to: that of the first fragment that is spread on it."""
        layouts = self.audience.dialect.layouts
        selections = (
            each for field in details if (selected := field.node.selection_set) for each in selected.selections
        )
        names = (each.name.value for each in selections if isinstance(each, FragmentSpreadNode))
        return next((layouts[name] for name in names if name in layouts), None)


def object_type(declared: GraphQLField) -> GraphQLObjectType:
    """Return the object type that a field leads to."""
    return cast("GraphQLObjectType", get_named_type(declared.type))


def name_of(details: Details) -> str:
    """Return the name of a field."""
    return details[0].node.name.value


def arguments_of(field: GraphQLField, details: Details) -> ArgumentsOf:
    """Return a function from the variables to the arguments of a field."""
    node = details[0].node
    if not node.arguments:
        return lambda _: {}
    return lambda variables: get_argument_values(field, node, variables)
