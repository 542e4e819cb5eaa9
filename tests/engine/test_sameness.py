"""Compiled plans and graphql-core give the same answers, byte for byte."""

import pytest

from tests.clients.api import Api
from tests.worlds.two_executors import ROOTS, compare, compare_generated

EXAMPLES_A_ROOT = 1_020 // len(ROOTS)

CASES = {
    "one response key selected twice with different sub-selections": """
        { org(id: "6419") { children { id } children { name children { id } } ... { children { code } } } }""",
    "a fragment on the interface": """
        { node(id: "6419") { ...N ... on Org { name } } } fragment N on Node { id __typename }""",
    "fragments that fit only some of the types": """
        { nodes(ids: ["1", "6419", "9885", "9148"]) { ... on Org { name } ... on Space { area } __typename } }""",
    "a selection that leaves nothing": """{ node(id: "6419") { ... on Device { os } } }""",
    "no nodes at all": """{ nodes(ids: []) { id } }""",
    "nodes twice, and one that is not there": """{ nodes(ids: ["6419", "99999", "6419"]) { id } }""",
    "aliases of an edge with different arguments": """
        { org(id: "6419") { a: children(first: 1) { id } b: children(status: DISABLED) { id } c: children { id } } }""",
    "aliases of an edge with the same arguments": """
        { org(id: "6419") { a: children { id } b: children { name children { id } } } }""",
    "parents that share a row": """
        { orgs(filter: {parentId: {eq: "6419"}}) { nodes { parent { id name children { id } } root { id } } } }""",
    "the parent of a root": """{ org(id: "6419") { parent { id } ancestors { id } } }""",
    "ancestors, root first": """{ space(id: "10468") { ancestors { id depth } root { id } } }""",
    "counts of nothing and of something": """
        { orgs(first: 100) { nodes { childCount none: childCount(type: BUSINESS) } } }""",
    "a connection selected in every way": """
        { orgs(first: 2) { __typename totalCount n: nodes { id } m: nodes { name parent { id } }
          edges { __typename cursor node { code } o: node { id children { id } } }
          pageInfo { __typename hasNextPage hasPreviousPage startCursor endCursor } } }""",
    "a connection without rows": """
        { orgs(filter: {id: {in: []}}) { totalCount nodes { id } edges { cursor } pageInfo { endCursor } } }""",
    "a connection of which only the count is wanted": """{ spaces { totalCount } }""",
    "a connection below an edge": """
        { org(id: "6419") { children { descendants(first: 1) { totalCount edges { cursor node { name } } } } } }""",
    "the last rows": """{ spaces(last: 3) { nodes { id } pageInfo { hasNextPage hasPreviousPage } } }""",
    "order by a time below a scope": """
        { spaces(filter: {under: "9885"}, orderBy: {field: CREATED_AT, direction: DESC}) { edges { cursor } } }""",
    "computed values": """{ spaces(first: 100) { nodes { category type area feeArea createdAt businessType } } }""",
    "a row of an edge to one through pairs": """{ propertyRelations { nodes { community { id } space { id } } } }""",
    "what the super administrator is shown": """{ admins { nodes { isSuper menus { id } communities { id } } } }""",
    "introspection beside data": """{ __typename __schema { queryType { name } } org(id: "6419") { id } }""",
    "an id that is none": """{ good: org(id: "6419") { id } bad: org(id: "x") { id } }""",
    "a filter without a scope": """{ spaces(filter: {area: {gt: "1"}}) { nodes { id } } org(id: "6419") { id } }""",
}


@pytest.mark.parametrize("name", CASES)
def test_a_case_written_by_hand(compiled: Api, core: Api, name: str) -> None:
    compare(compiled, core, CASES[name])


@pytest.mark.parametrize("wanted", [True, False])
def test_include_and_skip_with_variables(compiled: Api, core: Api, *, wanted: bool) -> None:
    query = """query ($w: Boolean!, $u: Boolean! = false) { org(id: "6419") {
      name @include(if: $w) children @skip(if: $w) { id } ...F @include(if: $w) ... @skip(if: $u) { code } } }
      fragment F on Org { childCount }"""
    first, second = (api.data(query, {"w": wanted}) for api in (compiled, core))
    assert first == second
    assert ("name" in first["org"]) is wanted


@pytest.mark.parametrize("root", ROOTS)
def test_generated_queries(compiled: Api, core: Api, root: str) -> None:
    ways = compare_generated(compiled, core, root, EXAMPLES_A_ROOT)
    assert ways["compiled"] > 0
