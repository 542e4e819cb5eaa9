"""The work of an import grows with the number of rows in every shape of tree; it is counted, not timed."""

from pathlib import Path

import pytest

from app.bulk.check import check
from app.bulk.importing.batch import TABLES
from app.bulk.importing.column import Noun
from app.bulk.importing.run import ImportOptions, import_into
from app.bulk.session import session
from app.db.embedded import EmbeddedServer
from tests.databases import copied

SMALL, LARGE = 500, 4_000
ROWS_READ = "select sum(seq_tup_read + coalesce(idx_tup_fetch, 0)) from pg_stat_xact_all_tables"


HEADER = ["external_id", "parent_external_id", "name", "type", "code"]


def flat(rows: int) -> list[list[str]]:
    """Give one parent with all others below it; each row has a code."""
    leaves = [[f"k{n}", "root", "Leaf", "BUSINESS", f"{10**17 + 10**8 + n}"] for n in range(rows)]
    return [["root", "", "Root", "BUSINESS", "100000000"], *leaves]


def text(rows: list[list[str]], columns: int) -> str:
    return "".join(",".join(row[:columns]) + "\n" for row in [HEADER, *rows])


def work(url: str, path: Path, content: str, noun: Noun = "orgs") -> int:
    """Import a file and count the rows that PostgreSQL reads for it."""
    path.write_text(content, "utf-8")
    with session(url, "test") as connection:
        assert import_into(connection, ImportOptions(noun, path, "crm")).errors == []
        row = connection.execute(ROWS_READ).fetchone()
        connection.commit()
        connection.execute(f"analyze {TABLES[noun]}")
    assert row is not None
    return int(row[0])


@pytest.mark.parametrize("columns", [4, 5], ids=["codes are given", "codes in the file"])
def test_one_parent_of_very_many_is_no_more_work_a_row(
    server: EmbeddedServer, empty_template: str, worker_id: str, tmp_path: Path, columns: int
) -> None:
    counted = []
    for size in (SMALL, LARGE):
        rows = flat(size)
        moved = [["root", "k0", *rows[0][2:]], ["k0", "", *rows[1][2:]], *rows[2:]]
        with copied(server, empty_template, worker_id) as url:
            counted.append([work(url, tmp_path / "flat.csv", text(each, columns)) for each in (rows, rows, moved)])
            assert check(url) == []
    growth = [large / small for small, large in zip(*counted, strict=True)]
    assert max(growth) < 2 * LARGE / SMALL, f"first, again and moved grow by {growth}"


def people(noun: Noun, rows: int, version: int) -> str:
    """Give a file of staff, customers or relations; `version` changes a value of each row."""
    headers = {
        "admins": "external_id,org_external_id,name,account,phone,staff_number,position",
        "customers": "external_id,top_org_external_id,name,phone,identity_type,identity,org_external_ids,level",
        "relations": "external_id,space_external_id,customer_external_id,tenure,is_main,housing_status",
    }
    each = {
        "admins": "a{n},d,员工,u{n},{n},{n},职务{v}",
        "customers": "c{n},t,客户,{n},2,P{n},t,{v}",
        "relations": "r{n},s{n},c{n},1,1,{status}",
    }
    status = ("LIVING_IN", "AWAY")[version]
    lines = (each[noun].format(n=n, v=version, status=status) for n in range(rows))
    return "\n".join([headers[noun], *lines])


def test_staff_customers_and_relations_are_no_more_work_a_row(
    server: EmbeddedServer, empty_template: str, worker_id: str, tmp_path: Path
) -> None:
    counted: list[list[int]] = []
    path = tmp_path / "people.csv"
    for size in (SMALL, LARGE):
        with copied(server, empty_template, worker_id) as url:
            work(url, path, "external_id,parent_external_id,name,type\nt,,甲,2\nd,,部门,1\n")
            community = "external_id,parent_external_id,name,type,org_external_id\nc,,小区,COMMUNITY,t\n"
            work(url, path, community + "".join(f"s{n},c,{n},HOUSE,\n" for n in range(size)), "spaces")
            nouns: tuple[Noun, ...] = ("admins", "customers", "relations")
            files = [(noun, people(noun, size, version)) for noun in nouns for version in (0, 0, 1)]
            counted.append([work(url, path, content, noun) for noun, content in files])
    growth = [large / small for small, large in zip(*counted, strict=True)]
    assert max(growth) < 2 * LARGE / SMALL, f"first, again and changed grow by {growth}"
