"""Bulk loads: what is dropped comes back as it was."""

import psycopg
import pytest

from app.bulk.index_rebuild import FEWEST_ROWS, INDEXES, REFERENCES, bulk_load

ROW = "insert into space (id, path, depth, code, name, full_name, type) values (%s, %s, 0, '1', 'a', 'a', 'ZONE')"


def structure(connection: psycopg.Connection) -> list[list[tuple[object, ...]]]:
    return [connection.execute(query, ["space"]).fetchall() for query in (INDEXES, REFERENCES)]


def test_indexes_and_references_are_the_same_afterwards(empty_url: str) -> None:
    with psycopg.connect(empty_url) as connection:
        before = structure(connection)
        with bulk_load(connection, "space", FEWEST_ROWS):
            assert structure(connection) == [[], []]
            connection.execute(ROW, [1, "1/"])
        assert structure(connection) == before
        assert all(before)


def test_a_row_that_breaks_a_rule_is_refused_at_the_end_and_nothing_is_lost(empty_url: str) -> None:
    with psycopg.connect(empty_url) as connection:
        before = structure(connection)
        with pytest.raises(psycopg.errors.UniqueViolation), bulk_load(connection, "space", FEWEST_ROWS):  # noqa: PT012 - raised at its end
            connection.execute(ROW, [1, "1/"])
            connection.execute(ROW, [2, "1/"])
        connection.rollback()
        assert structure(connection) == before


@pytest.mark.parametrize(("rows", "there"), [(FEWEST_ROWS - 1, 0), (FEWEST_ROWS, FEWEST_ROWS // 10 + 1)])
def test_a_small_load_or_a_full_table_keeps_its_indexes(empty_url: str, rows: int, there: int) -> None:
    with psycopg.connect(empty_url) as connection:
        connection.cursor().executemany(ROW, [(id_, f"{id_}/") for id_ in range(1, there + 1)])
        before = structure(connection)
        with bulk_load(connection, "space", rows):
            assert structure(connection) == before
