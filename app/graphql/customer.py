"""Customer in GraphQL: who owns or rents."""

from sqlalchemy import func, select

from app import models
from app.access.customers import CURRENT, DUPLICATES, HOLDINGS, PROJECTS, SCOPES
from app.declarations.entity import collection, column, entity, personal, related
from app.declarations.mutations import Writes
from app.loaders.arguments import Argument
from app.loaders.comparisons import among
from app.loaders.edge import Search
from app.loaders.edges import many, one, through
from app.models.base import column_of
from app.models.property import VALID_STATUSES
from app.models.verification import VerificationStatus
from app.services.customer import create_customers, set_customer_statuses, update_customers
from app.services.customer_deletion import delete_customers
from app.services.customer_inputs import (
    CreateCustomer,
    DeleteCustomer,
    MergeCustomers,
    RelateCustomerOrgs,
    SetCustomerStatus,
    UpdateCustomer,
    UpsertCustomer,
)
from app.services.customer_merge import merge_customers
from app.services.customer_orgs import relate_customer_orgs
from app.services.customer_records import CAPABILITY
from app.services.customer_upserts import upsert_customers

VALID = among(models.PropertyRelation.housing_status.expression, [*VALID_STATUSES])
"""The property relations that have not ended."""

TOP = one(models.Customer.top_org_id, models.Org, column_of(models.Org.parent_id).is_(None))
"""The top organisation. Only one without a parent has customers; saying so leaves few organisations to compare."""

ORGS = through(models.CustomerOrg.customer_id, models.CustomerOrg.org_id, models.Org)

APPROVED = (
    select(
        models.Verification.customer_id,
        models.Verification.space_id,
        func.max(models.Verification.id).label("verification_id"),
    )
    .where(models.Verification.status == VerificationStatus.APPROVED)
    .group_by(models.Verification.customer_id, models.Verification.space_id)
    .subquery("approved")
)
"""The newest approved verification of a customer in a space."""


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
    merged_into_id = column()

    merged_into = related(
        one(models.Customer.merged_into_id, models.Customer),
        "合并到 The customer that this one was merged into, who has what this one had; null for all others",
    )
    merged_customers = related(
        many(models.Customer.merged_into_id), "已合并的客户 Customers that were merged into this one"
    )
    current = related(
        through(CURRENT.c.customer_id, CURRENT.c.current_id, models.Customer).to_one(),
        "合并后的客户 The customer that this one was merged into; for all others the customer itself",
    )
    duplicates = related(
        through(DUPLICATES.c.customer_id, DUPLICATES.c.duplicate_id, models.Customer),
        "重复客户 Customers of the same top organisation who may be the same person: with the same 4g id, the same"
        " number of an identity document, or the same name and phone number (docs/customers.md)",
    )
    top_org = related(one(models.Customer.top_org_id, models.Org), "顶级业务组织 Top business organisation")
    orgs = collection(
        ORGS,
        "业务组织 Organisations that the customer is related to",
    )
    scope_orgs = collection(
        through(SCOPES.c.customer_id, SCOPES.c.org_id, models.Org).searched(
            Search(TOP, (column_of(models.Customer.merged_into_id).is_(None),)),
            Search(ORGS),
            Search(through(HOLDINGS.c.customer_id, HOLDINGS.c.org_id, models.Org)),
        ),
        "数据权限组织 The top organisation, those that the customer is related to, and those that own the communities"
        " in which the customer holds property; lists of customers are narrowed by them (document 003, 10.3)",
    )
    projects = collection(
        through(PROJECTS.c.customer_id, PROJECTS.c.org_id, models.Org).ordered_by(models.Org.sort_key),
        "项目组织 Project organisations of the tenant, which the customer may be related to (document 003, 10.7)",
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
    work_orders = collection(many(models.WorkOrder.customer_id), "服务单 Repairs that the customer reported")
    work_order_steps = collection(many(models.WorkOrderStep.customer_id), "服务单记录 Steps that the customer took")
    approved_verification = related(
        through(APPROVED.c.customer_id, APPROVED.c.verification_id, models.Verification).to_one(),
        "已认证 The newest approved claim on a space (document 003, 11.7)",
        Argument("spaceId", models.Verification.space_id, on_link=True, compared=APPROVED.c.space_id, is_needed=True),
    )


WRITES = Writes(models.Customer, CAPABILITY)

COMPARED = ("phone", "identity")
"""By these a customer is found, and no two of a tenant share them (docs/customers.md)."""

MUTATIONS = {
    "create_customer": WRITES.one(
        "客户新增 Create a customer (document 003, 10.4).",
        create_customers,
        CreateCustomer,
        shares=True,
        compares=COMPARED,
    ),
    "create_customers": WRITES.bulk(
        "客户批量新增 Create customers (document 003, 10.4).",
        create_customers,
        CreateCustomer,
        shares=True,
        compares=COMPARED,
    ),
    "update_customer": WRITES.one(
        "客户修改 Change a customer (document 003, 10.4).",
        update_customers,
        UpdateCustomer,
        shares=True,
        compares=COMPARED,
    ),
    "update_customers": WRITES.bulk(
        "客户批量修改 Change customers (document 003, 10.4).",
        update_customers,
        UpdateCustomer,
        shares=True,
        compares=COMPARED,
    ),
    "upsert_customers": WRITES.bulk(
        "客户同步 Create customers, or change those that the matching rules find (document 003, 10.1, 10.4 and 10.5).",
        upsert_customers,
        UpsertCustomer,
        shares=True,
        compares=COMPARED,
    ),
    "set_customer_status": WRITES.one(
        "客户失效/生效 Declare a customer valid or invalid (document 003, 10.2).",
        set_customer_statuses,
        SetCustomerStatus,
        shares=True,
    ),
    "relate_customer_orgs": WRITES.one(
        "客户关联业务组织 Say which business organisations know a customer (document 003, 10.4).",
        relate_customer_orgs,
        RelateCustomerOrgs,
        shares=True,
    ),
    "merge_customers": WRITES.one(
        "客户合并 Merge two records of one customer; the answer is the one that stays.",
        merge_customers,
        MergeCustomers,
        shares=True,
    ),
    "delete_customer": WRITES.deletion(
        "客户删除 Delete a customer without valid property relations and open claims.", delete_customers, DeleteCustomer
    ),
}
"""What may be written of customers, by the names of the fields."""
