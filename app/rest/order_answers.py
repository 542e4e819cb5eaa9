"""Order answers: the bodies of document 000. They have no envelope of document 003, but a `status_code`.

Two keys of a work order are printed with an equals sign behind them; they are answered with it and without it.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from app.errors import NotFoundError
from app.models.status import Status
from app.models.work_order import SettlementParty
from app.rest.answers import BARE, Row, value_at
from app.rest.url import Data, Members, Variables
from app.rest.variables.work_orders import is_own_id

PRINTED = {"request_number=": "request_number", "contact_person=": "contact_person"}

ROOT = "服务单三级类型"
"""The name above all categories (4.2)."""

OK = {BARE: {"status_code": 200}}


def result(value: Mapping[str, Any], status_code: object = 200) -> Members:
    """Answer a result. `status_code` is a text in the lists, and a number elsewhere, as printed."""
    return {BARE: {"result": value, "status_code": status_code}}


def done(_: Data, __: Variables) -> Members:
    """Answer that it is done (4.3, 5.4)."""
    return OK


def listed(path: str) -> Any:
    """Answer a list of work orders (4.1, 5.1). The endpoint adds the token."""

    def answer(data: Data, _: Variables) -> Members:
        orders = [order(row) for row in value_at(data, path) or []]
        return {BARE: {"result": {"incident_requests": orders}, "token": "", "status_code": "200"}}

    return answer


def shown(data: Data, variables: Variables) -> Members:
    """Answer one work order (4.4); NotFoundError when the caller sees none with the number."""
    rows = value_at(data, "workOrders.nodes")
    if not rows:
        raise NotFoundError(variables["number"])
    return result(order(rows[0]))


def order(row: Row) -> Row:
    """Write the keys that are printed with an equals sign."""
    return {**row, **{printed: row[name] for printed, name in PRINTED.items()}}


def categories(data: Data, _: Variables) -> Members:
    """Answer the categories as one tree, whose leaves have no children (4.2)."""
    tops = value_at(data, "workOrderCategories.nodes")
    root = str(tops[0]["top_org_id"]) if tops else ""
    return result({"id": root, "name": ROOT, "children": [category(top) for top in valid(tops)]})


def valid(rows: Sequence[Row]) -> list[Row]:
    """Leave out the categories that are no longer valid."""
    return [row for row in rows if row["status"] == Status.ENABLED.code]


def category(row: Row) -> Row:
    """Write a category with those below it."""
    written: Row = {"id": key_of(row), "name": row["name"]}
    if "children" in row:
        written["children"] = [category(child) for child in valid(row["children"])]
    return written


def nodes(path: str) -> Any:
    """Answer the parts of a place (5.2); NotFoundError when the caller does not see the place."""

    def answer(data: Data, variables: Variables) -> Members:
        rows = value_at(data, path)
        if rows is None:
            raise NotFoundError(next(iter(variables.values()), ""))
        return result({"cascade_nodes": [{"id": key_of(row), "structure_name": row["name"]} for row in rows]})

    return answer


def key_of(row: Row) -> str:
    """Return the id that clients know a record by: that of the system that it comes from, unless it is a number.

    A number that a client sends back is an id of this register.
    """
    key = str(row["external_id"] or "")
    return str(row["id"]) if not key or is_own_id(key) else key


PAY_PARTS = {"pay_parts": [{"name": party.chinese, "code": party.code} for party in SettlementParty]}


def pay_parts(_: Data, __: Variables) -> Members:
    """Answer who may pay (5.5)."""
    return result(PAY_PARTS)
