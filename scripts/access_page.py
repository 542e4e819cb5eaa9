"""Print the tables of docs/access.md from app/access/policies.py and change_policies.py; scripts/schema does so."""

import re
from collections.abc import Mapping
from pathlib import Path

from app.access.change_policies import CHANGES
from app.access.policies import POLICIES, RESERVED, SECRET_COLUMNS

PAGE = Path(__file__).resolve().parent.parent / "docs" / "access.md"

TABLES: Mapping[str, Mapping[str, str]] = {
    "Who sees which rows": {table: policy.words for table, policy in POLICIES.items()},
    "Who may change which rows": {table: change.words for table, change in CHANGES.items()},
    "Tables that no request reads": RESERVED,
    "Columns that no request reads": {
        f"{table}.{column}": why for table, columns in SECRET_COLUMNS.items() for column, why in columns.items()
    },
}
"""The rows of the table below each heading."""


def printed(page: str) -> str:
    """Return a page with the rows that its tables should have."""
    for heading, rows in TABLES.items():
        lines = "".join(f"| `{name}` | {words} |\n" for name, words in rows.items())
        page, count = re.subn(rf"(## {heading}\n(?:(?!## ).*\n)*?\|---\|---\|\n)(?:\|.*\n)*", rf"\g<1>{lines}", page)
        assert count == 1, f"no table below '{heading}'"  # noqa: S101 - a script
    return page


if __name__ == "__main__":
    PAGE.write_text(printed(PAGE.read_text("utf-8")), "utf-8")
