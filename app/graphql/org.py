"""Org in GraphQL: organisations, administrative and business."""

from sqlalchemy import BigInteger, cast, func, select, true, union_all
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import aliased

from app import models
from app.access.app_users import CLAIMED_GRANTS
from app.access.customers import HOLDINGS
from app.access.menu_trees import RANGE_OF_ORGS
from app.access.staffing import ADMINISTRATORS, GRANTEES, GROUPS_OF_ORGS, SERVING_STAFF, STAFF_OF_ORGS
from app.declarations.arguments import DEPTH
from app.declarations.entity import collection, column, count, entity, exists, page, related
from app.declarations.mutations import Writes
from app.graphql.summary import of_orgs
from app.loaders.arguments import Argument, OtherThan
from app.loaders.edges import above, below, children_of, descendants_of, many, one, through, top, without
from app.loaders.links import subtree_end
from app.models.space import SpaceType
from app.services import tenant
from app.services.org import (
    CAPABILITY,
    create_orgs,
    delete_orgs,
    move_orgs,
    set_org_statuses,
    update_orgs,
    upsert_orgs,
)
from app.services.org_inputs import CreateOrg, DeleteOrg, MoveOrg, SetOrgStatus, UpdateOrg, UpsertOrg
from app.services.tenant import InitialiseTenant, initialise_tenants

CUSTOMERS = union_all(
    select(models.Customer.top_org_id.label("org_id"), models.Customer.id.label("customer_id")),
    select(models.CustomerOrg.org_id, models.CustomerOrg.customer_id),
).subquery("known")
"""The customers of an organisation: its own, if it is a top organisation, and those that it knows."""

STAFF = union_all(
    select(models.Admin.org_id, models.Admin.id.label("admin_id")),
    select(models.AdminGrant.org_id, models.AdminGrant.admin_id),
).subquery("staff")
"""The staff of an organisation: its own, and those who hold a role in it."""

OTHER, UPPER, SERVING = aliased(models.OrgRelation), aliased(models.Org), aliased(models.Org)

OUTERMOST = (
    select(models.OrgRelation.business_org_id, models.OrgRelation.administrative_org_id)
    .join(SERVING, SERVING.id == models.OrgRelation.administrative_org_id)
    .where(
        ~select(OTHER.id)
        .where(OTHER.business_org_id == models.OrgRelation.business_org_id, UPPER.id == OTHER.administrative_org_id)
        .where(SERVING.path.startswith(UPPER.path), SERVING.id != UPPER.id)
        .exists()
    )
    .subquery("outermost")
)
"""The relations of a business organisation without those contained in another one of it (document 003, 3.15)."""

SERVING_ADMINS = through(SERVING_STAFF.c.org_id, SERVING_STAFF.c.admin_id, models.Admin)
HOLDERS = through(models.AdminGrant.org_id, models.AdminGrant.admin_id, models.Admin)
ADMINISTERING = through(ADMINISTRATORS.c.org_id, ADMINISTRATORS.c.admin_id, models.Admin)

TOP, BUSINESS = aliased(models.Org), aliased(models.Org)

SERVED = (
    select(TOP.id.label("org_id"), models.Org.id.label("served_by"))
    .select_from(TOP)
    .join(BUSINESS, BUSINESS.path.between(TOP.path, subtree_end(TOP.path.expression)))
    .join(models.OrgRelation, models.OrgRelation.business_org_id == BUSINESS.id)
    .join(SERVING, SERVING.id == models.OrgRelation.administrative_org_id)
    .join(models.Org, models.Org.path.between(SERVING.path, subtree_end(SERVING.path.expression)))
    .subquery("served")
)
"""Administrative organisations that serve one or one below it, and those below these (document 003, 3.5A)."""

STEP = (
    func.string_to_table(func.rtrim(models.Space.org_path, "/"), "/").table_valued("id", name="step").render_derived()
)

WITH_COMMUNITY = (
    select(TOP.id.label("org_id"), cast(STEP.c.id, BigInteger).label("on_path"))
    .select_from(TOP)
    .join(models.Space, models.Space.org_path.between(TOP.path, subtree_end(TOP.path.expression)))
    .join(STEP, true())
    .where(models.Space.type == SpaceType.COMMUNITY)
    .subquery("with_community")
)
"""Organisations on the paths to the owners of the communities at or below one (document 003, 3.19)."""

COMMUNITY_OF = (
    select(models.Space.org_id, models.Space.id.label("space_id"))
    .where(models.Space.type == SpaceType.COMMUNITY)
    .ext(distinct_on(models.Space.org_id))
    .order_by(models.Space.org_id, models.Space.depth, models.Space.id)
    .subquery("community_of")
)
"""The first of the outermost communities that an organisation owns itself (document 003, 4.9 and 4.18)."""

GRANTS_OF_ORG = many(models.AppGrant.org_id)
APP_ID = Argument("appId", models.AppGrant.app_id, is_needed=True)
APP_TYPE = Argument("appType", models.AppGrant.app_type, is_needed=True)

