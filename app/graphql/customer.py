"""Customer in GraphQL: who owns or rents."""

from app import models
from app.declarations.entity import collection, column, entity, personal, related
from app.loaders.comparisons import among
from app.loaders.edge import many, one, through
from app.models.property import HousingStatus

VALID = among(models.PropertyRelation.housing_status.expression, [HousingStatus.LIVING_IN, HousingStatus.AWAY])
"""The property relations that have not ended."""


@entity(models.Customer)
class Customer:
    """客户 A customer of a top business organisation (document 003, part 10)."""

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

    top_org = related(one(models.Customer.top_org_id, models.Org), "顶级业务组织 Top business organisation")
    orgs = collection(
        through(models.CustomerOrg.customer_id, models.CustomerOrg.org_id, models.Org),
        "业务组织 Organisations that know the customer",
    )
    property_relations = collection(
        many(models.PropertyRelation.customer_id), "产权关系 What is or was owned or rented"
    )
    spaces = collection(
        through(models.PropertyRelation.customer_id, models.PropertyRelation.space_id, models.Space, VALID),
        "空间 Houses and parking places that the customer owns or rents now",
    )
    housing_records = collection(many(models.HousingRecord.customer_id), "住房日志 Housing log of the customer")
    verifications = collection(many(models.Verification.customer_id), "信息认证 Claims as an app user")
