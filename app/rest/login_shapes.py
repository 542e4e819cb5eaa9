"""Legacy shapes: the objects of document 003, 2.1 to 2.3, with every key of its examples in their order."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from app.models.menu import MenuType
from app.models.org import OrgSubType, OrgType
from app.models.status import Status
from app.rest.login_trees import Row
from app.services.account import Account

Shape = dict[str, Any]

OWN_SOURCE, OTHER_SOURCE = 1, 2
ORDINARY, SUPER = 1, 2


def token(answer: Shape) -> Shape:
    """Give tokens in the order and the spelling of the examples."""
    names = ("access_token", "token_type", "refresh_token", "scope", "jti", "expires_in")
    return {name: answer.get(name) for name in names} | {"token_type": "bearer"}


def token_info(account: Account) -> Shape:
    """Describe who logged in: all members are texts but `is_supper`, 1 ordinary and 2 super administrator."""
    return {
        "name": account.name,
        "orgFullName": account.org_full_name,
        "id": str(account.id),
        "orgId": None if account.org_id is None else str(account.org_id),
        "org_code": account.org_code,
        "position": account.position,
        "user_name": account.account,
        "is_supper": SUPER if account.is_super else ORDINARY,
    }


def org_trees(rows: list[Row]) -> Shape:
    """Give the business organisations as an envelope of its own, as the example does."""
    return {"code": "200", "message": "成功", "trees": _trees(rows, _org, leaf=None)}


def menu_trees(rows: list[Row]) -> Shape:
    """Give the menus alike."""
    return {"code": "200", "message": "成功", "trees": _trees(rows, _menu, leaf=[])}


def community(row: Row) -> Shape:
    """Give a community in the shape of a space (document 003, 4.12)."""
    organisation = {"org_id": row["org_id"], "org_name": row["org_name"], "full_org_name": row["org_full_name"]}
    return {
        "create_by": row["created_by"],
        "update_by": row["updated_by"],
        "create_time": _milliseconds(row["created_at"]),
        "update_time": _milliseconds(row["updated_at"]),
        "id": row["id"],
        "parentid": row["parent_id"],
        "community_id": row["id"],
        "space_name": row["name"],
        "full_space_name": row["full_name"],
        "parent_code": row["parent_code"],
        "space_code": row["code"],
        "space_type": "COMMUNITY",
        "src": _source(row),
        "org_id": row["org_id"],
        "status": Status[row["status"]].code,
        "area": None if row["area"] is None else float(row["area"]),
        "province": row["province"],
        "city": row["city"],
        "district": row["district"],
        "detail": row["detail"],
        "lon": row["longitude"] or 0.0,
        "lat": row["latitude"] or 0.0,
        "children": None,
        "parent_name": row["parent_name"],
        "org_id_name": None if row["org_id"] is None else organisation,
    }


def _trees(rows: list[Row], shape: Callable[[Row], Shape], leaf: list[Shape] | None) -> list[Shape]:
    """Put rows, parents first, into one tree for each that has no parent among them."""
    nodes: dict[int, Shape] = {}
    tops: list[Shape] = []
    for row in rows:
        node = nodes[row["id"]] = {**shape(row), "children": leaf if leaf is None else list(leaf)}
        parent = nodes.get(row["parent_id"])
        if parent is None:
            tops.append(node)
        else:
            parent["children"] = [*(parent["children"] or ()), node]
    return [{"tree": [top]} for top in tops]


def _org(row: Row) -> Shape:
    return {
        "id": row["id"],
        "org_code": row["code"],
        "org_name": row["name"],
        "parent_code": row["parent_code"],
        "parentid": row["parent_id"],
        "full_org_name": row["full_name"],
        "org_type": OrgType[row["type"]].code,
        "sub_type": None if row["sub_type"] is None else OrgSubType[row["sub_type"]].code,
        "org_id": None,
        "src": _source(row),
        "parent_org_id": None,
    }


def _menu(row: Row) -> Shape:
    return {
        "update_by": row["updated_by"],
        "create_time": _milliseconds(row["created_at"]),
        "update_time": _milliseconds(row["updated_at"]),
        "id": row["id"],
        "parentid": row["parent_id"],
        "menu_name": row["name"],
        "menu_url": row["url"],
        "menu_code": row["code"],
        "parent_code": row["parent_code"],
        "full_menu_name": row["full_name"],
        "parent_name": row["parent_name"],
        "menu_type": MenuType[row["type"]].code,
    }


def _source(row: Row) -> int:
    return OWN_SOURCE if row["source"] == "own" else OTHER_SOURCE


def _milliseconds(time: datetime | None) -> int | None:
    return None if time is None else int(time.timestamp() * 1000)
