"""Changes of rights are announced by the tables that decide them, and other changes are not."""

import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import takewhile

import psycopg
import pytest

from app.access.callers import CLIENT, STAFF, WORKING_ORG
from app.db.announcements import CHANNEL

READ = """
select source.relname, attname from pg_depend
join pg_rewrite on pg_rewrite.oid = pg_depend.objid
join pg_class view on view.oid = pg_rewrite.ev_class
join pg_class source on source.oid = pg_depend.refobjid
join pg_attribute on attrelid = source.oid and attnum = pg_depend.refobjsubid
where view.relname = 'question' and source.relname <> 'question' and pg_depend.classid = 'pg_rewrite'::regclass
"""
WATCHED = """
select relname, coalesce(attname, '*') from pg_trigger
join pg_class on pg_class.oid = tgrelid
left join pg_attribute on attrelid = tgrelid and attnum = any(tgattr)
where tgname = 'rights'
"""
NEVER_CHANGED = {
    *((table, "id") for table in ("admin", "client", "org", "role", "menu")),
    *(("login", column) for column in ("sid", "admin_id", "client_id", "token_version")),
    ("client", "client_id"),
}
"""Columns that name a record."""

SIZES = {"space", "customer"}
"""Tables that only decide whether a scope is small, which makes lists slower and nothing visible."""


def columns_read(connection: psycopg.Connection, query: str) -> set[tuple[str, str]]:
    """Return the columns that a query reads."""
    types = {"admin": "bigint", "version": "int", "org": "bigint"}
    text = re.sub(r"%\((\w+)\)s", lambda name: f"null::{types.get(name[1], 'text')}", query)
    fields = ", ".join(f"f{number}" for number in range(3 if query is WORKING_ORG else 11))
    connection.execute(f"create or replace temp view question ({fields}) as {text}".encode())
    read = set(connection.execute(READ).fetchall())
    connection.execute("drop view question")
    return read


@pytest.mark.parametrize("query", [STAFF, CLIENT, WORKING_ORG])
def test_every_column_that_decides_about_a_caller_is_announced(demo_url: str, query: str) -> None:
    with psycopg.connect(demo_url) as connection:
        watched = set(connection.execute(WATCHED).fetchall())
        read = columns_read(connection, query)
    tables = {table for table, column in watched if column == "*"}
    assert len(read) > 5
    assert {(table, column) for table, column in read - watched - NEVER_CHANGED if table not in tables | SIZES} == set()


CHANGES = [
    "update admin set is_enabled = false where id = 1",
    "update admin set status = 'CANCELLED' where id = 1",
    "update admin set password_changed_at = now() where id = 1",
    "update admin set is_super = true where id = 1",
    "delete from admin_grant where admin_id = 1",
    "truncate admin_grant",
    "insert into admin_grant (org_id, role_id, admin_id) select 1, 1, 1 where false",
    "update org set path = path where id = 8829",
    "delete from org_relation where business_org_id = 8829",
    "delete from org_role_menu",
    "insert into org_menu (org_id, menu_id) select 2, id from menu limit 1 on conflict do nothing",
    "update menu set capability = 'ORG_WRITE'",
    "update role set is_system_default = is_system_default",
    "delete from client_grant",
    "update client set is_enabled = false",
    "update client set secret_hash = 'x'",
]
LOG_IN = """
insert into login (sid, admin_id, client_id, token_version, expires_at)
values (gen_random_uuid(), 1, 'h5-client', 0, now()) returning sid::text
"""
SILENT = [
    "update admin set login_failures = 1, last_login_at = now() where id = 1",
    "update client set password_uses = 1",
    "update numbering set last_number = last_number + 1",
    "update space set name = name || 'x'",
    LOG_IN,
]


END = "the end"


@contextmanager
def heard(url: str) -> Iterator[list[str]]:
    """Give what is announced, once the body has ended."""
    found: list[str] = []
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"listen {CHANNEL}".encode())
        yield found
        with psycopg.connect(url) as last:  # announcements arrive in the order of the commits
            last.execute("select pg_notify(%s, %s)", [CHANNEL, END])
        with closing(connection.notifies(timeout=60)) as arriving:
            found += takewhile(lambda payload: payload != END, (notice.payload for notice in arriving))


def test_changes_are_announced_once_for_a_transaction_and_others_are_not(own_url: str) -> None:
    found = {}
    for statement in (*CHANGES, *SILENT):
        with heard(own_url) as notices, psycopg.connect(own_url) as connection:
            for _ in range(2):
                connection.execute(statement.encode())
        found[statement] = notices
    assert found == {statement: [""] * (statement in CHANGES) for statement in found}


def test_a_log_in_that_ends_is_announced_by_its_id(own_url: str) -> None:
    with heard(own_url) as notices, psycopg.connect(own_url) as connection:
        ((sid,),) = connection.execute(LOG_IN).fetchall()
        connection.execute("update login set ended_at = now()")
        connection.execute("update login set ended_at = now()")
    assert notices == [sid]
