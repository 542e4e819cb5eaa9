"""Profiling: where the processor time of a work goes, by the functions' own time."""

import cProfile
import time
from collections import defaultdict
from pathlib import Path
from types import CodeType

from benching.data import Data
from benching.ours import Inside
from benching.table import milliseconds, table
from benching.works import CHILDREN, COMMUNITY, Work, body

RUNS = {COMMUNITY: 10, CHILDREN: 500}
SHOWN = 20


def profiles(inside: Inside, data: Data) -> str:
    """Profile a large and a small work; the times are for one answer, and the profiler's own are among them."""
    return "\n\n".join(f"{work.name}\n\n{profiled(inside, data, work, runs)}" for work, runs in RUNS.items())


def profiled(inside: Inside, data: Data, work: Work, runs: int) -> str:
    """Answer a work so many times under the profiler and write its table."""
    bodies = [body(work.ours, variables) for variables in work.variables(data)]
    for each in bodies:
        inside.answer(each)
    profile = cProfile.Profile(time.process_time)  # not the clock: waiting for PostgreSQL takes no time of ours
    profile.enable()
    for number in range(runs):
        inside.answer(bodies[number % len(bodies)])
    profile.disable()
    own: dict[str, float] = defaultdict(float)
    calls: dict[str, int] = defaultdict(int)
    for entry in profile.getstats():  # pstats keeps one of the functions that have the same name and place
        own[named(entry.code)] += entry.inlinetime * 1000 / runs
        calls[named(entry.code)] += entry.callcount
    slowest = sorted(own, key=own.__getitem__, reverse=True)[:SHOWN]
    rows = [[name, f"{calls[name] / runs:.0f}", milliseconds(own[name])] for name in slowest]
    return table(["function", "calls", "own time"], [*rows, ["all", "", milliseconds(sum(own.values()))]])


def named(code: CodeType | str) -> str:
    """Name a function by its file, line and name."""
    if isinstance(code, str):
        return code
    return f"{Path(code.co_filename).name}:{code.co_firstlineno} {code.co_name}"
