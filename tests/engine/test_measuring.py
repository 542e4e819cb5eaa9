"""How large documents are found to be, and in how many steps."""

from collections.abc import Iterator
from typing import Any

import pytest
from graphql import FragmentDefinitionNode, Node, OperationDefinitionNode, SelectionNode, parse

from app.declarations.resolvers import core_schema
from app.engine.argument_sizes import Size, measure, measure_variables
from app.engine.introspection import Introspection
from app.engine.measuring import Measurer, Measures
from app.errors import LimitExceededError
from app.graphql.schema import schema


class CountingMeasurer(Measurer):
    """Counts what it looks at."""

    steps = 0

    def selection(self, selection: SelectionNode) -> Measures:
        self.steps += 1
        return super().selection(selection)


def measurer_of(document: str, **variables: Any) -> tuple[CountingMeasurer, list[OperationDefinitionNode]]:
    ast = parse(document)
    operations = [node for node in ast.definitions if isinstance(node, OperationDefinitionNode)]
    fragments = {node.name.value: node for node in ast.definitions if isinstance(node, FragmentDefinitionNode)}
    introspection = Introspection(core_schema(schema), fragments, 1_000_000)
    return CountingMeasurer(fragments, measure_variables(operations, variables), introspection), operations


def measures_of(document: str, **variables: Any) -> Measures:
    measurer, (operation,) = measurer_of(document, **variables)
    return measurer.operation(operation)


def selections_in(node: Node) -> Iterator[SelectionNode]:
    """Walk all selections that stand in a document, fragments not expanded."""
    for key in node.keys:
        value = getattr(node, key, None)
        for inner in value if isinstance(value, list | tuple) else [value]:
            if isinstance(inner, SelectionNode):
                yield inner
            if isinstance(inner, Node):
                yield from selections_in(inner)


def doubling(fragments: int) -> str:
    chain = "".join(f"fragment F{i} on Query {{ ...F{i + 1} ...F{i + 1} }}" for i in range(fragments))
    return f"{{ ...F0 }} {chain} fragment F{fragments} on Query {{ a: __typename }}"


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ("{ a }", Measures(depth=1, fields=1, roots=1)),
        ("{ a { b } }", Measures(depth=2, fields=2, roots=1, cost=1)),
        ("{ x: a y: a { z: b } }", Measures(depth=2, fields=3, roots=2, aliases=3, cost=1)),
        ("{ a a a { b b } }", Measures(depth=2, fields=5, roots=3, duplicates=3, cost=1)),
        ("{ ... { a } ... on Query { b } }", Measures(depth=1, fields=2, roots=2)),
        ("{ ...F ...F } fragment F on Query { a b }", Measures(depth=1, fields=4, roots=4, duplicates=1)),
        ("{ ...Absent }", Measures()),
        ("{ a { ...F } } fragment F on A { x: b { c } }", Measures(depth=3, fields=3, roots=1, aliases=1, cost=2)),
    ],
)
def test_fields_are_measured_with_fragments_expanded(document: str, expected: Measures) -> None:
    assert measures_of(document)._replace(values=0) == expected


@pytest.mark.parametrize(
    ("document", "directives"),
    [
        ("query @a { b @c ... @d { e @f } }", 4),
        ("query ($x: Int @a @b) { c }", 2),
        ("{ ...F @a ...F } fragment F on Query @b { c @d }", 5),
    ],
)
def test_directives_count_wherever_they_stand(document: str, directives: int) -> None:
    assert measures_of(document).directives == directives


def test_aliases_in_a_fragment_count_each_time_it_is_spread() -> None:
    assert measures_of("{ ...F ...F ... { ...F } } fragment F on Query { a: x b: x }").aliases == 6


