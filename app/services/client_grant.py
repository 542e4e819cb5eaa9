"""ClientGrant: the roles that clients hold in business organisations, as staff do (app/access/grants.py)."""

from collections import defaultdict
from typing import NamedTuple

import psycopg
from psycopg.rows import class_row

from app.errors import InvalidInputError
from app.models.base import LARGEST_ID
from app.models.org import OrgType
from app.services.client import named

SELF = "client_credentials"
"""The OAuth grant by which a client calls for itself."""

ROLES = """
select role.id, role.name from org_role join role on role.id = org_role.role_id
where org_role.org_id = %s order by role.id
"""

GRANT = """
insert into client_grant (org_id, role_id, client_id, is_granted_by_super, created_by, updated_by)
select %(org)s, %(role)s, id, true, %(by)s, %(by)s from client where client_id = %(client)s
on conflict (org_id, role_id, client_id) do nothing
"""

REVOKE = """
delete from client_grant using client
where client.id = client_grant.client_id and client.client_id = %(client)s and org_id = %(org)s and role_id = %(role)s
"""

HELD = """
select client.client_id, org.id as org_id, org.full_name as org_name, role.id as role_id, role.name as role_name
from client_grant
join client on client.id = client_grant.client_id
join org on org.id = client_grant.org_id
join role on role.id = client_grant.role_id
order by client.client_id, org.path, role.id
"""


class Role(NamedTuple):
    """A role of an organisation."""

    id: int
    name: str


class Held(NamedTuple):
    """A role that a client holds in an organisation."""

    client_id: str
    org_id: int
    org_name: str
    role_id: int
    role_name: str


def grant(connection: psycopg.Connection, client_id: str, org: str, role: str, by: str) -> tuple[Role, bool]:
    """Give a client a role in a business organisation; return the role, and whether the client did not hold it before.

    `org` is an id, `role` the id or the name of a role of the organisation, `by` the operator. InvalidInputError when
    one of them does not exist, and for a client that cannot call for itself.
    """
    if SELF not in named(connection, client_id).grant_types:
        message = f"the client {client_id!r} does not call for itself: only clients with the grant {SELF} hold roles"
        raise InvalidInputError(message)
    org_id = _business_org(connection, org)
    found = _role(connection, org_id, role)
    added = connection.execute(GRANT, {"client": client_id, "org": org_id, "role": found.id, "by": by})
    return found, added.rowcount == 1


def revoke(connection: psycopg.Connection, client_id: str, org: str, role: str) -> Role:
    """Take a role from a client; InvalidInputError when it does not hold it."""
    named(connection, client_id)
    org_id = _business_org(connection, org)
    found = _role(connection, org_id, role)
    removed = connection.execute(REVOKE, {"client": client_id, "org": org_id, "role": found.id})
    if removed.rowcount == 0:
        message = f"the client {client_id!r} does not hold the role {_shown(found)} in organisation {org_id}"
        raise InvalidInputError(message)
    return found


def held_by_client(connection: psycopg.Connection) -> dict[str, list[Held]]:
    """Return the roles that clients hold, by client."""
    held = defaultdict(list)
    with connection.cursor(row_factory=class_row(Held)) as cursor:
        for each in cursor.execute(HELD):
            held[each.client_id].append(each)
    return held


def _business_org(connection: psycopg.Connection, org: str) -> int:
    row = None
    if org.isascii() and org.isdecimal() and int(org) <= LARGEST_ID:
        row = connection.execute("select id, type, name from org where id = %s", [int(org)]).fetchone()
    if row is None:
        message = f"there is no organisation {org!r}: --org takes the id of a business organisation"
        raise InvalidInputError(message)
    if row[1] != OrgType.BUSINESS:
        message = f"the organisation {row[0]} {row[2]!r} is administrative: roles are held in business organisations"
        raise InvalidInputError(message)
    return int(row[0])


def _role(connection: psycopg.Connection, org_id: int, role: str) -> Role:
    """Find a role of an organisation by its id or its name."""
    with connection.cursor(row_factory=class_row(Role)) as cursor:
        roles = cursor.execute(ROLES, [org_id]).fetchall()
    matching = [each for each in roles if role == str(each.id)] or [each for each in roles if role == each.name]
    if len(matching) == 1:
        return matching[0]
    if matching:
        message = f"organisation {org_id} has several roles {role!r}: name one by its id, {_shown(*matching)}"
    elif roles:
        message = f"organisation {org_id} has no role {role!r}; it has {_shown(*roles)}"
    else:
        message = f"organisation {org_id} has no role {role!r}: it has no roles"
    raise InvalidInputError(message)


def _shown(*roles: Role) -> str:
    return ", ".join(f"{role.id} {role.name!r}" for role in roles)
