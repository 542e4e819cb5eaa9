"""Roots in a plan: root fields that return records by an id that is an argument."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from app.db.exchange import Row
from app.engine.operation import ArgumentsOf
from app.engine.plan import NO_FOLLOWUP, Followup, Inputs, Level, Load, Selection
from app.engine.statements import Statements
from app.loaders.batch import WHICH_TABLE, models_of
from app.loaders.edges import by_key
from app.loaders.links import Key
from app.loaders.reads import AnyById
from app.loaders.values import read_id
from app.loaders.window import WHOLE
from app.models import Entity


def record_statements(model: type[Entity], selection: Selection) -> Statements:
    """Make the statement that loads records of a model by their ids."""
    edge, columns = by_key(model), selection.columns
    return Statements(lambda window: edge.rows(tuple(columns.names), window), columns)


@dataclass
class RecordStep:
    """A root field that returns the record with the id in the argument `id`.

    Fields that need only the id are loaded in the same round trip as the record, and dropped if it does not exist.
    """

    response_key: str
    model: type[Entity]
    arguments: ArgumentsOf
    selection: Selection
    index: None = None
    keys: str = "the argument id"

    def __post_init__(self) -> None:
        """Prepare the statement, and split the steps into those that need only the id and those that need the row."""
        names, steps = self.selection.columns.names, self.selection.steps
        id_index = self.selection.columns.index("id") if "id" in names else 0
        self.width = len(names) + 1
        self.of_id = [step for step in steps if step.index == id_index]
        self.of_row = replace(self.selection, steps=[step for step in steps if step.index != id_index])
        self._statements = record_statements(self.model, self.selection)
        self.statements: Mapping[str, Statements] = {"record": self._statements}
        self.selections: Mapping[str, Selection] = {self.model.__name__: self.selection}

    def loads(self, level: Level, inputs: Inputs) -> list[Load]:
        """Load the record, and with it the fields that need only its id."""
        id_ = read_id(self.arguments(inputs.variables)["id"])
        batch = RecordBatch(self, level, inputs, Level([(id_,) * self.width]))
        ahead = [load for step in self.of_id for load in step.loads(batch.record, inputs)]
        sent_along = [batch.unless_missing(load) for load in ahead]
        statement = self._statements.of({}, lambda: WHOLE)
        width = self.selection.width
        return [Load(statement, [id_], batch.take_row, self.of_row.loads_more, sent_along, width)]


@dataclass
class RecordBatch:
    """The record of a root field while it is loaded. Before that, all columns of the row in `record` are the id."""

    step: RecordStep
    parents: Level
    inputs: Inputs
    record: Level

    def take_row(self, rows: list[Row]) -> Followup:
        """Take the record, and return the loads of the fields below it."""
        self.record.rows = rows
        selection = self.step.of_row
        loads, disclosures = selection.loads(self.record, self.inputs), selection.disclosures(self.record)
        return Followup(loads, self._finish, disclosures, len(rows) * selection.width)

    def unless_missing(self, load: Load) -> Load:
        """Return the load, changed so that its rows are dropped if the record does not exist."""
        return load._replace(deliver=lambda rows: load.deliver(rows) if self.record.rows else NO_FOLLOWUP)

    def _finish(self) -> None:
        self.step.selection.finish(self.record, self.inputs)
        self.parents.dicts[0][self.step.response_key] = next(iter(self.record.dicts), None)


@dataclass
class AnyRecordStep:
    """A root field that returns records of any type by id: one statement finds their types, one loads each type."""

    response_key: str
    read: AnyById
    arguments: ArgumentsOf
    by_model: dict[type[Entity], Selection]
    index: None = None
    keys: str = "the argument ids"

    def __post_init__(self) -> None:
        """Prepare the statements."""
        self.of_model = {model: record_statements(model, selection) for model, selection in self.by_model.items()}
        self.statements: Mapping[str, Statements] = {model.__name__: each for model, each in self.of_model.items()}
        self.selections: Mapping[str, Selection] = {model.__name__: each for model, each in self.by_model.items()}

    def loads(self, level: Level, inputs: Inputs) -> list[Load]:
        """Find the types of the records."""
        ids = [read_id(id_) for id_ in self.read.ids(self.arguments(inputs.variables))]
        batch = AnyRecordBatch(self, level, inputs, ids)
        return [Load(WHICH_TABLE, list(dict.fromkeys(ids)), batch.take_tables, loads_more=True)] if ids else []


@dataclass
class AnyRecordBatch:
    """The records of any type that one root field asks for, while they are loaded."""

    step: AnyRecordStep
    parents: Level
    inputs: Inputs
    ids: list[int]
    records: dict[Key, dict[str, Any]] = field(default_factory=dict)

    def take_tables(self, rows: list[Row]) -> Followup:
        """Take the names of the tables."""
        ids_of: dict[type[Entity], list[Key]] = {}
        for id_, model in models_of(self.ids, rows).items():
            ids_of.setdefault(model, []).append(id_)
        loads = [self._load(model, ids) for model, ids in ids_of.items() if model in self.step.by_model]
        return Followup(loads, self._fill)

    def _load(self, model: type[Entity], ids: list[Key]) -> Load:
        selection = self.step.by_model[model]
        statement = self.step.of_model[model].of({}, lambda: WHOLE)
        take = partial(self.take_records, selection)
        return Load(statement, ids, take, selection.loads_more, width=selection.width)

    def take_records(self, selection: Selection, rows: list[Row]) -> Followup:
        """Take the records of one model, and return the loads of the fields below them."""
        level = Level([]).below(rows, self.ids)
        finish = partial(self._finish, selection, level)
        loads, disclosures = selection.loads(level, self.inputs), selection.disclosures(level)
        return Followup(loads, finish, disclosures, level.shown * selection.width)

    def _finish(self, selection: Selection, level: Level) -> None:
        selection.finish(level, self.inputs)
        self.records.update((row[0], dict_) for row, dict_ in zip(level.rows, level.dicts, strict=True))
        self._fill()

    def _fill(self) -> None:
        answers = [self.records.get(id_) for id_ in self.ids]
        self.parents.dicts[0][self.step.response_key] = answers if self.step.read.many else answers[0]
