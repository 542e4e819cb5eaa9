"""Pages of lists, and walks through all of them."""

from typing import Any

from tests.clients.api import Api
from tests.worlds.schema import PLURALS

WALKS = {"first": ("after", "endCursor", "hasNextPage"), "last": ("before", "startCursor", "hasPreviousPage")}


def page(api: Api, name: str, given: dict[str, Any], shown: str = "id") -> dict[str, Any]:
    """Ask for a page of a type's list."""
    types = {
        "filter": f"{name}Filter",
        "orderBy": f"[{name}Order!]",
        **dict.fromkeys(("first", "last", "offset"), "Int"),
    }
    variables = ", ".join(f"${argument}: {types.get(argument, 'String')}" for argument in given)
    arguments = ", ".join(f"{argument}: ${argument}" for argument in given)
    info = "pageInfo { hasNextPage hasPreviousPage startCursor endCursor }"
    query = f"{PLURALS[name]}({arguments}) {{ nodes {{ {shown} }} edges {{ cursor node {{ id }} }} {info} totalCount }}"
    answer: dict[str, Any] = api.data(f"query ({variables}) {{ {query} }}", given)[PLURALS[name]]
    return answer


def walk(api: Api, name: str, size: str, given: dict[str, Any], shown: str = "id") -> list[dict[str, Any]]:
    """Give all rows, page by page, in the order in which they were met."""
    mark, cursor, more = WALKS[size]
    rows: list[dict[str, Any]] = []
    while True:
        found = page(api, name, given, shown)
        assert [edge["node"]["id"] for edge in found["edges"]] == [node["id"] for node in found["nodes"]]
        rows += found["nodes"] if size == "first" else found["nodes"][::-1]
        if not found["pageInfo"][more]:
            assert found["totalCount"] == len(rows)
            return rows
        given = {**given, mark: found["pageInfo"][cursor]}
