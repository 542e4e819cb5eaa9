"""Writes: one new space at a time beside PostGraphile's plain insert, and a thousand in one request.

PostGraphile inserts a house with all columns given, as its mutations do. Cadastre checks the rules, takes the next
number of the parent, derives path, code and full name, and records the change. Both insert below the same floors, and
answer with the id and the name. What they report as written is counted in the table.
"""

import itertools
import json
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import httpx2 as httpx
import psycopg

from app.services import account as accounts
from app.services import client as clients
from benching import client
from benching.data import Data
from benching.notes import print_note
from benching.rounds import CONNECTIONS, OURS, PEER, Effort
from benching.server import Server

WRITER = "bench-writer"
ROWS = 1_000
BULK_LIMIT = 120.0  # milliseconds
SELECTION_BAR = 1.3
RATE_BAR = 1.0

FIRST_ID = 1 << 60
"""The ids that the peer gives are above those of the sequence."""

FLOORS = """select id, code, path, sort_key, depth, full_name, community_id, org_id, org_path
  from space where type = 'FLOOR' order by id limit 64"""

ONE = "mutation ($i: CreateSpaceInput!) { createSpace(input: $i) { space { id name } errors { code } } }"
PEER_ONE = "mutation ($i: CreateSpaceInput!) { createSpace(input: $i) { space { id: rowId name } } }"
BARE = "mutation ($i: CreateSpacesInput!) { createSpaces(input: $i) { errors { code } } }"
SELECTED = """mutation ($i: CreateSpacesInput!) { createSpaces(input: $i) { errors { code }
  spaces { id name fullName code type status depth parentId parent { id name } } } }"""


class Floor(NamedTuple):
    """A parent of new houses, with the columns from which theirs are derived."""

    id: int
    code: str
    path: str
    sort_key: str
    depth: int
    full_name: str
    community_id: int
    org_id: int | None
    org_path: str | None

    def below(self, id_: int) -> dict[str, object]:
        """Return the derived columns of a new house, with the peer's names."""
        return {
            "parentId": str(self.id),
            "code": f"{self.code}{id_ % 10**9:09}",
            "path": f"{self.path}{id_}/",
            "sortKey": f"{self.sort_key}i{id_ % 10**9:09}s{id_}",
            "depth": self.depth + 1,
            "fullName": f"{self.full_name}/{WRITER}",
            "communityId": str(self.community_id),
            "orgId": self.org_id and str(self.org_id),
            "orgPath": self.org_path,
        }


@dataclass
class Written:
    """Requests a second and processor milliseconds of a request by contestant, in each round.

    The times of a bulk mutation are in milliseconds, bare and with a selection.
    """

    rates: dict[str, list[float]] = field(default_factory=lambda: {OURS: [], PEER: []})
    processor: dict[str, list[float]] = field(default_factory=lambda: {OURS: [], PEER: []})
    bare: list[float] = field(default_factory=list)
    selected: list[float] = field(default_factory=list)


def measured_writes(data: Data, ours: Server, peer: Server, effort: Effort) -> Written:
    """Measure in rounds, and delete what was written."""
    print_note("writes")
    authorization, written = authorized(data, ours), Written()
    with psycopg.connect(data.url, autocommit=True) as connection:
        floors = [Floor(*row) for row in connection.execute(FLOORS)]
        for number in range(effort.rounds):
            turn = -1 if number % 2 else 1
            for server in (ours, peer)[::turn]:
                requests = peer_requests(floors) if server is peer else our_requests(floors, authorization)
                before = server.processor_seconds
                rate = client.rate_of(server.port, requests, CONNECTIONS, effort.seconds)
                used, answered = server.processor_seconds - before, rate * effort.seconds
                check_stored(connection, server, answered)
                written.rates[server.name].append(rate)
                written.processor[server.name].append(used * 1000 / answered)
            for query, times in ((BARE, written.bare), (SELECTED, written.selected))[::turn]:
                times.append(bulk(ours, query, floors, authorization))
            connection.execute("delete from space where name = %s", [WRITER])
    return written


def check_stored(connection: psycopg.Connection, server: Server, answered: float) -> None:
    """Refuse to compare refusals: each answer stands for a stored row, which is deleted. BadAnswerError."""
    stored = connection.execute("delete from space where name = %s", [WRITER]).rowcount
    if stored < round(answered):
        message = f"{server.name} answered {answered:.0f} requests for a new space and stored {stored}"
        raise client.BadAnswerError(message)


def authorized(data: Data, server: Server) -> str:
    """Return the header of a super administrator who is made for the bench."""
    password = secrets.token_urlsafe(16)
    with psycopg.connect(data.url) as connection:
        connection.execute("delete from login where client_id = %s", [WRITER])
        connection.execute("delete from client where client_id = %s", [WRITER])
        source = "delete from login_source using admin where admin.id = login_source.admin_id and account = %s"
        connection.execute(source, [WRITER])
        connection.execute("delete from admin where account = %s", [WRITER])
        accounts.create_super(connection, WRITER, WRITER, password)
        until = datetime.now(UTC) + timedelta(days=1)
        clients.add(connection, WRITER, WRITER, grant_types=("password",), public=True, password_until=until)
    form = {"grant_type": "password", "username": WRITER, "password": password, "client_id": WRITER}
    answer = httpx.post(f"http://{client.ADDRESS}:{server.port}/oauth/token", data=form).raise_for_status()
    return f"Bearer {answer.json()['access_token']}"


def our_requests(floors: list[Floor], authorization: str) -> Iterator[bytes]:
    """Yield requests for one house each, below different parents in turn."""
    bodies = [mutation(ONE, space(floor)) for floor in floors]
    return itertools.cycle([client.request(body, authorization) for body in bodies])


def peer_requests(floors: list[Floor]) -> Iterator[bytes]:
    """Yield requests for the same rows with all columns given."""
    first = FIRST_ID + time.time_ns() // 1000  # another one in each round
    for id_, floor in enumerate(itertools.cycle(floors), first):
        row = {"rowId": str(id_), "name": WRITER, "type": "HOUSE", "status": "ENABLED", **floor.below(id_)}
        yield client.request(mutation(PEER_ONE, {"space": row}))


def bulk(server: Server, query: str, floors: list[Floor], authorization: str) -> float:
    """Return the milliseconds of one bulk mutation."""
    rows = [space(floor) for floor in itertools.islice(itertools.cycle(floors), ROWS)]
    wanted = client.request(mutation(query, {"spaces": rows}), authorization)
    with client.connect(server.port) as connection:
        started = time.perf_counter()
        client.ask(connection, wanted)
        return (time.perf_counter() - started) * 1000


def space(floor: Floor) -> dict[str, str]:
    """Return the input of a new house."""
    return {"name": WRITER, "type": "HOUSE", "parentId": str(floor.id)}


def mutation(query: str, input_: object) -> bytes:
    """Return the body of a request."""
    return json.dumps({"query": query, "variables": {"i": input_}}).encode()
