"""`scripts/bench`: prepare, measure, print."""

import argparse
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import orjson

from app.errors import OperatorError
from benching.arguments import PAGE
from benching.client import BadAnswerError
from benching.data import Data, described, prepared
from benching.depths import sweep
from benching.edges import filtered_by_edges
from benching.floor import floor
from benching.legacy import measured_legacy
from benching.lists import Listed, Lists, lists_of
from benching.machine import machine, packages
from benching.notes import print_note
from benching.ours import POOL_SIZE, inside, ours
from benching.pages import counting_floor, numbered_pages
from benching.peer import install, peer, versions
from benching.profiling import profiles
from benching.report import Report, slowest
from benching.rounds import CORE, ENGINE, FULL, OURS, PEER, QUICK, Contest, DifferentError, Effort
from benching.server import NotStartedError
from benching.writes import measured_writes

COMMUNITIES = 40
ERRORS = (OperatorError, NotStartedError, BadAnswerError, DifferentError)


def main(options: argparse.Namespace) -> int:
    """Run and return the exit status: 1 when a bar is missed, 2 when nothing could be measured."""
    try:
        with database(options) as data:
            if options.profile:
                with inside(data, options.data_dir / "ours", compiled=True) as engine:
                    print(profiles(engine, data))
                return 0
            titles = [title for name, titles in TITLES.items() if getattr(options, name) for title in titles]
            if titles:
                return asked(data, titles)
            report = measure(data, options.data_dir, QUICK if options.quick else FULL)
    except ERRORS as error:
        sys.stderr.write(f"bench: {error}\n")
        return 2
    print(report.as_text())
    if options.json:
        options.json.write_bytes(orjson.dumps(report.as_json(), option=orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS))
    if options.write_docs:
        PAGE.write_text(report.as_page())
    return 0 if report.all_met else 1


NUMBERED = "Pages by number"

ASKED: Mapping[str, Callable[[Lists], list[Listed]]] = {
    "Lists": Lists.all,
    NUMBERED: numbered_pages,
    "Lists by edges": filtered_by_edges,
}
"""What is asked for without a contest, by title."""

TITLES = {"lists": ("Lists", NUMBERED), "pages": (NUMBERED,), "edges": ("Lists by edges",)}
"""The titles of what an option asks for."""


def asked(data: Data, titles: Sequence[str]) -> int:
    """Ask for lists or pages, print the slowest, and return the exit status: 1 when one takes too long."""
    with lists_of(data) as lists:
        parts = {title: ASKED[title](lists) for title in dict.fromkeys(titles)}
    for title, listed in parts.items():
        slow = sum(each.share > 1 for each in listed)
        print(f"{title}\n\n{slowest(listed)}\n\n{slow} of {len(listed)} took more than their limit.\n")
    if NUMBERED in parts:
        print(f"To count customers by a part of the phone number took {counting_floor(data):.1f} ms without policies.")
    return int(any(each.share > 1 or each.error for listed in parts.values() for each in listed))


@contextmanager
def database(options: argparse.Namespace) -> Iterator[Data]:
    """Open the data, which is prepared if missing."""
    if options.database_url:
        yield described(options.database_url)
        return
    with prepared(options.data_dir, COMMUNITIES) as data:
        yield data


def measure(data: Data, folder: Path, effort: Effort) -> Report:
    """Run both servers and measure everything."""
    npm = folder / "npm"
    install(npm)
    where = machine()
    with ExitStack() as stack:
        servers = {
            OURS: stack.enter_context(ours(data, folder / "ours")),
            PEER: stack.enter_context(peer(data, npm, POOL_SIZE)),
        }
        memory = {name: {"started": server.peak_memory} for name, server in servers.items()}
        insides = {
            ENGINE: stack.enter_context(inside(data, folder / "ours", compiled=True)),
            CORE: stack.enter_context(inside(data, folder / "ours", compiled=False)),
        }
        contest = Contest(data, servers, insides, stack.enter_context(floor(data)))
        print_note("comparing the answers")
        contest.verify()
        print_note("warming up")
        contest.warm_up(effort)
        measured = contest.run(effort)
        for name, server in servers.items():
            memory[name]["after all rounds"] = server.peak_memory
        print_note("stack depths")
        sweeps = {name: sweep(each, data, effort.depth_step, effort.depth_runs) for name, each in insides.items()}
        print_note("lists")
        lists = stack.enter_context(lists_of(data))
        asked = (lists.all(), lists.pages(), numbered_pages(lists), counting_floor(data))
        written = measured_writes(data, servers[OURS], servers[PEER], effort)
        legacy = measured_legacy(data, folder / "ours", effort)
        return Report(data, where, packages(), versions(npm), measured, memory, sweeps, written, *asked, legacy)
