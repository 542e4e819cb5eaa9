"""The models against the database that the migrations make."""

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine

from app import models
from app.models.org import SUB_TYPES, OrgSubType, OrgType


def test_migrations_and_models_agree(empty_url: str) -> None:
    engine = create_engine(empty_url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), models.Base.metadata) == []
    engine.dispose()


def test_every_table_and_column_is_documented_in_the_database(empty_url: str) -> None:
    with psycopg.connect(empty_url) as connection:
        bare = connection.execute(
            """select c.relname, a.attname from pg_class c join pg_attribute a on a.attrelid = c.oid
               where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace and a.attnum > 0
                 and c.relname <> 'alembic_version'
                 and col_description(c.oid, a.attnum) is null and not a.attisdropped"""
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
    assert [s for of_type in SUB_TYPES.values() for s in of_type] == list(OrgSubType)
    assert [s.code for s in SUB_TYPES[OrgType.BUSINESS]] == [1, 2]


@pytest.mark.parametrize("sub_type", ["PROJECT", "INTERNAL", None])
def test_a_sub_type_of_the_other_type_is_refused(empty_url: str, sub_type: str | None) -> None:
    insert = """insert into org (type, sub_type, name, full_name, path, depth, code)
                values ('ADMINISTRATIVE', %s, 'a', 'a', '1/', 0, '100000000')"""
    with psycopg.connect(empty_url) as connection:
        if sub_type == "PROJECT":
            with pytest.raises(psycopg.errors.CheckViolation):
                connection.execute(insert, [sub_type])
        else:
            connection.execute(insert, [sub_type])
