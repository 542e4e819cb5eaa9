"""Granting: the organisations, menus, roles and staff that grants name, as the caller sees them.

Grants of a tenant are changed one request at a time: reading the organisations locks their tenants.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from psycopg.sql import SQL

from app.db.rendering import Statement, statement_of
from app.db.transaction import Writing
from app.error_codes import Message
from app.services import tree_writes
from app.services.nodes import ids_of

# ruff: noqa: S608 - the queries are put together from our own names

ROLE_CAPABILITY = "role.grant"

BUILT_IN = Message("only the super administrator changes the built-in role", "内置管理员角色只能由平台超级管理员修改")


class NamedOrg(NamedTuple):
    """A business organisation that an input names."""

    id: int
    path: str

    @property
    def top_org_id(self) -> int:
        """The top organisation of its tenant."""
        return int(self.path.split("/", 1)[0])


class OrgRole(NamedTuple):
    """A role that exists in an organisation."""

    org_id: int
    role_id: int
    is_built_in: bool


Orgs = Mapping[int, NamedOrg]
OrgRoles = Mapping[tuple[int, int], OrgRole]


async def lock_orgs(writing: Writing, ids: Iterable[int | None]) -> Orgs:
    """Lock the tenants of business organisations and read these; invisible ones are left out."""
    named = ids_of(ids)
    lock = tree_writes.locks("org", named, exclusive=True)
    _, rows = await writing.fetch_all([lock, (_orgs(), {"ids": named})])
    return {row[0]: NamedOrg(*row) for row in rows}


async def read_orgs(writing: Writing, ids: Iterable[int | None]) -> Orgs:
    """Read business organisations; invisible ones are left out."""
    named = ids_of(ids)
    (rows,) = await writing.fetch_all([(_orgs(), {"ids": named})]) if named else ([],)
    return {row[0]: NamedOrg(*row) for row in rows}


async def read_menus(writing: Writing, ids: Iterable[int]) -> Mapping[int, object]:
    """Read menus; those that no organisation of the caller may use are left out."""
    return await _visible(writing, "menu", ids)


async def read_staff(writing: Writing, ids: Iterable[int]) -> Mapping[int, object]:
    """Read members of staff; invisible ones are left out."""
    return await _visible(writing, "admin", ids)


async def read_org_roles(writing: Writing, pairs: Sequence[tuple[int, int]]) -> OrgRoles:
    """Read which of some roles exist in some organisations."""
    values = {"org_ids": [pair[0] for pair in pairs], "role_ids": [pair[1] for pair in pairs]}
    (rows,) = await writing.fetch_all([(_org_roles(), values)])
    return {(row[0], row[1]): OrgRole(*row) for row in rows}


async def _visible(writing: Writing, table: str, ids: Iterable[int]) -> Mapping[int, object]:
    (rows,) = await writing.fetch_all([(_ids(table), {"ids": ids_of(ids)})])
    return {row[0]: row for row in rows}


@cache
def _orgs() -> Statement:
    return statement_of(SQL("select id, path from org where id = any(%(ids)s::bigint[]) and type = 'BUSINESS'"))


@cache
def _ids(table: str) -> Statement:
    return statement_of(SQL(f"select id from {table} where id = any(%(ids)s::bigint[])"))


@cache
def _org_roles() -> Statement:
    return statement_of(
        SQL(
            "select held.org_id, held.role_id, role.is_system_default"
            " from unnest(%(org_ids)s::bigint[], %(role_ids)s::bigint[]) as named (org_id, role_id)"
            " join org_role held on held.org_id = named.org_id and held.role_id = named.role_id"
            " join role on role.id = held.role_id"
        )
    )
