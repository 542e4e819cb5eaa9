"""Order urls: every URL of document 000, one row each. Bodies, callers and failures are those of that document."""

from app.rest.order_answers import categories, done, listed, nodes, pay_parts, shown
from app.rest.parameters import NOTHING
from app.rest.url import Url
from app.rest.variables import work_orders as orders
from app.rest.variables.conditions import has

ORDERS, STRUCTURES = "/api/v1/incident_requests", "/api/v1/structures/cascade_nodes"

OWN, ALL = listed("workOrders.nodes"), listed("me.admin.orders.nodes")
BELOW, BELOW_KEY = nodes("space.children"), nodes("spaces.nodes.0.children")
OWNS, ORDER = orders.says("role", "OWNER"), f"{ORDERS}/{{id}}"

ORDER_URLS: tuple[Url, ...] = (
    Url("000-4.1", ORDERS, "OwnerWorkOrders", orders.of_owner, OWN, OWNS, method="GET"),
    Url("000-5.1", ORDERS, "StaffWorkOrders", orders.of_staff, ALL, method="GET"),
    Url("000-4.2", f"{ORDERS}/categories", "RepairCategories", NOTHING, categories, method="GET"),
    Url("000-4.3", ORDERS, "ReportRepair", orders.reported, done),
    Url("000-4.4", f"{ORDERS}/show", "WorkOrderByNumber", orders.NUMBERED, shown, method="GET"),
    Url("000-5.2", STRUCTURES, "CascadeChildren", orders.BELOW, BELOW, orders.names_id("parent_id"), method="GET"),
    Url("000-5.2", STRUCTURES, "CascadeChildrenByKey", orders.BELOW_KEY, BELOW_KEY, has("parent_id"), method="GET"),
    Url("000-5.2", STRUCTURES, "CascadeCommunities", NOTHING, nodes("me.admin.communities"), method="GET"),
    Url("000-5.4", ORDER, "ReceiveWorkOrder", orders.STEP, done, orders.says("action", "RECEIVE"), method="PUT"),
    Url("000-5.4", ORDER, "StartRepair", orders.STEP, done, orders.says("action", "REPAIR"), method="PUT"),
    Url("000-5.4", ORDER, "CompleteWorkOrder", orders.STEP, done, orders.says("action", "DONE"), method="PUT"),
    Url("000-5.5", f"{ORDERS}/pay_parts", None, NOTHING, pay_parts, method="GET"),
)
"""The table, in the order of the document. 5.3 is 4.3: staff report as owners do."""
