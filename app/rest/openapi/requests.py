"""Requests: the JSON schemas of requests, from what the table of URLs reads in them.

The functions of the table are run on a request that has every member and notes how each is read, and on one that has
none, whose errors name the members that are needed.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from app.errors import InvalidInputError, RequestError
from app.rest.kinds import (
    DAY,
    DIRECTION,
    FLAG,
    FLOAT,
    ID,
    ID_TEXTS,
    IDENTITY,
    IDS,
    LAST_PAGE,
    NUMBER,
    OBJECT,
    OBJECTS,
    PAGE_NUMBER,
    PAIRS,
    PARENT,
    TEXT,
    TEXTS,
    WHOLE,
    Code,
    Codes,
    Kind,
    Probe,
)
from app.rest.moments import FROM, UNTIL
from app.rest.openapi.schemas import Schema, labels_of
from app.rest.parameters import MISSING
from app.rest.url import LIST, Url, names_in

TIME: tuple[Schema, object] = ({"type": ["integer", "string"]}, "2020-11-24T08:28:22+00:00")

KINDS: Mapping[Kind, tuple[Schema, object]] = {
    IDENTITY: ({"type": "string"}, "440301199003070010"),
    TEXT: ({"type": "string"}, "文本"),
    WHOLE: ({"type": "integer"}, 1),
    PAGE_NUMBER: ({"type": "integer", "maximum": LAST_PAGE}, 1),
    ID: ({"type": "integer", "format": "int64"}, "1"),
    PARENT: ({"type": "integer", "format": "int64"}, "1"),
    IDS: ({"type": "array", "items": {"type": "integer", "format": "int64"}}, ["1"]),
    ID_TEXTS: ({"type": "array", "items": {"type": "integer", "format": "int64"}}, ["1"]),
    DAY: ({"type": ["string", "integer"], "description": "yyyy-MM-dd 或毫秒数"}, "1993-07-28"),
    NUMBER: ({"type": "number"}, "1"),
    FLOAT: ({"type": "number"}, 1.0),
    FLAG: ({"type": "boolean"}, True),
    PAIRS: ({"type": "array", "items": {"type": "string", "pattern": r"^\d+-\d+$"}}, [("1", "1")]),
    TEXTS: ({"type": "array", "items": {"type": "string"}}, ["文本"]),
    OBJECT: ({"type": "object", "properties": {}}, {}),
    FROM: TIME,
    UNTIL: TIME,
    DIRECTION: ({"type": "string", "enum": ["ASC", "DESC"]}, "ASC"),
}
"""The JSON schema of each kind of value, and a value that is read of it."""


@dataclass(frozen=True)
class Noted:
    """What is known about the members of a request: the kinds by path, and the paths that are needed."""

    kinds: dict[str, Kind | Code | Codes] = field(default_factory=dict)
    needed: set[str] = field(default_factory=set)


class Full(Probe):
    """A request that has every member; `path` leads from the whole request to this part, with dots."""

    def __init__(self, noted: Noted, path: str = "", has: Callable[[str], bool] = lambda _: True) -> None:
        self._noted, self._path, self._has = noted, path, has

    def note(self, kind: Kind | Code | Codes) -> Any:
        """Note the kind of this member."""
        self._noted.kinds[self._path] = kind
        if isinstance(kind, Code):
            return next(iter(kind.choice)).name
        if isinstance(kind, Codes):
            return next(iter(kind.values.values()))
        return self if kind is OBJECT else [self._below(LIST)] if kind is OBJECTS else KINDS[kind][1]

    def _below(self, name: str) -> "Full":
        return Full(self._noted, self._path_of(name), self._has)

    def _path_of(self, name: str) -> str:
        return f"{self._path}.{name}".lstrip(".")

    def __getitem__(self, name: str) -> Any:
        """Return a member; KeyError when the request has none of this name."""
        if not self._has(self._path_of(name)):
            raise KeyError(name)
        return self._below(name)

    def __iter__(self) -> Iterator[str]:
        """Return no names: every name that is read is that of a member."""
        return iter(())

    def __len__(self) -> int:
        """Return one, so that the request counts as true."""
        return 1


def noted_of(url: Url) -> Noted:
    """Run the function of a row on full and on empty requests."""
    noted = Noted()
    with suppress(RequestError, TypeError, ValueError, KeyError):  # what is noted until then is right
        url.variables(Full(noted))
    while (name := missing(url, noted)) is not None:
        noted.needed.add(name)
    return noted


def missing(url: Url, noted: Noted) -> str | None:
    """Return the first needed member that is not noted yet."""
    try:
        url.variables(Full(Noted(), has=lambda path: any(f"{name}.".startswith(f"{path}.") for name in noted.needed)))
    except InvalidInputError as error:
        name = str(error.values.get("name"))
        return name if error.detail is MISSING and name not in noted.needed else None
    except (RequestError, TypeError, ValueError, KeyError):
        return None
    return None


def schema_of(url: Url, words: Mapping[str, str]) -> Schema:
    """Describe the body of a row's requests; `words` are those of the documents about its members."""
    noted = noted_of(url)
    root: Schema = {"type": "object", "properties": {}}
    for name in [*noted.kinds, *(name for name in words if name not in noted.kinds)]:
        put(root, name.split("."), member_schema(noted.kinds.get(name), words.get(name.rpartition(".")[2], "")))
    for name in names_in(url.path):
        root["properties"].pop(name, None)
    needed = sorted(name for name in noted.needed if name in root["properties"])
    return {**root, **({"required": needed} if needed else {})}


def member_schema(kind: Kind | Code | Codes | None, words: str) -> Schema:
    """Describe a member."""
    found = {} if kind is None else DESCRIBES[type(kind)](kind)
    described = "；".join(filter(None, (words.strip(), found.pop("description", ""))))
    return {**found, **({"description": described} if described else {})}


def kind_schema(kind: Kind) -> Schema:
    """Describe a kind of value."""
    return {"type": "array", "items": {"type": "object", "properties": {}}} if kind is OBJECTS else dict(KINDS[kind][0])


def code_schema(code: Code) -> Schema:
    """Describe the codes of an enumeration."""
    codes = [each.code for each in code.choice]
    kind = "string" if isinstance(codes[0], str) else "integer"
    return {"type": kind, "enum": codes, "description": labels_of(code.choice)}


def codes_schema(codes: Codes) -> Schema:
    """Describe codes that are no enumeration."""
    values = [int(code) if code.isdigit() else code for code in codes.values]
    return {"type": "string" if isinstance(values[0], str) else "integer", "enum": values}


DESCRIBES: Mapping[type, Callable[[Any], Schema]] = {Kind: kind_schema, Code: code_schema, Codes: codes_schema}
"""How the members of each kind are described."""


def put(root: Schema, path: list[str], schema: Schema) -> None:
    """Put the schema of a member at its place among the others."""
    for place, name in enumerate(path[:-1]):
        if name == LIST and place > 0:
            root = root.setdefault("items", {"type": "object", "properties": {}})
            continue
        root = root.setdefault("properties", {}).setdefault(name, {"type": "object", "properties": {}})
        root.setdefault("type", "object")
    kept = root.setdefault("properties", {}).get(path[-1], {})
    root["properties"][path[-1]] = {**schema, **kept}
