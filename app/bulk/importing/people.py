"""People: the columns of staff, customers and property relations, and the rules over several cells of a row."""

from collections.abc import Callable

from app.bulk.importing.cells import (
    boolean,
    day,
    key,
    listed,
    name,
    number,
    one_of,
    register_id,
    small_number,
)
from app.bulk.importing.column import EXTERNAL_ID, Column, Row, reference
from app.models.admin import AdminStatus, AdminType, Sex
from app.models.customer import CustomerType, IdentityType
from app.models.property import HousingStatus, PropertyType, Tenure
from app.models.status import Status
from app.services.customer_writes import NO_TYPE
from app.services.identity import normalised_identity

status = one_of(Status, {"有效": Status.ENABLED, "无效": Status.DISABLED})

ADMIN_COLUMNS = (
    EXTERNAL_ID,
    *reference("org"),
    Column("type", ("user_type",), "text", one_of(AdminType)),
    Column("name", ("user_name",), "text", name, required=True),
    Column("nickname", ("nick_name",), "text", name),
    Column("account", ("user_account",), "text", key),
    Column("staff_number", ("job_number",), "text", key),
    Column("position", (), "text", name),
    Column("phone", ("mobile",), "text", number),
    Column("email", (), "text", key),
    Column("identity", (), "text", number),
    Column("sex", (), "text", one_of(Sex)),
    Column("birthday", (), "date", day),
    Column("picture", (), "text", key),
    Column("face_picture", ("face_ico",), "text", key),
    Column("status", (), "text", one_of(AdminStatus)),
    Column("is_enabled", ("is_effective",), "boolean", boolean),
    Column("fourgrid_id", (), "bigint", register_id),
)

CUSTOMER_COLUMNS = (
    EXTERNAL_ID,
    *reference("top_org"),
    Column("type", ("customer_properties",), "text", one_of(CustomerType)),
    Column("name", ("customer_name",), "text", name, required=True),
    Column("phone", ("customer_phone",), "text", number),
    Column("identity_type", (), "text", one_of(IdentityType)),
    Column("identity", (), "text", number),
    Column("sex", (), "text", one_of(Sex)),
    Column("face_picture", ("face_ico",), "text", key),
    Column("level", ("customer_level",), "integer", small_number),
    Column("status", (), "text", status),
    Column("org_external_ids", (), "text", listed(key), own=False),
    Column("org_ids", (), "text", listed(register_id), own=False),
    Column("fourgrid_id", ("e_customer_id",), "bigint", register_id),
)

RELATION_COLUMNS = (
    EXTERNAL_ID,
    *reference("space"),
    *reference("customer"),
    Column("type", ("property_type",), "text", one_of(PropertyType)),
    Column("tenure", ("customer_type",), "text", one_of(Tenure)),
    Column("is_main", ("is_main_owner",), "boolean", boolean),
    Column("housing_status", (), "text", one_of(HousingStatus)),
    Column("fourgrid_id", (), "bigint", register_id),
    Column("fourgrid_customer_id", ("e_customer_id",), "bigint", register_id),
    Column("fourgrid_space_id", ("e_space_id",), "bigint", register_id),
    Column("fourgrid_community_id", ("e_community_id",), "bigint", register_id),
)


def only_one(*references: str) -> Callable[[Row], None]:
    """Return the rule that a row names a record either by its external id or by its id."""
    pairs = [(f"{each}_external_id", f"{each}_id") for each in references]
    return lambda row: refuse_both(row, pairs)


def refuse_both(row: Row, pairs: list[tuple[str, str]]) -> None:
    """Raise ValueError for a row that names a record in both of two columns."""
    for by_key, by_id in pairs:
        if row.get(by_key) and row.get(by_id):
            message = f"{by_key} and {by_id} both have a value; fill in one of them"
            raise ValueError(message)


def check_customer(row: Row) -> None:
    """Write the number of an identity card with 18 characters; ValueError when the kind of document is missing."""
    refuse_both(row, [("top_org_external_id", "top_org_id"), ("org_external_ids", "org_ids")])
    if identity := row.get("identity"):
        if not row.get("identity_type"):
            message = f"identity_type is empty: {NO_TYPE.en}"
            raise ValueError(message)
        row["identity"] = normalised_identity(identity, row["identity_type"])
