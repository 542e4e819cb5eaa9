"""WorkOrder in GraphQL: repairs from the report to the end, their steps, and their categories (document 000)."""

from app import models
from app.declarations.entity import collection, column, entity, personal, related
from app.declarations.mutations import Writes
from app.graphql.property import community_of, enclosing, org_of, space_of, top_org
from app.loaders.edges import many, one
from app.models.space import SpaceType
from app.services.work_order import create_work_orders, delete_work_orders
from app.services.work_order_category import create_categories, delete_categories, update_categories
from app.services.work_order_inputs import (
    AssignWorkOrder,
    CancelWorkOrder,
    CompleteWorkOrder,
    CreateWorkOrder,
    CreateWorkOrderCategory,
    DeleteWorkOrder,
    DeleteWorkOrderCategory,
    ReceiveWorkOrder,
    StartRepair,
    UpdateWorkOrderCategory,
)
from app.services.work_order_steps import CAPABILITY, take_steps


@entity(models.WorkOrder)
class WorkOrder:
    """服务单 A repair of a house, from the report to its end (document 000)."""

    number = column()
    status = column()
    description = column()
    contact_name = column()
    contact_phone = personal("phone", recorded=True)
    assigned_at = column()
    received_at = column()
    repair_started_at = column()
    completed_at = column()
    cancelled_at = column()
    settlement_party = column()
    settlement_amount = column()
    space_id = column()
    category_one_id = column()
    category_two_id = column()
    category_three_id = column()
    customer_id = column()
    reporter_id = column()
    assignee_id = column()
    receiver_id = column()

    space = related(space_of(models.WorkOrder), "报修房间 The house")
    community = related(
        community_of(models.WorkOrder),
        "小区 Community of the house",
    )
    building = related(enclosing(SpaceType.BUILDING), "楼栋 Nearest building that the house is part of")
    org = related(
        org_of(models.WorkOrder),
        "业务组织 Business organisation that owns the community",
    )
    top_org = related(top_org(), "顶级业务组织 Top of the tree that the organisation is in")
    category_one = related(
        one(models.WorkOrder.category_one_id, models.WorkOrderCategory), "报修一级类型 Category of the first level"
    )
    category_two = related(
        one(models.WorkOrder.category_two_id, models.WorkOrderCategory), "报修二级类型 Category of the second level"
    )
    category_three = related(
        one(models.WorkOrder.category_three_id, models.WorkOrderCategory), "报修三级类型 Category of the third level"
    )
    customer = related(one(models.WorkOrder.customer_id, models.Customer), "报修客户 The customer who reported it")
    reporter = related(one(models.WorkOrder.reporter_id, models.Admin), "报修员工 The member of staff who reported it")
    assignee = related(one(models.WorkOrder.assignee_id, models.Admin), "处理人 Who is to do it")
    receiver = related(one(models.WorkOrder.receiver_id, models.Admin), "接单人 Who has taken it")
    work_order_steps = collection(many(models.WorkOrderStep.work_order_id), "服务单记录 Who took which step, and when")


@entity(models.WorkOrderStep)
class WorkOrderStep:
    """服务单记录 One step of a work order: who took it, and from which status to which; `createdAt` says when."""

    from_status = column()
    to_status = column()
    note = column()
    work_order_id = column()
    space_id = column()
    admin_id = column()
    customer_id = column()
    assignee_id = column()

    work_order = related(one(models.WorkOrderStep.work_order_id, models.WorkOrder), "服务单 The work order")
    admin = related(one(models.WorkOrderStep.admin_id, models.Admin), "员工 The member of staff who took the step")
    customer = related(one(models.WorkOrderStep.customer_id, models.Customer), "客户 The customer who took the step")
    assignee = related(one(models.WorkOrderStep.assignee_id, models.Admin), "处理人 Who was to do it from then on")


@entity(models.WorkOrderCategory)
class WorkOrderCategory:
    """报修类型 A category of repairs, on one of three levels (document 000, 4.2)."""

    name = column()
    level = column()
    status = column()
    top_org_id = column()
    parent_id = column()

    top_org = related(one(models.WorkOrderCategory.top_org_id, models.Org), "顶级业务组织 Top business organisation")
    parent = related(
        one(models.WorkOrderCategory.parent_id, models.WorkOrderCategory), "上级 The category one level above"
    )
    children = related(many(models.WorkOrderCategory.parent_id), "下级 Categories one level below")
    work_orders = collection(
        many(models.WorkOrder.category_three_id), "服务单 Work orders that name this category of the third level"
    )


ORDERS, CATEGORIES = Writes(models.WorkOrder, CAPABILITY), Writes(models.WorkOrderCategory, CAPABILITY)

MUTATIONS = {
    "create_work_order": ORDERS.one(
        "服务单报修 Report a repair (document 000, 4.3 and 5.3).", create_work_orders, CreateWorkOrder, shares=True
    ),
    "create_work_orders": ORDERS.bulk(
        "批量报修 Report repairs (document 000, 5.3).", create_work_orders, CreateWorkOrder, shares=True
    ),
    "assign_work_order": ORDERS.one("派单 Say who is to do a work order.", take_steps, AssignWorkOrder, shares=True),
    "receive_work_order": ORDERS.one(
        "接单 Take a work order (document 000, 5.4).", take_steps, ReceiveWorkOrder, shares=True
    ),
    "start_repair": ORDERS.one("开始维修 Begin a repair (document 000, 5.4).", take_steps, StartRepair, shares=True),
    "complete_work_order": ORDERS.one(
        "确认完成 Complete a repair (document 000, 5.4).", take_steps, CompleteWorkOrder, shares=True
    ),
    "cancel_work_order": ORDERS.one(
        "取消服务单 Cancel a work order before the repair begins.", take_steps, CancelWorkOrder, shares=True
    ),
    "delete_work_order": ORDERS.deletion(
        "服务单删除 Delete a new or cancelled work order with its steps.", delete_work_orders, DeleteWorkOrder
    ),
    "create_work_order_category": CATEGORIES.one(
        "报修类型新增 Create a category of repairs.", create_categories, CreateWorkOrderCategory, shares=True
    ),
    "create_work_order_categories": CATEGORIES.bulk(
        "报修类型批量新增 Create categories of repairs.", create_categories, CreateWorkOrderCategory, shares=True
    ),
    "update_work_order_category": CATEGORIES.one(
        "报修类型修改 Rename a category, or declare it valid or invalid.", update_categories, UpdateWorkOrderCategory
    ),
    "delete_work_order_category": CATEGORIES.deletion(
        "报修类型删除 Delete a category that nothing needs.", delete_categories, DeleteWorkOrderCategory
    ),
}
"""What may be written of work orders and their categories, by the names of the fields."""
