"""Me in GraphQL: who calls, and what they may do."""

from enum import Enum
from typing import Any

import strawberry
from graphql import GraphQLResolveInfo

from app import models
from app.access.capabilities import CAPABILITIES, enum_name
from app.declarations.entity import Field, column, id_argument, related, resolved, view
from app.graphql.admin import COMMUNITIES, GRANTS, GROUPS, MENUS, ORG
from app.loaders.batch import Record
from app.loaders.dataloaders import EDGES
from app.loaders.edge import through
from app.loaders.values import read_id
from app.models.org import OrgType

Info = GraphQLResolveInfo[Any]

Capability: Any = Enum("Capability", {enum_name(name): name for name in CAPABILITIES})  # type: ignore[misc]
strawberry.enum(Capability, description="What a caller may do besides reading what is in their scope.")
for value in Capability.__strawberry_definition__.values:  # type: ignore[attr-defined]
    value.description = CAPABILITIES[value.value]


async def _capabilities(_record: Record, info: Info, **given: Any) -> list[Any]:
    caller = info.context.caller
    if given.get("orgId") is None:
        return [capability for capability in Capability if caller.may_somewhere(capability.value)]
    path = await _path_of(info, read_id(given["orgId"]))
    return [capability for capability in Capability if path is not None and caller.may(capability.value, path)]


async def _path_of(info: Info, org_id: int) -> str | None:
    """Give the path of a visible business organisation."""
    org: Record | None = await info.context.loaders.by_id(EDGES[models.Org], org_id)
    return org.values["path"] if org is not None and org.values["type"] == OrgType.BUSINESS else None


def _client_id(_record: Record, info: Info) -> str:
    client_id: str = info.context.caller.client_id
    return client_id


@view(models.Admin)
class Me:
    """员工 the member of staff who calls, and what they may do."""

    id = column()
    name = column()
    job_number = column()
    is_super = column()
    client_id = resolved(str, "客户端 the program that the token was given to", _client_id)
    capabilities = resolved(
        list[Capability],
        "权限 what the caller may do somewhere in their scope, or in the given business organisation",
        _capabilities,
        id_argument("orgId", "a business organisation; nothing is held in one that the caller does not see"),
    )

    org = ORG
    grants = GRANTS
    scopes = related(
        through(models.AdminGrant.admin_id, models.AdminGrant.org_id, models.Org),
        "业务组织 business organisations that a role is held in; what lies below them belongs to the caller as well",
    )
    groups = GROUPS
    communities = COMMUNITIES
    menus = MENUS


async def _me(_root: None, info: Info) -> Record | None:
    caller = info.context.caller
    if caller is None or caller.admin_id is None:
        return None
    record: Record | None = await info.context.loaders.by_id(EDGES[models.Admin], caller.admin_id)
    return record


def caller() -> Field:
    """Declare the field that answers who calls."""
    description = "Who calls; null without a token, and for a client that calls for itself."
    field: Field = resolved(Me | None, description, _me)
    return field
