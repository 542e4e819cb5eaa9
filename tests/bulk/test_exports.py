"""Exported files: what `cadastre export` writes, an import reads without a difference."""

import csv
from pathlib import Path

import psycopg
import pytest

from app.bulk.check import check
from app.bulk.importing.columns import COLUMNS
from app.bulk.importing.run import ImportOptions, ImportReport, import_file
from app.commands.exported import EXPORTED
from app.db.embedded import EmbeddedServer
from tests.clients.importer import outcome
from tests.clients.program import Done, cadastre
from tests.databases import copied

NOUNS = ("orgs", "spaces", "admins", "customers", "relations", "work-orders")
ROWS = "select count(*), coalesce(sum(version), 0) from {}"
TABLES = {
    "orgs": "org",
    "spaces": "space",
    "admins": "admin",
    "customers": "customer",
    "relations": "property_relation",
    "work-orders": "work_order",
}
TREES = "select name, type, full_name, code, depth, status from {} order by code, full_name, name, type"


def exported(url: str, noun: str, path: Path, *options: object) -> Done:
    done = cadastre("export", noun, "--output", path, *options, url=url)
    assert done.returncode == 0, done.stderr
    return done


def imported(url: str, noun: str, path: Path, source: str) -> ImportReport:
    report = import_file(url, ImportOptions(noun, path, source))  # type: ignore[arg-type]
    assert report.errors == [], report.errors[:5]
    return report


def rows(url: str, query: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url) as connection:
        return connection.execute(query.encode()).fetchall()


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_an_exported_file_imports_into_its_register_without_a_difference(
    own_url: str, tmp_path: Path, ending: str
) -> None:
    with psycopg.connect(own_url) as connection:
        connection.execute("update space set name = '=1+1' where id = 1")
        connection.execute("update customer set name = '''@甲' where id = (select min(id) from customer)")
    before = {noun: rows(own_url, ROWS.format(table)) for noun, table in TABLES.items()}
    for noun in NOUNS:
        path = tmp_path / f"{noun}.{ending}"
        exported(own_url, noun, path)
        report = imported(own_url, noun, path, "own")
        assert outcome(report) == (0, 0, report.read, 0), noun
        assert report.read > 0
    assert {noun: rows(own_url, ROWS.format(table)) for noun, table in TABLES.items()} == before


FILES = {
    "orgs": "external_id,parent_external_id,name,type,code\nt,,集团,2,901\np,t,项目,2,\nq,p,项目二,2,\nd,,部门,1,\n",
    "spaces": "external_id,parent_external_id,name,type,org_external_id,area\nc,,小区,COMMUNITY,p,\n"
    "b,c,=1栋,BUILDING,,\n"
    "h1,b,101,HOUSE,,89.5\nh2,b,102,HOUSE,,\ns1,c,A1,PARK_SPACE,,\n",
    "admins": "external_id,org_external_id,name,account,phone,birthday,is_enabled\n"
    "a,d,杨观超,yang,139,1990-03-07,false\n",
    "customers": "external_id,top_org_external_id,name,phone,identity_type,identity,org_external_ids,level\n"
    "a,t,王伟,13900000001,1,110101199003070038,p;q,3\nb,t,李娜,,,,,\n",
    "relations": "external_id,space_external_id,customer_external_id,tenure,is_main,housing_status\n"
    "r1,h1,a,1,1,\nr2,h1,b,3,0,1001\nr3,s1,a,1,1,1003\n",
}
COLUMNS_OF = {
    "admin": "name, account, phone, birthday, is_enabled, type, status",
    "customer": "name, phone, identity, identity_type, level, status",
    "property_relation": "type, tenure, is_main, housing_status",
}


def test_the_files_of_a_register_make_the_same_one_of_an_empty_one(
    empty_url: str, server: EmbeddedServer, empty_template: str, worker_id: str, tmp_path: Path
) -> None:
    for noun, content in FILES.items():
        path = tmp_path / f"{noun}.csv"
        path.write_text(content, "utf-8")
        imported(empty_url, noun, path, "crm")
    with copied(server, empty_template, worker_id) as url:
        for noun in NOUNS:
            path = tmp_path / f"{noun}.csv"
            exported(empty_url, noun, path)
            report = imported(url, noun, path, "other")
            assert outcome(report) == (report.read, 0, 0, 0), noun
        for tree in ("org", "space"):
            assert rows(url, TREES.format(tree)) == rows(empty_url, TREES.format(tree))
        for table, columns in COLUMNS_OF.items():
            query = f"select {columns} from {table} order by id"
            assert rows(url, query) == rows(empty_url, query)
        known = "select count(*) from customer_org"
        assert rows(url, known) == rows(empty_url, known)
        assert check(url) == []


def test_a_file_has_every_column_that_an_import_reads(demo_url: str, tmp_path: Path) -> None:
    for noun in EXPORTED:
        path = tmp_path / f"{noun}.csv"
        exported(demo_url, noun, path)
        with path.open(encoding="utf-8-sig", newline="") as file:
            header = next(csv.reader(file))
        alternatives = {"sub_type", "org_id", "org_ids", "top_org_id", "space_id", "customer_id"}
        alternatives |= {"category_three_id", "reporter_id", "assignee_id", "receiver_id"}
        assert set(header) == {column.name for column in COLUMNS[noun]} - alternatives


def test_a_filter_chooses_rows_and_personal_data_are_recorded(own_url: str, tmp_path: Path) -> None:
    path = tmp_path / "customers.csv"
    done = exported(own_url, "customers", path, "--filter", '{ id: { eq: "9343" } }')
    assert "Exported 1 rows" in done.stderr
    assert "134****" not in path.read_text("utf-8-sig")
    recorded = rows(own_url, "select client_id, entity, fields, row_count from personal_read")
    assert recorded == [("cadastre-export", "Customer", ["identity", "phone"], 1)]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--output", "x.csv", "--filter", "{ name: "), "--filter is not a filter such as"),
        (("--output", "x.csv", "--filter", "{ nix: { eq: 1 } }"), "not to include unknown field 'nix'"),
        (("--output", "/nowhere/orgs.csv"), "the file /nowhere/orgs.csv cannot be written: No such file or directory"),
    ],
)
def test_an_export_that_is_not_possible_says_why_in_a_line(
    demo_url: str, options: tuple[str, str], message: str
) -> None:
    done = cadastre("export", "orgs", *options, url=demo_url)
    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr
    assert done.stderr.count("\n") == 1
