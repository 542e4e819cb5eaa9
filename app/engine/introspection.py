"""Introspection: how many objects the answer to `__schema` or `__type` has, by the real sizes of the schema's lists.

A *population* is the objects of the schema that one selection set is applied to, each with its number of occurrences.
Populations are equal wherever the same fields lead to them, so each is found once, and each selection set is counted
once for it. A document is refused as soon as the count exceeds the limit, so the work is bounded as well.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLAbstractType,
    GraphQLSchema,
    InlineFragmentNode,
    SelectionSetNode,
    StringValueNode,
    is_abstract_type,
)

SCHEMA, TYPE = "__schema", "__type"
INTROSPECTION = (SCHEMA, TYPE)
VARIABLE = "$"
"""Stands for the name of a type that only a variable has."""

WEIGHT = 10
"""The cost of an object of introspection: graphql-core makes it field by field, which takes as long as ten rows."""

Members = Callable[[GraphQLSchema, Any], Iterable[Any]]


def members_of(attribute: str) -> Members:
    """Return the members of a mapping or sequence of an object, such as the fields of a type; none without it."""

    def members(_: GraphQLSchema, object_: Any) -> Iterable[Any]:
        found = getattr(object_, attribute, None) or ()
        return found.values() if isinstance(found, Mapping) else found

    return members


def member_of(attribute: str) -> Members:
    """Return the one member of an object that an attribute holds; none without it."""
    return lambda _, object_: filter(None, [getattr(object_, attribute, None)])


def possible_types(schema: GraphQLSchema, type_: Any) -> Iterable[Any]:
    """Return the object types of an interface or a union."""
    abstract: GraphQLAbstractType = type_
    return schema.get_possible_types(abstract) if is_abstract_type(type_) else ()


def members_of_type(attribute: str, *, of_inputs: bool) -> Members:
    """Return the fields of a type, which are input fields where its members have no arguments."""
    members = members_of(attribute)
    return lambda schema, type_: [each for each in members(schema, type_) if hasattr(each, "args") is not of_inputs]


MEMBERS: Mapping[str, Members] = {
    "types": lambda schema, _: schema.type_map.values(),
    "queryType": member_of("query_type"),
    "mutationType": member_of("mutation_type"),
    "subscriptionType": member_of("subscription_type"),
    "directives": members_of("directives"),
    "fields": members_of_type("fields", of_inputs=False),
    "inputFields": members_of_type("fields", of_inputs=True),
    "interfaces": members_of("interfaces"),
    "possibleTypes": possible_types,
    "enumValues": members_of("values"),
    "args": members_of("args"),
    "ofType": member_of("of_type"),
    "type": member_of("type"),
}
"""The fields of introspection that lead to objects (October 2021, 4.2)."""


@dataclass(eq=False)
class Population:
    """Some objects of the schema, each once, with the number of its occurrences."""

    schema: GraphQLSchema
    counts: Mapping[int, tuple[Any, int]]
    """The objects and numbers by identity."""
    below: dict[str, "Population"] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """The number of all occurrences."""
        return sum(count for _, count in self.counts.values())

    def member(self, name: str) -> "Population":
        """Return the objects that a field leads to."""
        if name not in self.below:
            counts: dict[int, tuple[Any, int]] = {}
            for object_, count in self.counts.values():
                for found in MEMBERS[name](self.schema, object_):
                    counts[id(found)] = (found, count + counts.get(id(found), (None, 0))[1])
            self.below[name] = Population(self.schema, counts)
        return self.below[name]

    def largest(self) -> "Population":
        """Return the type that has the most members, which stands for a type that a variable names."""
        return max((Population(self.schema, {key: one}) for key, one in self.counts.items()), key=size_of)

    def named(self, name: str) -> "Population":
        """Return the type of a name; nothing when there is none."""
        return Population(self.schema, {key: one for key, one in self.counts.items() if one[0].name == name})


def size_of(population: Population) -> int:
    """Return how many members the types of a population have."""
    return sum(population.member(name).total for name in ("fields", "inputFields", "enumValues"))


@dataclass
class Introspection:
    """Counts the objects of introspection in one document; it stops counting above `most`."""

    schema: GraphQLSchema
    fragments: Mapping[str, FragmentDefinitionNode]
    most: int
    counted: dict[tuple[int, int], int] = field(default_factory=dict)
    starts: dict[str, Population] = field(default_factory=dict)
    """The populations of `__schema` and of each `__type`, by its name."""

    def cost(self, node: FieldNode) -> int:
        """Return the estimated cost of `__schema` or `__type`."""
        return WEIGHT * (1 + self.objects(node.selection_set, self._start(node)))

    def _start(self, node: FieldNode) -> Population:
        name = name_in(node)
        if name not in self.starts:
            whole = Population(self.schema, {id(self.schema): (self.schema, 1)})
            types = whole.member("types")
            chosen = {SCHEMA: lambda: whole, VARIABLE: types.largest}.get(name, lambda: types.named(name))
            self.starts[name] = chosen()
        return self.starts[name]

    def objects(self, selection_set: SelectionSetNode | None, population: Population) -> int:
        """Count the objects below a population. A cycle of fragments counts nothing here; validation refuses it."""
        if selection_set is None or not population.counts:
            return 0
        key = (id(selection_set), id(population))
        if key not in self.counted:
            self.counted[key] = total = 0
            for selection in selection_set.selections:
                total += self._selection(selection, population)
                if total > self.most:
                    break
            self.counted[key] = total
        return self.counted[key]

    def _selection(self, selection: Any, population: Population) -> int:
        if isinstance(selection, FieldNode):
            return self._field(selection, population)
        if isinstance(selection, FragmentSpreadNode):
            fragment = self.fragments.get(selection.name.value)
            return 0 if fragment is None else self.objects(fragment.selection_set, population)
        return self.objects(selection.selection_set, population) if isinstance(selection, InlineFragmentNode) else 0

    def _field(self, node: FieldNode, population: Population) -> int:
        if node.name.value not in MEMBERS:
            return 0
        below = population.member(node.name.value)
        total = below.total
        return total if total > self.most else total + self.objects(node.selection_set, below)


def name_in(node: FieldNode) -> str:
    """Return the name of the type that `__type` asks for; SCHEMA for `__schema`."""
    values = [argument.value for argument in node.arguments or ()]
    names = [value.value if isinstance(value, StringValueNode) else VARIABLE for value in values]
    return SCHEMA if node.name.value == SCHEMA else next(iter(names), VARIABLE)


def only_introspects(selection_set: SelectionSetNode) -> bool:
    """Return whether all selections at the root of an operation are written there and ask about the schema alone."""
    names = [each.name.value if isinstance(each, FieldNode) else "" for each in selection_set.selections]
    return all(name in (*INTROSPECTION, "__typename") for name in names) and any(n in INTROSPECTION for n in names)
