"""The work of an import grows with the number of rows in every shape of tree; it is counted, not timed."""

from pathlib import Path

import pytest

from app.bulk.check import check
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


def work(url: str, path: Path, content: str) -> int:
    """Import a file and count the rows that PostgreSQL reads for it."""
    path.write_text(content, "utf-8")
    with session(url, "test", {}) as connection:
        assert import_into(connection, ImportOptions("orgs", path, "crm")).error_count == 0
        row = connection.execute(ROWS_READ).fetchone()
        connection.commit()
        connection.execute("analyze org")
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
