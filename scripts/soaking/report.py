"""The report: what was wrong at the end, and the table of a run."""

import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import NamedTuple

import psutil
import psycopg

from app.db.data_folder import socket_path
from soaking.load import Load
from soaking.program import Program

MIB = 1 << 20
GROWTH = 1.5
"""How much more memory a process may have in the end than in the first third of its time."""

STEP_MIB = 32
MORE_DESCRIPTORS = 60


class Samples:
    """Memory in MiB and open descriptors of the program, by process, in the order of time."""

    def __init__(self) -> None:
        self.of: dict[int, list[tuple[int, int]]] = defaultdict(list)

    def take_until(self, program: Program, end: float) -> None:
        """Take a sample each half second."""
        while time.monotonic() < end:
            process = psutil.Process(program.pid)
            self.of[process.pid].append((process.memory_info().rss // MIB, process.num_fds()))
            time.sleep(0.5)

    def growing(self) -> list[str]:
        """Say which processes grew more than they may."""
        return [f"process {pid}: {samples}" for pid, samples in self.of.items() if _grows(samples)]


def _grows(samples: Sequence[tuple[int, int]]) -> bool:
    third = samples[: max(1, len(samples) // 3)]
    memory, descriptors = max(each[0] for each in third), max(each[1] for each in third)
    return samples[-1][0] > GROWTH * memory + STEP_MIB or samples[-1][1] > descriptors + MORE_DESCRIPTORS


def findings(program: Program, load: Load, samples: Samples) -> list[str]:
    """Say what is wrong after a run; nothing when all is well."""
    lost = sorted(set(load.journal.names) - stored(program))
    checked = program.command("check")
    return [
        *([f"{len(lost)} acknowledged writes are lost, such as {lost[0]}"] if lost else []),
        *([f"cadastre check: {checked.stdout.strip()[:400]}"] if checked.returncode else []),
        *([f"undocumented: {dict(load.unknown)}"] if load.unknown else []),
        *samples.growing(),
        *([] if load.journal.names else ["nothing was acknowledged"]),
    ]


def stored(program: Program) -> set[str]:
    """Return the names of the organisations that the load has made."""
    url = f"postgresql://cadastre@/cadastre?host={socket_path(program.folder)}&port=5432"
    with psycopg.connect(url) as connection:
        return {name for (name,) in connection.execute("select name from org where name like 'soak-%'")}


class Outcome(NamedTuple):
    """What happened in a run: the faults, the longest time until the program was ready after one, what was wrong."""

    asked: str
    faults: Sequence[str]
    longest: float
    wrong: Sequence[str]


def table(outcome: Outcome, load: Load, samples: Samples) -> str:
    """Return the table of a run."""
    taken = next(reversed(samples.of.values()), [(0, 0)])
    first, last = taken[0], taken[-1]
    rows = {
        "minutes, seed": outcome.asked,
        "faults": ", ".join(f"{name} {number}" for name, number in sorted(Counter(outcome.faults).items())),
        "longest time until ready": f"{outcome.longest:.1f} s",
        "answers": ", ".join(f"{what}: {number}" for what, number in sorted(load.answers.items())),
        "acknowledged writes": len(load.journal.names),
        "last process, first and last sample": f"{first[0]} and {last[0]} MiB, {first[1]} and {last[1]} descriptors",
        "wrong": "; ".join(outcome.wrong) or "nothing",
    }
    return "| what | result |\n|---|---|\n" + "\n".join(f"| {what} | {result} |" for what, result in rows.items())
