"""The triggers that record changes: imports, COPY and SQL of an operator are recorded, and secrets are not."""

from collections.abc import Iterator, Sequence
from random import Random
from typing import Any

import psycopg
import pytest
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from psycopg.types.json import Jsonb

from app.access.policies import CHANGE, POLICIES, RECORDED, RESERVED, SECRET_COLUMNS
from app.db.embedded import EmbeddedServer
from app.db.migrating import connected
from app.models import Base
from app.services.tree import RULES
from migrations.frozen.columns import text
from migrations.frozen.tables import add

TRIGGERS = """
select c.relname, t.tgname, string_to_array(encode(t.tgargs, 'escape'), '\\000') from pg_trigger t
join pg_class c on c.oid = t.tgrelid where t.tgfoid = 'record_change'::regproc order by c.relname, t.tgname
"""
NEW_DEVICE = "insert into device (id, app_id, admin_id, device_id, os) values (49400, 'x', 1, 'x', 'iOS')"
MERGE = "merge into device using (values (49400::bigint)) given (id) on given.id = device.id"
EVENTS = ["record_delete", "record_insert", "record_truncate", "record_update"]
NEW_SPACE = """
insert into space (id, path, depth, code, name, full_name, type, org_id, org_path)
values (1000001, '1000001/', 0, '1', 'A', 'A', 'COMMUNITY', 8829, '8829/')
"""


@pytest.fixture
def owner(own_url: str) -> Iterator[psycopg.Connection]:
    """Give a connection as the owner of the tables of a demo world, whose earlier changes are forgotten."""
    with psycopg.connect(own_url, application_name="psql", autocommit=True) as connection:
        connection.execute("delete from change")
        yield connection


def changes(connection: psycopg.Connection, columns: str = "operation, entity, entity_id") -> list[tuple[Any, ...]]:
    return connection.execute(f"select {columns} from change order by id").fetchall()


def one(connection: psycopg.Connection, columns: str) -> tuple[Any, ...]:
    (change,) = changes(connection, columns)
    return change


def generated(table: str) -> list[str]:
    """Name the columns that the database computes from others: their changes follow from those."""
    return [column.name for column in Base.metadata.tables[table].columns if column.computed is not None]


def test_every_table_of_the_tenants_records_its_changes(owner: psycopg.Connection) -> None:
    """Without the triggers, changes of a new table would be lost: `entity` of a revision creates them."""
    there: dict[str, list[tuple[str, list[str]]]] = {}
    for table, name, arguments in owner.execute(TRIGGERS):
        there.setdefault(table, []).append((name, arguments))
    assert set(there) == set(RECORDED)
    for table, triggers in there.items():
        assert [name for name, _ in triggers] == EVENTS
        for _, (referred, column, secrets, counters, derived, _end) in triggers:
            assert f"{referred}.{column}".strip(".") == POLICIES[table].owner
            assert secrets == f"{{{','.join([*SECRET_COLUMNS.get(table, ()), *generated(table)])}}}"
            assert set(derived.strip("{}").split(",")) == ({"code", *RULES[table]} if table in RULES else {""})
            assert ("login_failures" in counters) == (table == "admin")


def test_tables_of_the_program_itself_are_not_recorded(owner: psycopg.Connection) -> None:
    assert not {table for table, _, _ in owner.execute(TRIGGERS)} & {*RESERVED, CHANGE}


def test_sql_of_an_operator_is_recorded_with_the_name_of_the_program(owner: psycopg.Connection) -> None:
    owner.execute("update org set name = '新', version = version + 1 where id = 8829")
    operation, entity, id_, client, actor, before, after, fields, path = one(
        owner, "operation, entity, entity_id, client, actor_id, before, after, changed_fields, org_path"
    )
    assert (operation, entity, id_, client, actor, path) == ("UPDATE", "org", 8829, "psql", None, "8829/")
    assert (before["name"], after["name"], fields) == ("美的集团-业务组织", "新", ["name"])
    assert before.keys() == after.keys() == {*Base.metadata.tables["org"].columns.keys()} - {*generated("org")}


def test_copy_is_recorded(owner: psycopg.Connection) -> None:
    with owner.cursor() as cursor, cursor.copy("copy role (id, name) from stdin") as copy:
        for number in (1_000_001, 1_000_002):
            copy.write_row((number, f"r{number}"))
    assert changes(owner) == [("INSERT", "role", 1_000_001), ("INSERT", "role", 1_000_002)]


