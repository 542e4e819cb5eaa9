"""Space in GraphQL: communities down to houses and parking places."""

from app import models
from app.declarations.entity import DEPTH, collection, column, computed, count, entity, page, related
from app.graphql.customer import VALID
from app.loaders.edge import above, children_of, descendants_of, many, one, one_back, through, top
from app.loaders.reads import Argument
from app.models.space import CATEGORY_OF_TYPE, SpaceCategory

KINDS = (Argument("type", models.Space.type), Argument("status", models.Space.status))


@entity(models.Space)
class Space:
    """空间 A place of any size, from communities down to houses and parking places (document 003, part 4)."""

    type = column()
    category = computed(
        SpaceCategory,
        "空间大类 Branch of the tree that the type belongs to",
        lambda type_: CATEGORY_OF_TYPE[type_].value,
        models.Space.type,
    )
    name = column()
    full_name = column()
    code = column()
    status = column()
    business_type = column()
    area = column()
    fee_area = column()
    depth = column()
    path = column()
    parent_id = column()
    community_id = column()
    org_id = column()
    fourgrid_id = column()
    fourgrid_parent_id = column()
    fourgrid_community_id = column()

    parent = related(one(models.Space.parent_id, models.Space), "上级 The space one level above")
    root = related(top(models.Space), "根节点 The top space of the tree, which may be this one")
    ancestors = related(above(models.Space), "所有上级 Spaces above, root first")
    children = related(children_of(models.Space), "下级 Spaces one level below", *KINDS)
    child_count = count(children_of(models.Space), "下级数量 Number of spaces one level below", *KINDS)
    descendants = page(descendants_of(models.Space), "所有下级 All spaces below, in tree order", *KINDS, more=(DEPTH,))

    community = related(one(models.Space.community_id, models.Space), "小区 Nearest community, which may be this one")
    org = related(one(models.Space.org_id, models.Org), "业务组织 Business organisation that owns the community")
    space_location = related(one_back(models.SpaceLocation.space_id), "项目地址 Address of a community")
    parking_detail = related(one_back(models.ParkingDetail.space_id), "车位详情 Details of a parking place")
    property_relations = collection(
        many(models.PropertyRelation.space_id), "产权关系 Who owns or rents the space, or did"
    )
    customers = collection(
        through(models.PropertyRelation.space_id, models.PropertyRelation.customer_id, models.Customer, VALID),
        "客户 Who owns or rents the space now",
    )
    housing_records = collection(many(models.HousingRecord.space_id), "住房日志 Housing log of the space")
    verifications = collection(many(models.Verification.space_id), "信息认证 Claims on the space")


@entity(models.SpaceLocation)
class SpaceLocation:
    """项目地址 The address of a community (document 003, 4.2)."""

    province = column()
    city = column()
    district = column()
    street = column()
    longitude = column()
    latitude = column()
    picture = column()
    space_id = column()
    space = related(one(models.SpaceLocation.space_id, models.Space), "小区 The community")
