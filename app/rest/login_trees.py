"""LoginTrees: what a front-end shows of the register right after a log-in (document 003, 2.1)."""

from typing import Any

import psycopg
from psycopg.rows import dict_row

from app.access.grants import GRANTS, MENU_GRANTS
from app.services.account import Account

Row = dict[str, Any]

# Business organisations in which the member of staff holds a role, and those below.
IS_GRANTED = f"""(%(super)s or exists (
  select from ({GRANTS}) held where held.admin_id = %(admin)s and {{path}} ^@ held.path
))"""

ORGS = f"""
select o.id, o.parent_id, o.code, o.name, o.full_name, o.type, o.sub_type, o.source, parent.code as parent_code
from org o left join org parent on parent.id = o.parent_id
where o.type = 'BUSINESS' and {IS_GRANTED.format(path="o.path")}
order by o.depth, o.id
"""  # noqa: S608 - constants

MENUS = f"""
with granted as (select menu_path as path from ({MENU_GRANTS}) held where held.admin_id = %(admin)s)
select m.id, m.parent_id, m.code, m.name, m.full_name, m.url, m.type, m.created_at, m.updated_at, m.updated_by,
  parent.code as parent_code, parent.name as parent_name
from menu m left join menu parent on parent.id = m.parent_id
where %(super)s or m.id in (select step::bigint from granted, string_to_table(rtrim(path, '/'), '/') step)
order by m.depth, m.id
"""  # noqa: S608 - constants

COMMUNITIES = f"""
select s.id, s.parent_id, s.code, s.name, s.full_name, s.source, s.status, s.area, s.org_id, s.created_at, s.created_by,
  s.updated_at, s.updated_by, parent.code as parent_code, parent.name as parent_name, o.name as org_name,
  o.full_name as org_full_name, l.province, l.city, l.district, l.detail, l.longitude, l.latitude
from space s
left join space parent on parent.id = s.parent_id
left join org o on o.id = s.org_id
left join space_location l on l.space_id = s.id
where s.type = 'COMMUNITY' and {IS_GRANTED.format(path="s.org_path")}
order by s.id
"""  # noqa: S608 - constants


def business_orgs(connection: psycopg.Connection, account: Account) -> list[Row]:
    """Give the business organisations of an account, parents before their children."""
    return _rows(connection, ORGS, account)


def menus(connection: psycopg.Connection, account: Account) -> list[Row]:
    """Give the menus of an account's roles, parents before their children."""
    return _rows(connection, MENUS, account)


def communities(connection: psycopg.Connection, account: Account) -> list[Row]:
    """Give the communities of an account's business organisations."""
    return _rows(connection, COMMUNITIES, account)


def _rows(connection: psycopg.Connection, query: str, account: Account) -> list[Row]:
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(query.encode(), {"super": account.is_super, "admin": account.id}).fetchall()
