"""Arguments: what a field is given, and the arguments that select rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import ColumnElement, not_
from sqlalchemy.orm import InstrumentedAttribute

from app.loaders.subtrees import in_subtree
from app.loaders.values import read_value
from app.models.base import column_of
from app.models.tree import Tree

Arguments = Mapping[str, Any]


@dataclass(frozen=True)
class Argument:
    """An argument that selects rows by equality: a column of the target, or, `on_link`, of the table that links it."""

    name: str
    column: InstrumentedAttribute[Any]
    on_link: bool = False
    compared: ColumnElement[Any] | None = None
    """The column of a query that is compared instead, where the link is a query and no table."""

    is_needed: bool = False
    """Whether the field has no meaning without it."""

    @property
    def description(self) -> str:
        """Describe the argument."""
        return f"限定 Only rows with this {self.name}"

    def condition(self, given: Any) -> ColumnElement[bool]:
        """Translate the argument."""
        compared = column_of(self.column) if self.compared is None else self.compared
        return compared == read_value(self.column.type, given)


@dataclass(frozen=True)
class OtherThan(Argument):
    """An argument that selects rows whose column has another value."""

    @property
    def description(self) -> str:
        """Describe the argument."""
        return f"排除 Only rows with another {self.name}"

    def condition(self, given: Any) -> ColumnElement[bool]:
        """Translate the argument."""
        return not_(super().condition(given))


@dataclass(frozen=True)
class Under(Argument):
    """An argument that selects the rows in the subtree of a node, which `column`, the id of the target, names."""

    @property
    def description(self) -> str:
        """Describe the argument."""
        return "子树 Only rows in the subtree of this record, itself included"

    def condition(self, given: Any) -> ColumnElement[bool]:
        """Translate the argument."""
        return in_subtree(cast("type[Tree]", self.column.class_), given)


def conditions_of(arguments: tuple[Argument, ...], given: Arguments) -> tuple[Any, Any]:
    """Translate arguments to conditions: on the target, and on the table that links it to its parent."""
    present = [argument for argument in arguments if given.get(argument.name) is not None]
    chosen = [(argument.on_link, argument.condition(given[argument.name])) for argument in present]
    return tuple(c for on_link, c in chosen if not on_link), tuple(c for on_link, c in chosen if on_link)
