"""Writing: the inputs of one root field of a mutation, and what a service made of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from app.access.caller import Caller
from app.db.transaction import Writing
from app.error_codes import Message
from app.errors import InvalidInputError, RequestError
from app.services.write import Outcome, Write


class RowError(RequestError):
    """A record of a list is refused; `number` counts from 1, and the code is that of the cause.

    `field` is the response name of the root field that was given the list.
    """

    def __init__(self, number: int, cause: RequestError, field: str = "") -> None:
        self.code, self.number, self.cause, self.field = cause.code, number, cause, field
        english, chinese = (cause.message_in(each).replace("{", "{{").replace("}", "}}") for each in ("en", "zh"))
        super().__init__(Message(f"record {number}: {english}", f"第 {number} 条：{chinese}"), path=cause.path)

    def of(self, field: str) -> "RowError":
        """Return the error with the root field that was given the list."""
        return RowError(self.number, self.cause, field)

    def within(self, places: Mapping[str, Sequence[int]]) -> "RowError":
        """Return the error of a record that came in a list of which the root fields got parts.

        `places` are the places in the list, from 0, of what each root field got.
        """
        return RowError(places[self.field][self.number - 1] + 1, self.cause, self.field)


@dataclass(frozen=True)
class InputError:
    """A user error: the path of the wrong input, its place in the list of a bulk mutation, and the error."""

    place: tuple[str, ...]
    index: int | None
    error: RequestError

    def refusal(self) -> RequestError:
        """Return the error as that of the whole request: its message says which record of a list is wrong."""
        return self.error if self.index is None else RowError(self.index + 1, self.error)


@dataclass
class Written:
    """The ids of the records that a root field wrote, and the errors of the inputs that it did not write."""

    ids: list[int] = field(default_factory=list)
    errors: list[InputError] = field(default_factory=list)


class UndoError(Exception):
    """What a root field wrote is undone: it has user errors, or was a dry run. `payload` is its answer, if complete."""

    def __init__(self, written: Written, payload: dict[str, Any] | None = None) -> None:
        super().__init__()
        self.written, self.payload = written, payload


@dataclass(frozen=True)
class Inputs:
    """The inputs of a root field by their place in the list of a bulk mutation, and the errors of those left out."""

    by_place: Mapping[int, object]
    errors: Sequence[InputError]
    rows: str | None
    skips: bool = False
    is_dry_run: bool = False

    @classmethod
    def read(cls, write: Write, value: Mapping[str, Any]) -> "Inputs":
        """Read the argument `input`; values that are not valid become errors."""
        values = value[write.rows] if write.rows else [value]
        read: dict[int, object] = {}
        refused: dict[int, tuple[RequestError, ...]] = {}
        for place, each in enumerate(values):
            try:
                read[place] = write.read_input(each)
            except InvalidInputError as error:
                refused[place] = (error,)
        options = value if write.rows else {}
        skips, is_dry_run = str(options.get("onError")) == "skip", bool(options.get("dryRun"))
        return cls(read, [], write.rows, skips, is_dry_run).without(refused)

    def without(self, refused: Mapping[int, tuple[RequestError, ...]]) -> "Inputs":
        """Leave out inputs that have errors."""
        if not refused:
            return self
        kept = {place: input_ for place, input_ in self.by_place.items() if place not in refused}
        added = [self._error(place, error) for place, errors in refused.items() for error in errors]
        return replace(self, by_place=kept, errors=sorted([*self.errors, *added], key=lambda each: each.index or 0))

    def _error(self, place: int, error: RequestError) -> InputError:
        if self.rows is None:
            return InputError(("input",), None, error)
        return InputError(("input", self.rows, str(place)), place, error)


async def write_all(writing: Writing, caller: Caller, write: Write, inputs: Inputs) -> Written:
    """Run the service on the inputs; UndoError when one has errors, unless these are to be skipped.

    Skipping runs the service again without the inputs that had errors. It had written nothing.
    """
    while True:
        outcomes = await _outcomes(writing, caller, write, inputs)
        refused = {place: outcome.errors for place, outcome in outcomes.items() if outcome.errors}
        inputs = inputs.without(refused)
        if inputs.errors and not inputs.skips:
            raise UndoError(Written([], list(inputs.errors)))
        if not refused:
            ids = [id_ for outcome in outcomes.values() for id_ in outcome.written]
            return Written(ids, list(inputs.errors))


async def _outcomes(writing: Writing, caller: Caller, write: Write, inputs: Inputs) -> Mapping[int, Outcome]:
    """Run the service on the inputs that are left; all their errors are reported together."""
    if not inputs.by_place:
        return {}
    outcomes = await write.service(writing, caller, list(inputs.by_place.values()))
    return dict(zip(inputs.by_place, outcomes, strict=True))
