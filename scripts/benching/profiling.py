"""Profiling: where the processor time of a community goes, by the functions' own time."""

import cProfile
import time
from collections import defaultdict
from pathlib import Path
from types import CodeType

from benching.data import Data
from benching.ours import Inside
from benching.table import milliseconds, table
from benching.works import COMMUNITY, body

RUNS = 10
SHOWN = 20


def profiled(inside: Inside, data: Data) -> str:
    """Answer a community a few times under the profiler and write its table; the profiler itself takes time as well."""
    bodies = [body(COMMUNITY.ours, variables) for variables in COMMUNITY.variables(data)]
    for each in bodies:
        inside.answer(each)
    profile = cProfile.Profile(time.process_time)  # not the clock: waiting for PostgreSQL takes no time of ours
    profile.enable()
    for number in range(RUNS):
        inside.answer(bodies[number % len(bodies)])
    profile.disable()
    own: dict[str, float] = defaultdict(float)
    calls: dict[str, int] = defaultdict(int)
    for entry in profile.getstats():  # pstats keeps one of the functions that have the same name and place
        own[named(entry.code)] += entry.inlinetime * 1000 / RUNS
        calls[named(entry.code)] += entry.callcount
    slowest = sorted(own, key=own.__getitem__, reverse=True)[:SHOWN]
    rows = [[name, f"{calls[name] / RUNS:.0f}", milliseconds(own[name])] for name in slowest]
    return table(["function", "calls", "own time"], [*rows, ["all", "", milliseconds(sum(own.values()))]])


def named(code: CodeType | str) -> str:
    """Name a function by its file, line and name."""
    if isinstance(code, str):
        return code
    return f"{Path(code.co_filename).name}:{code.co_firstlineno} {code.co_name}"
