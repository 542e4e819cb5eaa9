"""Inputs for every mutation of the schema, made from the columns that their fields refer to."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, Boolean, Enum
from strawberry.utils.str_converters import to_camel_case

from app.declarations.inputs import InputField, fields_of
from app.graphql.schema import MUTATIONS
from app.models import Entity
from app.services.write import Write

Choose = Callable[[str], str]
"""Gives the id of a record of a table."""


@dataclass(frozen=True)
class Mutation:
    """A mutation of the schema: its name in GraphQL, its model and how it is declared."""

    name: str
    model: type[Entity]
    fields: Mapping[str, InputField]
    write: Write

    @property
    def type(self) -> str:
        """The name of the type of its input."""
        return f"{self.name[0].upper()}{self.name[1:]}Input"

    @property
    def tables(self) -> set[str]:
        """The tables of the records that its input names."""
        return {table for field in self.fields.values() if (table := self.table_of(field))}

    def table_of(self, field: InputField) -> str | None:
        """Return the table of the record that a field names."""
        if field.column is None or not isinstance(field.column.type, BigInteger):
            return None
        if field.column.key == "id":
            return str(field.column.class_.__tablename__)
        keys = field.column.class_.__table__.c[field.column.key].foreign_keys
        return next((key.column.table.name for key in keys), None)

    def input(self, choose: Choose) -> dict[str, Any]:
        """Make an input that names records by all fields that can, and is otherwise as short as possible."""
        wanted = {key: field for key, field in self.fields.items() if self.table_of(field) or not field.is_optional}
        values = {key: self._value(field, choose) for key, field in wanted.items()}
        return values if self.write.rows is None else {self.write.rows: [values]}

    def _value(self, field: InputField, choose: Choose) -> Any:
        table = self.table_of(field)
        value = choose(table) if table else plain(field)
        return [value] if field.is_list else value


def plain(field: InputField) -> Any:
    """Give a value for a field that names no record."""
    if field.column is None:
        return True if field.plain is bool else "x"
    if isinstance(field.column.type, Enum):
        return field.column.type.enums[0]
    if isinstance(field.column.type, Boolean):
        return True
    return "1" if isinstance(field.column.type, BigInteger) else "x"


@cache
def mutations() -> list[Mutation]:
    """Return every mutation of the schema."""
    found = []
    for name, field in MUTATIONS.items():
        assert field.write is not None
        model, shape = field.write.read_input.args  # type: ignore[attr-defined] # a partial of read_input
        found.append(Mutation(to_camel_case(name), model, fields_of(model, shape), field.write))
    return found
