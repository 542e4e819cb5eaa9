"""Mutation: the root fields of a mutation, each with the plan of its payload.

A payload is compiled like any other row. The row has three columns: `ids` of the records that were written, `id`, the
first of them (None when nothing was written), and `errors`. The records in the payload hang on these by ordinary edges.
"""

from collections.abc import Mapping, Sequence
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


def payload_row(ids: Sequence[int], errors: list[dict[str, Any]]) -> Row:
    """Make the row that the plan of a payload starts with."""
    return (None, next(iter(ids), None), list(ids), errors)


def _field(operation: Operation, root: GraphQLObjectType, details: Details) -> RootField | str:
    if name_of(details) == TYPENAME:
        return root.name
    declared = root.fields[name_of(details)]
    payload = object_type(declared)
    row = row_on(operation, payload, details, Columns(["id", "ids", "errors"]))
    return RootField(declared, arguments_of(declared, details), Plan(row.selection()))
