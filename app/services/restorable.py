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

    `along` are the tables of what is deleted along with a record, `along_by` is their column that refers to it.
    `reserved` is the SQL of what only the super administrator brings back, over the columns of the row `deleted`.
    """

    model: type[Entity]
    capability: str
    changes: tuple[Restored, ...] = ()
    kind: Kind | None = None
    along: tuple[str, ...] = ()
    along_by: str = "space_id"
    reserved: str = "false"

    @property
    def table(self) -> str:
        """The table."""
        return str(self.model.__tablename__)


class Deleted(NamedTuple):
    """What one transaction deleted of a table: the ids, the columns, the paths of the owners, and the levels."""

    entity: str
    ids: list[int]
    columns: list[str]
    scopes: list[str]
    is_reserved: bool
    height: int


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
    """Return the statement that reads what was deleted with a record, by table."""
    return statement_of(
        SQL(
            "select deleted.entity, array_agg(deleted.entity_id),"
            " array(select jsonb_object_keys((array_agg(deleted.before))[1])),"
            " array_agg(distinct coalesce(org.path, '')), bool_or({reserved}),"
            " coalesce(max((deleted.before ->> 'depth')::int) - min((deleted.before ->> 'depth')::int), 0)"
            " from change deleted left join org on org.id = deleted.org_id where {group} group by deleted.entity"
        ).format(reserved=SQL(restorable.reserved), group=_group(restorable))
    )


@cache
def insert_into(restorable: Restorable, table: str, columns: tuple[str, ...]) -> Statement:
    """Return the statement that inserts deleted rows again, with the next version."""
    known = [name for name in columns if name not in SECRET_COLUMNS.get(table, ())]
    return statement_of(
        SQL(
            "insert into {table} ({columns}) select {values} from change deleted cross join lateral"
            " jsonb_populate_record(null::{table}, deleted.before || jsonb_build_object("
            "'version', (deleted.before ->> 'version')::int + 1, 'updated_at', now(), 'updated_by', {writer})) restored"
            " where deleted.entity = {name} and {group} order by deleted.id"
        ).format(
            table=Identifier(table),
            columns=rows.identifiers(known),
            values=rows.identifiers(known, "restored."),
            writer=WRITER,
            name=Literal(table),
            group=_group(restorable),
        )
    )
