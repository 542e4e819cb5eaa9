"""Field: a declared field of a GraphQL type, and the type that fields make."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import strawberry
from strawberry.annotation import StrawberryAnnotation
from strawberry.types.arguments import StrawberryArgument
from strawberry.types.field import StrawberryField

from app.declarations.types import annotation_of, comment_of
from app.loaders.reads import READ, Read, Value
from app.models import Entity
from app.services.write import WRITE, Write


@dataclass(frozen=True)
class Field:
    """A declared field: what it reads or writes; its type, its description and its arguments."""

    read: Read | None
    annotation: Any = None
    description: str | None = None
    arguments: tuple[StrawberryArgument, ...] = ()
    write: Write | None = None
    twin: "Field | None" = None
    """The connection to the rows of a list; its name is that of the list with `Connection` added."""

    def bound(self, model: type[Entity], name: str) -> "Field":
        """Take type and description from the column, if the field shows one."""
        if not isinstance(self.read, Value) or self.read.columns:
            return self
        column = getattr(model, name)
        return replace(
            self,
            read=replace(self.read, columns=(name,)),
            annotation=annotation_of(column),
            description=self.description or comment_of(column),
        )

    def strawberry_field(self, name: str) -> StrawberryField:
        """Make the Strawberry field."""
        made = StrawberryField(
            python_name=name,
            type_annotation=StrawberryAnnotation(self.annotation),
            description=self.description,
            metadata={READ: self.read, WRITE: self.write},
        )
        made.arguments = list(self.arguments)
        return made


def object_type(declared: type, fields: Mapping[str, Field], interfaces: tuple[type, ...]) -> type:
    """Make a GraphQL type from its fields; `declared` gives its name and its description."""
    made = {name: field.strawberry_field(name) for name, field in fields.items()}
    body: dict[str, Any] = {
        "__annotations__": {},
        "__module__": declared.__module__,
        "__doc__": declared.__doc__,
        **made,
    }
    return strawberry.type(type(declared.__name__, interfaces, body), description=declared.__doc__)
