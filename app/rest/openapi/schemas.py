"""Schemas: JSON schemas that the descriptions of requests and of answers share."""

from collections.abc import Mapping
from typing import Any

from app.models.choice import Choice

Schema = dict[str, Any]


def object_schema(properties: Mapping[str, Schema]) -> Schema:
    """Describe an object whose members are all there."""
    return {"type": "object", "properties": dict(properties), "required": list(properties)}


def nullable(schema: Schema) -> Schema:
    """Allow null as well."""
    if "enum" in schema:
        return {**schema, "enum": [*dict.fromkeys([*schema["enum"], None])]}
    if "$ref" in schema:
        return {"anyOf": [schema, {"type": "null"}]}
    types = schema.get("type", [])
    types = types if isinstance(types, list) else [types]
    return {**schema, "type": [*dict.fromkeys([*types, "null"])]} if types else schema


def either(one: Schema, other: Schema) -> Schema:
    """Describe a member that has the value of one of two fields."""
    enum = [*dict.fromkeys([*one.get("enum", ()), *other.get("enum", ())])]
    words = dict.fromkeys(filter(None, (one.get("description"), other.get("description"))))
    return {**one, **other, **({"enum": enum} if enum else {}), "description": " / ".join(words)}


def labels_of(choice: type[Choice]) -> str:
    """Return the codes of an enumeration with their labels."""
    return "，".join(f"{each.code} {each.chinese}" for each in choice)
