"""What bulk work leaves in the record of changes: imports, the demo world and generated data."""

from pathlib import Path

import psycopg

from app.access.policies import RECORDED
from app.bulk.importing.run import ImportOptions, import_file
from tests.databases import execute_in

TREE = "external_id,parent_external_id,name,type\na,,甲,BUSINESS\nb,a,乙,BUSINESS\nc,b,丙,BUSINESS\nd,a,丁,BUSINESS\n"
PREDICATES = """
select relname, coalesce(pg_get_expr(indpred, indrelid), 'true') from pg_index
join pg_class on pg_class.oid = indexrelid join pg_am on pg_am.oid = relam
where indrelid = 'change'::regclass and amname <> 'brin'
"""
"""A BRIN index has no entry of a row."""
CHANGES = "select operation, after ->> 'external_id', client, org_path from change where entity = 'org' order by id"


def imported(url: str, folder: Path, text: str) -> None:
    path = folder / "orgs.csv"
    path.write_text(text, "utf-8")
    assert import_file(url, ImportOptions("orgs", path, "crm")).error_count == 0


def test_an_import_is_recorded_with_the_name_of_the_program(empty_url: str, tmp_path: Path) -> None:
    imported(empty_url, tmp_path, TREE)
    paths = {row[0]: row[1] for row in execute_in(empty_url, "select external_id, path from org")}
    assert execute_in(empty_url, CHANGES) == [("INSERT", key, "cadastre import", paths[key]) for key in "abcd"]


def indexes_of(url: str, entity: str) -> set[str]:
    """Return the indexes that the insertions of a table are in."""
    holding = f"select count(*) filter (where %s) > 0 from change where entity = '{entity}' and operation = 'INSERT'"
    predicates = execute_in(url, PREDICATES)
    return {str(name) for name, predicate in predicates if execute_in(url, holding % predicate) == [(True,)]}


def test_bulk_insertions_are_in_few_indexes_of_changes(empty_url: str, generated_url: str, tmp_path: Path) -> None:
    imported(empty_url, tmp_path, TREE)
    five = {f"change_{name}" for name in ("pkey", "entity_id_idx", "org_id_idx", "org_path_idx", "time_idx")}
    assert indexes_of(generated_url, "space") == five
    assert indexes_of(empty_url, "org") == indexes_of(generated_url, "org") == five | {"change_entity_idx"}


def test_an_import_again_records_nothing_and_a_changed_one_what_differs(empty_url: str, tmp_path: Path) -> None:
    imported(empty_url, tmp_path, TREE)
    execute_in(empty_url, "delete from change")
    imported(empty_url, tmp_path, TREE)
    assert execute_in(empty_url, CHANGES) == []
    imported(empty_url, tmp_path, TREE.replace("c,b", "c,d"))
    moved = execute_in(empty_url, "select distinct operation, entity_id, changed_fields @> '{path}' from change")
    ((c,),) = execute_in(empty_url, "select id from org where external_id = 'c'")
    assert ("UPDATE", c, False) in moved
    assert ("PLACE", c, True) in moved


def test_every_row_of_the_demo_world_and_of_generated_data_is_recorded(demo_url: str, generated_url: str) -> None:
    for url in (demo_url, generated_url):
        with psycopg.connect(url) as connection:
            for table in RECORDED:
                rows = f"select count(*) from {table} where id in (select entity_id from change where entity = %s)"
                recorded = connection.execute(rows.encode(), [table]).fetchone()
                assert recorded == connection.execute(f"select count(*) from {table}".encode()).fetchone(), table
