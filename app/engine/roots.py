"""Roots in a plan: the ways into the register by an id."""

from dataclasses import dataclass, replace
from typing import Any

from app.db.exchange import Row
from app.db.rendering import render
from app.engine.operation import ArgumentsOf
from app.engine.plan import NO_LOADS, Delivered, Level, Load, Selection, Statements
from app.loaders.batch import ENTITIES, which_table
from app.loaders.edge import Key, by_key
from app.loaders.reads import AnyById, ById
from app.loaders.values import read_id
from app.loaders.window import WHOLE
from app.models import Entity

WHICH_TABLE = render(which_table())


class RecordStatement:
    """The statement that loads records of one model by their ids."""

    def __init__(self, model: type[Entity], selection: Selection) -> None:
        self.selection = selection
        edge = by_key(model)
        self._statements = Statements(lambda window: edge.rows(tuple(selection.columns.names), window))

    def load(self, level: Level, keys: list[Key], put: Any, variables: Any) -> Load:
        """Load the records as the rows of a level; `put` takes the dicts by id."""

        def deliver(rows: list[Row]) -> Delivered:
            level.rows = rows

            def finish() -> None:
                level.dicts = self.selection.build(rows)
                put({row[0]: made for row, made in zip(rows, level.dicts, strict=True)})

            return Delivered(self.selection.loads(level, variables), finish, self.selection.shown(level))

        return Load(self._statements.of({}, lambda: WHOLE), keys, deliver, self.selection.leads_on)


@dataclass
class ByIdStep:
    """A root field that answers the record with an id.

    What hangs on the id, which is known, is loaded along with the record, and dropped when there is no such record.
    """

    response_key: str
    read: ById
    arguments: ArgumentsOf
    selection: Selection
    place: None = None

    def __post_init__(self) -> None:
        """Prepare the statement, and tell the steps that need but the id from those that wait for the record."""
        names, steps = self.selection.columns.names, self.selection.steps
        place = self.selection.columns.place("id") if "id" in names else 0
        self._width = len(names) + 1
        self._ahead = [step for step in steps if step.place == place]
        waiting = [step for step in steps if step.place != place]
        self._record = RecordStatement(self.read.edge.target, replace(self.selection, steps=waiting))

    def loads(self, level: Level, variables: Any) -> list[Load]:
        """Load the record, and ahead of it what hangs on its id."""
        id_ = read_id(self.arguments(variables)["id"])
        record = Level([(id_,) * self._width])  # until it is loaded, a row of which only the id is looked at

        def put(found: dict[Key, dict[str, Any]]) -> None:
            level.dicts[0][self.response_key] = found.get(id_)

        ahead = [load for step in self._ahead for load in step.loads(record, variables)]
        load = self._record.load(record, [id_], put, variables)
        return [load._replace(ahead=[if_any(record, each) for each in ahead])]


def if_any(record: Level, load: Load) -> Load:
    """Drop the rows of a load when the record that they hang on turns out not to be there."""
    return load._replace(deliver=lambda rows: load.deliver(rows) if record.rows else NO_LOADS)


@dataclass
class AnyByIdStep:
    """A root field that answers records of any type by their ids: one statement for their types, one for each type."""

    response_key: str
    read: AnyById
    arguments: ArgumentsOf
    selections: dict[type[Entity], Selection]
    place: None = None

    def __post_init__(self) -> None:
        """Prepare the statements."""
        self._records = {model: RecordStatement(model, selection) for model, selection in self.selections.items()}

    def loads(self, level: Level, variables: Any) -> list[Load]:
        """Find the types of the records."""
        given = self.arguments(variables)
        ids = [read_id(id_) for id_ in self.read.ids(given)]
        found: dict[Key, dict[str, Any]] = {}

        def finish() -> None:
            answers = [found.get(id_) for id_ in ids]
            level.dicts[0][self.response_key] = answers if self.read.many else answers[0]

        def deliver(rows: list[Row]) -> Delivered:
            return Delivered(self._typed(rows, found, finish, variables), finish)

        return [Load(WHICH_TABLE, list(dict.fromkeys(ids)), deliver, leads_on=True)] if ids else []

    def _typed(self, rows: list[Row], found: dict[Key, dict[str, Any]], finish: Any, variables: Any) -> list[Load]:
        by_model: dict[type[Entity], list[Key]] = {}
        for id_, table in {id_: table for id_, table in sorted(rows, reverse=True)}.items():  # noqa: C416 - see plan.py
            by_model.setdefault(ENTITIES[table], []).append(id_)

        def put(records: dict[Key, dict[str, Any]]) -> None:
            found.update(records)
            finish()

        shown = [(self._records[model], keys) for model, keys in by_model.items() if model in self._records]
        return [record.load(Level([]), keys, put, variables) for record, keys in shown]
