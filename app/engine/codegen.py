"""Code generation: one function for each selection set, from rows to the dicts of the answer.

A row is a tuple whose first value is its parent's key. The function unpacks it and returns a dict display, so that a
leaf costs one local variable, and no call unless its value must be converted.
"""

import linecache
import weakref
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from app.db.exchange import Row

Build = Callable[[list[Row]], list[dict[str, Any]]]

NUMBERS = count(1)
"""Numbers of generated functions, so that each has a file name of its own."""


class UnplannableError(Exception):
    """The plan cannot express something; graphql-core runs the query instead. The message says what it was."""


@dataclass
class Columns:
    """The columns that one statement selects, each once; in a row, the key of the parent comes before them.

    `raw` are the names of those that are read raw (see `Call`).
    """

    names: list[str] = field(default_factory=list)
    raw: set[str] = field(default_factory=set)

    def index(self, name: str, *, is_raw: bool = False) -> int:
        """Return the index of a column in a row, adding the column when it is not selected yet.

        UnplannableError when it is already selected and read in another way.
        """
        if name not in self.names:
            self.names.append(name)
            self.raw |= {name} if is_raw else set()
        elif (name in self.raw) != is_raw:
            message = f"the column {name} is read in two ways"
            raise UnplannableError(message)
        return self.names.index(name) + 1

    @property
    def raw_indexes(self) -> tuple[int, ...]:
        """The indexes of the columns that are read raw."""
        return tuple(index for index, name in enumerate(self.names, 1) if name in self.raw)


def make_build(
    type_name: str, entries: Mapping[str, str], columns: Columns, namespace: dict[str, object], bare: str | None = None
) -> Build:
    """Make the function of a selection set on a type from the code of each field, which may use `namespace`.

    Every field has its own line of source, so a traceback shows the field. `bare` is the code of a value that stands
    for the whole record.
    """
    display = "".join(f"        {key!r}: {code},\n" for key, code in entries.items())
    record = f"{{\n{display}    }}" if bare is None else bare
    return compiled(type_name, f"    return [{record} for {unpacked(columns)}, in rows]\n", namespace)


def make_build_on(
    template: Mapping[str, object],
    type_name: str,
    entries: Mapping[str, str],
    columns: Columns,
    namespace: dict[str, object],
) -> Build:
    """Make the function of a selection set whose dicts are copies of a template, with the values of the fields.

    A dict of 33 members, 15 of them constant, takes less than half of the time of a dict display.
    """
    filled = "".join(f"        record[{key!r}] = {code}\n" for key, code in entries.items())
    start, each = "    records = []\n", f"    for {unpacked(columns)}, in rows:\n"
    copied = "        record = copy()\n        records.append(record)\n"
    namespace["copy"] = dict(template).copy
    return compiled(type_name, f"{start}{each}{copied}{filled}    return records\n", namespace)


def compiled(type_name: str, body: str, namespace: dict[str, object]) -> Build:
    """Compile the function `build(rows)` with a body."""
    source = f"def build(rows):\n{body}"
    file_name = f"<selection {next(NUMBERS)} of {type_name}>"
    exec(compile(source, file_name, "exec"), namespace)  # noqa: S102 - response keys are GraphQL names, quoted
    build: Build = namespace["build"]  # type: ignore[assignment]
    show_in_tracebacks(build, file_name, source)
    return build


def unpacked(columns: Columns) -> str:
    """Name the local variables of a row: the key of its parent is not used."""
    return ", ".join(["_", *(variable(index) for index in range(1, len(columns.names) + 1))])


def show_in_tracebacks(build: Build, file_name: str, source: str) -> None:
    """Let tracebacks quote the lines of a generated function, for as long as the function is in use."""
    linecache.cache[file_name] = (len(source), None, source.splitlines(keepends=True), file_name)
    weakref.finalize(build, linecache.cache.pop, file_name, None)


def variable(index: int) -> str:
    """Name the local variable of an index in a row."""
    return f"c{index}"