@pytest.mark.parametrize(
    ("statement", "recorded"),
    [
        ("update device set id = 77 where id = 49400", [("INSERT", 77), ("DELETE", 49400)]),
        (f"{NEW_DEVICE} on conflict (id) do update set app_id = 'y'", [("UPDATE", 49400)]),
        ("update device set app_id = app_id", []),
        ("truncate device", [("DELETE", 49400)]),
        ("delete from device", [("DELETE", 49400)]),
        (f"{MERGE} when matched then delete", [("DELETE", 49400)]),
    ],
)
def test_every_way_to_change_rows_is_recorded(
    owner: psycopg.Connection, statement: str, recorded: list[tuple[str, int]]
) -> None:
    owner.execute("update device set id = 49400")
    owner.execute("delete from change")
    owner.execute(statement.encode())
    assert sorted(changes(owner, "operation, entity_id")) == sorted(recorded)


def test_secrets_are_never_recorded(owner: psycopg.Connection) -> None:
    owner.execute("update admin set password_hash = 'new-hash', version = version + 1 where id = 1")
    owner.execute("update device set device_token = 'a-token', os = 'Android'")
    owner.execute("insert into admin (id, name, account, password_hash) values (5, 'n', 'n', 'third-hash')")
    owner.execute("delete from admin where id = 5")
    whole = str(changes(owner, "before, after, changed_fields"))
    assert len(changes(owner)) == 4
    assert not [word for word in ("hash", "token", "password_hash", "token_version") if word in whole]


def test_a_secret_column_that_is_added_later_is_not_recorded(owner: psycopg.Connection, own_url: str) -> None:
    with connected(own_url) as connection, Operations.context(MigrationContext.configure(connection)):
        add("customer", text("pin", "secret", nullable=True), secret=["pin"])
        connection.commit()
    owner.execute("update customer set pin = '4711'")
    assert changes(owner) == []
    owner.execute("update customer set pin = '4712', name = 'x' where id = 47001")
    assert "pin" not in one(owner, "after")[0]


@pytest.mark.parametrize(
    "statement",
    [
        "update numbering set last_number = last_number + 1",
        "update admin set login_failures = 3, locked_until = now(), last_login_at = now()",
        "update admin set password_hash = 'x'",
        "update org set name = name",
        "delete from org where false",
    ],
)
def test_what_changes_nothing_that_counts_is_not_recorded(owner: psycopg.Connection, statement: str) -> None:
    owner.execute(statement.encode())
    assert changes(owner) == []


SETTINGS = ("app.actor", "app.account", "app.client", "app.request", "app.traceparent", "app.reason")


def write_with(owner: psycopg.Connection, settings: Sequence[str], value: str) -> None:
    with owner.transaction():
        for setting in settings:
            owner.execute("select set_config(%s, %s, true)", [setting, value])
        owner.execute("update org set name = 'x' where id = 8829")


@pytest.mark.parametrize("value", ["", "x", "-1", "99999999999999999999", "1; drop table change"])
def test_wrong_settings_fail_no_write(owner: psycopg.Connection, value: str) -> None:
    write_with(owner, SETTINGS, value)
    assert one(owner, "actor_id, reason") == (None, value or None)


@pytest.mark.parametrize("setting", SETTINGS[1:])
@pytest.mark.parametrize("characters", ["0123456789abcdef", "".join(map(chr, range(0x20000, 0x20400)))])
def test_long_settings_are_cut_and_fail_no_write(owner: psycopg.Connection, setting: str, characters: str) -> None:
    """An index takes no text of more than 2,704 bytes, unless it becomes shorter when it is compressed."""
    value = "".join(Random(1).choices(characters, k=10_000))  # noqa: S311 - no secret
    write_with(owner, [setting], value)
    column = setting.removeprefix("app.")
    assert one(owner, {"account": "actor_account", "request": "request_id"}.get(column, column)) == (value[:500],)


def test_a_record_that_goes_with_its_owner_keeps_the_organisation(owner: psycopg.Connection) -> None:
    """Where a foreign key cascades, the owner is gone when the record is."""
    owner.execute("alter table space_location drop constraint space_location_space_id_fkey")
    owner.execute("alter table space_location add foreign key (space_id) references space on delete cascade")
    owner.execute(NEW_SPACE)
    owner.execute("insert into space_location (id, space_id) values (1000002, 1000001)")
    owner.execute("delete from space where id = 1000001")
    deleted = [change for change in changes(owner, "operation, entity, org_id, org_path") if change[0] == "DELETE"]
    assert sorted(deleted) == [("DELETE", "space", 8829, "8829/"), ("DELETE", "space_location", 8829, "8829/")]


def test_the_organisation_of_a_record_is_found_without_a_call_of_a_function(
    server: EmbeddedServer, owner: psycopg.Connection
) -> None:
    """To call a function for each row takes longer than the rest of the record: an import would be half as fast."""
    with psycopg.connect(server.url_of(owner.info.dbname, "postgres")) as counting:
        counting.execute("set track_functions = 'pl'")
        counting.execute("insert into customer_org (customer_id, org_id) select id, 8829 from customer")
        counting.execute("update space_location set street = street || 'x'")
        called = counting.execute("select funcname from pg_stat_xact_user_functions").fetchall()
    assert {name for (name,) in called} & {"record_change", "owning_org", "path_of_org"} == {"record_change"}
    assert {org for (org,) in changes(owner, "org_path is not null")} == {True}


