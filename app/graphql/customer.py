"""Customer in GraphQL: who owns or rents."""

from app import models
from app.declarations.entity import column, entity, personal, related
from app.loaders.edge import many, one, through


@entity(models.Customer)
class Customer:
    """客户 a customer of a top business organisation (document 003, part 10)."""

    type = column()
    name = column()
    phone = personal("phone", recorded=True)
    identity_type = column()
    identity = personal("identity", recorded=True)
    sex = column()
    face_picture = column()
    level = column()
    status = column()
    top_org_id = column()
    fourgrid_id = column()

    top_org = related(one(models.Customer.top_org_id, models.Org), "顶级业务组织 top business organisation")
    orgs = related(
        through(models.CustomerOrg.customer_id, models.CustomerOrg.org_id, models.Org),
        "业务组织 organisations that know the customer",
    )
    property_relations = related(many(models.PropertyRelation.customer_id), "产权关系 what is or was owned or rented")
    verifications = related(many(models.Verification.customer_id), "信息认证 claims as an app user")
