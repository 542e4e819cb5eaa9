"""Work orders at the URLs of document 000, as the programs of owners and of staff ask them."""

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.clients.api import Api
from tests.clients.orders import CATEGORIES, NODES, ORDERS, OWNER, REPORT, STAFF, OrderClient


def as_super(api: Api, query: str, **variables: Any) -> Any:
    """Ask through GraphQL as the super administrator."""
    body = api.post(query, variables, api.bearer("supperadm")).json()
    assert "errors" not in body, body
    return body["data"]


def numbers(orders: list[dict[str, Any]]) -> list[str]:
    return [order["request_number="] for order in orders]


def test_4_1_an_owner_lists_the_work_orders_of_the_own_property(owner: OrderClient) -> None:
    found = owner.listed(OWNER)
    assert numbers(found) == ["01201606146471", "01201606161281"]
    assert numbers(owner.listed(OWNER, "DONE")) == ["01201606146471"]
    assert numbers(owner.listed(OWNER, "PENDING")) == ["01201606161281"]
    order = found[1]
    assert list(order) == [
        "request_number=", "request_number", "contact_person=", "contact_person", "contact_phone", "status",
        "describing", "property_number", "structure_name", "category_one", "category_two", "category_three", "receiver",
        "created_at", "assigned_at", "received_at", "repair_started_at", "completed_at", "cancelled_at", "pay_part",
        "pay_amount",
    ]  # fmt: skip
    assert (order["request_number"], order["contact_person="], order["describing"]) == (
        "01201606161281", "小西", "小西在报修哦",
    )  # fmt: skip
    assert (order["structure_name"], order["category_three"]) == ("青年汇/A11/a/a/02/01", "爆炸")


def test_5_1_a_member_of_staff_lists_what_is_to_be_done_reported_and_acted_on(staff: OrderClient) -> None:
    assert numbers(staff.listed(STAFF, "DONE")) == ["01201606146471"]
    assert staff.listed(STAFF, "NEW_ASSIGN") == staff.listed(STAFF, "SOURCE") == []


def test_4_2_the_categories_are_one_tree_whose_leaves_have_no_children(owner: OrderClient) -> None:
    leaf = {"id": CATEGORIES["category_three"], "name": "爆炸"}
    part = {"id": CATEGORIES["category_two"], "name": "灯泡", "children": [leaf]}
    top = {"id": CATEGORIES["category_one"], "name": "楼道", "children": [part]}
    assert owner.result(f"{ORDERS}/categories") == {"id": "40034", "name": "服务单三级类型", "children": [top]}


def test_4_4_a_work_order_is_shown_by_its_number(owner: OrderClient, staff: OrderClient) -> None:
    for client in (owner, staff):
        assert client.result(f"{ORDERS}/show", request_number="01201606146471")["request_number="] == "01201606146471"
        assert client.send("GET", f"{ORDERS}/show", params={"request_number": "1"}).json() == {
            "status_code": 400,
            "errmsg": "invalid params",
            "reason": "the record 1 does not exist, or you may not see it",
        }


def test_5_2_the_nodes_are_the_communities_of_staff_then_the_children_of_a_space(staff: OrderClient) -> None:
    tops = staff.result(NODES)["cascade_nodes"]
    assert tops == [
        {"id": "006i000A0ruXeusRVEbFaq", "structure_name": "花园小区"},
        {"id": "006i000P1O8ppJGdzz4oQi", "structure_name": "青年汇"},
        {"id": "006i000P1OFDRaNLKrmjqa", "structure_name": "怡海花园"},
    ]
    below = [each["structure_name"] for each in staff.result(NODES, parent_id=tops[0]["id"])["cascade_nodes"]]
    assert below == ["1号楼", "2号楼", "3号楼"]
    assert [each["structure_name"] for each in staff.result(NODES, parent_id="41083")["cascade_nodes"]] == ["A11"]
    assert staff.status("GET", NODES, params={"parent_id": "9888"}) == 400, "of another tenant"


