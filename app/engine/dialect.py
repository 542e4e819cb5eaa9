"""Dialect: how the members of an answer are written. GraphQL has one; a face with other formats brings its own.

A dialect writes the leaves of the compiled plans, so no second pass over the rows is needed for another format.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from graphql import (
    GraphQLEnumType,
    GraphQLOutputType,
    get_named_type,
    get_nullable_type,
    is_list_type,
    is_non_null_type,
)

from app.engine.codegen import UnplannableError

Layout = Mapping[str, object]
"""The members of a record in the order of the answer, each with its value where the record has none."""

MERGED = "_"
"""The first letter of aliases that are no members of the answer.

- `_x` of a related record: the members of that record go into the record around it.
- `_x` of a value: it replaces the member `x`, unless it is null.
- `_` alone, as the only member of a record: the value stands for the record, so a list of records is a list of values.
"""


class Code(NamedTuple):
    """Source code that makes a value, and the names that it uses besides the local variables."""

    text: str
    names: Mapping[str, object]


@dataclass(frozen=True, eq=False)
class Dialect:
    """How values are written.

    `scalars` and `keys` are source code with `{}` for the value: by the name of a scalar, or by the name of a member,
    which decides first. `raw_scalars` are those whose columns are read raw (see `Call`), so that no object is made of
    each value, with the source code that writes them. `names` are what this code uses. `enum_codes` gives the value of
    each member of an enum by its name, where the names themselves are not the values. `layouts` are the layouts of
    records, by the name of the fragment that is spread on them; with them, aliases that begin with MERGED have their
    meaning.
    """

    scalars: Mapping[str, str]
    raw_scalars: Mapping[str, str] = field(default_factory=dict)
    keys: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, object] = field(default_factory=dict)
    enum_codes: Callable[[GraphQLEnumType], Mapping[str, object]] | None = None
    layouts: Mapping[str, Layout] = field(default_factory=dict)

    def merges(self, key: str) -> bool:
        """Return whether what is selected under a key goes into other members of the record."""
        return bool(self.layouts) and key.startswith(MERGED)

    def reads_raw(self, key: str, type_: GraphQLOutputType) -> bool:
        """Return whether the column of a member is read raw."""
        is_list = is_list_type(get_nullable_type(type_))
        return key not in self.keys and not is_list and get_named_type(type_).name in self.raw_scalars

    def written(
        self, key: str, value: str, type_: GraphQLOutputType, absent: object = None, *, is_raw: bool = False
    ) -> Code:
        """Write the code of a member from the code of its value; `absent` stands for null.

        `is_raw` says that the value was read raw. UnplannableError for a scalar that the dialect does not know, or
        knows only raw.
        """
        leaf, names = get_named_type(type_), self.names
        if self.enum_codes is not None and isinstance(leaf, GraphQLEnumType):
            names = {**names, codes_name(leaf): self.enum_codes(leaf)}
        template = self.raw_scalars[leaf.name] if is_raw else self._template(key, type_)
        conversion = template.format(value)
        unchanged = conversion == value and absent is None
        if unchanged or is_non_null_type(type_):
            return Code(conversion, names)
        return Code(f"{absent!r} if {value} is None else {conversion}", names)

    def _template(self, key: str, type_: GraphQLOutputType) -> str:
        leaf = get_named_type(type_)
        if key in self.keys:
            return self.keys[key]
        if is_list_type(get_nullable_type(type_)):
            return "{}"
        if isinstance(leaf, GraphQLEnumType):
            return "{}" if self.enum_codes is None else f"{codes_name(leaf)}[{{}}]"
        if leaf.name not in self.scalars:
            message = f"the scalar {leaf.name}, of a value that is not read raw"
            raise UnplannableError(message)
        return self.scalars[leaf.name]


def codes_name(enum: GraphQLEnumType) -> str:
    """Name the table of the values of an enum in generated code."""
    return f"codes_{enum.name}"


class Arranged(NamedTuple):
    """The members of a record in the order of its layout: their constants, and the code of the others."""

    constants: Mapping[str, object]
    entries: Mapping[str, str]


def arranged(entries: Mapping[str, str], layout: Layout) -> Arranged:
    """Arrange the members of a record. Each record gets an empty list of its own."""
    lists = {key: repr(absent) for key, absent in layout.items() if isinstance(absent, list)}
    return Arranged({**dict.fromkeys([*layout, *entries]), **layout}, {**lists, **entries})


GRAPHQL = Dialect(
    {
        "ID": "str({})",
        "Decimal": "str({})",
        "String": "{}",
        "Int": "{}",
        "Float": "{}",
        "Boolean": "{}",
        "Date": "{}",
        "DateTime": "{}",
    }
)
"""GraphQL's own formats; dates and times are written by orjson itself."""
