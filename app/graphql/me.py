"""Me in GraphQL: who calls, and what they may do."""

from collections.abc import Mapping
from typing import Any

from app import models
from app.access.caller import Caller
from app.access.grants import ORGS_HELD_IN
from app.access.staffing import ORG_ROLES_OF_MANAGER, ROLES_OF_MANAGER
from app.declarations.arguments import id_argument
from app.declarations.entity import collection, of_caller, of_caller_and_record, plain_type, related
from app.declarations.field import Field
from app.declarations.types import choice_type
from app.loaders.edges import by_key, through
from app.loaders.reads import TheCaller
from app.models.capability import Capability
from app.models.org import OrgType


def _capabilities(caller: Caller | None, org: Mapping[str, Any] | None) -> list[Capability]:
    """List what the caller may do: somewhere, or in the organisation of the argument."""
    if caller is None:
        return []
    if org is None:
        return [capability for capability in Capability if caller.may_somewhere(str(capability.code))]
    path = org["path"] if org.get("type") == OrgType.BUSINESS else None
    return [capability for capability in Capability if path is not None and caller.may(str(capability.code), path)]


def _client_id(caller: Caller | None) -> str | None:
    return None if caller is None else caller.client_id


def _org_code(caller: Caller | None) -> str | None:
    return None if caller is None else caller.org_code


def _org_full_name(caller: Caller | None) -> str | None:
    return None if caller is None else caller.org_full_name


@plain_type
class Me:
    """调用者 Who calls, and what they may do. It has no id: the record of a member of staff is in `admin`."""

    admin = related(by_key(models.Admin), "员工 The member of staff who calls; null for a client that calls for itself")
    client_id = of_caller(str, "客户端 The program that the token was given to", _client_id)
    org_code = of_caller(str | None, "行政组织编码 Code of the administrative organisation, visible or not", _org_code)
    org_full_name = of_caller(
        str | None, "行政组织全称 Full name of the administrative organisation, visible or not", _org_full_name
    )
    capabilities = of_caller_and_record(
        list[choice_type(Capability)],  # type: ignore[misc]
        "权限 What the caller may do somewhere in their scope, or in the given business organisation",
        _capabilities,
        (models.Org.path, models.Org.type),
        id_argument("orgId", "业务组织 A business organisation; nothing is held in one that the caller does not see"),
    )
    manageable_roles = collection(
        through(ROLES_OF_MANAGER.c.caller_id, ROLES_OF_MANAGER.c.role_id, models.Role),
        "可管理的角色 Visible roles, for the super administrator with the built-in one",
    )
    manageable_org_roles = collection(
        through(ORG_ROLES_OF_MANAGER.c.caller_id, ORG_ROLES_OF_MANAGER.c.org_role_id, models.OrgRole),
        "可管理的角色关联 Such roles in visible organisations, as records",
    )
    scope_orgs = related(
        through(ORGS_HELD_IN.c.caller_id, ORGS_HELD_IN.c.org_id, models.Org),
        "业务组织 Business organisations that a role is held in, and the one that the request is narrowed to; "
        "what lies below them belongs to the caller as well",
    )


def caller() -> Field:
    """Declare the field that answers who calls."""
    return Field(TheCaller(models.Admin), Me | None, "调用者 Who calls; null without a token.")
