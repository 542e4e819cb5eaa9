"""Space owners: the business organisations that may own communities (document 003, 4.1 and 4.9)."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from psycopg.sql import SQL

from app.db.rendering import Statement, statement_of
from app.db.transaction import Writing
from app.error_codes import Message
from app.errors import InvalidInputError
from app.models.org import BusinessOrgSubType, OrgType
from app.services.nodes import OTHER_TENANT, Node, ids_of
from app.services.targets import Errors, missing

NOT_A_PROJECT = Message(
    "communities belong to business organisations of the sub type PROJECT", "小区只能关联项目类型的业务组织"
)


class Owner(NamedTuple):
    """A business organisation that may own communities."""

    id: int
    path: str
    is_project: bool


async def read_owners(writing: Writing, org_ids: Iterable[int | None]) -> Mapping[int, Owner]:
    """Read the organisations that are to own communities; invisible ones are left out."""
    ids = ids_of(org_ids)
    if not ids:
        return {}
    (rows,) = await writing.fetch_all([(_read_owners(), {"ids": ids})])
    return {row[0]: Owner(*row) for row in rows}


@cache
def _read_owners() -> Statement:
    query = "select id, path, business_sub_type = {} from org where id = any(%(ids)s::bigint[]) and type = {}"
    return statement_of(SQL(query).format(BusinessOrgSubType.PROJECT.value, OrgType.BUSINESS.value))


async def read_tops(writing: Writing, org_ids: Iterable[int | None]) -> Mapping[int, Owner]:
    """Return the top organisation of the tenant of each business organisation; invisible ones are left out."""
    owners = await read_owners(writing, org_ids)
    tenants = {id_: owner.path.split("/", 1)[0] for id_, owner in owners.items()}
    return {id_: Owner(int(tenant), f"{tenant}/", is_project=True) for id_, tenant in tenants.items()}


async def tenants_around(writing: Writing, ids: Sequence[int]) -> Mapping[int, Sequence[str]]:
    """Return the tenants that own communities above and below some communities without an organisation.

    Only the super administrator sees such communities, and therefore all around them.
    """
    if not ids:
        return {}
    (rows,) = await writing.fetch_all([(_read_tenants(), {"ids": [*ids]})])
    return {row[0]: row[1] for row in rows}


@cache
def _read_tenants() -> Statement:
    return statement_of(
        SQL(
            "select node.id, array(select split_part(other.org_path, '/', 1) from space other where"
            " other.org_path is not null and other.id = any(string_to_array(rtrim(node.path, '/'), '/')::bigint[])"
            " union select split_part(other.org_path, '/', 1) from space other where"
            " other.org_path is not null and other.path > node.path and other.path < rtrim(node.path, '/') || '0')"
            " from space node where node.id = any(%(ids)s::bigint[])"
        )
    )


def paths_of(owners: Mapping[int, Owner]) -> list[str]:
    """Return the paths of the organisations."""
    return [owner.path for owner in owners.values()]


def owner_errors(org_id: int | None, owners: Mapping[int, Owner], parent: Node | None) -> Errors:
    """Refuse an organisation that the caller names and that cannot own the community."""
    owner = owners.get(org_id or 0)
    if owner is None:
        is_inherited = parent is not None and org_id is not None and parent.scope.endswith(f"{org_id}/")
        return () if is_inherited else missing(org_id, owners, "org_id")
    if not owner.is_project:
        return (InvalidInputError(NOT_A_PROJECT, path=("org_id",)),)
    return () if parent is None else _tenant_errors(parent, owner)


def _tenant_errors(node: Node, owner: Owner) -> Errors:
    is_other = node.tenant not in ("", owner.path.split("/", 1)[0])
    return (InvalidInputError(OTHER_TENANT, path=("org_id",)),) if is_other else ()
