"""PropertyRelation in GraphQL: who owns or rents what, and the housing log."""

from app import models
from app.declarations.entity import column, entity, related
from app.loaders.edge import many, one, through

COMMUNITY_OF = models.PropertyRelation.space_id == models.Space.id


@entity(models.PropertyRelation)
class PropertyRelation:
    """产权关系 A customer owns or rents a house or a parking place (document 003, part 11)."""

    type = column()
    tenure = column()
    is_main = column()
    housing_status = column()
    space_id = column()
    customer_id = column()
    fourgrid_id = column()
    fourgrid_customer_id = column()
    fourgrid_space_id = column()
    fourgrid_community_id = column()

    space = related(one(models.PropertyRelation.space_id, models.Space), "空间 The house or parking place")
    community = related(
        through(models.PropertyRelation.id, models.Space.community_id, models.Space, COMMUNITY_OF).to_one(),
        "小区 Community of the house or parking place",
    )
    customer = related(one(models.PropertyRelation.customer_id, models.Customer), "客户 Who owns or rents")
    housing_records = related(many(models.HousingRecord.property_relation_id), "住房日志 Housing log")
    verifications = related(
        many(models.Verification.property_relation_id), "信息认证 Claims that were approved as this relation"
    )


@entity(models.HousingRecord)
class HousingRecord:
    """住房日志 An entry of the housing log (document 003, 11.5)."""

    housing_status = column()
    customer_name = column()
    property_relation_id = column()
    space_id = column()
    customer_id = column()
    property_relation = related(
        one(models.HousingRecord.property_relation_id, models.PropertyRelation), "产权关系 The property relation"
    )
    space = related(one(models.HousingRecord.space_id, models.Space), "空间 The property")
    customer = related(one(models.HousingRecord.customer_id, models.Customer), "客户 The customer")