def test_5_2_a_node_whose_external_id_is_a_number_is_found_by_what_was_answered(api: Api, staff: OrderClient) -> None:
    api.sql("update space set external_id = '9888' where external_id = '006i000A0ruXeusRVEbFaq'")
    node = staff.result(NODES)["cascade_nodes"][0]
    assert node["structure_name"] == "花园小区"
    below = staff.result(NODES, parent_id=node["id"])["cascade_nodes"]
    assert [each["structure_name"] for each in below] == ["1号楼", "2号楼", "3号楼"]


def test_blanks_around_a_code_do_not_count(owner: OrderClient, staff: OrderClient) -> None:
    assert numbers(owner.listed({**OWNER, "role": " OWNER "}, " DONE ")) == ["01201606146471"]
    assert staff.status("PUT", f"{ORDERS}/01201606161281", json={"action": " RECEIVE "}) == 200


def test_a_report_with_a_key_is_made_once_for_each_person(api: Api, owner: OrderClient, staff: OrderClient) -> None:
    replayed = []
    for client in (owner, staff, owner, staff):
        answer = client.send("POST", ORDERS, json=REPORT, key="k")
        assert answer.json() == {"status_code": 200}
        replayed.append(answer.headers.get("idempotency-replayed"))
    assert replayed == [None, None, "true", "true"]
    assert api.sql("select customer_id, reporter_id from work_order where id > 100000 order by id") == [
        (47003, None), (None, 43004),
    ]  # fmt: skip


def test_5_5_who_pays_is_one_of_four(staff: OrderClient) -> None:
    parts = staff.result(f"{ORDERS}/pay_parts")["pay_parts"]
    assert parts[2] == {"name": "公共维修基金结算", "code": "ALL_SETTLE"}
    assert [part["code"] for part in parts] == ["OWNER_SETT", "TENANT_SETT", "ALL_SETTLE", "OTHER_SETT"]


def test_a_repair_from_the_report_to_its_end(api: Api, owner: OrderClient, staff: OrderClient) -> None:
    """An owner and a member of staff, watched through GraphQL."""
    assert owner.send("POST", ORDERS, json=REPORT).json() == {"status_code": 200}
    reported = owner.listed(OWNER, "PENDING")[0]
    number = reported["request_number"]
    assert (reported["contact_person"], reported["status"]) == ("小西", "NEW")
    watched = as_super(
        api,
        "query ($n: String!) { workOrders(filter: {number: {eq: $n}}) {"
        " nodes { id status customerId contactPhone } } }",
        n=number,
    )["workOrders"]["nodes"][0]
    assert watched == {"id": watched["id"], "status": "NEW", "customerId": "47003", "contactPhone": "15800703186"}
    as_super(
        api,
        "mutation ($i: AssignWorkOrderInput!) { assignWorkOrder(input: $i) { errors { code } } }",
        i={"number": number, "assigneeId": "43004"},
    )
    assert numbers(staff.listed(STAFF)) == [number]
    path = f"{ORDERS}/{number}"
    assert staff.status("PUT", path, json={"action": "REPAIR"}) == 400, "not taken yet"
    for action, status in (("RECEIVE", "RECEIVED"), ("REPAIR", "IN_REPAIR"), ("DONE", "DONE")):
        assert staff.send("PUT", path, json={"action": action}).json() == {"status_code": 200}
        assert staff.result(f"{ORDERS}/show", request_number=number)["status"] == status
        assert staff.status("PUT", path, json={"action": action}) == 400, "not again"
    assert numbers(owner.listed(OWNER, "DONE"))[0] == number
    steps = as_super(
        api,
        "query ($i: ID!) { workOrder(id: $i) { workOrderSteps { toStatus adminId customerId } } }",
        i=watched["id"],
    )["workOrder"]["workOrderSteps"]
    assert [(step["toStatus"], step["customerId"]) for step in steps] == [
        ("NEW", "47003"), ("ASSIGNED", None), ("RECEIVED", None), ("IN_REPAIR", None), ("DONE", None),
    ]  # fmt: skip
    assert [step["adminId"] for step in steps[2:]] == ["43004"] * 3


