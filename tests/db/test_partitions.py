"""The partitions of the record of changes: made ahead, dropped when old, and no change is ever lost."""

import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import psycopg
import pytest

from app.db.migrating import migrate
from app.db.partitions import Month, drop_before, make_missing, make_partitions
from tests.clients.program import cadastre
from tests.clients.served import served
from tests.clients.waiting import SOON, waiting, within
from tests.databases import execute_in

NAMES = "select relname from pg_inherits join pg_class on pg_class.oid = inhrelid where inhparent = 'change'::regclass"
OFTEN = "from app import serving; serving.PARTITION_SECONDS = 0.2; from app.commands.main import main; main()"
INSERT = "insert into change (time, operation, entity, entity_id) values (%s, 'INSERT', 'role', 1)"


def names(url: str) -> set[str]:
    with psycopg.connect(url) as connection:
        return {name for (name,) in connection.execute(NAMES)}


def drop_partitions(url: str) -> None:
    """Leave the default partition alone."""
    with psycopg.connect(url) as connection:
        for name in names(url) - {"change_default"}:
            connection.execute(f"drop table {name}")


def test_a_migrated_register_has_the_partitions_of_this_and_the_next_months(empty_url: str) -> None:
    month = Month.of(datetime.now(UTC))
    assert names(empty_url) >= {"change_default", month.partition, month.next.partition, month.next.next.partition}
    migrate(empty_url)
    make_partitions(empty_url)


def test_new_changes_are_vacuumed_soon_however_many_there_are(empty_url: str) -> None:
    """By default autovacuum would wait for 200,000 new ones in a partition of a million."""
    with psycopg.connect(empty_url) as connection:
        make_missing(connection, datetime(2031, 3, 5, tzinfo=UTC))
        options = connection.execute("select reloptions from pg_class where relname = 'change_2031_03'").fetchone()
    assert options == (["autovacuum_vacuum_insert_scale_factor=0", "autovacuum_vacuum_insert_threshold=10000"],)


def test_months_follow_each_other_into_the_next_year() -> None:
    assert Month(2026, 11).next == (2026, 12)
    assert Month(2026, 12).next.partition == "change_2027_01"


def test_changes_of_the_default_partition_move_into_a_new_one(empty_url: str) -> None:
    with psycopg.connect(empty_url) as connection:
        for time in ("2031-03-01T00:00Z", "2031-03-31T23:59:59.999999Z", "2031-09-01T00:00Z"):
            connection.execute(INSERT, [time])
        assert "change_2031_03" in make_missing(connection, datetime(2031, 3, 5, tzinfo=UTC))
        rows = connection.execute("select tableoid::regclass::text from change where time > '2031-01-01' order by time")
        assert [name for (name,) in rows] == ["change_2031_03", "change_2031_03", "change_default"]
        assert make_missing(connection, datetime(2031, 3, 5, tzinfo=UTC)) == []


def test_a_program_that_serves_for_months_makes_their_partitions(own_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise all changes would go to the default partition, which no range of times leaves out."""
    monkeypatch.setattr("tests.clients.served.COMMAND", [sys.executable, "-c", OFTEN])
    with served(url=own_url) as program:
        drop_partitions(own_url)
        assert within(SOON, lambda: Month.of(datetime.now(UTC)).next.partition in names(own_url))
        assert program.end(signal.SIGTERM) == 0


def test_a_partition_that_cannot_be_made_fails_nothing(empty_url: str) -> None:
    drop_partitions(empty_url)
    with psycopg.connect(empty_url) as connection:
        connection.execute("lock table change_default in access share mode")
        make_partitions(empty_url)
        assert names(empty_url) == {"change_default"}
        connection.execute("insert into role (name) values ('r')")
    make_partitions(empty_url)
    with psycopg.connect(empty_url) as connection:
        (row,) = connection.execute("select tableoid::regclass::text, count(*) from change group by 1").fetchall()
    assert row == (Month.of(datetime.now(UTC)).partition, 1)


def test_who_writes_or_reads_waits_while_changes_of_this_month_move(empty_url: str) -> None:
    """They have found the default partition alone, which takes no change of this month any more, and loses its own."""
    drop_partitions(empty_url)
    execute_in(empty_url, "insert into role (name) values ('first')")
    with psycopg.connect(empty_url) as making, ThreadPoolExecutor() as others:
        make_missing(making, datetime.now(UTC))
        written = others.submit(execute_in, empty_url, "insert into role (name) values ('second') returning name")
        read = others.submit(execute_in, empty_url, "select count(*) > 0 from change")
        with waiting(empty_url, 2):
            making.commit()
        assert (written.result(), read.result()) == ([("second",)], [(True,)])
    rows = execute_in(empty_url, "select tableoid::regclass::text, count(*) from change group by 1")
    assert rows == [(Month.of(datetime.now(UTC)).partition, 2)]


def test_old_months_stay_while_another_program_reads_the_record(empty_url: str) -> None:
    """All that reads or writes after the one who waits would wait as well."""
    with psycopg.connect(empty_url) as connection:
        make_missing(connection, datetime(2020, 1, 1, tzinfo=UTC))
    with psycopg.connect(empty_url) as reading:
        reading.execute("select from change")
        done = cadastre("changes", "forget", "--older-than", "400d", url=empty_url)
    assert (done.returncode, done.stdout) == (2, "")
    assert "nothing was deleted: a transaction that uses the record of changes is still open" in done.stderr
    assert "change_2020_01" in names(empty_url)


def test_only_whole_partitions_and_older_rows_are_dropped(empty_url: str) -> None:
    with psycopg.connect(empty_url) as connection:
        make_missing(connection, datetime(2020, 1, 1, tzinfo=UTC))
        for time in ("2019-12-31T23:00Z", "2020-01-05T00:00Z", "2020-02-10T00:00Z", "2020-02-20T00:00Z"):
            connection.execute(INSERT, [time])
        dropped = drop_before(connection, datetime(2020, 2, 15, tzinfo=UTC))
        assert dropped == (["change_2020_01"], 2)
        left = connection.execute("select time from change where time < '2021-01-01' order by time").fetchall()
        assert [time.day for (time,) in left] == [10, 20]
