"""Manifests of persisted queries, as the compilers of Relay and Apollo write them."""

import json
from collections.abc import Iterator
from typing import NamedTuple

from app.errors import OperatorError

APOLLO_FORMAT, APOLLO_VERSION = "apollo-persisted-query-manifest", 1


class Entry(NamedTuple):
    """A document of a manifest: the id that clients send, its name if the manifest has one, and its text."""

    id: str
    name: str | None
    text: str


def entries_of(content: str) -> list[Entry]:
    """Read a manifest: Relay's object of texts by id, or Apollo's list of operations; OperatorError for another."""
    try:
        manifest = json.loads(content)
    except (ValueError, RecursionError) as error:
        message = f"the manifest is not JSON: {error}"
        raise OperatorError(message) from error
    if not isinstance(manifest, dict):
        message = "the manifest must be a JSON object: texts by id (Relay), or one with the member 'format' (Apollo)"
        raise OperatorError(message)
    is_apollo = "format" in manifest and "operations" in manifest
    entries = list(_apollo_entries(manifest) if is_apollo else _relay_entries(manifest))
    _check_ids(entries)
    return entries


def _relay_entries(manifest: dict[str, object]) -> Iterator[Entry]:
    for id_, text in manifest.items():
        yield Entry(id_, None, _text(text, f"the document {id_!r}"))


def _apollo_entries(manifest: dict[str, object]) -> Iterator[Entry]:
    format_, version, operations = (manifest.get(name) for name in ("format", "version", "operations"))
    if (format_, version) != (APOLLO_FORMAT, APOLLO_VERSION) or not isinstance(operations, list):
        message = (
            f"the manifest has the format {format_!r} and the version {version!r}; {APOLLO_FORMAT!r} with the version "
            f"{APOLLO_VERSION} and a list of operations can be read"
        )
        raise OperatorError(message)
    for number, operation in enumerate(operations, 1):
        what = f"operation {number}"
        if not isinstance(operation, dict):
            message = f"{what} of the manifest must be an object"
            raise OperatorError(message)
        name = operation.get("name")
        id_, body = (_text(operation.get(member), f"{member!r} of {what}") for member in ("id", "body"))
        yield Entry(id_, name if isinstance(name, str) else None, body)


def _text(value: object, what: str) -> str:
    if not isinstance(value, str) or not value:
        message = f"{what} must be a text; the manifest has {json.dumps(value, ensure_ascii=False)[:80]}"
        raise OperatorError(message)
    return value


def _check_ids(entries: list[Entry]) -> None:
    """Refuse a manifest in which one id names two texts."""
    texts: dict[str, str] = {}
    for entry in entries:
        if texts.setdefault(entry.id, entry.text) != entry.text:
            message = f"the manifest has two documents with the id {entry.id!r}"
            raise OperatorError(message)
