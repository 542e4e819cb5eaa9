"""Order urls: every URL of document 000, one row each. Bodies, callers and failures are those of that document."""

from functools import partial

from app.rest.order_answers import categories, done, listed, nodes, pay_parts, shown
from app.rest.parameters import NOTHING
from app.rest.url import OrderUrl
from app.rest.variables import work_orders as orders
from app.rest.variables.conditions import has

ORDERS, NODES = "/api/v1/incident_requests", "/api/v1/structures/cascade_nodes"

OWN, ALL = listed("workOrders.nodes"), listed("me.admin.orders.nodes")
BELOW, BELOW_KEY = nodes("space.children"), nodes("spaces.nodes.0.children")
OWNS, ORDER = orders.says("role", "OWNER"), f"{ORDERS}/{{id}}"

LIST = partial(OrderUrl, method="GET", gives_token=True)
ASK = partial(OrderUrl, method="GET")
STAFF_ASK = partial(OrderUrl, method="GET", for_staff=True)
STEP = partial(OrderUrl, method="PUT", for_staff=True)

ORDER_URLS: tuple[OrderUrl, ...] = (
    LIST("000-4.1", ORDERS, "OwnerWorkOrders", orders.of_owner, OWN, OWNS),
    LIST("000-5.1", ORDERS, "StaffWorkOrders", orders.of_staff, ALL),
    ASK("000-4.2", f"{ORDERS}/categories", "RepairCategories", NOTHING, categories),
    OrderUrl("000-4.3", ORDERS, "ReportRepair", orders.reported, done),
    ASK("000-4.4", f"{ORDERS}/show", "WorkOrderByNumber", orders.NUMBERED, shown),
    STAFF_ASK("000-5.2", NODES, "CascadeChildren", orders.BELOW, BELOW, orders.names_id("parent_id")),
    STAFF_ASK("000-5.2", NODES, "CascadeChildrenByKey", orders.BELOW_KEY, BELOW_KEY, has("parent_id")),
    STAFF_ASK("000-5.2", NODES, "CascadeCommunities", NOTHING, nodes("me.admin.communities")),
    STEP("000-5.4", ORDER, "ReceiveWorkOrder", orders.STEP, done, orders.says("action", "RECEIVE")),
    STEP("000-5.4", ORDER, "StartRepair", orders.STEP, done, orders.says("action", "REPAIR")),
    STEP("000-5.4", ORDER, "CompleteWorkOrder", orders.STEP, done, orders.says("action", "DONE")),
    ASK("000-5.5", f"{ORDERS}/pay_parts", None, NOTHING, pay_parts),
)
"""The table, in the order of the document. 5.3 is 4.3: staff report as owners do."""
