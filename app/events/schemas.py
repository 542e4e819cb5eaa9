"""Schemas: the values of each topic as JSON Schema, made from the columns that events show."""

from collections.abc import Iterator, Mapping
from typing import Any

import orjson
from sqlalchemy import ARRAY, BigInteger, Boolean, Date, Enum, Float, Integer, Numeric, Text, Uuid
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.sql.expression import ColumnElement

from app.events.cloud_event import SOURCE, VERSION, WORDS
from app.events.columns import Columns, EventColumn

Schema = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"

TYPES: tuple[tuple[type, Schema], ...] = (
    (Enum, {"type": "string"}),
    (BigInteger, {"type": "integer"}),
    (Integer, {"type": "integer"}),
    (Boolean, {"type": "boolean"}),
    (Float, {"type": "number"}),
    (Numeric, {"type": "number"}),
    (Date, {"type": "string", "format": "date"}),
    (TIMESTAMP, {"type": "string", "format": "date-time"}),
    (Uuid, {"type": "string", "format": "uuid"}),
    (ARRAY, {"type": "array"}),
    (Text, {"type": "string"}),
)
"""How the values of each type of column are written. The first type that fits counts."""


def schemas(columns: Columns) -> Mapping[str, str]:
    """Return the schema of each entity as the text of a file, by the name of the file."""
    option = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
    return {
        f"{table}.json": orjson.dumps(schema_of(table, columns[table]), option=option).decode() for table in columns
    }


def schema_of(table: str, columns: Mapping[str, EventColumn]) -> Schema:
    """Return the schema of the events of a table."""
    record = {"$ref": "#/$defs/record"}
    image = {"anyOf": [record, {"type": "null"}]}
    data = {
        "before": image,
        "after": image,
        "changedFields": {"type": "array", "items": {"type": "string"}},
    }
    properties = {
        "specversion": {"const": VERSION},
        "id": {"type": "string"},
        "source": {"const": SOURCE},
        "type": {"enum": [f"{SOURCE}.{table}.{word}" for word in WORDS.values()]},
        "subject": {"type": "string"},
        "time": {"type": "string", "format": "date-time"},
        "datacontenttype": {"const": "application/json"},
        "data": {"type": "object", "required": [*data], "properties": data},
    }
    shown = {each.name: property_of(each.column) for each in columns.values()}
    return {
        "$schema": DIALECT,
        "$id": f"urn:{SOURCE}:event:{table}",
        "title": f"{SOURCE}.{table}",
        "type": "object",
        "required": [*properties],
        "properties": properties,
        "$defs": {"record": {"type": "object", "properties": shown}},
    }


def property_of(column: ColumnElement[Any]) -> Schema:
    """Return the schema of a column, with its comment."""
    written = next((schema for type_, schema in TYPES if isinstance(column.type, type_)), {})
    nullable = getattr(column, "nullable", True)
    types = [written["type"], "null"] if nullable and "type" in written else written.get("type")
    values: list[str | None] = [*getattr(column.type, "enums", ())]
    return {
        "description": getattr(column, "comment", None) or "",
        **written,
        **({"type": types} if types else {}),
        **({"enum": [*values, None] if nullable else values} if values else {}),
    }


def breaking(released: Any, current: Any, path: str = "") -> Iterator[str]:
    """Yield where a schema breaks with a released one: only fields and values of enumerations may be added."""
    if isinstance(released, dict) and isinstance(current, dict):
        for name, value in released.items():
            if name not in {"description", "title"}:
                yield from breaking(value, current.get(name), f"{path}/{name}")
    elif isinstance(released, list) and isinstance(current, list) and path.endswith(("/enum", "/required")):
        yield from (f"{path} lacks {value}" for value in released if value not in current)
    elif released != current:
        yield f"{path} was {released} and is {current}"
