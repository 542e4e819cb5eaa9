"""Limits: how large a document and its variables may be. Each comes from a setting `max_...` (app/settings.py)."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from typing import NamedTuple, Self

from app.engine.measuring import Measures
from app.settings import Settings


class Measured(NamedTuple):
    """One measure of a document: the error code, the number in the document and the largest allowed number."""

    code: str
    found: int
    allowed: int


@dataclass(frozen=True)
class Limits:
    """The largest document that is run."""

    length: int
    tokens: int
    fragments: int
    spreads: int
    variables: int
    depth: int
    fields: int
    aliases: int
    directives: int
    duplicates: int
    roots: int
    mutations: int
    list_length: int
    value_depth: int
    values: int
    written_list: int
    written_values: int
    searches: int
    conditions: int
    page: int
    offset: int
    cost: int

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Take the limits from the settings."""
        return cls(
            length=settings.max_length,
            tokens=settings.max_tokens,
            fragments=settings.max_fragments,
            spreads=settings.max_spreads,
            variables=settings.max_variables,
            depth=settings.max_depth,
            fields=settings.max_fields,
            aliases=settings.max_aliases,
            directives=settings.max_directives,
            duplicates=settings.max_duplicates,
            roots=settings.max_roots,
            mutations=settings.max_mutations,
            list_length=settings.max_list,
            value_depth=settings.max_value_depth,
            values=settings.max_values,
            written_list=settings.max_rows,
            written_values=settings.max_written_values,
            searches=settings.max_searches,
            conditions=settings.max_conditions,
            page=settings.max_page,
            offset=settings.max_offset,
            cost=settings.max_cost,
        )

    @classmethod
    def none(cls) -> Self:
        """Limit nothing: for documents that are part of the program."""
        return cls(**{limit.name: sys.maxsize for limit in fields(cls)})

    def of_mutations(self) -> Self:
        """Return the limits of a document with a mutation, whose arguments hold the records to write."""
        return replace(self, list_length=self.written_list, values=self.written_values)

    def measured(self, measures: Measures) -> Iterator[Measured]:
        """Return every measure of a document with its limit."""
        yield Measured("DEPTH_LIMIT_EXCEEDED", measures.depth, self.depth)
        yield Measured("FIELD_LIMIT_EXCEEDED", measures.fields, self.fields)
        yield Measured("ALIAS_LIMIT_EXCEEDED", measures.aliases, self.aliases)
        yield Measured("DIRECTIVE_LIMIT_EXCEEDED", measures.directives, self.directives)
        yield Measured("DUPLICATE_LIMIT_EXCEEDED", measures.duplicates, self.duplicates)
        yield Measured("LIST_TOO_LONG", measures.longest_list, self.list_length)
        yield Measured("VALUE_TOO_DEEP", measures.value_depth, self.value_depth)
        yield Measured("VALUE_LIMIT_EXCEEDED", measures.values, self.values)
        yield Measured("SEARCH_LIMIT_EXCEEDED", measures.searches, self.searches)
        yield Measured("CONDITION_LIMIT_EXCEEDED", measures.conditions, self.conditions)
        yield Measured("PAGE_TOO_LARGE", measures.largest_page, self.page)
        yield Measured("OFFSET_TOO_LARGE", measures.largest_offset, self.offset)
        yield Measured("COST_LIMIT_EXCEEDED", measures.cost, self.cost)
