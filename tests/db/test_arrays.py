"""Arrays arrive in the database as the values that they were made of."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import psycopg
import pytest

from app.db.arrays import array_of

VALUES: dict[str, list[Any]] = {
    "bigint": [1, -(2**62), None, 0],
    "boolean": [True, False, None],
    "date": [date(2024, 2, 29), None],
    "double precision": [0.1, -1e300, None],
    "numeric": [Decimal("0.10"), Decimal("1E+5"), None],
    "text": ["", " ", "NULL", "null", None, "a,b", "{a}", '"', "\\", '\\"', "\n", "物业", "😀", "'; --", "True", "1"],
    "timestamptz": [datetime(2024, 2, 29, 23, 59, 59, 999999, UTC), None],
}


@pytest.mark.parametrize("type_", VALUES)
def test_an_array_holds_its_values(demo_url: str, type_: str) -> None:
    values = VALUES[type_]
    with psycopg.connect(demo_url, options="-c timezone=UTC") as connection:
        statement = f"select %s::{type_}[]".encode()
        for given in (values, []):
            assert connection.execute(statement, [array_of(given)]).fetchone() == (given,)