@pytest.mark.parametrize("size", ["first", "last"])
@pytest.mark.parametrize("selected", ["nodes { id }", "edges { cursor }", "pageInfo { hasNextPage }"])
def test_a_page_costs_its_size_literal_or_by_variable(size: str, selected: str) -> None:
    literal = measures_of(f"{{ a({size}: 7) {{ {selected} }} }}")
    by_variable = measures_of(f"query ($n: Int) {{ a({size}: $n) {{ {selected} }} }}", n=7)
    by_float = measures_of(f"query ($n: Int) {{ a({size}: $n) {{ {selected} }} }}", n=7.0)
    by_default = measures_of(f"query ($n: Int = 7) {{ a({size}: $n) {{ {selected} }} }}")
    assert literal == by_variable._replace(values=literal.values) == by_default == by_float
    assert literal.cost == 14
    assert literal.largest_page == 7


def test_the_value_of_a_variable_counts_instead_of_its_default() -> None:
    document = "query ($n: Int = 100) { a(first: $n) { nodes { id } } }"
    assert measures_of(document, n=2).cost == 4
    assert measures_of(document, n=None).cost == measures_of("{ a { nodes { id } } }").cost == 40


@pytest.mark.parametrize(
    "document",
    [
        "{ a { ...F } } fragment F on AConnection { nodes { id } }",
        "{ a { ... { nodes { id } } } }",
        "{ a { ... on AConnection { ... { all: nodes { id } } } } }",
        "{ a { ... { ...F } } } fragment F on AConnection { nodes { id } }",
    ],
)
def test_a_page_without_size_costs_the_usual_size_however_it_is_selected(document: str) -> None:
    assert measures_of(document).cost == measures_of("{ a { nodes { id } } }").cost == 40


def test_the_larger_of_first_and_last_counts() -> None:
    assert measures_of("{ a(first: 1, last: 900) { nodes { id } } }").largest_page == 900
    assert measures_of("{ a(last: 900, first: 1) { nodes { id } } }").largest_page == 900


def test_an_offset_counts_literal_or_by_variable_and_costs_nothing() -> None:
    literal = measures_of("{ a(offset: 700) { nodes { id } } }")
    by_variable = measures_of("query ($n: Int) { a(offset: $n) { nodes { id } } }", n=700)
    by_default = measures_of("query ($n: Int = 700) { a(offset: $n) { nodes { id } } }")
    assert literal == by_variable._replace(values=literal.values) == by_default
    assert (literal.largest_offset, literal.largest_page) == (700, 0)
    assert literal.cost == measures_of("{ a { nodes { id } } }").cost


def test_the_largest_offset_at_any_depth_counts() -> None:
    document = "{ a(offset: 3) { nodes { b(offset: 5) { nodes { id } } } } c(offset: 4) { x } }"
    assert measures_of(document).largest_offset == 5


def test_costs_of_pages_in_pages_multiply() -> None:
    assert measures_of("{ a(first: 10) { nodes { b(first: 10) { nodes { id } } } } }").cost == 10 * (1 + 1 + 10 * 2)


@pytest.mark.parametrize("literal", ["99999999999999999999", "9" * 5_000, "-5", "0"])
def test_no_number_is_too_long(literal: str) -> None:
    assert measures_of(f"{{ a(first: {literal}) {{ nodes {{ id }} }} }}").largest_page in {1 << 53, 0}
    assert measures_of(f"query ($n: Int = {literal}) {{ a(first: $n) {{ b }} }}").largest_page in {1 << 53, 0}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, Size()),
        ("text", Size()),
        (7, Size(number=7)),
        (1e300, Size(number=1 << 53)),
        ([1, 2, 3], Size(longest=3, depth=1, values=4, conditions=3)),
        ([], Size(depth=1, conditions=0)),
        ({"a": [1, {"b": [1, 2]}], "c": 1}, Size(longest=2, depth=4, values=8, conditions=4)),
    ],
)
def test_values_of_variables(value: object, expected: Size) -> None:
    assert measure(value) == expected


