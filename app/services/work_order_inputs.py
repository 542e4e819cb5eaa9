"""Work order inputs: what mutations of work orders and of their categories take (document 000)."""

from dataclasses import dataclass
from decimal import Decimal

from app.models import Space, WorkOrder, WorkOrderCategory, WorkOrderStep
from app.models.status import Status
from app.models.work_order import SettlementParty
from app.services.write import UNSET, Unset, refers

HOUSE = "报修房间 The house, instead of `propertyNumber`"
PROPERTY_NUMBER = (
    "报修房间编号 Instead of `spaceId`: the full code of the house, or the names of the spaces from below its community"
    " down to it, joined with '-', such as A11-a-a-02-01"
)
FOLLOWS = "报修类型 It follows from the third category, and another one is refused"
ABOVE_EXTERNAL = "外部编号 Key of that category in the system that it comes from; another one than it has is refused"
EXTERNAL = "外部编号 Key of the third category in the system that it comes from, instead of `categoryThreeId`"
NOTE = "备注 Note of the step"


@dataclass(frozen=True)
class CreateWorkOrder:
    """服务单报修 A repair that the caller reports; a contact that a customer leaves out is that customer."""

    description: str
    space_id: int | None = refers(WorkOrder.space_id, HOUSE, None)
    property_number: str | None = refers(Space.code, PROPERTY_NUMBER, None)
    category_one_id: int | None = refers(WorkOrder.category_one_id, FOLLOWS, None)
    category_two_id: int | None = refers(WorkOrder.category_two_id, FOLLOWS, None)
    category_three_id: int | None = None
    category_one_external_id: str | None = refers(WorkOrderCategory.external_id, ABOVE_EXTERNAL, None)
    category_two_external_id: str | None = refers(WorkOrderCategory.external_id, ABOVE_EXTERNAL, None)
    category_external_id: str | None = refers(WorkOrderCategory.external_id, EXTERNAL, None)
    contact_name: str | None = None
    contact_phone: str | None = None


@dataclass(frozen=True, kw_only=True)
class OrderStep:
    """What every step takes: `id` or `number` names the work order."""

    id: int | None = None
    number: str | None = None
    expected_version: int | None = None
    note: str | None = refers(WorkOrderStep.note, NOTE, None)


@dataclass(frozen=True, kw_only=True)
class AssignWorkOrder(OrderStep):
    """派单 Say which member of staff is to do a work order; `id` or `number` names it."""

    assignee_id: int


@dataclass(frozen=True, kw_only=True)
class ReceiveWorkOrder(OrderStep):
    """接单 Take a work order: the caller is the receiver; `id` or `number` names it."""


@dataclass(frozen=True, kw_only=True)
class StartRepair(OrderStep):
    """开始维修 Begin the repair of a work order that was taken; `id` or `number` names it."""


@dataclass(frozen=True, kw_only=True)
class CompleteWorkOrder(OrderStep):
    """确认完成 Complete a repair, and say who pays; `id` or `number` names it."""

    settlement_party: SettlementParty | None = None
    settlement_amount: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class CancelWorkOrder(OrderStep):
    """取消服务单 Cancel a work order before the repair begins; `id` or `number` names it."""


@dataclass(frozen=True)
class DeleteWorkOrder:
    """服务单删除 Delete a work order that was entered by mistake, with its steps: a new or a cancelled one."""

    id: int
    expected_version: int | None = None


@dataclass(frozen=True)
class CreateWorkOrderCategory:
    """报修类型新增 A new category: on the first level of a top organisation, or below another category."""

    name: str
    top_org_id: int | None = refers(
        WorkOrderCategory.top_org_id, "顶级业务组织 Top business organisation, for a category of the first level", None
    )
    parent_id: int | None = None
    status: Status = Status.ENABLED


@dataclass(frozen=True)
class UpdateWorkOrderCategory:
    """报修类型修改 A change of a category; what is left out stays as it is."""

    id: int
    expected_version: int | None = None
    name: str | Unset = UNSET
    status: Status | Unset = UNSET


@dataclass(frozen=True)
class DeleteWorkOrderCategory:
    """报修类型删除 Delete a category that no work order and no other category needs."""

    id: int
    expected_version: int | None = None
