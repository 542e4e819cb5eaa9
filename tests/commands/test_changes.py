"""The command about the record of changes, as an operator runs it."""

import psycopg
import pytest

from tests.clients.program import cadastre

OLD = "insert into change (time, operation, entity, entity_id) values (now() - interval '500 days', 'DELETE', 'org', 1)"


def count(url: str) -> int:
    with psycopg.connect(url) as connection:
        rows = connection.execute("select count(*) from change").fetchall()
    return int(rows[0][0])


def test_old_changes_are_deleted(empty_url: str) -> None:
    with psycopg.connect(empty_url) as connection:
        connection.execute(OLD)
        connection.execute("insert into role (name) values ('r')")
    done = cadastre("changes", "forget", "--older-than", "400d", url=empty_url)
    assert (done.returncode, done.stdout) == (0, "Deleted 1 changes; months dropped: none.\n")
    assert count(empty_url) == 1


@pytest.mark.parametrize("age", ["0", "-1", "400 d", "1y", "99999d", "４００", "d"])
def test_an_age_is_a_number_of_days(empty_url: str, age: str) -> None:
    done = cadastre("changes", "forget", f"--older-than={age}", url=empty_url)
    assert (done.returncode, done.stdout) == (2, "")
    assert "is not a number of days" in done.stderr
