"""Variables: the values of a request's variables, read as the types of the schema say.

graphql-core looks for every field of an input type in every value, and tests the kind of each type anew. A bulk
mutation has a thousand values of one type. So a function for each type is made once, and reads what is valid. What it
does not read, graphql-core reads again: it says what is wrong, and where.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, partial
from typing import Any

from graphql import (
    GraphQLError,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
    Undefined,
    VariableDefinitionNode,
    get_variable_values,
    is_input_object_type,
    is_list_type,
    is_non_null_type,
    is_required_input_field,
)
from graphql.execution.get_variable_signature import GraphQLVariableSignature, get_variable_signature
from graphql.execution.values import VariableValues, VariableValueSource
from graphql.utilities.coerce_input_value import coerce_default_value

from app.engine.document import MOST_ERRORS

Reader = Callable[[Any], Any]
"""Reads a JSON value; any exception says that graphql-core must read it."""


class NotReadError(Exception):
    """graphql-core must read a value: it is not valid, or written in a way that clients seldom use."""


class Variables:
    """Reads the variables of requests against one schema."""

    def __init__(self, schema: GraphQLSchema, *, hide_suggestions: bool) -> None:
        self._schema, self._hide_suggestions = schema, hide_suggestions
        self._named: dict[Any, Reader] = {}

    def read(self, operation: OperationDefinitionNode, given: Mapping[str, Any]) -> VariableValues | list[GraphQLError]:
        """Return the values of the variables of an operation, or what is wrong with them."""
        definitions = operation.variable_definitions or ()
        try:
            return self._read(definitions, given)
        except Exception:  # noqa: BLE001 - also those of scalars, which may raise anything
            return get_variable_values(
                self._schema, definitions, dict(given), MOST_ERRORS, hide_suggestions=self._hide_suggestions
            )

    def _read(self, definitions: Sequence[VariableDefinitionNode], given: Mapping[str, Any]) -> VariableValues:
        sources: dict[str, VariableValueSource] = {}
        values: dict[str, Any] = {}
        for definition in definitions:
            signature = get_variable_signature(self._schema, definition)
            if isinstance(signature, GraphQLError):
                raise signature
            if signature.name in given:
                value = given[signature.name]
                sources[signature.name] = VariableValueSource(signature, value)
                values[signature.name] = self.of(signature.type)(value)
            else:
                check_may_be_left_out(signature)
                sources[signature.name] = VariableValueSource(signature)
        return VariableValues(sources, values)

    def of(self, type_: Any) -> Reader:
        """Return the function that reads the values of a type."""
        if is_non_null_type(type_):
            return self._not_null(type_.of_type)
        read = self._not_null(type_)
        return lambda value: None if value is None else read(value)

    def _not_null(self, type_: Any) -> Reader:
        if is_list_type(type_):
            return partial(read_list, self.of(type_.of_type))
        if type_ not in self._named:
            is_object = is_input_object_type(type_)
            self._named[type_] = InputObject(type_, self) if is_object else partial(read_leaf, type_.coerce_input_value)
        return self._named[type_]


class InputObject:
    """Reads the values of an input object type."""

    def __init__(self, type_: GraphQLInputObjectType, variables: Variables) -> None:
        self._type, self._variables = type_, variables

    @cached_property
    def _fields(self) -> Mapping[str, tuple[str, GraphQLInputField, Reader]]:
        """The fields by their names in GraphQL, with their names in the program; made at first use: types recur."""
        fields = self._type.fields.items()
        return {name: (field.out_name or name, field, self._variables.of(field.type)) for name, field in fields}

    @cached_property
    def _filled(self) -> frozenset[str]:
        """The fields to look for in every value: they are required, or have a default."""
        return frozenset(
            name
            for name, field in self._type.fields.items()
            if is_required_input_field(field) or coerce_default_value(field) is not Undefined
        )

    def __call__(self, value: Any) -> Any:
        """Read a value, whose fields keep the order in which the type has them."""
        if type(value) is not dict or not self._fields.keys() >= value.keys() or self._type.is_one_of:
            raise NotReadError
        read: dict[str, Any] = {}
        for name, (own_name, field, read_field) in self._fields.items():
            if name in value:
                read[own_name] = read_field(value[name])
            elif name in self._filled:
                read[own_name] = default_of(field)
        return self._type.out_type(read)


def check_may_be_left_out(variable: GraphQLVariableSignature) -> None:
    """Leave a variable that is required, or has a default, to graphql-core."""
    if is_non_null_type(variable.type) or variable.default is not None:
        raise NotReadError


def read_list(read_item: Reader, value: Any) -> list[Any]:
    """Read a list; graphql-core takes any other value as a list of one."""
    if type(value) is not list:
        raise NotReadError
    return [read_item(item) for item in value]


def read_leaf(coerce: Reader, value: Any) -> Any:
    """Read a value of a scalar or of a choice, which is not null."""
    if value is None:
        raise NotReadError
    return coerce(value)


def default_of(field: GraphQLInputField) -> Any:
    """Return the default of a field that is left out."""
    if is_required_input_field(field):
        raise NotReadError
    return coerce_default_value(field)
