"""The models against the database that the migrations make."""

from contextlib import nullcontext

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection

from app import models
from app.db.migrating import connected
from app.db.partitions import is_described
from app.graphql.schema import NOUNS
from app.models.org import SUB_TYPES, OrgType
from migrations.frozen.pinyin import pinyin_key

PARTS = (
    """select 'table', relname, obj_description(oid), pg_get_partkeydef(oid) from pg_class
       where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p') and not relispartition""",
    """select 'column', attrelid::regclass::text, attname, format_type(atttypid, atttypmod), attnotnull,
         pg_get_expr(adbin, adrelid), attcollation::regcollation::text, attidentity::text,
         col_description(attrelid, attnum)
       from pg_class join pg_attribute on attrelid = pg_class.oid
       left join pg_attrdef on adrelid = attrelid and adnum = attnum
       where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p') and not relispartition
         and attnum > 0 and not attisdropped""",
    """select 'constraint', conrelid::regclass::text, case when contype <> 'c' then conname end,
         pg_get_constraintdef(pg_constraint.oid)
       from pg_constraint left join pg_class on pg_class.oid = conrelid
       where connamespace = current_schema()::regnamespace and contype <> 'n' and relispartition is not true""",
    """select 'index', replace(pg_get_indexdef(indexrelid), current_schema() || '.', '')
       from pg_index join pg_class on pg_class.oid = indrelid
       where relnamespace = current_schema()::regnamespace and not relispartition""",
    "select 'sequence', sequencename, start_value from pg_sequences where schemaname = current_schema()",
)
"""What a schema consists of. Checks come without their names: the models name those of choices by the type."""

ANEW = ("drop schema public cascade", "create schema public", "create extension pg_trgm", pinyin_key())


def parts_of(connection: Connection) -> list[str]:
    """Give everything in the current schema, but for Alembic's own table."""
    rows = (str(row) for part in PARTS for row in connection.exec_driver_sql(part))
    return sorted(row for row in rows if "alembic_version" not in row)


def test_the_migrations_make_what_the_models_say(empty_url: str) -> None:
    """Alembic compares neither checks, nor the conditions of indexes, nor comments; this compares everything."""
    with connected(empty_url) as connection:
        context = MigrationContext.configure(connection, opts={"include_name": is_described})
        assert compare_metadata(context, models.Base.metadata) == []
        migrated = parts_of(connection)
        for statement in ANEW:
            connection.exec_driver_sql(statement)
        models.Base.metadata.create_all(connection)
        assert migrated == parts_of(connection)


def test_tables_of_records_are_vacuumed_soon(empty_url: str) -> None:
    """Otherwise lists and counts that read indexes alone look up the table for every row that has changed."""
    records = {model.__tablename__ for model in NOUNS}
    with psycopg.connect(empty_url) as connection:
        soon = connection.execute(
            """select relname from pg_class
               where reloptions @> '{autovacuum_vacuum_scale_factor=0.02,autovacuum_vacuum_insert_scale_factor=0.02}'"""
        ).fetchall()
    assert records - {"change"} <= {name for (name,) in soon}


def test_every_table_and_column_is_documented_in_the_database(empty_url: str) -> None:
    with psycopg.connect(empty_url) as connection:
        bare = connection.execute(
            """select c.relname, a.attname from pg_class c left join pg_attribute a on a.attrelid = c.oid
               where c.relkind in ('r', 'p') and not c.relispartition
                 and c.relnamespace = 'public'::regnamespace and c.relname <> 'alembic_version'
                 and (obj_description(c.oid, 'pg_class') is null
                   or a.attnum > 0 and not a.attisdropped and col_description(c.oid, a.attnum) is null)"""
        ).fetchall()
    assert bare == []


def test_ids_of_all_tables_come_from_one_sequence(empty_url: str) -> None:
    with psycopg.connect(empty_url) as connection:
        defaults = connection.execute(
            """select table_name, column_default from information_schema.columns
               where table_schema = 'public' and column_name = 'id'"""
        ).fetchall()
    assert len(defaults) > 20
    assert {default for _, default in defaults} == {"nextval('register_id'::regclass)"}


def test_chinese_names_have_trigrams(empty_url: str) -> None:
    with psycopg.connect(empty_url) as connection:
        (trigrams,) = connection.execute("select show_trgm('简岸花园')").fetchone() or ([],)
    assert len(trigrams) >= 4


def test_each_sub_type_belongs_to_one_type() -> None:
    assert [type_ for type_, _ in SUB_TYPES.values()] == list(OrgType)
    assert [[member.code for member in members] for _, members in SUB_TYPES.values()] == [[1, 2, 3, 4, 5, 6], [1, 2]]


@pytest.mark.parametrize(
    ("column", "value", "is_refused"),
    [
        ("administrative_sub_type", "INTERNAL", False),
        ("administrative_sub_type", "PROJECT", True),
        ("business_sub_type", "PROJECT", True),
        ("business_sub_type", None, False),
    ],
)
def test_a_sub_type_of_the_other_type_is_refused(
    empty_url: str, column: str, value: str | None, *, is_refused: bool
) -> None:
    insert = f"""insert into org (type, {column}, name, full_name, path, depth, code)
                 values ('ADMINISTRATIVE', %s, 'a', 'a', '1/', 0, '100000000')"""
    with (
        psycopg.connect(empty_url) as connection,
        pytest.raises(psycopg.errors.CheckViolation) if is_refused else nullcontext(),
    ):
        connection.execute(insert.encode(), [value])