def test_5_3_staff_report_by_the_code_of_a_house_and_by_a_form(api: Api, staff: OrderClient) -> None:
    ((code,),) = api.sql("select code from space where id = 41089")
    report = {**REPORT, "property_number": code, "category_three": "49502"}
    assert staff.status("POST", ORDERS, data={**report, "category_one": "49500", "category_two": "49501"}) == 200
    assert staff.listed(STAFF, "SOURCE")[0]["describing"] == "小西在报修哦"
    assert staff.listed(STAFF, "DONE")[0]["request_number"] == "01201606146471", "a report is no step that was acted on"


@pytest.mark.parametrize(
    "changed",
    [
        {"property_number": "A11-a-a-02-02"},
        {"property_number": None},
        {"property_number": "房间01-1"},
        {"category_three": "0088000I5oZvTbnqzTH9km"},
        {"category_three": "49505"},
        {"category_three": None},
        {"category_one": "49503"},
        {"category_one": "0088000I5oZvTbnqzTH9km"},
        {"category_two": "0088000I5oZvTbnqzM4OHI"},
        {"category_two": {"id": "49501"}},
        {"describing": " "},
        {"describing": ["a"]},
        {"describing": "x" * 100_000},
    ],
)
def test_4_3_a_wrong_report_is_refused_and_nothing_is_written(
    api: Api, owner: OrderClient, changed: dict[str, Any]
) -> None:
    before = api.sql("select count(*) from work_order")
    assert owner.status("POST", ORDERS, json={**REPORT, **changed}) == 400
    assert api.sql("select count(*) from work_order") == before


@pytest.mark.parametrize(
    ("method", "path", "content"),
    [
        ("POST", ORDERS, {"content": b"{"}),
        ("POST", ORDERS, {"json": []}),
        ("GET", ORDERS, {"params": {"role": "GUEST", "user_name": "a", "user_phone": "1"}}),
        ("GET", ORDERS, {"params": {**OWNER, "status": "NEW_ASSIGN"}}),
        ("GET", ORDERS, {"params": {"role": "OWNER"}}),
        ("GET", f"{ORDERS}/show", {}),
        ("PUT", f"{ORDERS}/01201606161281", {"json": {"action": "PAY"}}),
        ("PUT", f"{ORDERS}/1", {"json": {"action": "DONE"}}),
    ],
)
def test_a_wrong_request_is_answered_400(staff: OrderClient, method: str, path: str, content: dict[str, Any]) -> None:
    assert staff.status(method, path, **content) == 400


def test_another_method_is_answered_with_all_that_the_url_has(staff: OrderClient) -> None:
    answer = staff.send("DELETE", ORDERS)
    assert (answer.status_code, answer.json()["status_code"]) == (405, 405)
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS, POST"


def test_5_4_owners_take_no_steps_and_ask_for_no_nodes(owner: OrderClient) -> None:
    assert owner.status("PUT", f"{ORDERS}/01201606161281", json={"action": "RECEIVE"}) == 403
    assert owner.status("GET", NODES) == 403


def day_in_china() -> str:
    return time.strftime("%Y%m%d", time.gmtime(time.time() + 8 * 3600))


def test_sixteen_clients_that_report_at_once_get_sixteen_numbers(api: Api, owner: OrderClient) -> None:
    days = {day_in_china()}
    with ThreadPoolExecutor(16) as threads:
        statuses = list(threads.map(lambda _: owner.status("POST", ORDERS, json=REPORT), range(16)))
    assert statuses == [200] * 16
    found = [number for (number,) in api.sql("select number from work_order where id > 100000 order by number")]
    assert [number[-4:] for number in found] == [f"{place:04}" for place in range(1, 17)]
    assert {number[:-4] for number in found} <= {f"01{day}" for day in days | {day_in_china()}}


def test_a_day_with_more_than_9999_work_orders_has_longer_numbers(api: Api, owner: OrderClient) -> None:
    api.sql("insert into work_order_day values ((now() at time zone 'Asia/Shanghai')::date, 9998)")
    for _ in range(2):
        assert owner.status("POST", ORDERS, json=REPORT) == 200
    found = [number[10:] for (number,) in api.sql("select number from work_order where id > 100000 order by id")]
    assert found == ["9999", "10000"]
