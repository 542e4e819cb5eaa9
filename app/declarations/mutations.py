"""Mutations: how a noun's file declares a write, one declaration a mutation.

A mutation takes one argument `input` and returns a payload: the records as they are after the write, and `errors`,
which say why nothing was written. app/execution/mutate.py runs it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, make_dataclass
from enum import StrEnum, auto
from functools import partial
from typing import Any

import strawberry
from strawberry.annotation import StrawberryAnnotation
from strawberry.tools import create_type
from strawberry.types.arguments import StrawberryArgument
from strawberry.types.field import StrawberryField
from strawberry.utils.str_converters import to_camel_case

from app.declarations.arguments import argument
from app.declarations.entity import related
from app.declarations.field import Field
from app.declarations.inputs import first_line, input_type, read_input
from app.declarations.query import make_root
from app.declarations.types import describe_values
from app.loaders.edges import by_ids, by_key
from app.loaders.reads import UserErrors, Value
from app.models import Change, Entity
from app.services.restorable import Restorable
from app.services.restore import restore
from app.services.write import Compares, Service, Write, refers


@strawberry.type(description="用户错误 Why a mutation wrote nothing.")
class UserError:
    """An expected failure, for the person who filled in the form."""

    code: str = strawberry.field(description="错误码 A stable code: docs/errors.md lists them all")
    message: str = strawberry.field(
        description="错误信息 The reason, in Chinese or English as `Accept-Language` prefers"
    )
    path: list[str] = strawberry.field(description='路径 The path of the wrong field, such as `["input", "name"]`')
    index: int | None = strawberry.field(
        description="行号 The place of the wrong record in the list of a bulk mutation, from 0; null elsewhere"
    )


@strawberry.enum(description="出错处理 What a bulk mutation does when records are wrong.")
class OnError(StrEnum):
    """What a bulk mutation does when records are wrong."""

    ABORT = auto()
    SKIP = auto()


describe_values(OnError, ("全部取消 Write nothing", "跳过 Write the records that are not wrong"))


Fields = tuple[str, ...]
"""Names of fields of an input."""

CHANGE_NOTE = "变更编号 The change to undo, from `history` or `changes`"

RESTORE_FIELDS: tuple[Any, ...] = (
    ("change_id", int, refers(Change.id, CHANGE_NOTE)),
    ("expected_version", int | None, None),
)
"""The fields of the input that puts a record back."""


@dataclass(frozen=True)
class Writes:
    """Declares the mutations of a model, which need a capability. The dataclass of an input names input and payload.

    The fields are nullable: they are null when the caller does not hold the capability. It is None where callers write
    about themselves only.
    """

    model: type[Entity]
    capability: str | None

    def one(
        self, description: str, service: Service, shape: type, *, shares: bool = False, compares: Fields = ()
    ) -> Field:
        """Declare a mutation whose input writes one record; `shares` and `compares` as for `Write`."""
        after = related(
            by_key(self.model), f"记录 The {self.model.__name__} after the write; null if nothing was written"
        )
        written = {to_camel_case(self.model.__tablename__): after}
        return self._field(description, service, shape, written, shares=shares, compares=compares)

    def several(self, description: str, service: Service, shape: type) -> Field:
        """Declare a mutation whose input writes several records."""
        return self._field(description, service, shape, self._written)

    def bulk(
        self, description: str, service: Service, shape: type, *, shares: bool = False, compares: Fields = ()
    ) -> Field:
        """Declare a mutation that takes a list of inputs, each of which writes a record; see `one`."""
        name = plural(shape.__name__)
        what = argument("input", self._list_of(shape), "输入 What to write")
        write = self._write(service, shape, self._plural, shares=shares, compares=compares)
        return self._made(description, what, payload_type(name, self._written), write)

    def deletion(self, description: str, service: Service, shape: type) -> Field:
        """Declare a mutation that deletes records; its payload has their ids and their number."""
        ids = Field(Value(("ids",), texts), list[strawberry.ID], "编号 Ids of the deleted records, the named one first")
        number = Field(Value(("ids",), len), int, "数量 How many records were deleted")
        return self._field(description, service, shape, {"deleted_ids": ids, "deleted_count": number})

    def bare(self, description: str, service: Service, shape: type, *, settings: tuple[str, ...] = ()) -> Field:
        """Declare a mutation whose payload has errors only; `settings` as for `Write`."""
        return self._field(description, service, shape, {}, settings=settings)

    def restoration(self, what: str, restorable: Restorable) -> Field:
        """Declare the mutation that puts a record back to its state before a change; `what` is its Chinese term."""
        noun = self.model.__name__
        shape = make_dataclass(f"Restore{noun}", RESTORE_FIELDS, frozen=True)
        shape.__doc__ = f"{what} Put a record back to its state before a change."
        description = f"{what} Put a deleted or changed {noun} back to its state before a change (docs/changes.md)."
        return self.one(description, partial(restore, restorable), shape)

    def _field(
        self, description: str, service: Service, shape: type, written: Mapping[str, Field], **options: Any
    ) -> Field:
        what = argument("input", input_type(self.model, shape), "输入 What to write")
        write = self._write(service, shape, **options)
        return self._made(description, what, payload_type(shape.__name__, written), write)

    def _made(self, description: str, what: StrawberryArgument, payload: Any, write: Write) -> Field:
        needs = "no capability" if self.capability is None else f"`{self.capability}`"
        return Field(None, payload | None, f"{description} Needs {needs}.", (what,), write=write)

    def _write(
        self, service: Service, shape: type, rows: str | None = None, *, compares: Fields = (), **options: Any
    ) -> Write:
        compared = Compares(self.model.__name__, compares) if compares else None
        read = partial(read_input, self.model, shape)
        return Write(service, self.capability, read, rows=rows, compares=compared, **options)

    @property
    def _written(self) -> Mapping[str, Field]:
        name = self.model.__name__
        return {self._plural: related(by_ids(self.model), f"记录 The {name} records that were written, in order")}

    @property
    def _plural(self) -> str:
        return to_camel_case(plural(self.model.__tablename__))

    def _list_of(self, shape: type) -> Any:
        """Make the input of a bulk mutation."""
        records = f"记录 At most 1,000 by default: {first_line(shape)}"
        fields = [
            input_field(self._plural, list[input_type(self.model, shape)], records),  # type: ignore[misc]
            input_field("on_error", OnError | None, "出错处理 ABORT by default", default=strawberry.UNSET),
            input_field("dry_run", bool | None, "试运行 Answer as usual, then undo it", default=strawberry.UNSET),
        ]
        return create_type(
            f"{plural(shape.__name__)}Input", fields, is_input=True, description=f"批量{first_line(shape)}"
        )


def texts(ids: list[int]) -> list[str]:
    """Write ids as GraphQL shows them."""
    return [str(id_) for id_ in ids]


def plural(name: str) -> str:
    """Return the plural of a name."""
    if name.endswith("y"):
        return f"{name[:-1]}ies"
    return f"{name}es" if name.endswith("s") else f"{name}s"


def payload_type(name: str, written: Mapping[str, Field]) -> Any:
    """Make the payload of a mutation from the fields that show what was written."""
    why = Field(UserErrors(), list[UserError], "错误 Why nothing was written, or not all; empty after a write")
    fields = [field.strawberry_field(key) for key, field in {**written, "errors": why}.items()]
    description = "结果 What was written, or the reasons why nothing was."
    return create_type(f"{name}Payload", fields, description=description)


def input_field(name: str, annotation: Any, description: str, **default: Any) -> StrawberryField:
    """Make a field of an input that no dataclass has."""
    return StrawberryField(
        python_name=name, type_annotation=StrawberryAnnotation(annotation), description=description, **default
    )


def make_mutation(fields: Mapping[str, Field]) -> type:
    """Make the root type of mutations from its fields."""
    description = "修改 The fields that write. The root fields of a request run in order, in one transaction."
    return make_root("Mutation", description, fields)
