"""Change in GraphQL: the record of every change, for auditors and for programs that follow it."""

from dataclasses import replace

from app import models
from app.access.capabilities import SUPER
from app.access.policies import IS_SUPER
from app.declarations.differences import Difference, changed_names, differences, disclosures
from app.declarations.entity import column, entity, made, related, search
from app.declarations.field import Field
from app.declarations.mutations import Writes
from app.loaders.edges import one
from app.loaders.lists import all_rows
from app.loaders.order import Order
from app.models.property import IS_VALID, VALID_NAMES
from app.models.space import SpaceType
from app.services import admin_deletion, admin_records
from app.services.admin import set_admins_enabled, update_admins
from app.services.admin_group import UpdateAdminGroup, update_admin_groups
from app.services.admin_inputs import SetAdminEnabled, UpdateAdmin
from app.services.customer import update_customers
from app.services.customer_deletion import GO_ALONG as GO_ALONG_WITH_CUSTOMERS
from app.services.customer_inputs import UpdateCustomer
from app.services.menu import MENU, move_menus, update_menus
from app.services.menu_guidance import SetMenuGuidance, set_menu_guidances
from app.services.menu_inputs import MoveMenu, UpdateMenu
from app.services.org import ORG, move_orgs, set_org_statuses, update_orgs
from app.services.org_inputs import MoveOrg, SetOrgStatus, UpdateOrg
from app.services.property_inputs import UpdatePropertyRelation
from app.services.property_relation import update_property_relations
from app.services.restorable import Restorable, Restored
from app.services.role import UpdateRole, update_roles
from app.services.space import SPACE, move_spaces, set_community_orgs, set_space_statuses, update_spaces
from app.services.space_deletion import GO_ALONG
from app.services.space_details import SetParkingDetail, SetSpaceLocation, set_parking_details, set_space_locations
from app.services.space_inputs import MoveSpace, SetCommunityOrg, SetSpaceStatus, UpdateSpace
from app.services.work_order_category import update_categories
from app.services.work_order_inputs import UpdateWorkOrderCategory

IMAGES = (models.Change.before, models.Change.after)

BY_SUPER = "coalesce((deleted.before ->> 'is_granted_by_super')::boolean, false)"
OF_BUILT_IN = "deleted.is_of_built_in"
"""What only the super administrator grants (document 003, 1.3 and 6.15), and so brings back."""


# No list has as many records: its ids follow time, and a search for parts of names would read them all.
@entity(models.Change, ordered_by=frozenset({"id"}), exact=frozenset({"entity", "client", "requestId"}))
class Change:
    """变更记录 One change of one record: who, when, why, and what differs (docs/changes.md)."""

    time = column()
    operation = column()
    entity = column()
    entity_id = column()
    actor_id = column()
    actor_account = column()
    client = column()
    request_id = column()
    traceparent = column()
    reason = column()
    transaction_id = column()
    org_id = column()
    changed_fields = made(
        list[str],
        "变更字段 The fields that an update changed; empty for other operations",
        changed_names,
        (models.Change.entity, models.Change.changed_fields),
    )
    differences = made(
        list[Difference],
        "差异 The fields with their values before and after the change; of a new or deleted record, those with a value",
        differences,
        (models.Change.entity, models.Change.entity_id, *IMAGES),
        disclosures,
    )

    actor = related(one(models.Change.actor_id, models.Admin), "操作人 The member of staff who made the change")
    org = related(one(models.Change.org_id, models.Org), "组织 Organisation that the record belonged to")


IS_RELATED = (
    "exists (select from org_relation other"
    " where other.business_org_id = (deleted.before ->> 'business_org_id')::bigint)"
)
"""The super administrator relates one administrative organisation to each business one (document 003, 18.2)."""

OUT_OF_RANGE = """not exists (
  select from org_relation other
  join org served on served.id = other.business_org_id
  join org serving on serving.id = other.administrative_org_id
  join org business on business.id = (deleted.before ->> 'business_org_id')::bigint
  join org administrative on administrative.id = (deleted.before ->> 'administrative_org_id')::bigint
  where split_part(served.path, '/', 1) = split_part(business.path, '/', 1) and administrative.path ^@ serving.path
)"""
"""Only administrative organisations that serve the tenant are in the range of others (document 003, 3.5A)."""

IS_HELD = f"""deleted.before ->> 'housing_status' in ({VALID_NAMES}) and exists (
  select from property_relation other
  where other.space_id = (deleted.before ->> 'space_id')::bigint and other.{IS_VALID}
  and (other.customer_id = (deleted.before ->> 'customer_id')::bigint
    or other.is_main and (deleted.before ->> 'is_main')::boolean)
)"""
"""The customer has another valid relation with the space, or the space has another main owner."""
HAS_OTHER_APP = (
    "exists (select from app_grant other where other.org_id = (deleted.before ->> 'org_id')::bigint"
    " and other.app_type = deleted.before ->> 'app_type')"
)
"""One app of a type serves an organisation (document 003, 14.1)."""

