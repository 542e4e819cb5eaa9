"""Legacy shapes: the objects of document 003, 2.1 to 2.3, with every key of its examples in their order.

The rows come from documents/login.graphql, whose aliases are the document's names. A key that no row has is null.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from app.models.menu import MenuType
from app.models.org import BusinessOrgSubType, OrgType
from app.models.status import Status
from app.rest.envelope import SUCCESS

Row = Mapping[str, Any]
Shape = dict[str, Any]

OWN_SOURCE, OTHER_SOURCE = 1, 2
ORDINARY, SUPER = 1, 2

TOKEN = ("access_token", "token_type", "refresh_token", "scope", "jti", "expires_in")

TOKEN_INFO = ("name", "orgFullName", "id", "orgId", "org_code", "position", "user_name", "is_supper")

ORG = (
    "id", "org_code", "org_name", "parent_code", "parentid", "full_org_name", "org_type", "sub_type", "org_id", "src",
    "parent_org_id",
)  # fmt: skip

MENU = (
    "update_by", "create_time", "update_time", "id", "parentid", "menu_name", "menu_url", "menu_code", "parent_code",
    "full_menu_name", "parent_name", "menu_type",
)  # fmt: skip

COMMUNITY = (
    "create_by", "update_by", "create_time", "update_time", "id", "parentid", "community_id", "space_name",
    "full_space_name", "parent_code", "space_code", "space_type", "src", "org_id", "status", "area", "province", "city",
    "district", "detail", "lon", "lat", "children", "parent_name", "org_id_name",
)  # fmt: skip


def milliseconds(time: datetime | str) -> int:
    """Convert a time to milliseconds since 1970; a plan gives a datetime, graphql-core a string."""
    moment = datetime.fromisoformat(time) if isinstance(time, str) else time
    return int(moment.timestamp() * 1000)


LEAVES: Mapping[str, Callable[[Any], object]] = {
    "id": int,
    "parentid": int,
    "org_id": int,
    "community_id": int,
    "create_time": milliseconds,
    "update_time": milliseconds,
    "area": float,
    "org_type": lambda type_: OrgType[type_].code,
    "sub_type": lambda type_: BusinessOrgSubType[type_].code,
    "menu_type": lambda type_: MenuType[type_].code,
    "status": lambda status: Status[status].code,
    "src": lambda source: OWN_SOURCE if source == "own" else OTHER_SOURCE,
}
"""How the values of some keys are written; the others stay as they are, and so does null."""


def shaped(row: Row, keys: Sequence[str]) -> Shape:
    """Write a row with some keys, in their order."""
    return {key: _leaf(key, row.get(key)) for key in keys}


def token(answer: Row) -> Shape:
    """Write the tokens."""
    return {name: answer.get(name) for name in TOKEN} | {"token_type": "bearer"}


def token_info(me: Row) -> Shape:
    """Describe who logged in: all members are strings but `is_supper`, 1 ordinary and 2 super administrator."""
    return {name: me[name] for name in TOKEN_INFO} | {"is_supper": SUPER if me["is_supper"] else ORDINARY}


def org_trees(rows: Sequence[Row]) -> Shape:
    """Write business organisations as trees, in an envelope of their own."""
    return _trees(rows, lambda row, parent: shaped({**row, "parent_code": parent.get("org_code")}, ORG), leaf=None)


def menu_trees(rows: Sequence[Row]) -> Shape:
    """Write menus as trees."""
    return _trees(rows, _menu, leaf=[])


def communities(rows: Sequence[Row]) -> list[Shape]:
    """Write communities as spaces (document 003, 4.12)."""
    return [_community(row) for row in rows]


def _menu(row: Row, parent: Row) -> Shape:
    above = {"parent_code": parent.get("menu_code"), "parent_name": parent.get("menu_name")}
    return shaped({**row, **above}, MENU)


def _community(row: Row) -> Shape:
    location, org = row["location"] or {}, row["org"]
    place = {**location, "lon": location.get("lon") or 0.0, "lat": location.get("lat") or 0.0}
    names = None if org is None else shaped(org, ("org_id", "org_name", "full_org_name"))
    return shaped({**row, **(row["parent"] or {}), **place, "org_id_name": names}, COMMUNITY)


def _trees(rows: Sequence[Row], shape: Callable[[Row, Row], Shape], leaf: list[Shape] | None) -> Shape:
    """Make a tree of each row without a parent among the rows, which come in tree order; `leaf` is no children."""
    by_id = {row["id"]: row for row in rows}
    nodes = {id_: shape(row, by_id.get(row["parentid"], {})) for id_, row in by_id.items()}
    children: dict[str | None, list[Shape]] = defaultdict(list)
    for id_, row in by_id.items():
        children[row["parentid"] if row["parentid"] in nodes else None].append(nodes[id_])
    for id_, node in nodes.items():
        node["children"] = children.get(id_, leaf)
    return {**SUCCESS, "trees": [{"tree": [top]} for top in children[None]]}


def _leaf(key: str, value: object) -> object:
    return value if value is None or key not in LEAVES else LEAVES[key](value)
