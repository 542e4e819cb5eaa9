"""Upsert tenants: which tenant each row of an upsert belongs to, and which records have the keys there.

Two tenants may use the same source and the same keys. A row belongs to the tenant of its parent, or of its owner. A row
that names neither belongs to the one tenant that has its key; a new one is the top of a new tenant.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Protocol

from psycopg.sql import SQL, Identifier

from app.db.rendering import Statement, statement_of
from app.db.transaction import Writing
from app.services.calls import call
from app.services.nodes import MOST_LEVELS, Kind, ids_of
from app.services.write import Unset

Key = tuple[str, str, str]
"""The tenant, the source and the external id of a record."""

NEW = "new"
"""The tenant of a row that becomes the top of a new one."""

SEVERAL = "several"
"""The tenant of a row that does not say to which of several tenants it belongs."""


class Row(Protocol):
    """A record of another system. A parent is named by its id, or by its key in the same source."""

    @property
    def source(self) -> str:
        """The other system."""

    @property
    def external_id(self) -> str:
        """The key of the record there."""

    @property
    def parent_id(self) -> int | Unset | None:
        """The id of the parent."""

    @property
    def parent_external_id(self) -> str | Unset | None:
        """The key of the parent in the same source."""


@dataclass(frozen=True)
class Tenants:
    """The tenants of the rows, of the parents that they name by id, and of the records with the keys."""

    rows: Mapping[tuple[str, str], Row] = field(default_factory=dict)
    """The first row with each source and external id."""
    parents: Mapping[int, str] = field(default_factory=dict)
    having: Mapping[tuple[str, str], Sequence[str]] = field(default_factory=dict)
    """The tenants in which the caller sees a record with a source and an external id."""
    found: dict[Row, str] = field(default_factory=dict)
    owner: Callable[[Any], str | None] = lambda _: None
    """The path of the organisation that owns a row."""

    def of(self, row: Row) -> str:
        """Return the tenant of a row: that of the uppermost row above it."""
        if row not in self.found:
            chain, ends = self._upwards(row)
            top = chain[-1:] if ends else chain
            named = [self.parents.get(each.parent_id, NEW) for each in chain if isinstance(each.parent_id, int)]
            self.found[row] = named[0] if named else self._of_top(top)
        return self.found[row]

    def _upwards(self, row: Row) -> tuple[list[Row], bool]:
        """Return the rows from a row to the uppermost one above it; False for a circle."""
        chain = [row]
        while parent := self._parent(chain[-1]):
            if parent in chain or len(chain) > MOST_LEVELS:
                return chain, False
            chain.append(parent)
        return chain, True

    def _parent(self, row: Row) -> Row | None:
        """Return the row that a row names as its parent, or of which it repeats the key without a parent."""
        if isinstance(row.parent_id, int):
            return None
        if isinstance(row.parent_external_id, str):
            return self.rows.get((row.source, row.parent_external_id))
        first = self.rows.get((row.source, row.external_id))
        return None if first is row else first

    def _of_top(self, top: Sequence[Row]) -> str:
        """Return the tenant of the record above, of the owner, or else of the record with the key."""
        above = [self.having.get((each.source, str(each.parent_external_id)), ()) for each in top]
        owners = [(path.split("/", 1)[0],) for each in top if (path := self.owner(each))]
        own = [self.having.get((each.source, each.external_id), ()) for each in top]
        tenants = next(filter(None, (*above, *owners, *own)), (NEW,))
        return tenants[0] if len(tenants) == 1 else SEVERAL

    def key_of(self, row: Row) -> Key:
        """Return the key of a row in its tenant."""
        return self.of(row), row.source, row.external_id

    def parent_key_of(self, row: Row) -> Key:
        """Return the key of the parent that a row names by its key."""
        return self.of(row), row.source, str(row.parent_external_id)


async def find_tenants(
    writing: Writing, kind: Kind, rows: Sequence[Row], owner: Callable[[Any], str | None]
) -> tuple[Tenants, dict[Key, int], set[Key]]:
    """Return the tenants, the ids of the visible records by key, and the keys of hidden ones."""
    named = {
        (row.source, key) for row in rows for key in (row.external_id, row.parent_external_id) if isinstance(key, str)
    }
    parents = ids_of(row.parent_id for row in rows if isinstance(row.parent_id, int))
    values = {"sources": [source for source, _ in named], "keys": [key for _, key in named]}
    everywhere = call(f"{kind.table}s_with_keys", sources="text[]", keys="text[]"), values
    stored, found, above = await writing.fetch_all(
        [everywhere, (_by_keys(kind), values), (_tenants(kind), {"ids": parents})]
    )
    ids = {(tenant, source, key): id_ for id_, tenant, source, key in found}
    first = {(row.source, row.external_id): row for row in reversed(rows)}
    tenants = Tenants(first, dict(above), _having(ids), owner=owner)
    return tenants, ids, await _hidden(writing, everywhere, {*stored} - {*found})


async def _hidden(
    writing: Writing, everywhere: tuple[Statement, Mapping[str, object]], unseen: set[tuple[Any, ...]]
) -> set[Key]:
    """Return the keys of records that stood before the caller's look and still do; others may be deleted meanwhile."""
    (stored,) = await writing.fetch_all([everywhere]) if unseen else ([],)
    return {(tenant, source, key) for id_, tenant, source, key in unseen & {*stored}}


def _having(keys: Iterable[Key]) -> Mapping[tuple[str, str], Sequence[str]]:
    tenants = defaultdict[tuple[str, str], list[str]](list)
    for tenant, source, key in keys:
        tenants[source, key].append(tenant)
    return tenants


@cache
def _by_keys(kind: Kind) -> Statement:
    return statement_of(
        SQL(
            "select node.id, {tenant}, node.source, node.external_id from unnest(%(sources)s::text[], %(keys)s::text[])"
            " as named (of_source, key) join {table} node"
            " on node.external_id = named.key and node.source = named.of_source"
        ).format(tenant=SQL(kind.tenant), table=Identifier(kind.table))
    )


@cache
def _tenants(kind: Kind) -> Statement:
    query = "select id, {tenant} from {table} where id = any(%(ids)s::bigint[])"
    return statement_of(SQL(query).format(tenant=SQL(kind.tenant), table=Identifier(kind.table)))