KINDS = (Argument("type", models.Org.type), Argument("status", models.Org.status))


@entity(models.Org)
class Org:
    """组织 An organisation: a node of the administrative or of the business tree (document 003, part 3)."""

    type = column()
    administrative_sub_type = column()
    business_sub_type = column()
    name = column()
    full_name = column()
    code = column()
    status = column()
    depth = column()
    path = column()
    parent_id = column()
    fourgrid_id = column()
    fourgrid_parent_id = column()

    parent = related(one(models.Org.parent_id, models.Org), "上级 The organisation one level above")
    root = related(top(models.Org), "顶级组织 The top organisation of the tree, which may be this one")
    ancestors = related(above(models.Org), "所有上级 Organisations above, root first")
    children = related(children_of(models.Org), "下级 Organisations one level below", *KINDS)
    child_count = count(children_of(models.Org), "下级数量 Number of organisations one level below", *KINDS)
    descendants = page(
        descendants_of(models.Org), "所有下级 All organisations below, in tree order", *KINDS, more=(DEPTH,)
    )

    administrative_orgs = related(
        through(models.OrgRelation.business_org_id, models.OrgRelation.administrative_org_id, models.Org),
        "关联的行政组织 Administrative organisations that serve this business organisation",
    )
    outermost_administrative_orgs = related(
        through(OUTERMOST.c.business_org_id, OUTERMOST.c.administrative_org_id, models.Org),
        "关联的行政组织（去掉包含关系） Those administrative organisations, without any below another one of them",
    )
    administrative_org_relations = related(
        many(models.OrgRelation.business_org_id), "行政组织关联 Relations to administrative organisations"
    )
    business_org_relations = collection(
        many(models.OrgRelation.administrative_org_id), "业务组织关联 Relations to business organisations"
    )
    business_orgs = collection(
        through(models.OrgRelation.administrative_org_id, models.OrgRelation.business_org_id, models.Org),
        "关联的业务组织 Business organisations that this administrative organisation serves",
    )
    administrative_range = related(
        through(SERVED.c.org_id, SERVED.c.served_by, models.Org).ordered_by(models.Org.sort_key),
        "行政组织范围 Administrative organisations that serve this business organisation or one below it, and those"
        " below these, in tree order",
    )
    community = related(
        through(COMMUNITY_OF.c.org_id, COMMUNITY_OF.c.space_id, models.Space).to_one(),
        "小区 The community that this business organisation owns itself; of several the first",
    )
    community_orgs = collection(
        through(WITH_COMMUNITY.c.org_id, WITH_COMMUNITY.c.on_path, models.Org).ordered_by(models.Org.sort_key),
        "有小区的组织 Organisations on the paths from the top to the owners of those communities, in tree order",
    )
    communities = collection(
        below(models.Space.org_path, models.Space.type == SpaceType.COMMUNITY),
        "小区 Communities that this business organisation or one below it owns",
    )
    work_orders = collection(
        below(models.WorkOrder.space_org_path),
        "服务单 Repairs in the communities of this business organisation and of those below it",
    )
    work_order_categories = collection(
        many(models.WorkOrderCategory.top_org_id), "报修类型 Categories of repairs of a top business organisation"
    )
    summary = of_orgs()
    menus = collection(
        through(models.OrgMenu.org_id, models.OrgMenu.menu_id, models.Menu).ordered_by(models.Menu.sort_key),
        "菜单 Menus that the organisation may use, in tree order",
    )
    menu_range = collection(
        through(RANGE_OF_ORGS.c.org_id, RANGE_OF_ORGS.c.menu_id, models.Menu).ordered_by(models.Menu.sort_key),
        "菜单范围 Menus to choose from for its roles, and the menus above them, in tree order; all for the super",
    )
    org_menus = collection(many(models.OrgMenu.org_id), "菜单授权 Menus that the organisation may use, as records")
    org_roles = collection(many(models.OrgRole.org_id), "角色关联 Roles that the organisation has, as records")
    org_role_menus = collection(many(models.OrgRoleMenu.org_id), "角色菜单 Menus that roles give in the organisation")
    roles = collection(
        through(models.OrgRole.org_id, models.OrgRole.role_id, models.Role), "角色 Roles that the organisation has"
    )
    admins = collection(
        through(STAFF.c.org_id, STAFF.c.admin_id, models.Admin),
        "员工 Staff of the organisation, or who hold a role in it",
    )
    staff = collection(
        through(STAFF_OF_ORGS.c.org_id, STAFF_OF_ORGS.c.admin_id, models.Admin),
        "组织员工 Staff of an administrative organisation and of those below it; of a business one, staff of the"
        " administrative organisations that serve it or one below it, and of those below these",
    )
    grantees = collection(
        through(GRANTEES.c.org_id, GRANTEES.c.admin_id, models.Admin),
        "已授权员工 Staff who hold a role, or the given one, in the organisation; the super administrator sees holders"
        " of the built-in role",
        Argument("roleId", models.AdminGrant.role_id, on_link=True, compared=GRANTEES.c.role_id),
    )
    grantable_admins = collection(
        without(SERVING_ADMINS, HOLDERS),
        "未被授权的员工 Staff of the administrative organisations that serve the organisation, and of those below, who"
        " do not hold the given role in it, or any",
        Argument("roleId", models.AdminGrant.role_id, on_link=True),
    )
    administrators = collection(
        ADMINISTERING, "管理员 Staff who hold the built-in administrator role in the organisation or above it"
    )
    appointable_admins = collection(
        without(SERVING_ADMINS, ADMINISTERING),
        "可关联的管理员 Staff of the administrative organisations that serve the organisation, and of those below, who"
        " are no administrators of it",
    )
    admin_groups = related(many(models.AdminGroup.org_id), "员工分组 Groups of staff")
    admin_groups_below = collection(
        through(GROUPS_OF_ORGS.c.org_id, GROUPS_OF_ORGS.c.group_id, models.AdminGroup),
        "下级员工分组 Groups of staff of the organisation and of those below it",
    )
    admin_grants = collection(many(models.AdminGrant.org_id), "员工授权 Roles that staff hold in the organisation")
    app_grants = related(GRANTS_OF_ORG, "App授权 Apps that may serve the organisation")
    is_granted_to_app = exists(
        GRANTS_OF_ORG, "已授权给该App Whether the app may serve the organisation (document 003, 14.1)", APP_ID, APP_TYPE
    )
    is_granted_to_other_app = exists(
        GRANTS_OF_ORG,
        "已授权给其他App Whether another app of the type serves the organisation, so that this one cannot",
        OtherThan("appId", models.AppGrant.app_id, is_needed=True),
        APP_TYPE,
    )
    is_bound_to_app = exists(
        through(CLAIMED_GRANTS.c.org_id, CLAIMED_GRANTS.c.grant_id, models.AppGrant),
        "不可解绑 Whether the app keeps the organisation, because its users have approved claims there",
        Argument("appId", models.AppGrant.app_id, on_link=True, compared=CLAIMED_GRANTS.c.app_id, is_needed=True),
        Argument("appType", models.AppGrant.app_type, on_link=True, compared=CLAIMED_GRANTS.c.app_type, is_needed=True),
    )
    spaces = collection(many(models.Space.org_id), "空间 Spaces of the communities that the organisation owns itself")
    customers = collection(
        through(CUSTOMERS.c.org_id, CUSTOMERS.c.customer_id, models.Customer),
        "客户 Customers of a top organisation, or that the organisation knows",
    )
    is_related_to_customer = exists(
        many(models.CustomerOrg.org_id),
        "是否选中 Whether the given customer, or any, is related to the organisation (document 003, 10.7)",
        Argument("customerId", models.CustomerOrg.customer_id),
    )
    has_property_relations = exists(
        through(HOLDINGS.c.org_id, HOLDINGS.c.relation_id, models.PropertyRelation),
        "是否有产权 Whether the given customer, or any, holds property in communities that the organisation owns"
        " itself; the relation to such a customer stays (document 003, 10.7)",
        Argument("customerId", models.PropertyRelation.customer_id, on_link=True, compared=HOLDINGS.c.customer_id),
    )


