"""Subscriptions: a thousand WebSockets follow buildings while spaces are changed, beside a bare echo on as many."""

import asyncio
import itertools
import json
import sys
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack, ExitStack, contextmanager
from pathlib import Path
from statistics import quantiles
from typing import NamedTuple

import httpx2 as httpx
import psutil
import psycopg
from websockets.asyncio.client import ClientConnection, connect

from app.services import client, client_grant
from benching.data import Data, prepared
from benching.notes import print_note
from benching.ours import ROOT, ours
from benching.server import Server, line_with, running

CLIENTS = 20
"""OAuth clients, each with a scope of its own."""

SUBSCRIPTION = """subscription ($under: ID) { spaceChanged(under: $under) {
  cursor change { operation differences { field before after } } space { id name fullName } } }"""

ROLE = """
with made as (insert into role (name) values ('bench') returning id)
insert into org_role (org_id, role_id) select org.id, made.id from made, org where source = 'generate'
returning org_id, role_id
"""
HOUSES = """
select building.id, array_agg(house.id) from space building
join space house on house.path ^@ building.path and house.type = 'HOUSE'
where building.type = 'BUILDING' group by building.id order by building.id
"""
RENAME = "update space set name = %s, version = version + 1 where id = %s"

ECHO = """
import asyncio
from websockets.asyncio.server import serve

async def echo(socket):
    async for message in socket:
        await socket.send(message)

async def main():
    async with serve(echo, "127.0.0.1", 0, compression=None) as server:
        print("port", server.sockets[0].getsockname()[1], flush=True)
        await server.serve_forever()

asyncio.run(main())
"""


class Scale(NamedTuple):
    """How much is measured."""

    subscribers: int
    rate: int
    seconds: int


class Latency(NamedTuple):
    """Milliseconds from the commit to the client."""

    median: float
    p95: float
    worst: float

    @classmethod
    def of(cls, seconds: list[float]) -> "Latency":
        """Sum some measures up."""
        parts = quantiles([1000 * each for each in seconds], n=20)
        return cls(parts[9], parts[18], 1000 * max(seconds))

    def __str__(self) -> str:
        """Print it."""
        return f"median {self.median:.0f} ms, p95 {self.p95:.0f} ms, longest {self.worst:.0f} ms"


async def run(folder: Path, scale: Scale) -> int:
    """Measure, and print."""
    with ExitStack() as stack:
        data = stack.enter_context(prepared(folder / "database", 1))
        server = stack.enter_context(
            ours(data, folder / "own", max_subscriptions=str(scale.subscribers), require_login="true", workers="1")
        )
        told, memory = await followed(server, data, scale)
        floor = await echoed(stack.enter_context(echo_port()), scale)
    print(f"{scale.subscribers} subscribers, {scale.rate} changes/s for {scale.seconds} s: {told}")
    print(f"  memory of the process, every fifth of that time: {', '.join(f'{each:.0f}' for each in memory)} MB")
    print(f"bare WebSocket echo to as many: {floor}")
    print(f"p95 beside the floor: {told.p95 / floor.p95:.1f} x; beside the bar of 250 ms: {told.p95 / 250:.2f} x")
    return 0


async def followed(server: Server, data: Data, scale: Scale) -> tuple[Latency, list[float]]:
    """Follow the buildings, change houses, and return when the subscribers heard of it."""
    with psycopg.connect(data.url, autocommit=True) as connection:
        tokens = [token_of(server, *each) for each in granted(connection)]
        buildings = connection.execute(HOUSES).fetchall()
    written: dict[str, float] = {}
    heard: list[float] = []
    async with AsyncExitStack() as stack:
        sockets = [await stack.enter_async_context(socket(server.port)) for _ in range(scale.subscribers)]
        print_note(f"{len(sockets)} WebSockets subscribe")
        for number, each in enumerate(sockets):
            await follow(each, tokens[number % CLIENTS], str(buildings[number % len(buildings)][0]))
        await asyncio.sleep(2)
        listening = [asyncio.create_task(listen(each, written, heard)) for each in sockets]
        print_note("changes are written")
        before = server.processor_seconds
        memory = await change(data.url, buildings, written, server, scale)
        await asyncio.sleep(2)
        spent = 1e6 * (server.processor_seconds - before)
        for task in listening:
            task.cancel()
    expected = sum(len(range(number, scale.subscribers, len(buildings))) for number in touched(len(buildings), scale))
    print(f"{len(heard)} of {expected} events were heard; each took {spent / len(heard):.0f} µs of the process")
    return Latency.of(heard), memory


