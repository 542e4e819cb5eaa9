"""Documents that attack a GraphQL server by their shape, each with the code that it must be refused with."""

from typing import Any, NamedTuple


class Hostile(NamedTuple):
    """A request and the code of its refusal; `sized` where the message holds the numbers of the limit."""

    code: str
    query: str
    variables: dict[str, Any] | None = None
    sized: bool = True


def chain(fragments: int, spreads: int) -> str:
    """Spread fragments in each other, each so many times."""
    links = (f"fragment F{i} on Query {{ {f'...F{i + 1} ' * spreads}}}" for i in range(fragments))
    return f"{{ ...F0 }} {' '.join(links)} fragment F{fragments} on Query {{ __typename }}"


def nested(depth: int) -> str:
    """Nest fields."""
    return '{ org(id: "6419") { ' + "parent { " * (depth - 2) + "id" + " }" * depth


IDS = ", ".join(f'"{number}"' for number in range(1, 252))


def aliases(count: int) -> str:
    """Select one field under so many names."""
    return " ".join(f"a{i}: __typename" for i in range(count))


def variables(count: int) -> str:
    """Declare so many variables."""
    return " ".join(f"$a{i}: Int" for i in range(count))


ALIASES = aliases(101)
SEARCHES = " ".join(
    f"a{i}: orgs(filter: {{ children: {{ some: {{ parent: {{}} }} }} }}) {{ totalCount }}" for i in range(50)
)
DIRECTIVES = " @include(if: true)" * 51
ORGS = "query ($n: Int) { orgs(first: $n) { nodes { id } } }"
SKIPPED = "query ($n: Int) { orgs(offset: $n) { nodes { id } } }"
NESTED_PAGES = (
    "orgs(first: %s) { nodes { descendants(first: %s) { nodes { descendants(first: %s) { nodes { id } } } } } }"
)

