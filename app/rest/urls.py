"""Urls: every URL of the legacy API (document 003), one row each.

The rows of one URL are asked in their order; the first whose `when` accepts the request answers.
"""

from app.access.capabilities import SUPER
from app.rest.answers import (
    NO_PAGE,
    all_of,
    bare,
    batch,
    confirmed,
    constant,
    done,
    gathered,
    headed_page,
    in_order,
    joined,
    listed,
    one,
    one_of,
    page,
    page_if_asked,
    value,
)
from app.rest.customer_answers import first_or_none, with_orgs
from app.rest.org_answers import (
    CLASSES,
    ORG_TREE,
    administrative_range,
    business_range,
    community_tree,
    itself,
    org_search,
    top_trees,
    with_names,
)
from app.rest.parameters import BY_ID, NOTHING, STATUS, by
from app.rest.trees import OF_MENU, OF_ORG, OF_SPACE, forest, menu_trees, tree, trees
from app.rest.url import State, Url, also_bare
from app.rest.variables import apps, customers, events, menus, orgs, roles, space_details, space_writes, spaces, staff
from app.rest.variables import property as prop
from app.rest.variables import role_grants as grants
from app.rest.variables import staff_groups as groups
from app.rest.variables import verifications as claims
from app.rest.variables.conditions import has, has_list
from app.rest.verification_answers import CONFIRMATIONS, added, compared, detail

GUIDANCE, GUIDANCE_SET = one_of("menu", "menuGuidance"), one("setMenuGuidance.menuGuidance")
APPOINTED = listed("appointAdministrators.adminGrants")

IN_RANGE = by("create_org_id")
OUTERMOST = "org.outermostAdministrativeOrgs"
RELATED, ADDED = "relateAdministrativeOrgs.orgRelations", "addOrgRelations.orgRelations"
COMMUNITIES = {"result": None, "communitys": None}
EXCEPTION_DATA = {"returnExceptionData": False, "result": None, "data": None}

SYNCHRONISED, ADDRESS = one("upsertSpaces.spaces.0"), one("setSpaceLocation.spaceLocation")
COMMUNITY = gathered(
    space="spaces.space.0",
    location="spaces.around.0.location",
    buildingNum="spaces.around.0.buildingNum",
    parkNum="spaces.around.0.parkNum",
    houseNum="spaces.around.0.houseNum",
)
PARKING, PARKING_PLACE = (
    one("setParkingDetail.parkingDetail"),
    gathered(space="spaces.space.0", detail="spaces.detail.0"),
)
SPACES_OF_ORG = forest("org", "spaces.tops", "spaces.below", OF_SPACE, role=None)

MENUS_OF_ROLE, TREE_OF_ROLE = all_of("orgRoles.nodes.0.orgRoleMenus"), menu_trees("orgRoles.nodes.0.menuTree")
MENUS_SET = listed("setMenusOfRoles.orgRoleMenus")

ROLES_MADE = joined("createRoles.roles", "relations")
STAFF_PAGE = page("orgs.nodes.0.staff", "org.id.eq")

RELATION = "customer/house/relation"
COMMUNITIES_AT, COMMUNITY_LIST = f"{RELATION}/query/communitys", page_if_asked("spaces")
RELATION_MADE = one("createPropertyRelation.propertyRelation")
RELATION_CHANGED = one("updatePropertyRelation.propertyRelation")

IN_COMMUNITY = has("communityId")
NAMED_STAFF, STAFF_AROUND = page("orgs.nodes.0.staff", "named"), page("spaces.nodes.0.org.staff", "named")
BARE_STAFF, BARE_STAFF_AROUND = bare("orgs.nodes.0.staff.nodes"), bare("spaces.nodes.0.org.staff.nodes")

GROUP_PAGE = "adminGroup/query/page"
GROUPS_OF_ORG, AROUND = page("orgs.nodes.0.groups", "named"), page("spaces.nodes.0.org.groups", "named")
SAVED_GROUPS = in_order("result", "adminGroups", NO_PAGE)

