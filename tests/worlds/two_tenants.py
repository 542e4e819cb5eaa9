"""Two tenants whose records have the same names: the demo world, and the twin of one of its tenants beside it."""

from collections.abc import Mapping
from typing import Any

import psycopg
from psycopg.sql import SQL, Identifier

from app import models
from app.access.policies import POLICIES
from tests.worlds.visibility import Row, Seen, World, scope_of, seen_by, world_of

SUPER, ONE, OTHER, ORDINARY = "supperadm", "yanggc4", "twin-yanggc4", "steward"
"""The super administrator, the administrators of both tenants, and who holds a role without capabilities below one."""

PROGRAM, ORDINARY_PROGRAM = "backend", "kiosk"
"""Clients that hold the roles of ONE, and those of ORDINARY."""

SECRET = "the secret of both"  # noqa: S105 - of test clients

APART = 1_000_000
"""How far the ids of twins are apart."""

TAKEN = ("account", "staff_number", "phone", "identity", "device_id", "number")
"""What cannot be the same for twins, because it is unique over all tenants."""

TREES = {"path": None, "org_path": "org", "space_path": "space", "space_org_path": "org"}
"""Columns of ids joined by '/', and the table that the ids belong to if it is not the row's own."""

MORE = """
insert into org_menu (id, org_id, menu_id) values (2000010, 8831, 30281);
insert into org_role_menu (id, org_id, role_id, menu_id) values (2000014, 8831, 20463, 30281);
insert into app_grant (id, app_id, app_type, org_id) values (2000011, '123', 'COMMUNITY', 8831);
insert into device (id, app_id, admin_id, device_id, os) values (2000012, '1120', 1, 'first', 'iOS');
insert into property_relation (id, type, space_id, customer_id, tenure, space_path, space_org_path)
  select 2000013, 'HOUSE', id, 47002, 'TENANT', path, org_path from space where id = 10468;
"""
"""What the tenant has none of in the demo world, such as a customer of somebody else who rents from it."""

STEWARD = """
insert into admin (id, name, account, password_hash, org_id)
  select 2000000, '杨观超', 'steward', password_hash, org_id from admin where account = 'yanggc4';
insert into role (id, name) values (2000001, '管家');
insert into org_role (id, org_id, role_id) values (2000002, 8831, 2000001);
insert into admin_grant (id, org_id, role_id, admin_id) values (2000003, 8831, 2000001, 2000000);
"""

PROGRAMS = f"""
insert into client (id, client_id, description, grant_types, secret_hash)
  select id, name, name, '{{client_credentials}}', encode(sha256('{SECRET}'), 'hex')
  from (values (2000020, '{PROGRAM}'), (2000021, '{ORDINARY_PROGRAM}')) made (id, name);
insert into client_grant (id, org_id, role_id, client_id)
  select 2000030 + row_number() over (order by g.id), g.org_id, g.role_id, c.id
  from admin_grant g join admin a on a.id = g.admin_id
  join client c on (a.account, c.client_id) in (('{ONE}', '{PROGRAM}'), ('{ORDINARY}', '{ORDINARY_PROGRAM}'));
"""


def add_twin(url: str) -> None:
    """Copy all that one tenant sees, menus and the built-in role left out, and add a steward of the first tenant.

    `url` is a superuser's: the rows come in any order.
    """
    with unchecked(url) as connection:
        connection.execute(MORE)
    world = world_of(url)
    copied = own_of(world, seen_by(world, scope_of(world, ONE)))
    with unchecked(url) as connection:
        for table, ids in copied.items():
            for id_ in ids:
                insert(connection, table, twin_of(copied, table, world[table][id_]))
        connection.execute(STEWARD)
        connection.execute(PROGRAMS.encode())
        connection.execute(SUM_UP)


def own_of(world: World, seen: Seen) -> Seen:
    """Leave out what tenants share, and the changes: those of the copies are none of the demo world's."""
    built_in = {key for key, row in world["role"].items() if row["is_system_default"]}
    return {**seen, "menu": set(), "menu_guidance": set(), "change": set(), "role": seen["role"] - built_in}


def twin_of(copied: Seen, table: str, row: Row) -> dict[str, Any]:
    """Write a row anew: its id and those that it refers to are the twins', names stay as they are."""
    columns = models.Base.metadata.tables[table].columns
    twin = {**row, "id": row["id"] + APART}
    for name in columns.keys() & twin.keys():
        for key in (key.column for key in columns[name].foreign_keys if key.column.name == "id"):
            twin[name] = moved(copied.get(key.table.name, set()), row[name])
    for name in TREES.keys() & {name for name in twin if row[name] is not None}:
        steps = (moved(copied[TREES[name] or table], int(step)) for step in row[name].rstrip("/").split("/"))
        twin[name] = "".join(f"{step}/" for step in steps)
    if "community_id" in twin:  # derived, so it has no foreign key
        twin["community_id"] = moved(copied["space"], row["community_id"])
    if "sort_key" in twin:
        twin["sort_key"] = sort_key_of(copied[table], row)
    return {**twin, **{name: f"twin-{row[name]}" for name in TAKEN if row.get(name) is not None}}


def sort_key_of(copied: set[int], row: Row) -> str:
    """Write the sort key of a twin: in that of the row, each id on the path comes behind a letter for its length."""
    rest, made = row["sort_key"], ""
    for step in map(int, row["path"].rstrip("/").split("/")):
        number, rest = rest.split(f"{chr(96 + len(str(step)))}{step}", 1)
        id_ = str(moved(copied, step))
        made += f"{number}{chr(96 + len(id_))}{id_}"
    return made


def moved(copied: set[int], id_: Any) -> Any:
    """Give the id of a twin, if there is one."""
    return id_ + APART if id_ in copied else id_


def insert(connection: psycopg.Connection, table: str, row: Mapping[str, Any]) -> None:
    """Insert a row as it is."""
    made = models.Base.metadata.tables[table].columns
    stored = {name: value for name, value in row.items() if made[name].computed is None}
    columns, values = SQL(", ").join(map(Identifier, stored)), SQL(", ").join([SQL("%s")] * len(stored))
    statement = SQL("insert into {} ({}) values ({})").format(Identifier(table), columns, values)
    connection.execute(statement, list(stored.values()))


SUM_UP = "select rebuild_space_totals()"
"""The totals of spaces are kept by triggers, which do not fire for these connections."""


def show_everything(url: str) -> None:
    """Let every caller see every row: no policy holds any more."""
    with unchecked(url) as connection:
        for table in POLICIES:
            connection.execute(f"alter table {table} disable row level security")


def leave_only(url: str, seen: Seen) -> None:
    """Delete every row that is not among these."""
    with unchecked(url) as connection:
        for table in POLICIES:
            connection.execute(f"delete from {table} where id <> all(%s)", [list(seen[table])])
        connection.execute(SUM_UP)


def unchecked(url: str) -> psycopg.Connection:
    """Connect as a superuser without foreign keys and triggers."""
    return psycopg.connect(url, options="-c session_replication_role=replica")
