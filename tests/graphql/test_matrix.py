"""The matrix of who sees what asks for everything that there is in the schema, or this fails."""

from collections.abc import Iterable, Iterator
from typing import Any

from graphql import (
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    get_named_type,
    parse,
    visit,
)

from tests.worlds.questions import CURSORS, questions
from tests.worlds.schema import CORE
from tests.worlds.visibility import world_of


class Coordinates(Visitor):
    """Collects what a document asks for: fields, arguments and members of inputs, as `Type.field(argument)`."""

    def __init__(self, types: TypeInfo) -> None:
        super().__init__()
        self.types, self.found = types, set[str]()

    def enter_field(self, node: Any, *_: object) -> None:
        self.found |= {f"{self.types.get_parent_type()}.{node.name.value}"}
        self.found |= {
            f"{self.types.get_parent_type()}.{node.name.value}({each.name.value})" for each in node.arguments or ()
        }

    def enter_object_field(self, node: Any, *_: object) -> None:
        self.found.add(f"{get_named_type(self.types.get_parent_input_type())}.{node.name.value}")


def of_mutations() -> set[str]:
    """Name the types that only mutations have: their root, their inputs and payloads, and the errors in these."""
    assert CORE.mutation_type is not None
    roots = CORE.mutation_type.fields.values()
    inputs = [get_named_type(argument.type) for field in roots for argument in field.args.values()]
    nested = [get_named_type(field.type) for each in inputs for field in each.fields.values()]
    return {"Mutation", "UserError", *(get_named_type(field.type).name for field in roots), *names(inputs + nested)}


def of_subscriptions() -> set[str]:
    """Name the types that only subscriptions have: their root, and their events (tests/events/test_told.py)."""
    assert CORE.subscription_type is not None
    return {"Subscription", *(get_named_type(field.type).name for field in CORE.subscription_type.fields.values())}


def names(types: Iterable[GraphQLNamedType]) -> Iterator[str]:
    """Name those types that are inputs."""
    return (type_.name for type_ in types if isinstance(type_, GraphQLInputObjectType))


def in_schema() -> Iterator[str]:
    """Give all that there is to ask for by queries."""
    others = of_mutations() | of_subscriptions()
    for name, type_ in CORE.type_map.items():
        if name in others:
            continue
        if isinstance(type_, GraphQLInputObjectType):
            yield from (f"{name}.{member}" for member in type_.fields)
        if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType) and not name.startswith("__"):
            for shown, core in type_.fields.items():
                yield f"{name}.{shown}"
                arguments = core.args if type_ is CORE.query_type else core.args.keys() - CURSORS
                yield from (f"{name}.{shown}({argument})" for argument in arguments)


def test_the_matrix_asks_for_everything_in_the_schema(demo_url: str) -> None:
    found = set()
    for question in questions(world_of(demo_url)).values():
        visitor = Coordinates(TypeInfo(CORE))
        visit(parse(question.query), TypeInfoVisitor(visitor.types, visitor))
        found |= {each for each in visitor.found if "__" not in each}
    assert found == set(in_schema())
