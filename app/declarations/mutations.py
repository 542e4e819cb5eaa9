"""Mutations: how a noun's file declares a write, one declaration a mutation.

A mutation takes one argument `input` and returns a payload: the record as it is after the write, and `errors`, which
say why nothing was written. app/execution/mutate.py runs it.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any

import strawberry
from strawberry.tools import create_type
from strawberry.utils.str_converters import to_camel_case

from app.declarations.entity import Field, argument, related
from app.declarations.inputs import input_type, read_input
from app.declarations.query import make_root
from app.loaders.edge import by_key
from app.loaders.reads import UserErrors
from app.models import Entity
from app.services.write import Service, Write


@strawberry.type(description="用户错误 Why a mutation wrote nothing.")
class UserError:
    """An expected failure, for the person who filled in the form."""

    code: str = strawberry.field(description="错误码 A stable code: docs/errors.md lists them all")
    message: str = strawberry.field(
        description="错误信息 The reason, in Chinese or English as `Accept-Language` prefers"
    )
    path: list[str] = strawberry.field(description='路径 The path of the wrong field, such as `["input", "name"]`')


def mutation(description: str, service: Service, model: type[Entity], shape: type, capability: str) -> Field:
    """Declare a mutation: a service that runs on one input of a shape. The payload is named after the shape.

    The field is nullable: it is null when the caller does not hold the capability.
    """
    what = argument("input", input_type(model, shape), "输入 What to write")
    write = Write(service, capability, partial(read_input, model, shape))
    payload = payload_type(f"{shape.__name__}Payload", model)
    return Field(None, payload | None, f"{description} Needs `{capability}`.", (what,), write=write)


def payload_type(name: str, model: type[Entity]) -> Any:
    """Make the payload of a mutation: the record that was written, null when nothing was, and the errors."""
    record, noun = to_camel_case(model.__tablename__), model.__name__
    after = f"记录 The {noun} after the write; null when nothing was written"
    why = "错误 Why nothing was written; empty after a write"
    return create_type(
        name,
        [
            related(by_key(model), after).strawberry_field(record),
            Field(UserErrors(), list[UserError], why).strawberry_field("errors"),
        ],
        description="结果 The record that was written, or the reasons why nothing was.",
    )


def make_mutation(fields: Mapping[str, Field]) -> type:
    """Make the root type of mutations from its fields."""
    description = "修改 The fields that write. The root fields of a request run in order, in one transaction."
    return make_root("Mutation", description, fields)
