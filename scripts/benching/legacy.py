"""Legacy URLs beside their GraphQL queries: the same operation of the same program, in both formats, over HTTP.

Documents of the program have no limits, so the GraphQL side runs without them as well.
"""

import json
import statistics
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from app.rest.operations import OPERATIONS
from app.rest.url import PREFIX, Url
from app.rest.urls import URLS
from benching import client
from benching.data import Data
from benching.notes import print_note
from benching.ours import ours
from benching.rounds import DifferentError, Effort
from benching.server import Server
from benching.works import CHILDREN, COMMUNITY, Work, body

UNLIMITED = {"max_page": "10000000", "max_cost": "1000000000", "max_nodes": "10000000"}
WARM_UP = 4
ROWS = 50


@dataclass(frozen=True)
class LegacyWork:
    """A legacy URL that is asked about spaces of a type, as often as `like`; `bar` is for REST / GraphQL."""

    name: str
    section: str
    type: str
    members: dict[str, Any]
    like: Work
    bar: float

    @cached_property
    def url(self) -> Url:
        """The row of the table of URLs."""
        return next(url for url in URLS if url.section == self.section)

    def legacy(self, id_: str) -> bytes:
        """Return the request of a legacy client."""
        content = json.dumps({**self.members, "id": int(id_)}).encode()
        return client.request(content, path=self.url.full_path.replace("{id}", id_))

    def graphql(self, id_: str) -> bytes:
        """Return the same operation as a GraphQL request."""
        return client.request(body(OPERATIONS[self.url.operation], self.url.variables({**self.members, "id": id_})))


LEGACY_WORKS = (
    LegacyWork(f"a space at {PREFIX}space/detail", "4.4", "BUILDING", {}, CHILDREN, 1.10),
    LegacyWork(f"{ROWS} spaces at {PREFIX}space/list", "4.12", "BUILDING", {"pageSize": ROWS}, CHILDREN, 1.10),
    LegacyWork(f"a whole community at {PREFIX}space/tree", "4.10", "COMMUNITY", {}, COMMUNITY, 1.15),
)


@dataclass(frozen=True)
class Compared:
    """The milliseconds of a legacy URL and of its GraphQL query: one figure for each round."""

    work: LegacyWork
    rest: list[float]
    graphql: list[float]


def measured_legacy(data: Data, folder: Path, effort: Effort) -> list[Compared]:
    """Measure in rounds, each in the reverse order of the one before."""
    print_note("legacy URLs")
    compared = [Compared(work, [], []) for work in LEGACY_WORKS]
    with ours(data, folder, **UNLIMITED) as server:
        for each in compared:
            verify(each.work, data, server)
        for number in range(effort.rounds):
            for each in compared:
                ways = ((each.rest, each.work.legacy), (each.graphql, each.work.graphql))
                for times, request in ways[:: -1 if number % 2 else 1]:
                    requests = [request(id_) for id_ in data.ids[each.work.type]]
                    taken = client.latencies(server.port, requests, effort.requests[each.work.like], WARM_UP)
                    times.append(statistics.median(taken))
    return compared


def verify(work: LegacyWork, data: Data, server: Server) -> None:
    """Check that both ways answer the same number of records."""
    id_ = data.ids[work.type][0]
    legacy, graphql = (json.loads(each) for each in client.answers(server.port, [work.legacy(id_), work.graphql(id_)]))
    if legacy["code"] != "200" or "errors" in graphql or not legacy["result"]:
        message = f"{work.name} {id_}: {str(legacy)[:500]} {str(graphql)[:500]}"
        raise DifferentError(message)
