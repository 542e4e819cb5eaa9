"""Customers of the demo world, as the tests of their services write them."""

from typing import Any

from app.services.identity import with_check
from tests.clients.writes import Writer

TOP, ORG, OTHER, FOREIGN, ABSENT = "8829", "9099", "9103", "15264", "999999999"
"""A top organisation, two of its projects, another tenant's top organisation, none."""

CUSTOMER = "customer { id version name phone identity identityType sex status topOrgId orgs { id } source fourgridId }"
CARD, OTHER_CARD = with_check("11010119900307001"), with_check("11010119900307002")


def created(writer: Writer, **input_: Any) -> dict[str, Any]:
    """Create a customer, of the tenant 8829 if nothing else is said."""
    named = {"name": "王五", **({} if input_.keys() & {"orgId", "orgIds"} else {"orgId": TOP}), **input_}
    customer: dict[str, Any] = writer.done("createCustomer", CUSTOMER, **named)["customer"]
    return customer


def upserted(writer: Writer, *rows: dict[str, Any]) -> list[str]:
    """Upsert customers and give their ids."""
    return [row["id"] for row in writer.done("upsertCustomers", "customers { id }", customers=[*rows])["customers"]]


def upsert_refusals(writer: Writer, *rows: dict[str, Any]) -> list[tuple[str, list[str]]]:
    """Send an upsert that must write nothing, and give the codes and the paths within the rows."""
    refused = writer.refusals("upsertCustomers", customers=[*rows])
    return [(code, path[2:]) for code, path in refused]


def row(writer: Writer, id_: str) -> dict[str, Any]:
    """Give the stored columns of a customer."""
    ((columns,),) = writer.sql("select to_jsonb(customer) from customer where id = %s", id_)
    return dict(columns)


def clerk(writer: Writer, org: str, account: str = "lisi") -> Writer:
    """Give a member of staff who may change customers in one organisation and below, and has no other role."""
    writer.sql("delete from admin_grant where admin_id = (select id from admin where account = %s)", account)
    writer.sql("insert into org_role (org_id, role_id) values (%s, 20463) on conflict do nothing", org)
    writer.sql(
        "insert into admin_grant (org_id, role_id, admin_id) select %s, 20463, id from admin where account = %s",
        org,
        account,
    )
    return Writer(writer.api, writer.url, account)
