"""Variables of the URLs of role grants (document 003, 6.7 to 6.9, 6.12 to 6.17, and 13.2 to 13.4)."""

from app.rest.kinds import ID, IDS, PAIRS, TEXT
from app.rest.parameters import ORDER, filled, maybe, needed, paged, sends
from app.rest.url import Given, Variables

IN_ORG, STAFF_IDS = needed("org_id", ID, "input.orgId"), needed("admin_ids", IDS, "input.adminIds")

GRANTED = sends(IN_ORG, needed("role_id", ID, "input.roleId"), STAFF_IDS)
RESET = sends(IN_ORG, needed("admin_id", ID, "input.adminId"), needed("role_ids", IDS, "input.roleIds"))
REVOKED = sends(IN_ORG, maybe("role_id", ID, "input.roleId"), STAFF_IDS)
DISMISSED = sends(IN_ORG, needed("adminIds", IDS, "input.adminIds"))


ORG_ROLES = sends(filled("org_role_ids", PAIRS, "pairs"), needed("admin_id", ID, "adminId"))


def several(given: Given) -> Variables:
    """Read the roles that one member of staff gets (6.7A)."""
    read = ORG_ROLES(given)
    staff = [read["adminId"]]
    grants = [{"orgId": org, "roleId": role, "adminIds": staff} for org, role in read["pairs"]]
    return {"input": {"adminGrants": grants}}


IN_SPACE = sends(needed("space_id", ID, "id"), needed("admin_id", ID, "adminId"))

PEOPLE = (
    maybe("name", TEXT, "filter.name.contains"),
    maybe("mobile", TEXT, "filter.phone.contains"),
    maybe("job_number", TEXT, "filter.account.contains"),
)
ROLE = maybe("role_id", ID, "roleId")

STAFF = paged(sends(needed("org_id", ID, "org.id.eq"), maybe("create_org_id", ID, "org.under"), ROLE, ORDER, *PEOPLE))

GRANT = "filter.adminGrants.some"

SYSTEM_STAFF = sends(
    maybe("org_id", ID, f"{GRANT}.orgId.eq"),
    maybe("role_id", ID, f"{GRANT}.roleId.eq"),
    maybe("create_org_id", ID, f"{GRANT}.org.under"),
    ORDER,
    *PEOPLE,
)


def system_staff(given: Given) -> Variables:
    """Read who is looked for among those who hold the built-in role (6.12A)."""
    variables = SYSTEM_STAFF(given)
    of_grant = variables.setdefault("filter", {}).setdefault("adminGrants", {}).setdefault("some", {})
    of_grant["role"] = {"isSystemDefault": {"eq": True}}
    return variables


BUILT_IN = paged(system_staff)

ORG = (needed("org_id", ID, "org.id.eq"), maybe("org_code", TEXT, "org.code.eq"))

ADMINISTRATORS = paged(sends(*ORG, needed("org_id", ID, "orgId"), *PEOPLE))
APPOINTABLE = paged(sends(*ORG, *PEOPLE))