def test_values_by_variable_and_literal_are_the_same() -> None:
    literal = measures_of("{ a(filter: {or: [{x: [1, 2, 3]}, {y: 4}]}) { b } }")
    whole = measures_of("query ($f: F) { a(filter: $f) { b } }", f={"or": [{"x": [1, 2, 3]}, {"y": 4}]})
    part = measures_of("query ($f: F) { a(filter: {or: [{x: $f}, {y: 4}]}) { b } }", f=[1, 2, 3])
    assert literal == whole == part
    assert (literal.longest_list, literal.value_depth, literal.values) == (3, 4, 9)
    beside = measures_of("query ($f: F) { a(filter: {or: [{x: $f}, {y: [[4]]}]}) { b } }", f=[[[[1]]]])
    assert beside.value_depth == 7


@pytest.mark.parametrize(
    ("filter_", "searches"),
    [
        ("{}", 0),
        ("{name: {eq: 1}, parentId: {eq: 1}, under: 1}", 0),
        ("{parent: {}}", 1),
        ("{parent: {parent: {}}}", 2),
        ("{or: [{children: {some: {parent: null}}}, {not: {roles: {none: {}, every: {orgs: $f}}}}]}", 5),
    ],
)
def test_edges_of_filters_are_searches(filter_: str, searches: int) -> None:
    of_variable: dict[str, Any] = {"and": [{"children": {"some": {}}}]}
    found = measures_of(f"query ($f: F) {{ a(filter: {filter_}) {{ b(filter: $f) {{ c }} }} }}", f=of_variable)
    assert found.searches == searches + 1
    assert measures_of("query ($f: F) { a(input: $f) { c } }", f=of_variable).searches == 0


def test_values_nest_deeper_than_the_stack() -> None:
    value: list[Any] = []
    for _ in range(100_000):
        value = [value]
    assert measure(value).depth == 100_001


def test_defaults_of_several_operations_count_as_the_largest() -> None:
    document = """query A($n: Int = 3) { ...F } query B($n: Int = 90) { ...F }
                  fragment F on Query { a(first: $n) { nodes { id } } }"""
    measurer, operations = measurer_of(document)
    assert [measurer.operation(operation).largest_page for operation in operations] == [90, 90]


def test_cycles_end() -> None:
    assert measures_of("{ ...A } fragment A on Query { a ...B } fragment B on Query { b ...A }").fields == 2


@pytest.mark.parametrize("fragments", [10, 20, 40, 80])
def test_work_grows_with_the_document_not_with_what_it_expands_to(fragments: int) -> None:
    document = doubling(fragments)
    measurer, (operation,) = measurer_of(document)
    assert measurer.operation(operation).aliases == 2**fragments
    assert measurer.steps == sum(1 for _ in selections_in(parse(document))) == 2 * fragments + 2


def test_work_does_not_grow_with_operations_that_share_fragments() -> None:
    document = "".join(f"query Q{i} {{ ...F0 }}" for i in range(100)) + doubling(30).removeprefix("{ ...F0 }")
    measurer, operations = measurer_of(document)
    for operation in operations:
        measurer.operation(operation)
    assert measurer.steps == sum(1 for _ in selections_in(parse(document)))


def test_a_variable_is_measured_once_whatever_uses_it() -> None:
    class Once(list[int]):
        measured = 0

        def __iter__(self) -> Iterator[int]:
            self.measured += 1
            return super().__iter__()

    value = Once(range(10))
    document = "query ($x: [Int]) {" + "a(x: $x) " * 500 + "}"
    assert measures_of(document, x=value).values == 500 * 11
    assert value.measured == 1


@pytest.mark.parametrize(
    "document",
    [
        doubling(150),
        "{ ...F0 }" + "".join(f"fragment F{i} on Query {{ ...F{i + 1} }}" for i in range(700)),
        "{" + "a {" * 110 + "b" + "}" * 111,
        "{" + "... {" * 110 + "b" + "}" * 111,
    ],
    ids=["doubling 150 deep", "chain of 700", "fields 110 deep", "inline 110 deep"],
)
def test_what_would_exhaust_the_stack_is_refused(document: str) -> None:
    with pytest.raises(LimitExceededError) as raised:
        measures_of(document)
    assert (raised.value.code, raised.value.found, raised.value.allowed) == ("DEPTH_LIMIT_EXCEEDED", 101, 100)
