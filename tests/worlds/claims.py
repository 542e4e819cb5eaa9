"""Claims on properties, as the back office and an app user make them through a writer."""

from typing import Any

from tests.clients.writes import Writer

HOUSE, OTHER_HOUSE, PARKING, COMMUNITY, ORG = "41017", "41018", "41024", "13702", "9105"
CUSTOMER, OTHER, FOREIGN_CUSTOMER, FOREIGN_HOUSE, FOREIGN, ABSENT = (
    "9867", "9146", "47001", "41078", "49002", "999999999",
)  # fmt: skip
CLAIM = (
    "verification { id type spaceId customerId tenure status channel propertyRelationId identity appUserName"
    " appUserPhone submittedFrom submittedAt reviewedAt reviewerId reviewerAccount reviewerName version createdBy }"
)


def added(writer: Writer, space: str = HOUSE, customer: str = CUSTOMER, **values: Any) -> dict[str, Any]:
    wanted = {"spaceId": space, "customerId": customer, "tenure": "OWNER", **values}
    claim: dict[str, Any] = writer.done("addVerification", CLAIM, **wanted)["verification"]
    return claim


def reviewed(writer: Writer, id_: str, status: str, **values: Any) -> dict[str, Any]:
    claim: dict[str, Any] = writer.done("reviewVerification", CLAIM, id=id_, status=status, **values)["verification"]
    return claim


def pending(writer: Writer, space: str = HOUSE, customer: str | None = CUSTOMER, tenure: str = "OWNER") -> str:
    """Let an app user claim a property."""
    query = (
        "insert into verification (type, space_id, customer_id, tenure, app_user_id, app_user_name, app_user_phone)"
        " values ('HOUSE', %s, %s, %s, 500, '用户500', '13900000500') returning id::text"
    )
    ((id_,),) = writer.sql(query, space, customer, tenure)
    return str(id_)


def relation_of(writer: Writer, space: str = HOUSE, customer: str = CUSTOMER) -> list[tuple[str, str, bool]]:
    query = (
        "select tenure, housing_status, is_main from property_relation where space_id = %s and customer_id = %s"
        " order by id"
    )
    return writer.sql(query, space, customer)


def log_of(writer: Writer, space: str = HOUSE, customer: str = CUSTOMER) -> list[str]:
    query = "select housing_status from housing_record where space_id = %s and customer_id = %s order by id"
    return [status for (status,) in writer.sql(query, space, customer)]