WRITES, TENANTS = Writes(models.Org, CAPABILITY), Writes(models.Org, tenant.CAPABILITY)

MUTATIONS = {
    "create_org": WRITES.one(
        "组织新增 Create an organisation (document 003, 3.1).", create_orgs, CreateOrg, shares=True
    ),
    "create_orgs": WRITES.bulk(
        "组织批量新增 Create organisations (document 003, 3.1).", create_orgs, CreateOrg, shares=True
    ),
    "upsert_orgs": WRITES.bulk(
        "组织同步 Create or change organisations of another system, by their keys there.", upsert_orgs, UpsertOrg
    ),
    "update_org": WRITES.one(
        "组织修改 Change an organisation (document 003, 3.2); the full names below follow.", update_orgs, UpdateOrg
    ),
    "set_org_status": WRITES.one("启用禁用 Enable or disable an organisation.", set_org_statuses, SetOrgStatus),
    "move_org": WRITES.one(
        "组织移动 Move an organisation with all below it; paths, codes and full names follow.", move_orgs, MoveOrg
    ),
    "delete_org": WRITES.deletion(
        "组织删除 Delete an organisation that nothing needs (document 003, 3.14).", delete_orgs, DeleteOrg
    ),
    "initialise_tenant": TENANTS.one(
        "租户初始化 Create a tenant with its top organisations, menus and administrator (document 003, 18).",
        initialise_tenants,
        InitialiseTenant,
    ),
}
"""What may be written of organisations, by the names of the fields."""
