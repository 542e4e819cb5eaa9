"""Restorable: which records come back and how, and what one transaction deleted."""

from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from psycopg.sql import SQL

from app.db.rendering import Statement, statement_of
from app.models import Entity
from app.services.calls import call
from app.services.nodes import Kind
from app.services.write import Service


class Restored(NamedTuple):
    """A service that changes a record back by inputs of `shape`; `of_type` is the one type that it applies to."""

    service: Service
    shape: type
    of_type: str | None = None


@dataclass(frozen=True)
class Restorable:
    """How the records of a table come back.

    `above` is the column that names the record above, which must be visible, and the tree of that record. `along` are
    the tables of what is deleted along with a record, `along_by` is their column that refers to it. Over the columns of
    the row `deleted`, `owns` is the SQL of which records have an organisation of their own, `reserved` of what only the
    super administrator brings back, and `replaced` of whose place another record has taken. `by_policy` says that the
    policy for new records alone decides who may bring one back, because it compares more than a path.
    """

    model: type[Entity]
    capability: str
    changes: tuple[Restored, ...] = ()
    above: tuple[str, Kind] | None = None
    along: tuple[str, ...] = ()
    along_by: str = "space_id"
    owns: str = "false"
    reserved: str = "false"
    replaced: str = "false"
    by_policy: bool = False

    @property
    def table(self) -> str:
        """The table."""
        return str(self.model.__tablename__)

    @property
    def kind(self) -> Kind | None:
        """The tree of the table; None when it is no tree."""
        return self.above[1] if self.above is not None and self.above[1].table == self.table else None


class Deleted(NamedTuple):
    """What one transaction deleted of a table: the organisations that own it, and the levels."""

    entity: str
    org_ids: list[int | None]
    is_reserved: bool
    is_replaced: bool
    height: int


REINSERT = call("reinsert_rows", id="bigint", tables="text[]", along_by="text")
"""Inserts deleted rows again, from the record of changes: of the record's table, and of those along."""


@cache
def deleted_with(restorable: Restorable) -> Statement:
    """Return the statement that reads, for each table, what the transaction that deleted a record deleted."""
    return statement_of(
        SQL(
            "select deleted.entity, coalesce(array_agg(distinct deleted.org_id) filter (where {owns}), '{{}}'),"
            " bool_or({reserved}), bool_or({replaced}),"
            " coalesce(max((deleted.before ->> 'depth')::int) - min((deleted.before ->> 'depth')::int), 0)"
            " from deleted_rows(%(id)s::bigint, %(along)s::text[], %(along_by)s::text) deleted group by deleted.entity"
        ).format(owns=SQL(restorable.owns), reserved=SQL(restorable.reserved), replaced=SQL(restorable.replaced))
    )
