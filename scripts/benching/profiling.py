"""Profiling: the processor time of a work by function, callees excluded."""

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
    """Profile a large and a small work; times are for one answer and include the profiler's own."""
    return "\n\n".join(f"{work.name}\n\n{profiled(inside, data, work, runs)}" for work, runs in RUNS.items())


def profiled(inside: Inside, data: Data, work: Work, runs: int) -> str:
    """Answer a work `runs` times under the profiler and return the table."""
    bodies = [body(work.ours, variables) for variables in work.variables(data)]
    for each in bodies:
        inside.answer(each)
    profile = cProfile.Profile(time.process_time)  # processor time: waiting for PostgreSQL does not count
    profile.enable()
    for number in range(runs):
        inside.answer(bodies[number % len(bodies)])
    profile.disable()
    own: dict[str, float] = defaultdict(float)
    calls: dict[str, int] = defaultdict(int)
    for entry in profile.getstats():  # pstats drops all but one of the functions with the same name and line
        own[named(entry.code)] += entry.inlinetime * 1000 / runs
        calls[named(entry.code)] += entry.callcount
    slowest = sorted(own, key=own.__getitem__, reverse=True)[:SHOWN]
    rows = [[name, f"{calls[name] / runs:.0f}", milliseconds(own[name])] for name in slowest]
    return table(["function", "calls", "own time"], [*rows, ["all", "", milliseconds(sum(own.values()))]])


def named(code: CodeType | str) -> str:
    """Return the file, line and name of a function."""
    if isinstance(code, str):
        return code
    return f"{Path(code.co_filename).name}:{code.co_firstlineno} {code.co_name}"