HOSTILE = {
    "fragments doubling 10 deep": Hostile("FIELD_LIMIT_EXCEEDED", chain(11, 2)),
    "fragments doubling 60 deep": Hostile("FIELD_LIMIT_EXCEEDED", chain(60, 2)),
    "fragments doubling 120 deep": Hostile("DEPTH_LIMIT_EXCEEDED", chain(120, 2)),
    "fragments doubling 150 deep": Hostile("SPREAD_LIMIT_EXCEEDED", chain(150, 2)),
    "a chain of 150 fragments": Hostile("DEPTH_LIMIT_EXCEEDED", chain(150, 1)),
    "a chain of 600 fragments": Hostile("SPREAD_LIMIT_EXCEEDED", chain(600, 1)),
    "a cycle": Hostile(
        "GRAPHQL_VALIDATION_FAILED", "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }", sized=False
    ),
    "a fragment in itself": Hostile("GRAPHQL_VALIDATION_FAILED", "{ ...A } fragment A on Query { ...A }", sized=False),
    "26 fields deep": Hostile("DEPTH_LIMIT_EXCEEDED", nested(26)),
    "200 fields deep": Hostile("DEPTH_LIMIT_EXCEEDED", nested(200)),
    "1000 fields deep": Hostile("GRAPHQL_PARSE_FAILED", nested(1000), sized=False),
    "101 aliases": Hostile("ALIAS_LIMIT_EXCEEDED", f"{{ {ALIASES} }}"),
    "101 aliases in a fragment": Hostile("ALIAS_LIMIT_EXCEEDED", f"{{ ...F }} fragment F on Query {{ {ALIASES} }}"),
    "101 aliases in two operations": Hostile(
        "ALIAS_LIMIT_EXCEEDED",
        f"query A {{ ...F }} query B {{ ...F }} fragment F on Query {{ {aliases(51)} }}",
    ),
    "51 directives on a field": Hostile("DIRECTIVE_LIMIT_EXCEEDED", f"{{ __typename{DIRECTIVES} }}"),
    "51 directives on an operation": Hostile("DIRECTIVE_LIMIT_EXCEEDED", f"query{' @a' * 51} {{ __typename }}"),
    "51 directives on a variable": Hostile("DIRECTIVE_LIMIT_EXCEEDED", f"query ($a: Int{' @a' * 51}) {{ __typename }}"),
    "51 directives on a fragment": Hostile(
        "DIRECTIVE_LIMIT_EXCEEDED", f"{{ ...F }} fragment F on Query{' @a' * 51} {{ __typename }}"
    ),
    "1001 tokens too many": Hostile("TOKEN_LIMIT_EXCEEDED", "{" + " id" * 5_999 + "}"),
    "a comment of 65,536 letters": Hostile("DOCUMENT_TOO_LONG", "{ __typename } #" + "x" * 65_536),
    "500 times one field": Hostile("DUPLICATE_LIMIT_EXCEEDED", "{" + " __typename" * 500 + "}"),
    "1200 inline fragments": Hostile("SPREAD_LIMIT_EXCEEDED", '{ org(id: "1") {' + "... { name }" * 1_200 + "} }"),
    "300 inline fragments": Hostile("DUPLICATE_LIMIT_EXCEEDED", '{ org(id: "1") {' + "... { name }" * 300 + "} }"),
    "201 fragments beside each other": Hostile(
        "FRAGMENT_LIMIT_EXCEEDED",
        '{ org(id: "1") {'
        + " ".join(f"...F{i}" for i in range(201))
        + "} }"
        + " ".join(f"fragment F{i} on Org {{ name }}" for i in range(201)),
    ),
    "inline fragments in equal fields": Hostile(
        "DUPLICATE_LIMIT_EXCEEDED",
        "{" + ('org(id: "1") { parent {' + "... { parent { name } }" * 15 + "} }") * 20 + "}",
    ),
    "1200 variables": Hostile("VARIABLE_LIMIT_EXCEEDED", f"query ({variables(1_200)}) {{ __typename }}"),
    "400 unused variables": Hostile(
        "GRAPHQL_VALIDATION_FAILED", f"query ({variables(400)}) {{ __typename }}", sized=False
    ),
    "51 root fields": Hostile("ROOT_LIMIT_EXCEEDED", "{" + aliases(51) + "}"),
    "51 root fields in a fragment": Hostile(
        "ROOT_LIMIT_EXCEEDED", "{ ...F } fragment F on Query {" + aliases(51) + "}"
    ),
    "5 mutations": Hostile("ROOT_LIMIT_EXCEEDED", "mutation {" + aliases(5) + "}"),
    "5 mutations in a fragment": Hostile(
        "ROOT_LIMIT_EXCEEDED",
        "mutation { ... { ...F } } fragment F on Mutation {" + aliases(5) + "}",
    ),
    "first: 101": Hostile("PAGE_TOO_LARGE", "{ orgs(first: 101) { nodes { id } } }"),
    "first: 101 by variable": Hostile("PAGE_TOO_LARGE", ORGS, {"n": 101}),
    "first: 101.0 by variable": Hostile("PAGE_TOO_LARGE", ORGS, {"n": 101.0}),
    "first: 101 by default": Hostile("PAGE_TOO_LARGE", ORGS.replace("Int", "Int = 101")),
    "first of 5,000 digits": Hostile("PAGE_TOO_LARGE", f"{{ orgs(first: {'9' * 5_000}) {{ nodes {{ id }} }} }}"),
    "first of 5,000 digits by default": Hostile(
        "GRAPHQL_VALIDATION_FAILED", ORGS.replace("Int", f"Int = {'9' * 5_000}"), sized=False
    ),
    "last: 101 beside first": Hostile("PAGE_TOO_LARGE", "{ orgs(first: 1, last: 101) { nodes { id } } }"),
    "offset: 10001": Hostile("OFFSET_TOO_LARGE", "{ orgs(offset: 10001) { nodes { id } } }"),
    "offset: 10001 by variable": Hostile("OFFSET_TOO_LARGE", SKIPPED, {"n": 10_001}),
    "offset: 10001.0 by variable": Hostile("OFFSET_TOO_LARGE", SKIPPED, {"n": 10_001.0}),
    "offset: 10001 by default": Hostile("OFFSET_TOO_LARGE", SKIPPED.replace("Int", "Int = 10001")),
    "offset of 5,000 digits": Hostile("OFFSET_TOO_LARGE", f"{{ orgs(offset: {'9' * 5_000}) {{ nodes {{ id }} }} }}"),
    "offset: 10001 in a fragment": Hostile(
        "OFFSET_TOO_LARGE", "{ ...F } fragment F on Query { orgs(offset: 10001) { nodes { id } } }"
    ),
    "offset: 10001 of an edge": Hostile(
        "OFFSET_TOO_LARGE", "{ org(id: 8829) { descendants(offset: 10001) { nodes { id } } } }"
    ),
    "251 ids": Hostile("LIST_TOO_LONG", f"{{ nodes(ids: [{IDS}]) {{ id }} }}"),
    "251 ids by variable": Hostile("LIST_TOO_LONG", "query ($i: [ID!]!) { nodes(ids: $i) { id } }", {"i": ["1"] * 251}),
    "251 ids by default": Hostile("LIST_TOO_LONG", f"query ($i: [ID!]! = [{IDS}]) {{ nodes(ids: $i) {{ id }} }}"),
    "251 ids in an unused variable": Hostile("LIST_TOO_LONG", "{ __typename }", {"i": ["1"] * 251}),
    "a filter of 2001 values": Hostile(
        "VALUE_LIMIT_EXCEEDED",
        "query ($f: OrgFilter) { orgs(filter: $f) { nodes { id } } }",
        {"f": {"and": [{"and": [{}] * 200}] * 10}},
    ),
    "a filter 21 deep": Hostile(
        "VALUE_TOO_DEEP", "{ orgs(filter: " + "{not: " * 21 + "null" + "}" * 21 + ") { nodes { id } } }"
    ),
    "101 edges in filters": Hostile(
        "SEARCH_LIMIT_EXCEEDED", f"{{ {SEARCHES} b: orgs(filter: {{ parent: {{}} }}) {{ totalCount }} }}"
    ),
    "101 edges in a filter by variable": Hostile(
        "SEARCH_LIMIT_EXCEEDED",
        "query ($f: OrgFilter) { orgs(filter: $f) { nodes { id } } }",
        {"f": {"or": [{"parent": {"children": {"some": {}}}}] * 51}},
    ),
    "51 parts of names": Hostile(
        "CONDITION_LIMIT_EXCEEDED",
        "{ orgs(filter: { or: [" + '{ name: { contains: "a" } } ' * 51 + "] }) { nodes { id } } }",
    ),
    "51 parts of names by variable": Hostile(
        "CONDITION_LIMIT_EXCEEDED",
        "query ($f: OrgFilter) { orgs(filter: $f) { nodes { id } } }",
        {"f": {"or": [{"name": {"contains": "a"}}] * 51}},
    ),
    "pages in pages": Hostile("COST_LIMIT_EXCEEDED", "{" + NESTED_PAGES % (100, 100, 100) + "}"),
    "pages in pages by variable": Hostile(
        "COST_LIMIT_EXCEEDED", f"query ($n: Int) {{ {NESTED_PAGES % ('$n', '$n', '$n')} }}", {"n": 100}
    ),
}
