"""Work orders and their categories, as staff write them through a writer."""

from typing import Any

from tests.clients.writes import Writer

HOUSE, COMMUNITY, FOREIGN_HOUSE, ABSENT = "41017", "13702", "41089", "999999999"
THREE, TWO, ONE, FOREIGN_THREE = "49505", "49504", "49503", "49502"
FOREIGN_ORDER = "49511"
ORDER = (
    "workOrder { id version number status spaceId categoryOneId categoryTwoId categoryThreeId description contactName"
    " customerId reporterId assigneeId receiverId settlementParty settlementAmount }"
)
CATEGORY = "workOrderCategory { id version level parentId topOrgId name status }"
REPORT = {"spaceId": HOUSE, "categoryThreeId": THREE, "description": "灯泡爆炸"}


def reported(writer: Writer, **values: Any) -> dict[str, Any]:
    order: dict[str, Any] = writer.done("createWorkOrder", ORDER, **{**REPORT, **values})["workOrder"]
    return order


def made(writer: Writer, **values: Any) -> dict[str, Any]:
    category: dict[str, Any] = writer.done("createWorkOrderCategory", CATEGORY, **values)["workOrderCategory"]
    return category
