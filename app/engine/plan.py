"""Plan: what an operation loads and where the rows go, as a tree of steps. It holds no values of a request.

The words of a running plan, level by level (docs/engine.md draws one level):

- A *level* is the rows that one selection set is applied to, and the dicts that are built from them.
- A *step* is a field that needs more rows. It turns the rows of a level into loads.
- A *load* is one statement with its keys, and the method that takes its rows.
- A *followup* is what those rows lead to: the next loads, and work that can wait until the loads are sent.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import repeat
from typing import Any, NamedTuple, Protocol, TypedDict

from graphql.execution.values import VariableValues

from app.access.caller import Caller
from app.db.exchange import Row
from app.db.rendering import Statement
from app.engine.codegen import Build, Columns
from app.engine.statements import Statements
from app.loaders.compared import Compared
from app.loaders.disclosures import Disclosure
from app.loaders.edge import Edge
from app.loaders.links import Key

Dicts = list[dict[str, Any]]
KeysOf = Callable[[Any], Iterable[Key]]
EMPTY_ROW: Row = (None,)
"""The row that a query starts with: the root has no parent, so the key is None, and there are no columns."""


class Inputs(NamedTuple):
    """What differs from request to request: the values of the variables, and the caller (None: no log-in needed).

    `settled` is the last change that no other may precede; None where nothing of the request needs to know.
    """

    variables: VariableValues
    caller: Caller | None
    settled: int | None = None


class Followup(NamedTuple):
    """What the rows of a load lead to: the next loads, the work that builds dicts, and personal data to record."""

    loads: "list[Load]"
    finish: Callable[[], None]
    disclosures: Sequence[Disclosure] = ()
    values: int = 0
    """The number of values that the rows add to the answer."""


NO_FOLLOWUP = Followup([], lambda: None)


class Load(NamedTuple):
    """A statement to run, and the method that takes its rows."""

    statement: Statement
    keys: list[Key]
    deliver: Callable[[list[Row]], Followup]
    loads_more: bool = False
    """Whether its rows may lead to more loads. If no load of a level does, COMMIT is sent with the level."""
    ahead: "Sequence[Load]" = ()
    """Loads whose keys are known without the rows. They are sent along, and delivered after this load."""
    width: int = 0
    """The number of values that a row adds to the answer, if it is shown once."""
    compared: Sequence[Compared] = ()
    """The personal data that the statement compares. They are recorded, also if it finds no row."""


@dataclass
class Level:
    """The rows that one selection set is applied to, and the dicts that `Selection.finish` builds from them."""

    rows: list[Row]
    dicts: Dicts = field(default_factory=list)
    weights: list[int] | None = None
    """How often each row is in the answer; None where each is there once."""

    @property
    def shown(self) -> int:
        """The number of records that the rows are in the answer."""
        return len(self.rows) if self.weights is None else sum(self.weights)

    def below(self, rows: list[Row], values: Sequence[Any], keys_of: KeysOf | None = None) -> "Level":
        """Make the level of rows that are found by values of these rows; a row is shown wherever its key is found.

        `keys_of` returns the keys in a value, where it is not the key itself. Keys that differ need no counting.
        """
        if self.weights is None and keys_of is None and len(set(values)) == len(values):
            return Level(rows)
        counts: Counter[Any] = Counter()
        if self.weights is None and keys_of is None:
            counts.update(values)
        else:
            for value, weight in zip(values, self.weights or repeat(1), strict=False):
                for key in [value] if keys_of is None else keys_of(value):
                    counts[key] += weight
        return Level(rows, weights=[counts[row[0]] for row in rows])


class Step(Protocol):
    """A field that needs more rows."""

    @property
    def response_key(self) -> str:
        """The name of the field in the answer."""

    @property
    def index(self) -> int | None:
        """The index of the key in a row; None if the key does not come from a row."""

    @property
    def keys(self) -> str:
        """What the keys are, in words: a column of the parent, or an argument."""

    @property
    def statements(self) -> Mapping[str, Statements]:
        """The statements of the step, by what they load."""

    @property
    def selections(self) -> "Mapping[str, Selection]":
        """What is selected on the rows, by the name of the type."""

    def loads(self, level: Level, inputs: Inputs) -> list[Load]:
        """Return the loads that the field needs for the rows of a level."""


class Personal(NamedTuple):
    """The columns that a selection shows unmasked and whose disclosure is recorded, and the index of the id."""

    entity: str
    columns: frozenset[str]
    id_index: int


class Disclosing(NamedTuple):
    """A field that may show personal data: the function that finds them, and the indexes of the values it takes."""

    find: Callable[..., Sequence[Disclosure]]
    indexes: Sequence[int]

    def of(self, rows: list[Row]) -> Iterator[Disclosure]:
        """Yield what the rows show."""
        for row in rows:
            yield from self.find(*(row[index] for index in self.indexes))


@dataclass
class Selection:
    """A selection set on one type: how its dicts are built, and the steps that fill in the rest."""

    columns: Columns
    build: Build
    steps: list[Step]
    personal: Personal | None = None
    of_caller: Mapping[str, Callable[[Caller | None], object]] = field(default_factory=dict)
    """Fields whose values follow from the caller alone, by response key."""

    disclosing: Sequence[Disclosing] = ()
    width: int = 0
    """The number of fields: what each record adds to the values of the answer."""

    @property
    def loads_more(self) -> bool:
        """Return whether the rows may lead to more loads."""
        return bool(self.steps)

    def finish(self, level: Level, inputs: Inputs) -> None:
        """Make the dicts of a level."""
        level.dicts = self.build(level.rows)
        for key, value_of in self.of_caller.items():
            value = value_of(inputs.caller)
            for dict_ in level.dicts:
                dict_[key] = value

    def disclosures(self, level: Level) -> list[Disclosure]:
        """Return whose personal data the rows of a level show."""
        found = [disclosure for each in self.disclosing for disclosure in each.of(level.rows)]
        if self.personal is None:
            return found
        entity, columns, index = self.personal
        return [*found, Disclosure(entity, columns, [row[index] for row in level.rows])]

    def loads(self, level: Level, inputs: Inputs) -> list[Load]:
        """Return the loads of all steps for the rows of a level."""
        return [load for step in self.steps for load in step.loads(level, inputs)]


class StepDescription(TypedDict):
    """A step for people to read."""

    field: str
    """The path of the field in the answer."""
    keys: str
    """What the keys of the statements are."""
    statements: dict[str, list[str]]
    """The SQL that was rendered so far, one text for each set of arguments, by what it loads."""


@dataclass(frozen=True)
class Plan:
    """A compiled operation: how to build the root dict of each request, and the steps that fill it."""

    root: Selection
    row: Row = EMPTY_ROW
    """The row that the root dict is built from."""

    def starting_with(self, row: Row) -> "Plan":
        """Return the plan with another row for the root dict."""
        return replace(self, row=row)

    def start(self, inputs: Inputs) -> Level:
        """Make the root dict of a request."""
        level = Level([self.row])
        self.root.finish(level, inputs)
        return level

    def levels(self) -> Iterator[list[StepDescription]]:
        """Describe the steps level by level, in the order in which they run."""
        steps = [(step.response_key, step) for step in self.root.steps]
        while steps:
            yield [describe(path, step) for path, step in steps]
            steps = [
                (f"{path}.{below.response_key}", below)
                for path, step in steps
                for selection in step.selections.values()
                for below in selection.steps
            ]

    def __str__(self) -> str:
        """Print the levels, their steps and the statements of each."""
        lines = []
        for number, level in enumerate(self.levels(), 1):
            lines.append(f"level {number}")
            for step in level:
                lines.append(f"  {step['field']}, keys: {step['keys']}")
                lines += [f"    {name}: {sql}" for name, texts in step["statements"].items() for sql in texts]
        return "\n".join(lines)


def describe(path: str, step: Step) -> StepDescription:
    """Describe a step for people to read."""
    statements = {
        name: [" ".join(statement.sql.split()) for statement in each.rendered]
        for name, each in step.statements.items()
        if each.rendered
    }
    return {"field": path, "keys": step.keys, "statements": statements}


def keys_among(edge: Edge, values: list[Any]) -> list[Key]:
    """Return the keys that the parents' values hold, each once."""
    if edge.keys_in is None:
        keys = dict.fromkeys(values)
        keys.pop(None, None)
        return list(keys)
    return list(dict.fromkeys(key for value in values for key in edge.keys_of(value)))
