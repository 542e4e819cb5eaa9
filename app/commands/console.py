"""The terminal: results on stdout; notes, trouble and progress bars on stderr."""

import getpass
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import TextIOWrapper

import typer
from rich.console import Console
from rich.progress import Progress, TaskID

from app.bulk.progress import Progress as ReportProgress

TERMINAL = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)


def write_any_letter() -> None:
    """Let results hold every letter: a file or a pipe gets UTF-8, a terminal escapes what it cannot show."""
    if isinstance(sys.stdout, TextIOWrapper):
        encoding = sys.stdout.encoding if sys.stdout.isatty() else "utf-8"
        sys.stdout.reconfigure(encoding=encoding, errors="backslashreplace")


def command_group(summary: str) -> typer.Typer:
    """Return a command that has subcommands, even if only one."""
    return typer.Typer(help=summary, callback=_no_options, no_args_is_help=True, add_completion=False)


def examples(*lines: str) -> str:
    """Return the examples that stand below the help of a command."""
    return "\n\n".join(("Examples:", *lines))


def operator() -> str:
    """Return the operator's name in the system, for the columns that say who made a record."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container may run as a user without a name
        return "operator"


def print_result(line: str) -> None:
    """Print a line of a command's result."""
    print(line)  # noqa: T201 - the result


def print_note(line: str) -> None:
    """Print a remark that is not part of the result."""
    sys.stderr.write(f"{line}\n")


def print_trouble(lines: Sequence[str], count: int | None = None) -> None:
    """Print problems, one a line, and how many of `count` are not among the lines."""
    more = 0 if count is None else count - len(lines)
    for line in [*lines, f"and {more} more"] if more else lines:
        TERMINAL.print(line)


@contextmanager
def progress_bars() -> Iterator[ReportProgress]:
    """Show one progress bar a stage; nothing when stderr is not a terminal."""
    tasks: dict[str, TaskID] = {}
    with Progress(console=TERMINAL, disable=not TERMINAL.is_terminal) as bars:

        def show(stage: str, done: int, total: int | None = None) -> None:
            if stage not in tasks:
                _finish(bars)
                tasks[stage] = bars.add_task(stage, total=total)
            bars.update(tasks[stage], completed=done, total=total)

        yield show
        _finish(bars)


def _finish(bars: Progress) -> None:
    """Fill every bar: its stage is over. The bar of a stage that fails stays as it is."""
    for task in bars.tasks:
        total = task.total or task.completed or 1
        bars.update(task.id, completed=total, total=total)


def _no_options() -> None:
    """Take no options of its own: Typer makes a group of one subcommand only where there is a callback."""
