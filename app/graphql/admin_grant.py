"""AdminGrant in GraphQL: who holds which role in which business organisation."""

from app import models
from app.declarations.entity import column, entity, related
from app.loaders.edge import one


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
