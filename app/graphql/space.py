"""Space in GraphQL: communities down to houses and parking places."""

from collections.abc import Sequence

from sqlalchemy import literal_column, or_

from app import models
from app.access.staffing import ROLES_IN_SPACE
from app.declarations.arguments import DEPTH
from app.declarations.entity import collection, column, computed, count, entity, exists, made, page, related
from app.declarations.mutations import Writes
from app.declarations.types import choice_type
from app.graphql.customer import VALID
from app.graphql.summary import of_spaces
from app.loaders.arguments import Argument
from app.loaders.comparisons import among
from app.loaders.edges import above, below, children_of, descendants_of, many, nearest, one, one_back, through, top
from app.models.space import CATEGORY_OF_TYPE, CHILD_TYPES, PHYSICAL_TYPES, SpaceCategory, SpaceType
from app.models.verification import VerificationStatus
from app.services.space import (
    CAPABILITY,
    create_spaces,
    move_spaces,
    set_community_orgs,
    set_space_statuses,
    update_spaces,
    upsert_spaces,
)
from app.services.space_deletion import delete_space_trees, delete_spaces
from app.services.space_details import (
    DeleteSpaceLocation,
    SetSpaceLocation,
    delete_space_locations,
    set_space_locations,
)
from app.services.space_inputs import (
    CreateSpace,
    DeleteSpace,
    DeleteSpaceTree,
    MoveSpace,
    SetCommunityOrg,
    SetSpaceStatus,
    UpdateSpace,
    UpsertSpace,
)

STATUS = Argument("status", models.Space.status)
CURRENT = or_(
    *(
        models.Verification.status.expression == literal_column(f"'{status}'")
        for status in (VerificationStatus.PENDING, VerificationStatus.APPROVED)
    )
)
"""The claims that are pending or approved, as literals: with parameters, a plan may not use the partial index."""

KINDS = (Argument("type", models.Space.type), STATUS)


def child_types(_is_unmasked: bool, type_: str) -> Sequence[SpaceType]:  # noqa: FBT001 - read by position
    """Return the types that may lie below a type."""
    return CHILD_TYPES[SpaceType[type_]]


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
    child_types = made(
        list[choice_type(SpaceType)],  # type: ignore[misc]
        "下级类型 Types that a space one level below may have",
        child_types,
        (models.Space.type,),
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
    physical_space_count = count(
        many(models.Space.parent_id, among(models.Space.type.expression, [*PHYSICAL_TYPES])),
        "物理空间数量 Number of structures, car parks and public areas one level below (document 003, 4.20)",
        STATUS,
    )
    descendants = page(descendants_of(models.Space), "所有下级 All spaces below, in tree order", *KINDS, more=(DEPTH,))
    descendant_count = count(descendants_of(models.Space), "所有下级数量 Number of spaces below, on any level", *KINDS)

    summary = of_spaces()

    community = related(one(models.Space.community_id, models.Space), "小区 Nearest community, which may be this one")
    car_park = related(
        nearest(models.Space, models.Space.type == SpaceType.PARK),
        "车场 Nearest car park that the space is part of, which may be this one",
    )
    org = related(one(models.Space.org_id, models.Org), "业务组织 Business organisation that owns the community")
    space_location = related(one_back(models.SpaceLocation.space_id), "项目地址 Address of a community")
    parking_detail = related(one_back(models.ParkingDetail.space_id), "车位详情 Details of a parking place")
    property_relations = collection(
        many(models.PropertyRelation.space_id), "产权关系 Who owns or rents the space, or did"
    )
    has_current_verification = exists(
        below(models.Verification.space_path, CURRENT),
        "是否有认证 Whether a claim on the space, or on one below it, is pending or approved (document 003, 12.5)",
    )
    has_valid_property = exists(
        below(models.PropertyRelation.space_path, VALID),
        "是否有有效产权 Whether somebody owns or rents the space, or one below it, now (document 003, 11.10)",
    )
    customers = collection(
        through(models.PropertyRelation.space_id, models.PropertyRelation.customer_id, models.Customer, VALID),
        "客户 Who owns or rents the space now",
    )
    roles = collection(
        through(ROLES_IN_SPACE.c.space_id, ROLES_IN_SPACE.c.role_id, models.Role),
        "角色 Roles that staff, or the given member of staff, hold in the organisation of the space",
        Argument("adminId", models.AdminGrant.admin_id, on_link=True, compared=ROLES_IN_SPACE.c.admin_id),
    )
    housing_records = collection(many(models.HousingRecord.space_id), "住房日志 Housing log of the space")
    verifications = collection(many(models.Verification.space_id), "信息认证 Claims on the space")
    work_orders = collection(many(models.WorkOrder.space_id), "服务单 Repairs of the house")


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


WRITES, LOCATION_WRITES = Writes(models.Space, CAPABILITY), Writes(models.SpaceLocation, CAPABILITY)

MUTATIONS = {
    "create_space": WRITES.one("空间新增 Create a space (document 003, 4.1).", create_spaces, CreateSpace, shares=True),
    "create_spaces": WRITES.bulk(
        "空间批量新增 Create spaces (document 003, 4.14).", create_spaces, CreateSpace, shares=True
    ),
    "upsert_spaces": WRITES.bulk(
        "空间同步 Create or change spaces of another system, by their keys there.", upsert_spaces, UpsertSpace
    ),
    "update_space": WRITES.one(
        "空间修改 Change a space (document 003, 4.9); the full names below follow.", update_spaces, UpdateSpace
    ),
    "update_spaces": WRITES.bulk("空间批量修改 Change spaces (document 003, 4.14).", update_spaces, UpdateSpace),
    "set_space_status": WRITES.one(
        "启用禁用 Declare a space valid or invalid (document 003, 4.9).", set_space_statuses, SetSpaceStatus
    ),
    "move_space": WRITES.one(
        "空间移动 Move a space with all below it; paths, codes, names and owners follow.", move_spaces, MoveSpace
    ),
    "move_spaces": WRITES.bulk("空间批量移动 Move spaces (document 003, 4.14).", move_spaces, MoveSpace),
    "set_community_org": WRITES.one(
        "小区关联业务组织 Relate a community to a business organisation (document 003, 4.9).",
        set_community_orgs,
        SetCommunityOrg,
    ),
    "delete_space": WRITES.deletion(
        "空间删除 Delete a space that nothing needs (document 003, 4.17).", delete_spaces, DeleteSpace
    ),
    "delete_space_tree": WRITES.deletion(
        "级联删除空间 Delete a space with everything below it, unless property below is held or claimed"
        " (document 003, 4.13).",
        delete_space_trees,
        DeleteSpaceTree,
    ),
    "set_space_location": LOCATION_WRITES.one(
        "项目地址 Set the address of a community (document 003, 4.2).", set_space_locations, SetSpaceLocation
    ),
    "delete_space_location": LOCATION_WRITES.deletion(
        "删除项目地址 Delete the address of a community.", delete_space_locations, DeleteSpaceLocation
    ),
}
"""What may be written of spaces, by the names of the fields."""
