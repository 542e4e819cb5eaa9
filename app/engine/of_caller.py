"""The caller in a plan: `me`, and its fields that come from the token and the capabilities, not from a row."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, cast

from app.db.exchange import Row
from app.engine.operation import ArgumentsOf
from app.engine.plan import Followup, Inputs, Level, Load, Selection
from app.engine.statements import Statements
from app.loaders.edge import Edge
from app.loaders.reads import OfCaller
from app.loaders.window import WHOLE


@dataclass
class CallerStep:
    """The root field that returns the caller. It needs no statement: the request knows the caller's id.

    The dict of the root is built before its steps load anything, so the caller's dict goes into it at once.
    """

    response_key: str
    selection: Selection
    type_name: str
    index: None = None
    keys: str = "none: the caller is known"

    def __post_init__(self) -> None:
        """List what is selected."""
        self.statements: Mapping[str, Statements] = {}
        self.selections: Mapping[str, Selection] = {self.type_name: self.selection}

    def loads(self, level: Level, inputs: Inputs) -> list[Load]:
        """Build the caller's dict, and return the loads of the fields below it."""
        if inputs.caller is None:
            return []
        caller = Level([(None, inputs.caller.id)])
        self.selection.finish(caller, inputs)
        (level.dicts[0][self.response_key],) = caller.dicts
        return self.selection.loads(caller, inputs)


@dataclass
class OfCallerStep:
    """A field whose value is computed from the caller and from the record with the id in its argument."""

    response_key: str
    read: OfCaller
    arguments: ArgumentsOf
    show: Callable[[object], object]
    index: None = None

    def __post_init__(self) -> None:
        """Prepare the statement."""
        edge, columns = cast("Edge", self.read.edge), self.read.columns
        self._statements = Statements(lambda window: edge.rows(columns, window))
        self.keys = "the argument of the field"
        self.statements: Mapping[str, Statements] = {"record": self._statements}
        self.selections: Mapping[str, Selection] = {}

    def loads(self, level: Level, inputs: Inputs) -> list[Load]:
        """Load the record that the argument names."""
        id_ = next(iter(self.arguments(inputs.variables).values()), None)
        if id_ is None:
            return []  # then `Selection.of_caller` has set the value
        statement = self._statements.of({}, lambda: WHOLE)
        return [Load(statement, [self.read.key(id_)], partial(self._deliver, level, inputs))]

    def _deliver(self, level: Level, inputs: Inputs, rows: list[Row]) -> Followup:
        record = dict(zip(self.read.columns, rows[0][1:], strict=True)) if rows else {}
        return Followup([], partial(self._fill, level, inputs, record))

    def _fill(self, level: Level, inputs: Inputs, record: Mapping[str, Any]) -> None:
        value = self.show(self.read.make(inputs.caller, record))
        for parent in level.dicts:
            parent[self.response_key] = value
