"""The report of a run: its bars, its tables and the page in docs/."""

import statistics
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from operator import itemgetter
from textwrap import fill
from typing import Any

from benching import writes
from benching.bars import Bar
from benching.data import Data
from benching.depths import Sweep
from benching.legacy import Compared
from benching.lists import INDEXED_LIMIT, ORDER, OTHER_LIMIT, PAGES, RUNS, Listed, unindexed
from benching.ours import POOL_SIZE
from benching.rounds import CONNECTIONS, CORE, ENGINE, FLOOR, OURS, PEER, Measured
from benching.table import milliseconds, ratio, table
from benching.works import CHILDREN, COMMUNITY, WORKS
from benching.writes import BULK_LIMIT, ROWS, SELECTION_BAR, Written

FLOOR_BAR = 1.5
RATE_BAR = 1.0
LISTS_BAR = 1.0
ONE_CREATED = f"one createSpace, {CONNECTIONS} connections"
LIMITS = {True: INDEXED_LIMIT, False: OTHER_LIMIT}
SHOWN_LISTS = 8


@dataclass(frozen=True)
class Report:
    """The figures of a run."""

    data: Data
    machine: dict[str, str]
    packages: dict[str, str]
    peer_packages: dict[str, str]
    measured: Measured
    memory: dict[str, dict[str, float]]
    sweeps: dict[str, Sweep]
    written: Written
    lists: list[Listed]
    pages: tuple[float, float]
    numbered: list[Listed]
    counting_floor: float
    legacy: list[Compared]

    @property
    def bars(self) -> list[Bar]:
        """The figures that have a bar."""
        times, rates = self.measured.milliseconds, self.measured.rates
        community = times[COMMUNITY.name]
        return [
            *(Bar(work.name, times[work.name][OURS], PEER, times[work.name][PEER], work.bar) for work in WORKS),
            Bar(f"{CHILDREN.name}, {CONNECTIONS} connections", rates[OURS], PEER, rates[PEER], RATE_BAR, is_rate=True),
            Bar(f"{COMMUNITY.name}, without HTTP", community[ENGINE], FLOOR, community[FLOOR], FLOOR_BAR),
            *self._write_bars(),
            *(Bar(each.work.name, each.rest, "its GraphQL query", each.graphql, each.work.bar) for each in self.legacy),
            *(self._lists_bar(indexed=indexed, limit=limit) for indexed, limit in LIMITS.items()),
            self._numbered_bar(),
        ]

    def _write_bars(self) -> list[Bar]:
        rates, written = self.written.rates, self.written
        many = f"createSpaces of {ROWS:,} rows with eight fields and the parent"
        return [
            Bar(ONE_CREATED, rates[OURS], PEER, rates[PEER], writes.RATE_BAR, is_rate=True),
            Bar(many, written.selected, "limit", [BULK_LIMIT], 1.0),
            Bar(many, written.selected, "nothing selected", written.bare, SELECTION_BAR),
        ]

    def _lists_bar(self, *, indexed: bool, limit: float) -> Bar:
        """Compare the slowest list with its limit."""
        times = [each.milliseconds for each in self.lists if each.indexed is indexed]
        name = f"the slowest of {len(times)} lists {'with' if indexed else 'without'} an index"
        return Bar(name, [max(times)], "limit", [limit], LISTS_BAR)

    def _numbered_bar(self) -> Bar:
        """Compare the slowest page by number with its limit."""
        times = [each.milliseconds for each in self.numbered]
        return Bar(f"the slowest of {len(times)} pages by number", [max(times)], "limit", [INDEXED_LIMIT], LISTS_BAR)

    @property
    def all_met(self) -> bool:
        """Whether no bar is missed."""
        return all(bar.met for bar in self.bars)

    def sections(self) -> Iterator[tuple[str, str]]:
        """Yield the titles and the tables."""
        yield "Bars", table(["work", OURS, "against", "ratio", "bar", "met"], (bar.cells for bar in self.bars))
        yield "In one process, without HTTP", self._inside()
        yield "Processor time of the server for a request, PostgreSQL's not included", self._processor()
        yield "Peak memory of the server", self._memory()
        yield "A building under more Python frames", self._depths()
        yield "The first page of every list by every filter and order", self._lists()
        yield "Pages by number", self._numbered()
        yield "What no index serves", "\n".join(unindexed_items())

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
        works = {work.name: self.measured.processor[work.name] for work in WORKS}
        for name, used in {**works, ONE_CREATED: self.written.processor}.items():
            mine, theirs = (statistics.fmean(used[contestant]) for contestant in (OURS, PEER))
            rows.append([name, milliseconds(mine), milliseconds(theirs), ratio(mine / theirs)])
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
        slow = sum(listed.share > 1 for listed in self.lists)
        first, last = map(milliseconds, self.pages)
        return (
            f"{slowest(self.lists)}\n\n"
            f"{slow} of {len(self.lists)} lists took more than their limit: {INDEXED_LIMIT:.0f} ms where an index"
            f" serves the filter or the order, {OTHER_LIMIT:.0f} ms otherwise. Each was asked for as the super"
            " administrator and as an administrator of the organisation that owns the generated records. In a walk"
            f" through all spaces, the first {PAGES // 10} pages took {first} each, the {PAGES // 10} up to page"
            f" {PAGES} {last}."
        )

    def _numbered(self) -> str:
        slow = [it for it in self.numbered if it.share > 1 or it.error]
        shown = ([named_list(it), time_of(it)] for it in slow or self.numbered[:SHOWN_LISTS])
        return (
            f"{table(['slowest', f'best of {RUNS}'], shown)}\n\n"
            f"{len(slow)} of {len(self.numbered)} pages took more than {INDEXED_LIMIT:.0f} ms or failed; all those are"
            " shown. Each was asked for with the number of all rows: the first and the hundredth page of every list of"
            " the schema, and of the legacy URLs that list spaces, customers, property relations and claims, with the"
            " conditions that front ends send. The callers are the super administrator, an administrator of the"
            " organisation that owns the generated records, and one of an organisation that owns a single community."
            f" To count customers by a part of the phone number took {milliseconds(self.counting_floor)} in SQL,"
            " without policies: pages by phone number count as many rows."
        )

    def as_json(self) -> dict[str, Any]:
        """Return all figures, with those of each round."""
        return {**asdict(self), "bars": [bar.as_json() for bar in self.bars], "all_met": self.all_met}

    def as_text(self) -> str:
        """Return the tables for a terminal."""
        return "\n\n".join(f"{title}\n\n{text}" for title, text in self.sections())

    def as_page(self) -> str:
        """Return docs/performance.md."""
        return PAGE.format(
            tables="\n\n".join(f"### {title}\n\n{text}" for title, text in self.sections()),
            machine="\n".join(f"- {name}: {value}" for name, value in self.machine.items()),
            ours=named({**self.packages, "PostgreSQL": self.data.server_version}),
            peer=named(self.peer_packages),
            communities=self.data.communities,
            spaces=f"{self.data.spaces:,}",
            pool=POOL_SIZE,
        )


