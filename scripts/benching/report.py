"""The report of a run: its bars, its tables, and the page that keeps them."""

import statistics
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from benching.bars import Bar
from benching.data import Data
from benching.depths import Sweep
from benching.lists import LIMIT, PAGES, RUNS, Listed
from benching.ours import POOL_SIZE
from benching.rounds import CONNECTIONS, CORE, ENGINE, FLOOR, OURS, PEER, Measured
from benching.table import milliseconds, ratio, table
from benching.works import CHILDREN, COMMUNITY, WORKS

FLOOR_BAR = 1.5
RATE_BAR = 1.0
SHOWN_LISTS = 8


@dataclass(frozen=True)
class Report:
    """All that a run found."""

    data: Data
    machine: dict[str, str]
    packages: dict[str, str]
    peer_packages: dict[str, str]
    measured: Measured
    memory: dict[str, dict[str, float]]
    sweeps: dict[str, Sweep]
    lists: list[Listed]
    pages: tuple[float, float]

    @property
    def bars(self) -> list[Bar]:
        """Give the rows that have a bar."""
        times, rates = self.measured.milliseconds, self.measured.rates
        community = times[COMMUNITY.name]
        return [
            *(Bar(work.name, times[work.name][OURS], PEER, times[work.name][PEER], work.bar) for work in WORKS),
            Bar(f"{CHILDREN.name}, {CONNECTIONS} connections", rates[OURS], PEER, rates[PEER], RATE_BAR, is_rate=True),
            Bar(f"{COMMUNITY.name}, without HTTP", community[ENGINE], FLOOR, community[FLOOR], FLOOR_BAR),
        ]

    @property
    def all_met(self) -> bool:
        """Tell whether no bar is missed."""
        return all(bar.met for bar in self.bars)

    def sections(self) -> Iterator[tuple[str, str]]:
        """Give the tables with their titles."""
        yield "Bars", table(["work", OURS, "against", "ratio", "bar", "met"], (bar.cells for bar in self.bars))
        yield "In one process, without HTTP", self._inside()
        yield "Processor time of the server for a request, PostgreSQL's not included", self._processor()
        yield "Peak memory of the server", self._memory()
        yield "A building under more Python frames", self._depths()
        yield f"The first 100 of {self.data.spaces:,} spaces", self._lists()

    def _inside(self) -> str:
        head = ["work", ENGINE, CORE, FLOOR, f"{ENGINE} / {FLOOR}", f"{ENGINE} / {CORE}"]
        rows = []
        for work in WORKS:
            times = self.measured.milliseconds[work.name]
            engine, core, floor = (statistics.median(times[name]) for name in (ENGINE, CORE, FLOOR))
            ratios = [ratio(engine / floor), ratio(engine / core)]
            rows.append([work.name, *map(milliseconds, (engine, core, floor)), *ratios])
        return table(head, rows)

    def _processor(self) -> str:
        rows = []
        for work in WORKS:
            used = self.measured.processor[work.name]
            mine, theirs = (statistics.fmean(used[name]) for name in (OURS, PEER))
            rows.append([work.name, milliseconds(mine), milliseconds(theirs), ratio(mine / theirs)])
        return table(["work", OURS, PEER, "ratio"], rows)

    def _memory(self) -> str:
        rows = ([name, *(f"{peak:.0f} MB" for peak in peaks.values())] for name, peaks in self.memory.items())
        return table(["server", *next(iter(self.memory.values()))], rows)

    def _depths(self) -> str:
        rows = (
            [name, milliseconds(s.fastest), milliseconds(s.slowest), str(s.worst_frames), ratio(s.slowest / s.fastest)]
            for name, s in self.sweeps.items()
        )
        return table(["executor", "best depth", "worst depth", "extra frames there", "worst / best"], rows)

    def _lists(self) -> str:
        slow = sum(listed.milliseconds > LIMIT for listed in self.lists)
        shown = ([f"`{it.name}`", it.trouble or milliseconds(it.milliseconds)] for it in self.lists[:SHOWN_LISTS])
        first, last = map(milliseconds, self.pages)
        return (
            f"{table(['slowest', f'best of {RUNS}'], shown)}\n\n"
            f"{len(self.lists)} lists were asked for; {slow} took more than {LIMIT} ms. Page by page through all, the"
            f" first {PAGES // 10} pages took {first} each, the {PAGES // 10} up to page {PAGES} {last}."
        )

    def as_json(self) -> dict[str, Any]:
        """Give all figures, those of each round included."""
        return {**asdict(self), "bars": [bar.as_json() for bar in self.bars], "all_met": self.all_met}

    def as_text(self) -> str:
        """Write the tables for a terminal."""
        return "\n\n".join(f"{title}\n\n{text}" for title, text in self.sections())

    def as_page(self) -> str:
        """Write the page of results."""
        return PAGE.format(
            tables="\n\n".join(f"### {title}\n\n{text}" for title, text in self.sections()),
            machine="\n".join(f"- {name}: {value}" for name, value in self.machine.items()),
            ours=named({**self.packages, "PostgreSQL": self.data.server_version}),
            peer=named(self.peer_packages),
            communities=self.data.communities,
            spaces=f"{self.data.spaces:,}",
            pool=POOL_SIZE,
        )


def named(versions: dict[str, str]) -> str:
    """List versions."""
    return ", ".join(f"{name} {version}" for name, version in versions.items())


PAGE = """# Performance

`scripts/bench` wrote this page (`scripts/bench --write-docs`). It measures Cadastre against PostGraphile 5 on the same
PostgreSQL: the same rows, the same fields, the same role with the same row-level policies. Compare the ratios; bare
times belong to the machine and to what else it does.

## How it is measured

- Data: {communities} generated communities, {spaces} spaces. A community has 14,606 spaces in 6 levels; the answer is
  3 MB. A building has 361. Eight fields of each are asked for: `id name fullName code type status depth parentId`.
- Both servers are one process each, listen on loopback and keep connections alive; both hold at most {pool} connections
  to the database over its Unix socket. Every request is a transaction that takes the role `cadastre_app` and the scope
  of the super administrator, on PostGraphile's side through `pgSettings`. No access token is sent
  (`CADASTRE_REQUIRE_LOGIN=false`): to prove who calls is not in these figures.
- PostGraphile runs with `NODE_ENV=production GRAPHILE_ENV=production` and what suits these queries best: the amber
  preset with simple lists in place of connections, no mutations, no subscriptions, no `explain`, `outputDataAsString`,
  prepared statements. The program is `scripts/benching/postgraphile.mjs`.
- Before anything is timed, the answers of all contestants are compared byte by byte.
- In each round every contestant does each work, one after the other, in an order that is turned round from round to
  round. Ids change from request to request. A figure is the median over the rounds of the rounds' medians, a ratio the
  median of the rounds' ratios.
- The engine is the whole application called in the bench's own process, from the request's body to the answer's bytes;
  graphql-core is the same application with plans turned off; the floor reads the same rows level by level with psycopg
  in one connection and writes them with orjson.

## Results

{tables}

## Where

{machine}
- Cadastre: {ours}
- peer: {peer}
"""
