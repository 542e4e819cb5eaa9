"""The works: the same query for both servers, with the same names in both answers, so that these must be equal."""

import json
from dataclasses import dataclass

from benching.data import Data

FIELDS = {name: name for name in ("id", "name", "fullName", "code", "type", "status", "depth", "parentId")}

OURS = ("query ($id: ID!) {{ space(id: $id) {selection} }}", FIELDS, "children")
PEER = (
    "query ($id: BigInt!) {{ space: spaceByRowId(rowId: $id) {selection} }}",
    {**FIELDS, "id": "id: rowId"},
    "children: spacesByParentIdList",
)


@dataclass(frozen=True)
class Work:
    """A node of a type with all below it, `levels` deep; `bar` limits the ratio of our time to the peer's."""

    name: str
    type: str
    levels: int
    bar: float

    @property
    def ours(self) -> str:
        """The query for Cadastre."""
        return document(OURS, self.levels)

    @property
    def peer(self) -> str:
        """The same query for PostGraphile."""
        return document(PEER, self.levels)

    def variables(self, data: Data) -> list[dict[str, str]]:
        """Return the variables of the requests, which are sent in turn."""
        return [{"id": id_} for id_ in data.ids[self.type]]


COMMUNITY = Work("a whole community", "COMMUNITY", 6, 0.40)
BUILDING = Work("a building", "BUILDING", 4, 0.65)
CHILDREN = Work("one space and its children", "ZONE", 2, 1.0)
WORKS = (COMMUNITY, BUILDING, CHILDREN)


def document(side: tuple[str, dict[str, str], str], levels: int) -> str:
    """Return a query that is `levels` deep."""
    frame, fields, edge = side
    selection = inner = "{ " + " ".join(fields.values()) + " }"
    for _ in range(levels - 1):
        selection = f"{inner[:-1]}{edge} {selection} }}"
    return frame.format(selection=selection)


def body(query: str, variables: dict[str, str]) -> bytes:
    """Return the body of a request."""
    return json.dumps({"query": query, "variables": variables}).encode()
