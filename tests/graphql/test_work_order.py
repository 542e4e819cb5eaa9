"""Work orders through GraphQL, over the demo world."""

import pytest

from tests.clients.api import Api
from tests.worlds.edges import Reached, reached

EDGES: list[tuple[str, str, str, Reached]] = [
    ("WorkOrder", "49511", "space", "41089"),
    ("WorkOrder", "49511", "community", "41083"),
    ("WorkOrder", "49511", "building", "41086"),
    ("WorkOrder", "49512", "building", "10459"),
    ("WorkOrder", "49511", "org", "40036"),
    ("WorkOrder", "49511", "topOrg", "40034"),
    ("WorkOrder", "49511", "categoryOne", "49500"),
    ("WorkOrder", "49511", "categoryTwo", "49501"),
    ("WorkOrder", "49511", "categoryThree", "49502"),
    ("WorkOrder", "49511", "customer", "47003"),
    ("WorkOrder", "49512", "customer", None),
    ("WorkOrder", "49512", "reporter", "8813"),
    ("WorkOrder", "49512", "assignee", "8813"),
    ("WorkOrder", "49511", "receiver", "43004"),
    ("WorkOrder", "49510", "receiver", None),
    ("WorkOrder", "49511", "workOrderSteps", ["49521", "49522", "49523", "49524", "49525"]),
    ("WorkOrderStep", "49522", "workOrder", "49511"),
    ("WorkOrderStep", "49522", "admin", "43004"),
    ("WorkOrderStep", "49521", "admin", None),
    ("WorkOrderStep", "49521", "customer", "47003"),
    ("WorkOrderStep", "49522", "assignee", "43004"),
    ("WorkOrderCategory", "49502", "topOrg", "40034"),
    ("WorkOrderCategory", "49502", "parent", "49501"),
    ("WorkOrderCategory", "49500", "parent", None),
    ("WorkOrderCategory", "49500", "children", ["49501"]),
    ("WorkOrderCategory", "49502", "workOrders", ["49510", "49511"]),
    ("Space", "41089", "workOrders", ["49510", "49511"]),
    ("Customer", "47003", "workOrders", ["49510", "49511"]),
    ("Customer", "47003", "workOrderSteps", ["49520", "49521"]),
    ("Org", "40034", "workOrders", ["49510", "49511"]),
    ("Org", "40034", "workOrderCategories", ["49500", "49501", "49502"]),
    ("Admin", "43004", "workOrders(role: ASSIGNED)", ["49511"]),
    ("Admin", "43004", "workOrders(role: ACTED)", ["49511"]),
    ("Admin", "43004", "workOrders(role: SOURCE)", []),
    ("Admin", "8813", "workOrders(role: SOURCE)", ["49512"]),
    ("Admin", "8813", "workOrderSteps", ["49526", "49527"]),
]


@pytest.mark.parametrize(("type_", "id_", "edge", "expected"), EDGES)
def test_an_edge_leads_where_the_documents_say(api: Api, type_: str, id_: str, edge: str, expected: Reached) -> None:
    assert reached(api, type_, id_, edge) == expected


def test_the_work_orders_of_a_member_of_staff_by_pages_are_those_of_the_list(api: Api) -> None:
    asked = "workOrders(role: ACTED) { id } workOrdersConnection(role: ACTED, first: 1) { totalCount nodes { id } }"
    found = api.data(f'{{ admin(id: "43004") {{ {asked} }} }}')["admin"]
    assert found["workOrders"] == found["workOrdersConnection"]["nodes"] == [{"id": "49511"}]
    assert found["workOrdersConnection"]["totalCount"] == 1


SUMMARY = "summary { openWorkOrderCount doneWorkOrderCount workOrderSteps { status count meanHours } }"


@pytest.mark.parametrize("asked", ['org(id: "40034")', 'space(id: "41083")', 'space(id: "41089")'])
def test_a_summary_counts_work_orders_and_the_hours_until_each_step(api: Api, asked: str) -> None:
    (found,) = api.data(f"{{ {asked} {{ {SUMMARY} }} }}").values()
    assert found["summary"] == {
        "openWorkOrderCount": 1,
        "doneWorkOrderCount": 1,
        "workOrderSteps": [
            {"status": "ASSIGNED", "count": 1, "meanHours": "0.17"},
            {"status": "RECEIVED", "count": 1, "meanHours": "0.50"},
            {"status": "IN_REPAIR", "count": 1, "meanHours": "1.00"},
            {"status": "DONE", "count": 1, "meanHours": "4.00"},
        ],
    }


def test_a_summary_without_work_orders_has_none(api: Api) -> None:
    summary = api.data(f'{{ org(id: "15264") {{ {SUMMARY} }} }}')["org"]["summary"]
    assert summary == {"openWorkOrderCount": 0, "doneWorkOrderCount": 0, "workOrderSteps": []}
