"""Rounds: every contestant does every work in each round in turn, so that other load of the machine affects all."""

import itertools
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

import orjson

from benching import client
from benching.data import Data
from benching.depths import MOST_FRAMES, under
from benching.floor import Floor
from benching.notes import print_note
from benching.ours import Inside
from benching.server import Server
from benching.works import BUILDING, CHILDREN, COMMUNITY, WORKS, Work, body

CONNECTIONS = 16
DEPTH_STEP = 37  # frames; spreads the requests over the stack depths, some of which are slow (depths.py)
WARM_UP_SECONDS = 4
VERIFIED = 4  # ids of each work whose answers are compared
OURS, PEER = "Cadastre", "PostGraphile"
ENGINE, CORE, FLOOR = "engine", "graphql-core", "floor"


@dataclass(frozen=True)
class Effort:
    """How long to measure: rounds, requests of each work in a round, seconds of load, stack depths, and their runs."""

    rounds: int
    requests: Mapping[Work, int]
    seconds: float
    depth_step: int
    depth_runs: int


FULL = Effort(9, {COMMUNITY: 8, BUILDING: 60, CHILDREN: 200}, seconds=4, depth_step=1, depth_runs=5)
QUICK = Effort(5, {COMMUNITY: 4, BUILDING: 40, CHILDREN: 100}, seconds=1.5, depth_step=4, depth_runs=3)
WARM_UP = {COMMUNITY: 1, BUILDING: 8, CHILDREN: 20}

SLOWER = {CORE: 4}
"""Contestants with so many times fewer requests."""

Answer = Callable[[Work, dict[str, str]], bytes]
Latencies = Callable[[Work, int], list[float]]


@dataclass
class Measured:
    """Milliseconds by work and contestant, and requests a second by contestant: one figure for each round."""

    milliseconds: dict[str, dict[str, list[float]]] = field(default_factory=dict)
    processor: dict[str, dict[str, list[float]]] = field(default_factory=dict)
    rates: dict[str, list[float]] = field(default_factory=dict)

    def add(self, work: Work, contestant: str, taken: list[float]) -> None:
        """Add the times of a round."""
        self.milliseconds.setdefault(work.name, {}).setdefault(contestant, []).append(statistics.median(taken))

    def add_processor(self, work: Work, contestant: str, milliseconds: float) -> None:
        """Add the processor time that a server used for a request, in a round."""
        self.processor.setdefault(work.name, {}).setdefault(contestant, []).append(milliseconds)


@dataclass(frozen=True)
class Contest:
    """The contestants and the data."""

    data: Data
    servers: Mapping[str, Server]
    insides: Mapping[str, Inside]
    floor: Floor

    def verify(self) -> None:
        """Compare the contestants' answers to a few requests of each work byte by byte."""
        for work in WORKS:
            for variables in work.variables(self.data)[:VERIFIED]:
                contents = {name: data_in(answer(work, variables)) for name, answer in self._answers().items()}
                if len(set(contents.values())) != 1:
                    message = f"{work.name} {variables}: the answers of {', '.join(contents)} differ"
                    raise DifferentError(message)

    def warm_up(self, effort: Effort) -> None:
        """Run both servers for a while: V8 compiles what runs often, and caches fill."""
        for server in self.servers.values():
            for work in WORKS:
                client.latencies(server.port, self._requests(server, work), 2 * effort.requests[work], 0)
            client.rate(server.port, self._requests(server, CHILDREN), CONNECTIONS, WARM_UP_SECONDS)

    def run(self, effort: Effort) -> Measured:
        """Measure in rounds, each in the reverse order of the one before."""
        measured = Measured()
        for number in range(effort.rounds):
            print_note(f"round {number + 1} of {effort.rounds}")
            turn = -1 if number % 2 else 1
            for work in WORKS:
                self._time(work, effort.requests[work], turn, measured)
            for name, server in list(self.servers.items())[::turn]:
                rate = client.rate(server.port, self._requests(server, CHILDREN), CONNECTIONS, effort.seconds)
                measured.rates.setdefault(name, []).append(rate)
        return measured

    def _time(self, work: Work, count: int, turn: int, measured: Measured) -> None:
        for name, taken in list(self._latencies().items())[::turn]:
            server = self.servers.get(name)
            before = server.processor_seconds if server else 0
            measured.add(work, name, taken(work, max(1, count // SLOWER.get(name, 1))))
            if server:
                used = server.processor_seconds - before
                measured.add_processor(work, name, used * 1000 / (WARM_UP[work] + count))

    def _requests(self, server: Server, work: Work) -> list[bytes]:
        query = work.peer if server.name == PEER else work.ours
        return [client.request(body(query, v)) for v in work.variables(self.data)]

    def _answers(self) -> dict[str, Answer]:
        return {
            **{name: self._over_http(server) for name, server in self.servers.items()},
            **{name: inside_answer(inside) for name, inside in self.insides.items()},
            FLOOR: lambda work, variables: self.floor.answer(work, variables["id"]),
        }

    def _over_http(self, server: Server) -> Answer:
        def answer(work: Work, variables: dict[str, str]) -> bytes:
            query = work.peer if server.name == PEER else work.ours
            (found,) = client.answers(server.port, [client.request(body(query, variables))])
            return found

        return answer

    def _latencies(self) -> dict[str, Latencies]:
        inside = {name: self._timed(answer) for name, answer in self._answers().items() if name not in self.servers}
        return {**{name: self._timed_over_http(server) for name, server in self.servers.items()}, **inside}

    def _timed_over_http(self, server: Server) -> Latencies:
        return lambda work, count: client.latencies(server.port, self._requests(server, work), count, WARM_UP[work])

    def _timed(self, answer: Answer) -> Latencies:
        def taken(work: Work, count: int) -> list[float]:
            times = []
            asked = itertools.islice(itertools.cycle(work.variables(self.data)), WARM_UP[work] + count)
            for number, variables in enumerate(asked):
                started = time.perf_counter()
                under(number * DEPTH_STEP % MOST_FRAMES, partial(answer, work, variables))
                times.append((time.perf_counter() - started) * 1000)
            return times[WARM_UP[work] :]

        return taken


class DifferentError(Exception):
    """Contestants gave different answers, so their times cannot be compared."""


def inside_answer(inside: Inside) -> Answer:
    """Return a function that answers in this process."""
    return lambda work, variables: inside.answer(body(work.ours, variables))


def data_in(answer: bytes) -> bytes:
    """Return the data of an answer."""
    content = orjson.loads(answer)
    if "errors" in content:
        raise DifferentError(answer[:2000].decode())
    return orjson.dumps(content["data"])
