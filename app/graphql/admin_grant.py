"""AdminGrant in GraphQL: who holds which role in which business organisation."""

from app import models
from app.declarations.entity import column, entity, related
from app.declarations.mutations import Writes
from app.loaders.edges import one
from app.services import administrator
from app.services.admin_roles import SetRolesOfAdmin, set_roles_of_admins
from app.services.administrator import (
    AppointAdministrators,
    DismissAdministrators,
    appoint_administrators,
    dismiss_administrators,
)
from app.services.role_grant import (
    CAPABILITY,
    GrantRole,
    RevokeRole,
    grant_roles,
    grant_roles_of_own_kind,
    revoke_roles,
)


@entity(models.AdminGrant)
class AdminGrant:
    """员工授权 A member of staff holds a role in a business organisation (document 003, 6.7)."""

    is_granted_by_super = column()
    org_id = column()
    role_id = column()
    admin_id = column()
    org = related(one(models.AdminGrant.org_id, models.Org), "业务组织 Where the role is held")
    role = related(one(models.AdminGrant.role_id, models.Role), "角色 The role held")
    admin = related(one(models.AdminGrant.admin_id, models.Admin), "员工 Who holds it")


WRITES, SUPER_WRITES = Writes(models.AdminGrant, CAPABILITY), Writes(models.AdminGrant, administrator.CAPABILITY)

MUTATIONS = {
    "grant_role": WRITES.several("员工授权 Grant a role to staff (document 003, 6.7).", grant_roles, GrantRole),
    "grant_roles": WRITES.bulk(
        "批量员工授权 Grant roles to staff; the super administrator only the built-in one (document 003, 6.7A).",
        grant_roles_of_own_kind,
        GrantRole,
    ),
    "set_roles_of_admin": WRITES.several(
        "修改员工角色 Set the ordinary roles of a member of staff in an organisation (document 003, 6.9).",
        set_roles_of_admins,
        SetRolesOfAdmin,
    ),
    "revoke_role": WRITES.deletion("解除授权 Take roles from staff (document 003, 6.15).", revoke_roles, RevokeRole),
    "appoint_administrators": SUPER_WRITES.several(
        "新增管理员 Give staff the built-in role in an organisation (document 003, 1.3).",
        appoint_administrators,
        AppointAdministrators,
    ),
    "dismiss_administrators": SUPER_WRITES.deletion(
        "删除管理员 Take the built-in role from staff (document 003, 1.4 and 13.2).",
        dismiss_administrators,
        DismissAdministrators,
    ),
}
"""What may be written of the roles of staff, by the names of the fields."""
