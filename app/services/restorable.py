"""Restorable: which records come back and how, and the SQL over what one transaction deleted."""

from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from psycopg.sql import SQL, Composed, Identifier, Literal

from app.access.policies import SECRET_COLUMNS
from app.db.rendering import Statement, statement_of
from app.models import Entity
from app.services import rows
from app.services.nodes import Kind
from app.services.stamp import WRITER
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
    """What one transaction deleted of a table: the columns, the organisations that own it, and the levels."""

    entity: str
    columns: list[str]
    org_ids: list[int | None]
    is_reserved: bool
    is_replaced: bool
    height: int


LAST = SQL(
    "select max((past.before ->> 'version')::int) as version from change past"
    " where past.entity = deleted.entity and past.entity_id = deleted.entity_id and past.operation = 'DELETE'"
)
"""The version of a row at its last deletion; a restored row gets a later one."""


def _group(restorable: Restorable) -> Composed:
    """Return the condition of the changes that the same transaction made when it deleted a record."""
    same = SQL(
        "{0}.time = %(time)s::timestamptz and {0}.transaction_id = %(transaction)s::bigint and {0}.operation = 'DELETE'"
    )
    of_tree = SQL("{0}.entity = {1} and ({0}.entity_id = %(id)s::bigint or {0}.before ->> 'path' ^@ %(path)s::text)")
    deleted, above = Identifier("deleted"), Identifier("above")
    return SQL(
        "{same} and ({own} or deleted.entity = any(%(along)s::text[]) and (deleted.before ->> {by})::bigint"
        " = any(array(select above.entity_id from change above where {same_above} and {own_above})))"
    ).format(
        same=same.format(deleted),
        own=of_tree.format(deleted, Literal(restorable.table)),
        same_above=same.format(above),
        own_above=of_tree.format(above, Literal(restorable.table)),
        by=Literal(restorable.along_by),
    )


@cache
def deleted_with(restorable: Restorable) -> Statement:
    """Return the statement that reads, for each table, what the transaction that deleted a record deleted."""
    return statement_of(
        SQL(
            "select deleted.entity, array(select jsonb_object_keys((array_agg(deleted.before))[1])),"
            " coalesce(array_agg(distinct deleted.org_id) filter (where {owns}), '{{}}'), bool_or({reserved}),"
            " bool_or({replaced}),"
            " coalesce(max((deleted.before ->> 'depth')::int) - min((deleted.before ->> 'depth')::int), 0)"
            " from change deleted where {group} group by deleted.entity"
        ).format(
            owns=SQL(restorable.owns),
            reserved=SQL(restorable.reserved),
            replaced=SQL(restorable.replaced),
            group=_group(restorable),
        )
    )


@cache
def insert_into(restorable: Restorable, table: str, columns: tuple[str, ...]) -> Statement:
    """Return the statement that inserts deleted rows again, with the version after that of their last deletion."""
    known = [name for name in columns if name not in SECRET_COLUMNS.get(table, ())]
    return statement_of(
        SQL(
            "insert into {table} ({columns}) select {values} from change deleted cross join lateral ({last}) last"
            " cross join lateral jsonb_populate_record(null::{table}, deleted.before || jsonb_build_object("
            "'version', last.version + 1, 'updated_at', now(), 'updated_by', {writer})) restored"
            " where deleted.entity = {name} and {group} order by deleted.id"
        ).format(
            table=Identifier(table),
            columns=rows.identifiers(known),
            values=rows.identifiers(known, "restored."),
            last=LAST,
            writer=WRITER,
            name=Literal(table),
            group=_group(restorable),
        )
    )