RESTORABLE = {
    "组织恢复": Restorable(
        models.Org,
        "org.write",
        (Restored(update_orgs, UpdateOrg), Restored(set_org_statuses, SetOrgStatus), Restored(move_orgs, MoveOrg)),
        ("parent_id", ORG),
    ),
    "组织关联恢复": Restorable(
        models.OrgRelation,
        "org.write",
        above=("business_org_id", ORG),
        reserved=OUT_OF_RANGE,
        replaced=f"{IS_SUPER} and {IS_RELATED}",
    ),
    "空间恢复": Restorable(
        models.Space,
        "space.write",
        (
            Restored(update_spaces, UpdateSpace),
            Restored(set_space_statuses, SetSpaceStatus),
            Restored(move_spaces, MoveSpace),
            Restored(set_community_orgs, SetCommunityOrg, SpaceType.COMMUNITY),
        ),
        ("parent_id", SPACE),
        GO_ALONG,
        owns=f"deleted.before ->> 'type' = '{SpaceType.COMMUNITY}'",
    ),
    "项目地址恢复": Restorable(
        models.SpaceLocation, "space.write", (Restored(set_space_locations, SetSpaceLocation),), ("space_id", SPACE)
    ),
    "车位详情恢复": Restorable(
        models.ParkingDetail, "space.write", (Restored(set_parking_details, SetParkingDetail),), ("space_id", SPACE)
    ),
    "产权关系恢复": Restorable(
        models.PropertyRelation,
        "property.write",
        (Restored(update_property_relations, UpdatePropertyRelation),),
        ("space_id", SPACE),
        ("housing_record",),
        "property_relation_id",
        replaced=IS_HELD,
    ),
    "认证恢复": Restorable(models.Verification, "verification.review", above=("space_id", SPACE)),
    "服务单恢复": Restorable(
        models.WorkOrder, "work_order.write", (), ("space_id", SPACE), ("work_order_step",), "work_order_id"
    ),
    "报修类型恢复": Restorable(
        models.WorkOrderCategory,
        "work_order.write",
        (Restored(update_categories, UpdateWorkOrderCategory),),
        ("top_org_id", ORG),
    ),
    "菜单恢复": Restorable(
        models.Menu,
        SUPER,
        (Restored(update_menus, UpdateMenu), Restored(move_menus, MoveMenu)),
        ("parent_id", MENU),
        ("menu_guidance",),
        "menu_id",
    ),
    "操作指引恢复": Restorable(
        models.MenuGuidance, SUPER, (Restored(set_menu_guidances, SetMenuGuidance),), ("menu_id", MENU)
    ),
    "菜单授权恢复": Restorable(models.OrgMenu, "menu.write", above=("org_id", ORG), reserved=BY_SUPER),
    "角色恢复": Restorable(
        models.Role,
        "role.grant",
        (Restored(update_roles, UpdateRole),),
        along=("client_grant", "admin_grant", "org_role_menu", "org_role"),
        along_by="role_id",
    ),
    "组织角色恢复": Restorable(
        models.OrgRole, "role.grant", above=("org_id", ORG), reserved=f"{BY_SUPER} or {OF_BUILT_IN}"
    ),
    "角色菜单恢复": Restorable(models.OrgRoleMenu, "role.grant", above=("org_id", ORG), reserved=BY_SUPER),
    "客户恢复": Restorable(
        models.Customer,
        "customer.write",
        (Restored(update_customers, UpdateCustomer),),
        along=GO_ALONG_WITH_CUSTOMERS,
        along_by="customer_id",
        owns="true",
    ),
    "App授权恢复": Restorable(models.AppGrant, "app.grant", above=("org_id", ORG), replaced=HAS_OTHER_APP),
    "员工授权恢复": Restorable(
        models.AdminGrant, "role.grant", above=("org_id", ORG), reserved=f"{BY_SUPER} or {OF_BUILT_IN}"
    ),
    "员工恢复": Restorable(
        models.Admin,
        admin_records.CAPABILITY,
        (Restored(update_admins, UpdateAdmin), Restored(set_admins_enabled, SetAdminEnabled)),
        along=admin_deletion.GO_ALONG,
        along_by="admin_id",
        by_policy=True,
    ),
    "员工分组恢复": Restorable(
        models.AdminGroup,
        admin_records.CAPABILITY,
        (Restored(update_admin_groups, UpdateAdminGroup),),
        above=("org_id", ORG),
    ),
    "分组成员恢复": Restorable(models.AdminGroupMember, admin_records.CAPABILITY, by_policy=True),
}
"""How records come back, by the Chinese term of the mutation."""

MUTATIONS = {
    f"restore_{each.table}": Writes(each.model, each.capability).restoration(term, each)
    for term, each in RESTORABLE.items()
}
"""What may be restored, by the names of the fields."""


def changes() -> Field:
    """Declare the list of all changes, for auditors."""
    newest_first = replace(all_rows(models.Change), order=Order.by(models.Change.id, descending=True))
    description = "变更记录 All changes that the caller may see, page by page."
    return search(newest_first, description, "排序 Newest first by default")
