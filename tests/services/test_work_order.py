"""Work orders and their categories through GraphQL: reports, steps, deletion and restoration (document 000)."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest

from tests.clients.api import Api
from tests.clients.writes import Writer
from tests.worlds.orders import (
    ABSENT,
    CATEGORY,
    COMMUNITY,
    FOREIGN_HOUSE,
    FOREIGN_ORDER,
    FOREIGN_THREE,
    HOUSE,
    ONE,
    ORDER,
    REPORT,
    THREE,
    TWO,
    made,
    reported,
)


def step(writer: Writer, field: str, id_: str, **values: Any) -> dict[str, Any]:
    order: dict[str, Any] = writer.done(field, ORDER, id=id_, **values)["workOrder"]
    return order


def steps_of(writer: Writer, id_: str) -> list[Any]:
    query = (
        "select from_status, to_status, admin_id::text, note from work_order_step where work_order_id = %s order by id"
    )
    return writer.sql(query, id_)


def test_4_3_a_report_names_a_house_and_a_category_of_the_third_level(staff: Writer) -> None:
    order = reported(staff, contactName="孔大娘")
    assert order == {
        "id": order["id"], "version": 1, "number": order["number"], "status": "NEW", "spaceId": HOUSE,
        "categoryOneId": ONE, "categoryTwoId": TWO, "categoryThreeId": THREE, "description": "灯泡爆炸",
        "contactName": "孔大娘", "customerId": None, "reporterId": "1", "assigneeId": None, "receiverId": None,
        "settlementParty": None, "settlementAmount": None,
    }  # fmt: skip
    assert steps_of(staff, order["id"]) == [(None, "NEW", "1", None)]


def test_4_3_many_reports_have_consecutive_numbers(staff: Writer) -> None:
    bulk = (
        "mutation ($input: CreateWorkOrdersInput!)"
        " { createWorkOrders(input: $input) { workOrders { number } errors { code } } }"
    )
    variables = {"input": {"workOrders": [REPORT] * 3}}
    made = staff.api.post(bulk, variables, staff.authorization).json()["data"]["createWorkOrders"]["workOrders"]
    assert [order["number"][10:] for order in made] == ["0001", "0002", "0003"]


WAITING = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"


def test_4_3_a_report_that_waits_for_its_house_holds_up_no_other(staff: Writer) -> None:
    with psycopg.connect(staff.url) as connection, ThreadPoolExecutor(1) as threads:
        connection.execute("select from space where id = 41017 for update")
        waiting = threads.submit(reported, staff)
        while staff.sql(WAITING) == [(0,)]:
            assert not waiting.done()
        other = reported(staff, spaceId="41018")["number"]
        connection.rollback()
        assert waiting.result()["number"] == str(int(other) + 1).zfill(len(other))


@pytest.mark.parametrize(
    ("values", "refusals"),
    [
        ({"spaceId": COMMUNITY}, [("INVALID_INPUT", ["spaceId"])]),
        ({"spaceId": FOREIGN_HOUSE}, [("NOT_FOUND", ["spaceId"])]),
        ({"spaceId": None}, [("INVALID_INPUT", ["spaceId"])]),
        ({"spaceId": None, "propertyNumber": "nowhere"}, [("INVALID_INPUT", ["propertyNumber"])]),
        ({"categoryThreeId": ABSENT}, [("NOT_FOUND", ["categoryThreeId"])]),
        ({"categoryThreeId": FOREIGN_THREE}, [("NOT_FOUND", ["categoryThreeId"])]),
        ({"categoryThreeId": TWO}, [("INVALID_INPUT", ["categoryThreeId"])]),
        ({"categoryThreeId": None}, [("INVALID_INPUT", ["categoryThreeId"])]),
        ({"categoryThreeId": None, "categoryExternalId": "x"}, [("NOT_FOUND", ["categoryExternalId"])]),
        ({"categoryOneId": TWO}, [("INVALID_INPUT", ["categoryOneId"])]),
        ({"categoryTwoId": ONE}, [("INVALID_INPUT", ["categoryTwoId"])]),
        ({"description": " "}, [("INVALID_INPUT", ["description"])]),
    ],
)
def test_4_3_a_wrong_report_is_refused(staff: Writer, values: dict[str, Any], refusals: Any) -> None:
    assert staff.refusals("createWorkOrder", **{**REPORT, **values}) == refusals


def test_4_3_a_house_and_a_category_belong_to_one_tenant(super_: Writer) -> None:
    wanted = {**REPORT, "categoryThreeId": FOREIGN_THREE}
    assert super_.refusals("createWorkOrder", **wanted) == [("INVALID_INPUT", ["categoryThreeId"])]


def test_4_3_a_category_that_is_no_longer_valid_is_refused(staff: Writer) -> None:
    staff.done("updateWorkOrderCategory", CATEGORY, id=THREE, status="DISABLED")
    assert staff.refusals("createWorkOrder", **REPORT) == [("INVALID_INPUT", ["categoryThreeId"])]


def test_4_3_a_house_is_found_by_its_code_or_by_the_names_below_its_community(staff: Writer) -> None:
    ((code, path),) = staff.sql(
        "select house.code, substr(house.full_name, length(community.full_name) + 2) from space house"
        " join space community on community.id = house.community_id where house.id = %s",
        HOUSE,
    )
    for number in (code, path.replace("/", "-")):
        assert reported(staff, spaceId=None, propertyNumber=number)["spaceId"] == HOUSE


def test_4_3_a_number_of_several_houses_is_refused(staff: Writer) -> None:
    staff.sql("update space set code = (select code from space where id = %s) where id = 41018", HOUSE)
    ((code,),) = staff.sql("select code from space where id = %s", HOUSE)
    wanted = {**REPORT, "spaceId": None, "propertyNumber": code}
    assert staff.refusals("createWorkOrder", **wanted) == [("INVALID_INPUT", ["propertyNumber"])]


def test_5_4_a_work_order_goes_on_from_step_to_step(staff: Writer) -> None:
    id_ = reported(staff)["id"]
    assert step(staff, "assignWorkOrder", id_, assigneeId="1", note="请尽快")["status"] == "ASSIGNED"
    taken = step(staff, "receiveWorkOrder", id_)
    assert (taken["status"], taken["receiverId"], taken["assigneeId"]) == ("RECEIVED", "1", "1")
    assert step(staff, "startRepair", id_)["status"] == "IN_REPAIR"
    done = step(staff, "completeWorkOrder", id_, settlementParty="OWNER", settlementAmount="20.50")
    assert (done["status"], done["settlementParty"], done["settlementAmount"]) == ("DONE", "OWNER", "20.50")
    assert steps_of(staff, id_)[1:] == [
        ("NEW", "ASSIGNED", "1", "请尽快"), ("ASSIGNED", "RECEIVED", "1", None), ("RECEIVED", "IN_REPAIR", "1", None),
        ("IN_REPAIR", "DONE", "1", None),
    ]  # fmt: skip
    times = (
        "select assigned_at, received_at, repair_started_at, completed_at, cancelled_at from work_order where id = %s"
    )
    ((*reached, cancelled),) = staff.sql(times, id_)
    assert all(reached)
    assert cancelled is None


FIELDS = {
    "assignWorkOrder": {"assigneeId": "1"},
    "receiveWorkOrder": {},
    "startRepair": {},
    "completeWorkOrder": {},
    "cancelWorkOrder": {},
}
ALLOWED = {
    "NEW": {"assignWorkOrder", "receiveWorkOrder", "cancelWorkOrder"},
    "ASSIGNED": {"assignWorkOrder", "receiveWorkOrder", "cancelWorkOrder"},
    "RECEIVED": {"startRepair", "cancelWorkOrder"},
    "IN_REPAIR": {"completeWorkOrder"},
    "DONE": set(),
    "CANCELLED": set(),
}


@pytest.mark.parametrize("status", ALLOWED)
def test_5_4_no_other_step_is_allowed(staff: Writer, status: str) -> None:
    id_ = reported(staff)["id"]
    staff.sql("update work_order set status = %s where id = %s", status, id_)
    for field, values in FIELDS.items():
        if field not in ALLOWED[status]:
            assert staff.refusals(field, id=id_, **values) == [("CONFLICT", ["id"])], field


def test_5_4_a_work_order_of_another_is_taken_only_when_it_is_assigned_anew(staff: Writer) -> None:
    id_ = reported(staff)["id"]
    step(staff, "assignWorkOrder", id_, assigneeId="8813")
    assert staff.refusals("receiveWorkOrder", id=id_) == [("CONFLICT", ["id"])]
    step(staff, "assignWorkOrder", id_, assigneeId="1")
    assert step(staff, "receiveWorkOrder", id_)["receiverId"] == "1"


@pytest.mark.parametrize(
    ("field", "values", "refusals"),
    [
        ("receiveWorkOrder", {"id": ABSENT}, [("NOT_FOUND", ["id"])]),
        ("receiveWorkOrder", {"id": FOREIGN_ORDER}, [("NOT_FOUND", ["id"])]),
        ("receiveWorkOrder", {"number": "1"}, [("NOT_FOUND", ["number"])]),
        ("receiveWorkOrder", {"number": "01201606146471"}, [("NOT_FOUND", ["number"])]),
        ("receiveWorkOrder", {}, [("INVALID_INPUT", ["id"])]),
        ("assignWorkOrder", {"id": "49512", "assigneeId": "43004"}, [("NOT_FOUND", ["assigneeId"])]),
        (
            "assignWorkOrder",
            {"id": "49512", "assigneeId": "1", "expectedVersion": 7},
            [("CONFLICT", ["expectedVersion"])],
        ),
        ("assignWorkOrder", {"id": "49512", "assigneeId": "8811"}, [("INVALID_INPUT", ["assigneeId"])]),
        ("deleteWorkOrder", {"id": "49512"}, [("IN_USE", ["id"])]),
    ],
)
def test_5_4_a_wrong_step_is_refused(staff: Writer, field: str, values: dict[str, Any], refusals: Any) -> None:
    assert staff.refusals(field, **values) == refusals


def test_5_4_work_orders_are_assigned_to_enabled_staff_of_the_house(staff: Writer, super_: Writer) -> None:
    id_ = reported(staff)["id"]
    assert super_.refusals("assignWorkOrder", id=id_, assigneeId="43002") == [("INVALID_INPUT", ["assigneeId"])]
    staff.sql("update admin set is_enabled = false where id = 8813")
    assert super_.refusals("assignWorkOrder", id=id_, assigneeId="8813") == [("INVALID_INPUT", ["assigneeId"])]
    assert step(super_, "assignWorkOrder", id_, assigneeId="43003")["assigneeId"] == "43003", "the super administrator"


def test_5_4_an_amount_is_not_negative_and_names_who_pays(staff: Writer) -> None:
    id_ = reported(staff)["id"]
    step(staff, "receiveWorkOrder", id_)
    step(staff, "startRepair", id_)
    assert staff.refusals("completeWorkOrder", id=id_, settlementAmount="1") == [("INVALID_INPUT", ["settlementParty"])]
    wrong = {"settlementAmount": "-1", "settlementParty": "OTHER"}
    assert staff.refusals("completeWorkOrder", id=id_, **wrong) == [("INVALID_INPUT", ["settlementAmount"])]


def test_only_staff_with_the_capability_write(own_api: Api, own_url: str) -> None:
    ordinary = Writer(own_api, own_url, "huangrp5")
    ordinary.sql("delete from admin_grant where admin_id = 8813")
    ordinary.sql(
        "insert into admin_grant (org_id, role_id, admin_id) select org_id, role_id, 8813 from org_role limit 0"
    )
    own_api.forget_callers()
    for field, values in {**FIELDS, "deleteWorkOrder": {}}.items():
        assert ordinary.forbidden(field, id="49512", **values) == "WORK_ORDER_WRITE"
    assert ordinary.forbidden("createWorkOrder", **REPORT) == "WORK_ORDER_WRITE"


def test_a_work_order_that_was_entered_by_mistake_is_deleted_and_comes_back_with_its_steps(staff: Writer) -> None:
    id_ = reported(staff)["id"]
    step(staff, "cancelWorkOrder", id_, note="误报")
    before = steps_of(staff, id_)
    staff.done("deleteWorkOrder", "deletedIds", id=id_)
    assert steps_of(staff, id_) == []
    ((change,),) = staff.sql(
        "select id::text from change where entity = 'work_order' and entity_id = %s and operation = 'DELETE'", id_
    )
    back = staff.done("restoreWorkOrder", ORDER, changeId=change)["workOrder"]
    assert (back["id"], back["status"], steps_of(staff, id_)) == (id_, "CANCELLED", before)


def test_a_work_order_whose_category_is_gone_does_not_come_back(staff: Writer) -> None:
    one = made(staff, name="电梯", topOrgId="8829")
    two = made(staff, name="轿厢", parentId=one["id"])
    three = made(staff, name="异响", parentId=two["id"])
    id_ = reported(staff, categoryThreeId=three["id"])["id"]
    staff.done("deleteWorkOrder", "deletedIds", id=id_)
    staff.done("deleteWorkOrderCategory", "deletedIds", id=three["id"])
    ((change,),) = staff.sql("select id::text from change where entity_id = %s and operation = 'DELETE'", id_)
    assert staff.refusals("restoreWorkOrder", changeId=change) == [("CONFLICT", [])]


def test_a_house_with_an_open_work_order_stays(staff: Writer) -> None:
    id_ = reported(staff)["id"]
    assert staff.refusals("deleteSpace", id=HOUSE) == [("IN_USE", ["id"])]
    step(staff, "cancelWorkOrder", id_)
    assert staff.done("deleteSpace", "deletedIds", id=HOUSE)["deletedIds"] == [HOUSE]
    assert staff.sql("select count(*) from work_order where id = %s", id_) == [(0,)]


def test_a_reporter_an_assignee_and_a_customer_are_not_deleted(super_: Writer) -> None:
    super_.sql("delete from admin_grant where admin_id = 8813")
    assert super_.refusals("deleteAdmin", id="8813") == [("IN_USE", ["id"])]
    super_.sql("update property_relation set housing_status = 'MOVED_OUT' where customer_id = 47003")
    assert super_.refusals("deleteCustomer", id="47003") == [("IN_USE", ["id"])]


def test_work_orders_move_with_their_customer_and_their_house(super_: Writer) -> None:
    ((lost,),) = super_.sql("insert into customer (top_org_id, name) values (40034, '小西') returning id::text")
    super_.sql("update work_order set customer_id = %s where id = 49510", lost)
    super_.done("mergeCustomers", "customer { id }", keepId="47003", loseId=lost)
    assert super_.sql("select customer_id from work_order where id = 49510") == [(47003,)]
    super_.done("setCommunityOrg", "space { id }", id="41083", orgId="40035")
    paths = "select o.space_org_path, o.space_path = s.path from work_order o join space s on s.id = o.space_id"
    assert super_.sql(f"{paths} where o.id = 49510") == [("40034/40035/", True)]
    entities = "select distinct operation from change where entity = 'work_order' and entity_id = 49510"
    assert {row[0] for row in super_.sql(entities)} >= {"UPDATE"}