URLS: tuple[Url, ...] = (
    # 1 What the super administrator alone does
    Url("1.1", "supper/menu/update", "UpdateMenu", menus.changed, one("updateMenu.menu"), has("id"), needs=SUPER),
    Url("1.1", "supper/menu/update", "CreateMenu", menus.CREATED, one("createMenu.menu"), needs=SUPER),
    Url("1.1A", "supper/menu/list", "Menus", menus.LISTED, page("menus"), needs=SUPER),
    Url("1.1B", "supper/menu/tree", "MenuTree", NOTHING, menu_trees("me.admin.menus"), needs=SUPER),
    Url("1.1C", "supper/menu/detail/{id}", "MenuDetail", BY_ID, one("menu"), needs=SUPER),
    Url("1.1D", "supper/guidance/update", "SetMenuGuidance", menus.GUIDANCE, GUIDANCE_SET, needs=SUPER),
    Url("1.1E", "supper/guidance/load/{menu_id}", "MenuGuidance", by("menu_id"), GUIDANCE, needs=SUPER),
    Url("1.2", "supper/menu/org/rel", "GrantMenus", menus.GRANTED, listed("grantMenus.orgMenus"), needs=SUPER),
    Url("1.3", "supper/orgRoleAdminRel/update", "AppointAdministrators", menus.APPOINTED, APPOINTED, needs=SUPER),
    Url("1.4", "supper/orgRoleAdminRel/unrel/{id}", "DismissAdministrators", menus.dismissed, done, needs=SUPER),
    Url("1.5", "supper/orgrolerel/query/nonpage", "RolesOfOrg", menus.ROLES_OF_ORG, listed("roles.nodes"), needs=SUPER),
    # 3 Organisations
    Url("3.1", "org/update", "CreateOrgs", orgs.all_created, batch("createOrgs.orgs"), has_list),
    Url("3.2", "org/update", "UpdateOrg", orgs.changed, one("updateOrg.org"), has("id")),
    Url("3.1", "org/update", "CreateOrg", orgs.created, one("createOrg.org")),
    Url("3.3", "org/sort", None, NOTHING, constant(CLASSES, {})),
    Url("3.4", "org/relative/tops", "TopOrgs", orgs.OF_TYPE, listed("orgs.nodes"), for_super=True),
    Url("3.4", "org/relative/tops", "BusinessTop", BY_ID, itself, orgs.is_business, for_super=False),
    Url("3.4", "org/relative/tops", "AdministrativeTops", BY_ID, all_of(OUTERMOST), for_super=False),
    Url("3.5", "org/tree/{org_id}/{org_type}", "OrgSearch", orgs.searched, org_search, has("org_name")),
    Url("3.5", "org/tree/{org_id}/{org_type}", "OrgTree", orgs.TREE, ORG_TREE),
    Url("3.5A", "org/trees/range", "TopTrees", orgs.OF_TYPE, top_trees, for_super=True),
    Url("3.5A", "org/trees/range", "BusinessRange", IN_RANGE, business_range, orgs.is_business, for_super=False),
    Url("3.5A", "org/trees/range", "AdministrativeRange", IN_RANGE, administrative_range, for_super=False),
    Url("3.6", "org/detail/{id}", "OrgDetail", BY_ID, one("org")),
    Url("3.7", "org/detail/rel/{id}", "OrgWithRelations", BY_ID, with_names),
    *also_bare(Url("3.8", "org/browse/{id}/{org_type}/{sub_type}", "OrgsOfKind", orgs.BROWSED, page("orgs"))),
    Url("3.9", "org/sub/list", "OrgsBelow", orgs.BELOW, headed_page("top", "below")),
    Url("3.10", "orgrel/business_admin_rel", "RelateAdministrativeOrgs", orgs.SERVED, listed(RELATED)),
    Url("3.11", "orgrel/admin_business_rel", "AddOrgRelations", orgs.SERVING, listed(ADDED), state=State.DEPRECATED),
    Url("3.13", "org/trees/logined/{admin_id}", "OrgTrees", orgs.logged_in, trees("me.admin.businessOrgs", OF_ORG)),
    Url("3.14", "org/set", "SetOrgStatus", STATUS, done),
    Url("3.14", "org/delete/{id}/{org_type}", "DeleteOrg", orgs.DELETED, confirmed),
    Url("3.15", "org/relation/admin/orgs/{id}", "OutermostOrgs", BY_ID, all_of(OUTERMOST)),
    Url("3.16", "org/relation/admin/names/{id}", "ServingNames", BY_ID, all_of("org.administrativeOrgs")),
    Url("3.17", "org/relation/admin/{id}", "ServingRelations", BY_ID, one("org.administrativeOrgRelations")),
    Url("3.18", "org/get/{org_id}", "ChosenOrg", by("org_id"), one("org")),
    Url("3.19", "org/containCommunity/orgFullTree", "CommunityOrgs", by("authOrgId"), community_tree, more=COMMUNITIES),
    Url("3.20", "org/loginmenus", "OrgMenus", NOTHING, trees("me.admin.menus", OF_MENU), works_in=orgs.SWITCHED),
    Url("3.21", "org/getTopOrg/{id}", "RootOrg", BY_ID, one("org.root"), more=EXCEPTION_DATA),
    # 4 Spaces
    Url("4.1", "space/update", "WriteSpaces", space_writes.batch_of, in_order("results"), has_list),
    Url("4.9", "space/update", "UpdateSpace", space_writes.changed, one("setCommunityOrg.space"), has("id")),
    Url("4.9", "space/update", "UpsertSpace", space_writes.synchronised, SYNCHRONISED, space_writes.is_fourgrid),
    Url("4.1", "space/update", "CreateSpace", space_writes.created, one("createSpace.space")),
    Url("4.2", "spacelocation/add", "SetSpaceLocation", space_details.NEW_ADDRESS, ADDRESS),
    Url("4.3", "spacelocation/edit", "SetSpaceLocation", space_details.CHANGED_ADDRESS, ADDRESS),
    Url("4.4", "space/detail/{id}", "SpaceDetail", BY_ID, one("space")),
    Url("4.5", "space/detail/community/{id}", "CommunityDetail", BY_ID, COMMUNITY),
    Url("4.6", "spaceparkdetail/add", "SetParkingDetail", space_details.NEW_PARKING, PARKING),
    Url("4.7", "spaceparkdetail/edit", "SetParkingDetail", space_details.CHANGED_PARKING, PARKING),
    Url("4.8", "spaceparkdetail/detail/{id}", "ParkingPlace", BY_ID, PARKING_PLACE),
    Url("4.10", "space/tree/{id}", "SpaceTree", BY_ID, tree("top", "below.descendants.nodes", OF_SPACE)),
    Url("4.12", "space/list", "Spaces", spaces.LISTED, page("spaces")),
    Url("4.13", "space/delete", "DeleteSpaceTree", BY_ID, done, state=State.UNAVAILABLE),
    Url("4.14", "space/add/batch", "WriteSpaces", space_writes.batch, in_order("result"), takes_list=True),
    Url("4.15", "space/tree/org/{business_org_id}", "SpacesOfOrg", by("business_org_id"), SPACES_OF_ORG),
    Url("4.16", "space/change/effective", "SetSpaceStatus", STATUS, done),
    Url("4.17", "space/delete/{id}", "DeleteSpace", BY_ID, confirmed),
    Url("4.18", "space/query/projects", "Projects", orgs.projects, listed("orgs.nodes")),
    Url("4.19", "space/business/types", None, NOTHING, constant(spaces.BUSINESS_TYPES)),
    Url("4.20", "space/status/{id}", "SpaceStatus", BY_ID, one("space")),
    Url("4.21", "spaceparkdetail/detail/list", "ParkingPlaces", spaces.PLACES_OF_PROJECT, page("spaces")),
    Url("4.22", "org/community/logined/{admin_id}", "CommunitiesOfAdmin", by("admin_id"), all_of("admin.communities")),
    # 5 Menus of organisations and of roles
    Url("5.1", "orgmenu/rel", "GrantMenus", menus.GRANTED, listed("grantMenus.orgMenus")),
    Url("5.2", "orgmenu/trees/{org_id}", "MenuRangeOfOrg", by("org_id"), menu_trees("org.menuRange")),
    Url("5.2C", "orgmenu/rel/trees/{org_id}", "MenusOfOrg", by("org_id"), menu_trees("org.menus")),
    Url("5.2B", "orgmenu/trees/admin/{id}", "MenusOfAdmin", BY_ID, menu_trees("admin.menus")),
    *also_bare(
        Url("5.2A", "orgrolemenu/menuids/{org_id}/{role_id}", "MenuIdsOfRole", menus.OF_ROLE, one("orgRoles.nodes.0")),
        Url("5.3", "orgrolemenu/query/page", "RoleMenus", menus.ROLE_MENUS, page("me.orgRoles")),
        Url("5.4", "orgrolemenu/detail/{org_id}/{role_id}", "MenusOfRole", menus.OF_ROLE, MENUS_OF_ROLE),
        Url("5.4", "orgrolemenu/trees/{org_id}/{role_id}", "MenuTreeOfRole", menus.OF_ROLE, TREE_OF_ROLE),
        Url("5.5", "orgrolemenu/rel", "SetMenusOfRoles", menus.menus_set, MENUS_SET),
    ),
    # 6 Roles, and who holds them
    Url("6.1", "orgrolerel/query/page", "RolesPage", roles.PAGE, page("me.roles")),
    Url("6.2", "orgrolerel/remove", "RemoveRole", roles.REMOVED, done),
    Url("6.3", "orgrolerel/detail/{create_org_id}/{role_id}", "RoleDetail", roles.DETAIL, one("role")),
    Url("6.4", "orgrolerel/edit", "UpdateRole", roles.EDITED, listed("updateRole.role.relations.nodes")),
    Url("6.5", "orgrolerel/add/batch", "CreateRoles", roles.several_created, ROLES_MADE, state=State.DEPRECATED),
    Url("6.6", "orgrolerel/add", "CreateRole", roles.NEW, listed("createRole.role.relations")),
    Url("6.7", "orgroleadmin/rel", "GrantRole", grants.GRANTED, listed("grantRole.adminGrants")),
    Url("6.7A", "orgroleadmin/orgroles2admin/rel", "GrantRoles", grants.several, listed("grantRoles.adminGrants")),
    Url("6.9", "orgroleadmin/rel/reset", "SetRolesOfAdmin", grants.RESET, done, state=State.UNAVAILABLE),
    Url("6.11", "orgrolerel/list", "RoleRelations", roles.related_below, listed("orgRoles.nodes")),
    Url("6.12", "orgroleadmin/rel/admins", "RoleHolders", grants.STAFF, STAFF_PAGE),
    Url("6.12A", "orgroleadmin/rel/systemadmins", "BuiltInHolders", grants.BUILT_IN, page("admins"), needs=SUPER),
    Url("6.13", "orgroleadmin/unrel/admins", "GrantableStaff", grants.STAFF, STAFF_PAGE),
    Url("6.14", "orgrolerel/", "RoleRelations", roles.RELATED_IN, listed("orgRoles.nodes")),
    Url("6.14", "orgrolerel", "RoleRelations", roles.RELATED_IN, listed("orgRoles.nodes")),
    Url("6.15", "orgroleadmin/rel/delete", "RevokeRole", grants.REVOKED, done),
    Url("6.16", "orgroleadmin/grant/{id}", "RolesOfStaff", BY_ID, all_of("admin.grants")),
    Url("6.17", "orgroleadmin/{space_id}/{admin_id}", "RolesInSpace", grants.IN_SPACE, all_of("space.roles")),
    # 7 Staff
    Url("7.1", "admin/query/page", "StaffOfOrg", staff.OF_ORG, NAMED_STAFF, staff.names_org),
    Url("7.1", "admin/query/page", "AllStaff", staff.ALL, page("admins")),
    Url("7.3", "admin/update", "UpdateAdmin", staff.changed, one("updateAdmin.admin"), has("id")),
    Url("7.2", "admin/update", "UpsertAdmin", staff.synchronised, one("upsertAdmins.admins.0"), staff.has_key),
    Url("7.2", "admin/update", "CreateAdmin", staff.created, one("createAdmin.admin")),
    Url("7.4", "admin/delete", "DeleteAdmins", staff.deleted, confirmed, method="DELETE"),
    Url("7.5", "admin/change/effective", "SetAdminEnabled", staff.SWITCHED, confirmed),
    Url("7.6", "admin/detail", "StaffDetail", BY_ID, one("admin")),
    Url("7.6", "admin/detail/moreInfo", "StaffMore", BY_ID, one("admin"), more=EXCEPTION_DATA),
    Url("7.7", "admin/unique/validate", "ValidateAdmin", staff.VALIDATED, done),
    Url("7.8", "admin/update/pwd", "SetPassword", staff.RESET, confirmed),
    Url("7.9", "inner/admin/list", "InnerStaffOfCommunity", staff.INNER_LIST_AROUND, BARE_STAFF_AROUND, IN_COMMUNITY),
    Url("7.9", "inner/admin/list", "InnerStaffOfOrg", staff.INNER_LIST, BARE_STAFF),
    Url("7.10", "inner/admin/page", "InnerStaffOfCommunity", staff.INNER_PAGE_AROUND, STAFF_AROUND, IN_COMMUNITY),
    Url("7.10", "inner/admin/page", "InnerStaffOfOrg", staff.INNER_PAGE, NAMED_STAFF),
    # 8 Groups of staff
    Url("8.1", GROUP_PAGE, "CountedGroupsAround", groups.AROUND, AROUND, groups.counts_around, more=COMMUNITIES),
    Url("8.1", GROUP_PAGE, "GroupsAround", groups.AROUND, AROUND, groups.of_community, more=COMMUNITIES),
    Url("8.1", GROUP_PAGE, "CountedGroupsOfOrg", groups.OF_ORG, GROUPS_OF_ORG, groups.counts, more=COMMUNITIES),
    Url("8.1", GROUP_PAGE, "GroupsOfOrg", groups.OF_ORG, GROUPS_OF_ORG, more=COMMUNITIES),
    Url("8.3", "adminGroup/save", "SaveGroups", groups.saved, SAVED_GROUPS, groups.has_ids),
    Url("8.2", "adminGroup/save", "SaveGroups", groups.saved, SAVED_GROUPS),
    Url("8.4", "adminGroup/delete", "DeleteGroup", groups.DELETED, done),
    # 9 Members of groups
    Url("9.1", "adminGroupRel/query/page", "MembersOfGroup", groups.STAFF, page("adminGroup.staff")),
    Url("9.2", "adminGroupRel/delete", "RemoveGroupMembers", groups.REMOVED, done),
    Url("9.3", "adminGroupRel/available/admins", "AvailableForGroup", groups.STAFF, page("adminGroup.staff")),
    Url("9.4", "adminGroupRel/save", "AddGroupMembers", groups.ADDED, confirmed),
    # 10 Customers
    Url("10.1", "customer/4g/update", "SynchroniseCustomer", customers.synchronised, confirmed),
    Url("10.2", "customer/change/effective", "SetCustomerStatus", customers.STATUS, confirmed),
    Url("10.3", "customer/query/Identity", "CustomerByIdentity", customers.BY_DOCUMENT, first_or_none),
    Url("10.3", "customer/query/page", "Customers", customers.PAGE, page("customers")),
    Url("10.4", "customer/update", "UpsertCustomer", customers.changed, with_orgs),
    Url("10.5", "customer/update/brief", "UpsertCustomer", customers.briefly_changed, with_orgs),
    Url("10.6", "customer/detail", "CustomerDetail", BY_ID, one("customer.current")),
    Url("10.7", "customer/query/projects", "ProjectsOfCustomer", customers.projects, listed("orgs.nodes"), has("id")),
    Url("10.7", "customer/query/projects", "ProjectsToRelate", customers.projects, listed("orgs.nodes")),
    # 11 Property relations
    Url("11.1", COMMUNITIES_AT, "CommunitiesWithZones", prop.COMMUNITIES, COMMUNITY_LIST, prop.counts_zones),
    Url("11.1", COMMUNITIES_AT, "Communities", prop.COMMUNITIES, COMMUNITY_LIST),
    Url("11.2", f"{RELATION}/query/spaces", "SpacesBelow", prop.SPACES, page_if_asked("spaces")),
    Url("11.3", f"{RELATION}/update", "UpdatePropertyRelation", prop.CHANGED, RELATION_CHANGED, has("id")),
    Url("11.3", f"{RELATION}/update", "CreatePropertyRelation", prop.CREATED, RELATION_MADE),
    Url("11.4", f"{RELATION}/4g/update", "UpsertPropertyRelation", prop.SYNCHRONISED, confirmed),
    Url("11.5", f"{RELATION}/detail/relId", "PropertyDetail", BY_ID, one("propertyRelation")),
    Url("11.6", f"{RELATION}/detail/spaceId", "HousingLog", prop.OF_SPACE, one("spaces.nodes.0")),
    Url("11.7", f"{RELATION}/customers/spaceId", "CustomersOfSpace", prop.CUSTOMERS, page("space.customers")),
    Url("11.8", f"{RELATION}/query/page", "PropertyRelations", prop.LISTED, page("propertyRelations")),
    Url("11.9", f"{RELATION}/query/byCustomerId", "PropertiesOfCustomer", prop.OF_CUSTOMER, page("customer.relations")),
    Url("11.10", f"{RELATION}/hasProperty", "HasProperty", prop.OF_SPACE, one("space.hasValidProperty")),
    # 12 Claims on properties
    Url("12.1", "auth/query/page", "Verifications", claims.LISTED, page("verifications")),
    Url("12.2", "auth/detail", "VerificationDetail", BY_ID, detail),
    Url("12.3", "auth/update", "AddVerification", claims.ADDED, added, asks=CONFIRMATIONS),
    Url("12.4", "auth/auth", "ReviewVerification", claims.REVIEWED, confirmed, asks=CONFIRMATIONS),
    Url("12.5", "auth/hasAuth", "HasVerification", claims.OF_COMMUNITY, one("space.hasCurrentVerification")),
    # 13 Administrators
    Url("13.2", "orgAdminRel/delete", "DismissAdministrators", grants.DISMISSED, confirmed),
    Url("13.3", "orgAdminRel/query/related/admins", "Administrators", grants.ADMINISTRATORS, STAFF_PAGE),
    Url("13.4", "orgAdminRel/query/available/admins", "AppointableStaff", grants.APPOINTABLE, STAFF_PAGE),
    Url("13.5", "auth/validate", "OtherTenure", claims.compared, compared("propertyRelations.nodes")),
    # 14 Apps
    Url("14.1", "appTopOrgRel/list/byAppIdAndType", "OrgsOfApp", apps.OF_TYPE, listed("orgs.nodes"), more=COMMUNITIES),
    Url("14.2", "appTopOrgRel/update", "SetAppGrants", apps.GRANTED, confirmed),
    Url("14.3", "appTopOrgRel/getAppType", "AppType", apps.APP, value("appType")),
    # 15 Guidance of menus
    Url("15.1", "guidance/get", "MenuGuidance", by("menu_id"), GUIDANCE),
    Url("15.2", "guidance/update", "SetMenuGuidance", menus.GUIDANCE, GUIDANCE_SET),
    # 20 Events for other systems
    Url("20", "event/produce", "PublishEvent", events.published, done),
    # 21 Devices that receive messages
    Url("21.1", "adminMessage/upload/device/info", "RegisterDevice", apps.REGISTERED, confirmed),
    Url("21.2", "adminMessage/delete/device/info", "DeleteDevices", apps.DELETED, confirmed),
    # 22 Brands of devices
    Url("22.1", "device/brands", "DeviceBrands", NOTHING, one("deviceBrands")),
)
