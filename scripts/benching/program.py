"""`scripts/bench`: prepare, measure, print."""

import argparse
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import orjson

from app.errors import OperatorError
from benching.client import BadAnswerError
from benching.data import Data, described, prepared
from benching.depths import sweep
from benching.floor import floor
from benching.lists import Lists
from benching.machine import machine, packages
from benching.notes import print_note
from benching.ours import POOL_SIZE, ROOT, inside, ours
from benching.peer import install, peer, versions
from benching.profiling import profiles
from benching.report import Report
from benching.rounds import CORE, ENGINE, FULL, OURS, PEER, QUICK, Contest, DifferentError, Effort
from benching.server import NotStartedError

PAGE = ROOT / "docs" / "performance.md"
COMMUNITIES = 40
ERRORS = (OperatorError, NotStartedError, BadAnswerError, DifferentError)


def arguments() -> argparse.Namespace:
    """Parse the command line."""
    parser = argparse.ArgumentParser(prog="scripts/bench", description="Measure Cadastre against PostGraphile 5.")
    parser.add_argument("--quick", action="store_true", help="two minutes instead of ten, after the preparation")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures to a file")
    parser.add_argument("--write-docs", action="store_true", help=f"write {PAGE.relative_to(ROOT)}")
    parser.add_argument("--profile", action="store_true", help="only print the functions that take the most time")
    parser.add_argument("--data-dir", type=Path, default=ROOT / ".cadastre" / "bench", help="default: .cadastre/bench")
    parser.add_argument(
        "--database-url", help="a migrated database with generated data, instead of one that is prepared here"
    )
    return parser.parse_args()


def main() -> int:
    """Run and return the exit status: 1 when a bar is missed, 2 when nothing could be measured."""
    options = arguments()
    try:
        with database(options) as data:
            if options.profile:
                with inside(data, options.data_dir / "ours", compiled=True) as engine:
                    print(profiles(engine, data))
                return 0
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
        lists = Lists(servers[OURS], data)
        return Report(data, where, packages(), versions(npm), measured, memory, sweeps, lists.all(), lists.pages())
