"""The schema: every noun with its name in the singular and in the plural, and the ways in."""

import strawberry
from strawberry.schema.config import StrawberryConfig

from app import models
from app.declarations.entity import Node
from app.declarations.events import all_changes, change_feed, changes_of, make_subscription
from app.declarations.field import Field
from app.declarations.mutations import make_mutation
from app.declarations.query import any_record, any_records, make_query, record, records
from app.declarations.resolvers import resolve_by_reads
from app.declarations.scalars import SCALARS
from app.graphql import (
    admin,
    admin_grant,
    admin_group,
    app_grant,
    change,
    customer,
    device,
    event,
    menu,
    org,
    org_menu,
    org_relation,
    parking,
    role,
    space,
    verification,
    work_order,
)
from app.graphql import property as property_relation
from app.graphql.admin import Admin
from app.graphql.admin_grant import AdminGrant
from app.graphql.admin_group import AdminGroup, AdminGroupMember
from app.graphql.app_grant import AppGrant
from app.graphql.change import Change
from app.graphql.customer import Customer
from app.graphql.device import Device
from app.graphql.me import caller
from app.graphql.menu import Menu, MenuGuidance
from app.graphql.org import Org
from app.graphql.org_menu import OrgMenu
from app.graphql.org_relation import OrgRelation
from app.graphql.parking import ParkingDetail
from app.graphql.property import HousingRecord, PropertyRelation
from app.graphql.role import OrgRole, OrgRoleMenu, Role
from app.graphql.space import Space, SpaceLocation
from app.graphql.verification import Verification
from app.graphql.work_order import WorkOrder, WorkOrderCategory, WorkOrderStep

NOUNS = {
    models.Org: (Org, "org", "orgs"),
    models.OrgRelation: (OrgRelation, "org_relation", "org_relations"),
    models.Space: (Space, "space", "spaces"),
    models.SpaceLocation: (SpaceLocation, "space_location", "space_locations"),
    models.ParkingDetail: (ParkingDetail, "parking_detail", "parking_details"),
    models.Menu: (Menu, "menu", "menus"),
    models.MenuGuidance: (MenuGuidance, "menu_guidance", "menu_guidances"),
    models.OrgMenu: (OrgMenu, "org_menu", "org_menus"),
    models.Role: (Role, "role", "roles"),
    models.OrgRole: (OrgRole, "org_role", "org_roles"),
    models.OrgRoleMenu: (OrgRoleMenu, "org_role_menu", "org_role_menus"),
    models.Admin: (Admin, "admin", "admins"),
    models.AdminGrant: (AdminGrant, "admin_grant", "admin_grants"),
    models.AdminGroup: (AdminGroup, "admin_group", "admin_groups"),
    models.AdminGroupMember: (AdminGroupMember, "admin_group_member", "admin_group_members"),
    models.Customer: (Customer, "customer", "customers"),
    models.PropertyRelation: (PropertyRelation, "property_relation", "property_relations"),
    models.HousingRecord: (HousingRecord, "housing_record", "housing_records"),
    models.Verification: (Verification, "verification", "verifications"),
    models.WorkOrder: (WorkOrder, "work_order", "work_orders"),
    models.WorkOrderStep: (WorkOrderStep, "work_order_step", "work_order_steps"),
    models.WorkOrderCategory: (WorkOrderCategory, "work_order_category", "work_order_categories"),
    models.AppGrant: (AppGrant, "app_grant", "app_grants"),
    models.Device: (Device, "device", "devices"),
    models.Change: (Change, "change", "changes"),
}
"""Every entity that the API shows: its type, and the fields of the query that answer one and many."""

FIELDS: dict[str, Field] = {"me": caller(), "node": any_record(), "nodes": any_records()}
for model, (_, singular, plural) in NOUNS.items():
    FIELDS |= {singular: record(model), plural: records(model)}
FIELDS |= {"changes": change.changes(), "change_feed": change_feed()}
FIELDS |= {"app_type": app_grant.app_type(), "device_brands": device.device_brands()}

MUTATIONS: dict[str, Field] = {
    **org.MUTATIONS,
    **org_relation.MUTATIONS,
    **space.MUTATIONS,
    **parking.MUTATIONS,
    **property_relation.MUTATIONS,
    **verification.MUTATIONS,
    **work_order.MUTATIONS,
    **menu.MUTATIONS,
    **org_menu.MUTATIONS,
    **role.MUTATIONS,
    **admin_grant.MUTATIONS,
    **admin.MUTATIONS,
    **customer.MUTATIONS,
    **admin_group.MUTATIONS,
    **app_grant.MUTATIONS,
    **device.MUTATIONS,
    **event.MUTATIONS,
    **change.MUTATIONS,
}
"""Every mutation, noun by noun."""

EVENTS = {"changes": all_changes()} | {
    f"{noun}_changed": changes_of(model, noun) for model, (_, noun, _) in NOUNS.items() if model is not models.Change
}
"""Every subscription: to all changes, and to those of each noun."""

schema = strawberry.Schema(
    query=make_query(FIELDS),
    mutation=make_mutation(MUTATIONS),
    subscription=make_subscription(EVENTS),
    types=[Node, *(type_ for type_, _, _ in NOUNS.values())],
    config=StrawberryConfig(scalar_map=SCALARS),
)
resolve_by_reads(schema)