def test_only_derived_columns_of_a_tree_are_a_place(owner: psycopg.Connection) -> None:
    owner.execute("update org set full_name = 'x/' || full_name, updated_at = now() where id in (8830, 8831)")
    for operation, fields, before, after in changes(owner, "operation, changed_fields, before, after"):
        assert (operation, fields) == ("PLACE", ["full_name"])
        assert before.keys() == after.keys() == {"full_name"}
        assert after["full_name"] == "x/" + before["full_name"]
    assert len(changes(owner)) == 2


def test_a_large_update_after_a_small_one_takes_a_plan_for_many_rows(owner: psycopg.Connection) -> None:
    """The plan of a trigger's statement is made for the first rows of a session; a nested loop would be quadratic."""
    owner.execute("insert into role (name) select 'r' || i from generate_series(1, 20000) i")
    owner.execute("update role set name = 'one' where name = 'r1'")
    owner.execute("set statement_timeout = '20s'")
    owner.execute("update role set name = name || '.'")
    assert owner.execute("select count(*) from change where operation = 'UPDATE' and entity = 'role'").fetchone() != (
        0,
    )


def test_the_record_is_append_only_for_requests(owner: psycopg.Connection) -> None:
    owner.execute("insert into role (id, name) values (1000001, 'r')")
    owner.execute("set role cadastre_app")
    for statement in ("delete from change", "update change set reason = 'x'", "select * from change_default"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            owner.execute(statement.encode())
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        owner.execute("insert into change (entity, after) values ('org', %s)", [Jsonb({})])


def test_a_request_cannot_call_the_functions(owner: psycopg.Connection) -> None:
    owner.execute("set role cadastre_app")
    for call in ("path_of_org(1)", "owning_org('space', 1)"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            owner.execute(f"select {call}")


NEW_DEVICES = "insert into device (id, app_id, admin_id, device_id, os) values (%s, 'x', 1, %s, 'iOS')"


def settled(connection: psycopg.Connection) -> list[int]:
    """Return the records whose changes are settled; the number is asked for before they are read."""
    (number,) = connection.execute("select settled_change()").fetchone() or ()
    query = "select entity_id from change where id <= %s order by id"
    return [id_ for (id_,) in connection.execute(query, [number])]


def test_no_change_is_settled_before_those_of_slow_transactions_that_may_precede_it(
    owner: psycopg.Connection, own_url: str
) -> None:
    """A reader that went by the ids alone would never see what a slow transaction wrote."""
    with psycopg.connect(own_url) as slow:
        slow.execute(NEW_DEVICES, [49400, "slow"])
        owner.execute(NEW_DEVICES, [49401, "quick"])
        assert settled(owner) == []
        slow.execute(NEW_DEVICES, [49402, "slow again"])
        owner.execute(NEW_DEVICES, [49403, "quick again"])
        assert settled(owner) == []
        slow.commit()
        assert settled(owner) == [49400, 49401, 49402, 49403]


def test_a_transaction_that_begins_later_holds_nothing_up_that_was_written_before(
    owner: psycopg.Connection, own_url: str
) -> None:
    owner.execute(NEW_DEVICES, [49400, "early"])
    with psycopg.connect(own_url) as slow:
        slow.execute(NEW_DEVICES, [49401, "late"])
        assert settled(owner) == [49400]
        slow.rollback()
    assert settled(owner) == [49400]


def test_a_rollback_to_a_savepoint_does_not_hide_that_the_transaction_writes_on(
    owner: psycopg.Connection, own_url: str
) -> None:
    with psycopg.connect(own_url) as slow:
        slow.execute("savepoint first")
        slow.execute(NEW_DEVICES, [49400, "undone"])
        slow.execute("rollback to savepoint first")
        owner.execute(NEW_DEVICES, [49401, "quick"])
        slow.execute(NEW_DEVICES, [49402, "slow"])
        owner.execute(NEW_DEVICES, [49403, "quick again"])
        assert settled(owner) == [49401]
        slow.commit()
    assert settled(owner) == [49401, 49402, 49403]


def test_no_setting_lets_a_transaction_write_without_saying_so(owner: psycopg.Connection, own_url: str) -> None:
    with psycopg.connect(own_url) as slow:
        slow.execute("set app.recording = 'on'")
        slow.execute(NEW_DEVICES, [49400, "slow"])
        owner.execute(NEW_DEVICES, [49401, "quick"])
        assert settled(owner) == []
        slow.rollback()