def slowest(lists: Sequence[Listed]) -> str:
    """Return the table of the lists that take more than their limits, or of some that come near; the slowest first."""
    slow = [it for it in lists if it.share > 1 or it.error]
    rows = ([named_list(it), "yes" if it.indexed else "no", time_of(it)] for it in slow or lists[:SHOWN_LISTS])
    return table(["slowest for its limit", "indexed", f"best of {RUNS}"], rows)


def named_list(listed: Listed) -> str:
    """Return the name of a list as code."""
    return f"`{listed.name}`"


def time_of(listed: Listed) -> str:
    """Return how long a list took, or why it failed."""
    return listed.error or milliseconds(listed.milliseconds)


def unindexed_items() -> Iterator[str]:
    """Yield what no index serves as a list: for each noun its orders, and its filters with their operators."""
    for noun, names in unindexed().items():
        orders = [f"`{name.removeprefix(ORDER)}`" for name in names if name.startswith(ORDER)]
        compared = (name.split(".") for name in names if not name.startswith(ORDER))
        filters = [f"`{of}` ({' '.join(name for _, name in each)})" for of, each in groupby(compared, itemgetter(0))]
        parts = [f"{what} {', '.join(each)}" for what, each in (("order by", orders), ("filter by", filters)) if each]
        if parts:
            yield fill(f"- {noun}: {'; '.join(parts)}.", 118, subsequent_indent="  ", break_on_hyphens=False)


def named(versions: dict[str, str]) -> str:
    """Return a list of versions."""
    return ", ".join(f"{name} {version}" for name, version in versions.items())


PAGE = """# Performance

This page is printed by `scripts/bench --write-docs`. It compares Cadastre with PostGraphile 5 on the same PostgreSQL,
with the same rows, fields, role and row-level policies. Ratios can be compared between machines; times depend on the
machine and its load.

## How it is measured

- Data: {communities} generated communities, {spaces} spaces. A community has 14,606 spaces in 6 levels, which make an
  answer of 3 MB; a building has 361. Eight fields of each are requested:
  `id name fullName code type status depth parentId`.
- Each server is one process, listens on loopback, keeps connections alive and has at most {pool} connections to the
  database over its Unix socket. Every request is a transaction with the role `cadastre_app` and the scope of the super
  administrator; PostGraphile sets them by `pgSettings`. No access token is sent (`CADASTRE_REQUIRE_LOGIN=false`), so
  the figures do not include its verification.
- PostGraphile runs with `NODE_ENV=production GRAPHILE_ENV=production` and the fastest options for these queries: the
  amber preset with simple lists instead of connections, no mutations but inserts, no subscriptions, no `explain`,
  `outputDataAsString`, prepared statements. See `scripts/benching/postgraphile.mjs`.
- Its mutation inserts a row with all columns given. Cadastre's verifies the token, locks the tenant's tree, checks the
  rules, takes the next number of the parent, and derives path, code and full name. For both, the same triggers record
  the change and count the spaces, every commit waits for the log on disk, and the answer has the id and the name.
- Before the measurement, the answers of all contestants are compared byte by byte.
- In each round every contestant does each work in turn; the order is reversed from round to round. Ids change from
  request to request. A time or rate is the median over the rounds of each round's median; processor time is the mean.
  A ratio is the quotient of the two figures in its row.
- A legacy URL runs a stored GraphQL operation; its time is compared with that of the same operation at `/graphql`.
- Cadastre runs on the Python that `.venv` was made with. The Python of Debian and that of the image are built with
  optimisations. pyenv builds without them by default; Cadastre then needs about an eighth more processor time.
- "engine" is the whole application, called in the process of the bench from the body of the request to the bytes of
  the answer. Garbage is collected as in the served program. "graphql-core" is the same application without compiled
  plans. "floor" reads the same rows level by level with psycopg over one connection and encodes them with orjson.

## Results

{tables}

## Machine and versions

{machine}
- Cadastre: {ours}
- PostGraphile: {peer}
"""
