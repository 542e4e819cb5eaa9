"""The committed schemas are those of the code, add only to those of the last release, and describe the events."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest
from jsonschema import Draft202012Validator

from app.declarations.event_columns import event_columns
from app.events.cloud_event import CHANGE_COLUMNS, ChangeRow, CloudEvents
from app.events.columns import shapes_of
from app.events.schemas import breaking, schemas
from app.graphql.schema import NOUNS
from tests.databases import ROOT

COMMITTED, RELEASED = ROOT / "docs" / "event-schemas", Path(__file__).parent / "released"


def read(path: Path) -> Any:
    return json.loads(path.read_text("utf-8"))


def test_the_committed_schemas_are_those_of_the_code() -> None:
    assert NOUNS
    written = {path.name: path.read_text("utf-8") for path in COMMITTED.glob("*.json")}
    assert written == schemas(event_columns()), "run scripts/event-schemas"


@pytest.mark.parametrize("path", sorted(RELEASED.glob("*.json")), ids=lambda path: path.stem)
def test_a_schema_only_adds_to_the_released_one(path: Path) -> None:
    assert [*breaking(read(path), read(COMMITTED / path.name))] == []


def test_what_breaks_with_a_release() -> None:
    released = read(COMMITTED / "space.json")
    changes: tuple[tuple[Callable[[Any], object], str], ...] = (
        (lambda new: new["$defs"]["record"]["properties"].pop("name"), "/$defs/record/properties/name was"),
        (lambda new: new["$defs"]["record"]["properties"]["name"].update(type="integer"), "name/type was string"),
        (lambda new: new["properties"]["type"]["enum"].pop(), "/properties/type/enum lacks cadastre.space.placed"),
        (lambda new: new["required"].remove("id"), "/required lacks id"),
    )
    for change, expected in changes:
        current = json.loads(json.dumps(released))
        change(current)
        assert expected in " ".join(breaking(released, current))
    current = json.loads(json.dumps(released))
    current["$defs"]["record"]["properties"]["more"] = {"type": "string"}
    current["properties"]["type"]["enum"].append("cadastre.space.restored")
    assert [*breaking(released, current)] == []


def test_events_are_as_the_schemas_say(demo_url: str) -> None:
    columns = event_columns()
    events = CloudEvents("cadastre.", shapes_of(columns, ()))
    with psycopg.connect(demo_url) as connection:
        connection.execute("update space set name = name || '.', version = version + 1 where parent_id is null")
        connection.execute("update org set path = path || ' ' where parent_id is not null")
        connection.execute("delete from device")
        rows = [ChangeRow(*row) for row in connection.execute(f"select {CHANGE_COLUMNS} from change")]
        connection.rollback()
    validators = {table: Draft202012Validator(read(COMMITTED / f"{table}.json")) for table in columns}
    assert {row.entity for row in rows} <= set(columns)
    for row in rows:
        validators[row.entity].validate(json.loads(events.of_change(row).value))
    assert {"INSERT", "UPDATE", "DELETE"} <= {row.operation for row in rows}


def test_every_recorded_table_has_a_schema(empty_url: str) -> None:
    with psycopg.connect(empty_url) as connection:
        recorded = connection.execute("select tgrelid::regclass::text from pg_trigger where tgname = 'record_insert'")
        assert {table for (table,) in recorded} <= set(event_columns())
