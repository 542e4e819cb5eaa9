"""PropertyRelation in GraphQL: who owns or rents what, and the housing log."""

from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, literal_column, or_, select
from sqlalchemy.orm import aliased

from app import models
from app.access.holdings import PROPERTIES
from app.declarations.entity import column, entity, related
from app.declarations.mutations import Writes
from app.loaders.comparisons import among
from app.loaders.edge import Edge
from app.loaders.edges import many, nearest, one, through, top
from app.models.property import VALID_STATUSES
from app.models.space import SpaceType
from app.services.property_inputs import (
    CreatePropertyRelation,
    DeletePropertyRelation,
    SetHousingStatus,
    UpdatePropertyRelation,
    UpsertPropertyRelation,
)
from app.services.property_relation import (
    CAPABILITY,
    create_property_relations,
    delete_property_relations,
    set_housing_statuses,
    update_property_relations,
)
from app.services.property_upsert import upsert_property_relations

OWN, OTHER = aliased(models.PropertyRelation), aliased(models.PropertyRelation)
HOLDERS = (
    select(OWN.id.label("relation_id"), OTHER.customer_id.label("customer_id"))
    .join(OTHER, OTHER.space_id == OWN.space_id)
    .where(or_(OTHER.id == OWN.id, among(OTHER.housing_status.expression, [*VALID_STATUSES])))
    .subquery("holder")
)
"""The customers of the property of a relation: its own one, and those whose relations have not ended."""


def space_of(model: Any) -> Edge:
    """Lead from a record of a space to the space, whose path the record repeats."""
    return one(model.space_id, models.Space).with_path(model.space_path, is_visible_root)


def is_visible_root(space: Any) -> ColumnElement[bool]:
    """Return what holds for visible spaces below invisible ones. Only communities have organisations of their own."""
    return or_(space.type == SpaceType.COMMUNITY, space.id == literal_column(PROPERTIES))


def community_of(model: Any) -> Edge:
    """Lead from a record of a space to the community of the space."""
    return through(model.id, models.Space.community_id, models.Space, model.space_id == models.Space.id).to_one()


def org_of(model: Any) -> Edge:
    """Lead from a record of a space to the business organisation that owns the space."""
    return through(model.id, models.Space.org_id, models.Org, model.space_id == models.Space.id).to_one()


def top_org() -> Edge:
    """Lead from a record of a space to the top of the tree that the owner of the space is in."""
    return replace(top(models.Org), parent="space_org_path")


def enclosing(type_: SpaceType) -> Edge:
    """Lead from a record of a space to the nearest space of a type that the space is part of."""
    return replace(nearest(models.Space, models.Space.type == type_), parent="space_path")


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

    space = related(
        space_of(models.PropertyRelation),
        "空间 The house or parking place",
    )
    community = related(
        community_of(models.PropertyRelation),
        "小区 Community of the house or parking place",
    )
    zone = related(enclosing(SpaceType.ZONE), "片区 Nearest zone that the property is part of")
    car_park = related(enclosing(SpaceType.PARK), "车场 Nearest car park that the parking place is part of")
    parking_area = related(enclosing(SpaceType.PARK_AREA), "车场区域 Nearest area of the car park")
    parking_detail = related(
        through(
            models.PropertyRelation.id,
            models.ParkingDetail.id,
            models.ParkingDetail,
            models.ParkingDetail.space_id == models.PropertyRelation.space_id,
        ).to_one(),
        "车位详情 Details of the parking place",
    )
    customer = related(one(models.PropertyRelation.customer_id, models.Customer), "客户 Who owns or rents")
    holders = related(
        through(HOLDERS.c.relation_id, HOLDERS.c.customer_id, models.Customer),
        "产权客户 The customer, and those who own or rent the same property now",
    )
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


WRITES = Writes(models.PropertyRelation, CAPABILITY)

MUTATIONS = {
    "create_property_relation": WRITES.one(
        "产权关系新增 Let a customer own or rent a house or a parking place (document 003, 11.3).",
        create_property_relations,
        CreatePropertyRelation,
        shares=True,
    ),
    "create_property_relations": WRITES.bulk(
        "产权关系批量新增 Let customers own or rent houses and parking places (document 003, 11.3).",
        create_property_relations,
        CreatePropertyRelation,
        shares=True,
    ),
    "update_property_relation": WRITES.one(
        "产权关系修改 Change a property relation (document 003, 11.3); a new housing status is logged.",
        update_property_relations,
        UpdatePropertyRelation,
        shares=True,
    ),
    "update_property_relations": WRITES.bulk(
        "产权关系批量修改 Change property relations (document 003, 11.3); new housing statuses are logged.",
        update_property_relations,
        UpdatePropertyRelation,
        shares=True,
    ),
    "upsert_property_relations": WRITES.bulk(
        "产权关系同步 Create or change property relations, by their ids here or in the 4g system (document 003, 11.4).",
        upsert_property_relations,
        UpsertPropertyRelation,
        shares=True,
    ),
    "set_housing_status": WRITES.one(
        "住房状态 Say whether a customer lives there, and log it (document 003, 11.3).",
        set_housing_statuses,
        SetHousingStatus,
        shares=True,
    ),
    "set_housing_statuses": WRITES.bulk(
        "批量住房状态 Say whether customers live there, and log it (document 003, 11.3).",
        set_housing_statuses,
        SetHousingStatus,
        shares=True,
    ),
    "delete_property_relation": WRITES.deletion(
        "产权关系删除 Delete a property relation with its housing log, unless a verification made it.",
        delete_property_relations,
        DeletePropertyRelation,
    ),
}
"""What may be written of property relations, by the names of the fields."""
