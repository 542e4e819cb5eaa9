"""The columns of a file to import: names, the documents' names for them, and allowed cells."""

from collections.abc import Callable

from app.bulk.importing.cells import area, code, key, name, one_of, register_id
from app.bulk.importing.column import EXTERNAL_ID, Column, Noun, Row, reference
from app.bulk.importing.people import ADMIN_COLUMNS, CUSTOMER_COLUMNS, RELATION_COLUMNS, check_customer, only_one
from app.bulk.importing.repairs import STAFF, WORK_ORDER_COLUMNS
from app.models.org import SUB_TYPES, OrgType
from app.models.space import BusinessType, SpaceType
from app.models.status import Status

status = one_of(Status, {"有效": Status.ENABLED, "无效": Status.DISABLED})
space_type = one_of(SpaceType, {"楼宇": SpaceType.BUILDING})
"""Document 003 has two terms for these values (part 4, 1)."""


COMMON = (
    EXTERNAL_ID,
    Column("parent_external_id", ("parentid", "parent"), "text", key, own=False),
)

COLUMNS: dict[Noun, tuple[Column, ...]] = {
    "orgs": (
        *COMMON,
        Column("name", ("org_name",), "text", name, required=True),
        Column("type", ("org_type",), "text", one_of(OrgType), required=True),
        Column("sub_type", ("org_sub_type",), "text", key, own=False),
        *(Column(name, (), "text", one_of(members)) for name, (_, members) in SUB_TYPES.items()),
        Column("status", ("org_status",), "text", status),
        Column("code", ("org_code",), "text", code, own=False),
        Column("fourgrid_id", ("org_id",), "bigint", register_id),
        Column("fourgrid_parent_id", ("parent_org_id",), "bigint", register_id),
    ),
    "spaces": (
        *COMMON,
        Column("name", ("space_name",), "text", name, required=True),
        Column("type", ("space_type",), "text", space_type, required=True),
        Column("status", ("space_status",), "text", status),
        Column("business_type", (), "text", one_of(BusinessType)),
        Column("area", ("space_square",), "numeric(14, 2)", area),
        Column("fee_area", (), "numeric(14, 2)", area),
        Column("code", ("space_code",), "text", code, own=False),
        *reference("org"),
        Column("fourgrid_id", ("space_id",), "bigint", register_id),
        Column("fourgrid_parent_id", ("parent_space_id",), "bigint", register_id),
        Column("fourgrid_community_id", ("community_id",), "bigint", register_id),
    ),
    "admins": ADMIN_COLUMNS,
    "customers": CUSTOMER_COLUMNS,
    "relations": RELATION_COLUMNS,
    "work-orders": WORK_ORDER_COLUMNS,
}
"""The columns of each noun. Only external_id must be in every file: a value without a column stays as it is."""

NAMED = ("space", "category_three", "customer", *STAFF)
"""What work orders name."""

_SUB_TYPE_PARSERS = {type_.value: one_of(members) for type_, members in SUB_TYPES.values()}


def check_org(row: Row) -> None:
    """Parse the sub type by the type, because each type numbers its legacy codes from 1 (document 003, 3.3).

    Raise ValueError for one that stands in two columns, and for one in a row without a type.
    """
    sub_type, parse = row.get("sub_type"), _SUB_TYPE_PARSERS.get(row["type"] or "")
    if not sub_type:
        return
    for name_ in SUB_TYPES:
        if row.get(name_):
            message = f"sub_type and {name_} both have a value; fill in one of them"
            raise ValueError(message)
    if parse is None:
        message = f"sub_type needs a type in the same row; without one, use the columns {' and '.join(SUB_TYPES)}"
        raise ValueError(message)
    try:
        row["sub_type"] = parse(sub_type)
    except ValueError as error:
        message = f"sub_type {error}"
        raise ValueError(message) from None


ROW_RULES: dict[Noun, tuple[frozenset[str], Callable[[Row], None]]] = {
    "orgs": (frozenset({"sub_type"}), check_org),
    "spaces": (frozenset({"org_external_id"}), only_one("org")),
    "admins": (frozenset({"org_external_id"}), only_one("org")),
    "customers": (frozenset({"top_org_external_id", "org_external_ids", "identity"}), check_customer),
    "relations": (frozenset({"space_external_id", "customer_external_id"}), only_one("space", "customer")),
    "work-orders": (
        frozenset(f"{each}_external_id" for each in NAMED),
        only_one(*NAMED),
    ),
}
"""The rule over several cells of a row; it is applied when the file has one of the columns."""

COLUMNS_OF_TYPE: dict[Noun, dict[str, tuple[str, str]]] = {
    "orgs": {
        name_: (type_.value, f"{name_} is for {type_} organisations only, this is %s")
        for name_, (type_, _) in SUB_TYPES.items()
    },
    "spaces": {
        name_: (SpaceType.COMMUNITY.value, f"{name_} is for a COMMUNITY only, this is a %s")
        for name_ in ("business_type", "org_external_id", "org_id")
    },
}
"""The columns that only records of one type may have, that type, and the error for a record of another type."""