def touched(buildings: int, scale: Scale) -> Iterator[int]:
    """Return the buildings that are changed, one after the other."""
    return itertools.islice(itertools.cycle(range(buildings)), scale.rate * scale.seconds)


async def change(
    url: str, buildings: list[tuple[int, list[int]]], written: dict[str, float], server: Server, scale: Scale
) -> list[float]:
    """Write at a steady rate, and return the memory of the server meanwhile."""
    process, memory, begun = psutil.Process(server.process.pid), [], time.perf_counter()
    total = scale.rate * scale.seconds
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        for number, place in enumerate(touched(len(buildings), scale)):
            name, houses = f"改名{number}", buildings[place][1]
            await connection.execute(RENAME, [name, houses[number % len(houses)]])
            written[name] = time.perf_counter()
            if number % (total // 5) == 0:
                memory.append(process.memory_info().rss / (1 << 20))
            await asyncio.sleep(max(0, begun + (number + 1) / scale.rate - time.perf_counter()))
    return [*memory, process.memory_info().rss / (1 << 20)]


async def listen(each: ClientConnection, written: dict[str, float], heard: list[float]) -> None:
    """Note when a subscriber hears of a change."""
    async for message in each:
        now = time.perf_counter()
        name = json.loads(message)["payload"]["data"]["spaceChanged"]["space"]["name"]
        heard.append(now - written.get(name, now))


async def follow(each: ClientConnection, token: str, building: str) -> None:
    """Log in and subscribe."""
    await each.send(json.dumps({"type": "connection_init", "payload": {"authorization": f"Bearer {token}"}}))
    await each.recv()
    payload = {"query": SUBSCRIPTION, "variables": {"under": building}}
    await each.send(json.dumps({"type": "subscribe", "id": "1", "payload": payload}))


def socket(port: int, path: str = "/graphql") -> connect:
    """Open a WebSocket."""
    return connect(
        f"ws://127.0.0.1:{port}{path}", subprotocols=["graphql-transport-ws"], compression=None, ping_interval=None
    )


def granted(connection: psycopg.Connection) -> list[tuple[str, str]]:
    """Make clients that see the generated data, and return their names and secrets."""
    org, role = connection.execute(ROLE).fetchone() or (0, 0)
    made = []
    for number in range(CLIENTS):
        name = f"bench-{role}-{number}"
        secret = client.add(connection, name, "a subscriber", grant_types=["client_credentials"])
        client_grant.grant(connection, name, str(org), str(role), "bench")
        made.append((name, str(secret)))
    return made


def token_of(server: Server, name: str, secret: str) -> str:
    """Ask for the token of a client."""
    form = {"grant_type": "client_credentials", "client_id": name, "client_secret": secret}
    answer = httpx.post(f"http://127.0.0.1:{server.port}/oauth/token", data=form).json()
    return str(answer["access_token"])


@contextmanager
def echo_port() -> Iterator[int]:
    """Run a bare server of WebSockets that sends back what it is sent."""
    with running([sys.executable, "-c", ECHO], ROOT, {}) as process:
        yield int(line_with(process, "port").split()[1])


async def echoed(port: int, scale: Scale) -> Latency:
    """Send the bytes of an event to as many clients at a time as hear of a change, at the same rate."""
    each_time = max(1, scale.subscribers // 40)
    bytes_of_event = json.dumps({"id": "1", "type": "next", "payload": {"data": "x" * 400}})
    heard: list[float] = []
    async with AsyncExitStack() as stack:
        sockets = [await stack.enter_async_context(socket(port, "/")) for _ in range(scale.subscribers)]
        groups = itertools.cycle([sockets[start::40] for start in range(40)])
        begun = time.perf_counter()
        for number in range(scale.rate * min(scale.seconds, 10)):
            sent = time.perf_counter()
            await asyncio.gather(*(once(each, bytes_of_event, sent, heard) for each in next(groups)[:each_time]))
            await asyncio.sleep(max(0, begun + (number + 1) / scale.rate - time.perf_counter()))
    return Latency.of(heard)


async def once(each: ClientConnection, message: str, sent: float, heard: list[float]) -> None:
    """Send a message and wait for its echo."""
    await each.send(message)
    await each.recv()
    heard.append(time.perf_counter() - sent)
