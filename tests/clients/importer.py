"""An importer of files into a register of the test's own, and the files that tests begin with."""

from pathlib import Path
from typing import Any

import psycopg

from app.bulk.check import check
from app.bulk.importing.run import ImportOptions, ImportReport, import_file

ORGS = "external_id,parent_external_id,name,type\n"
TREE = ORGS + "a,,甲,2\nb,a,乙,2\nc,b,丙,2\nd,a,丁,2\n"


class Importer:
    """Writes a text to a file, imports it, and reads the register."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url, self.path = url, folder / "file.csv"

    def __call__(self, content: str | bytes, noun: Any = "orgs", **options: Any) -> ImportReport:
        self.path.write_bytes(content.encode() if isinstance(content, str) else content)
        report = import_file(self.url, ImportOptions(noun, self.path, **{"source": "import", **options}))
        assert check(self.url) == []
        assert report.read == report.inserted + report.updated + report.unchanged + report.skipped or report.errors
        return report

    def rows(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.url) as connection:
            cursor = connection.execute(statement, values or None)
            return cursor.fetchall() if cursor.description else []

    def names(self, table: str = "org") -> list[str]:
        return [row[0] for row in self.rows(f"select full_name from {table} order by id")]

    def id_of(self, external_id: str, table: str = "org") -> int:
        return int(self.rows(f"select id from {table} where external_id = %s", external_id)[0][0])


def outcome(report: ImportReport) -> tuple[int, int, int, int]:
    """Give how many rows were inserted, updated, unchanged and skipped."""
    return report.inserted, report.updated, report.unchanged, report.skipped
