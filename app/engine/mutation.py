"""Mutation: the root fields of a mutation, each with the plan of its payload.

A payload is compiled like any other row. The row has two columns: `id`, the id of the record that was written (None
when nothing was written), and `errors`. The record in the payload hangs on `id` by an ordinary edge.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from graphql import GraphQLField, GraphQLObjectType

from app.db.exchange import Row
from app.engine.codegen import Columns
from app.engine.compiling import row_on
from app.engine.operation import TYPENAME, ArgumentsOf, Details, Operation, arguments_of, name_of, object_type
from app.engine.plan import Plan


@dataclass(frozen=True)
class RootField:
    """A root field of a mutation: its declaration, how its arguments follow from the variables, and its payload."""

    declared: GraphQLField
    arguments: ArgumentsOf
    payload: Plan


@dataclass(frozen=True)
class MutationPlan:
    """The root fields of a mutation in the order in which they run, and the name of the root type where selected."""

    fields: Mapping[str, RootField | str]


def compile_mutation(operation: Operation) -> MutationPlan:
    """Compile a mutation; UnplannableError when something in a payload has no plan."""
    root = cast("GraphQLObjectType", operation.schema.mutation_type)
    return MutationPlan({key: _field(operation, root, details) for key, details in operation.root_fields(root).items()})


def payload_row(id_: int | None, errors: list[dict[str, Any]]) -> Row:
    """Make the row that the plan of a payload starts with."""
    return (None, id_, errors)


def _field(operation: Operation, root: GraphQLObjectType, details: Details) -> RootField | str:
    if name_of(details) == TYPENAME:
        return root.name
    declared = root.fields[name_of(details)]
    payload = object_type(declared)
    row = row_on(operation, payload, details, Columns(["id", "errors"]))
    return RootField(declared, arguments_of(declared, details), Plan(row.selection()))
