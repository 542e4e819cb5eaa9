"""Variables of the roles' URLs (document 003, 6.1 to 6.6, 6.11 and 6.14)."""

from app.rest.kinds import FLAG, ID, IDS, TEXT, TEXTS
from app.rest.parameters import ORDER, filled, maybe, needed, paged, sends
from app.rest.url import Given, Variables

PAGE = paged(
    sends(
        maybe("role_name", TEXT, "filter.name.contains"),
        maybe("create_org_id", ID, "filter.orgs.some.under"),
        maybe("org_id", ID, "filter.orgs.some.id.eq"),
        maybe("create_org_id", ID, "under"),
        ORDER,
    )
)

DETAIL = sends(needed("role_id", ID, "id"), needed("create_org_id", ID, "under"))

REMOVED = sends(
    needed("role_id", ID, "input.id"),
    maybe("create_org_id", ID, "input.orgId"),
    maybe("delete_role", FLAG, "input.deleteRole"),
)

EDITED = sends(
    needed("id", ID, "input.id"),
    maybe("name", TEXT, "input.name"),
    maybe("list", IDS, "input.orgIds"),
    maybe("create_org_id", ID, "input.under"),
    maybe("list", IDS, "shown.orgId.in"),
)

NEW = sends(needed("name", TEXT, "input.name"), needed("list", IDS, "input.orgIds"))

NEW_NAMES = sends(filled("names", TEXTS, "names"), needed("list", IDS, "orgIds"))


def several_created(given: Given) -> Variables:
    """Read new roles, each of all the named organisations (6.5)."""
    new = NEW_NAMES(given)
    return {"input": {"roles": [{"name": name, "orgIds": new["orgIds"]} for name in new["names"]]}}


RELATED_IN = sends(needed("org_id", ID, "filter.orgId.eq"), maybe("create_org_id", ID, "filter.org.under"), ORDER)


def related_below(given: Given) -> Variables:
    """Read the organisations whose roles are listed, with those below them (6.11)."""
    scope: Variables = sends(maybe("org_id", ID, "org_id"), maybe("create_org_id", ID, "create_org_id"))(given)
    return {"filter": {"and": [{"org": {"under": id_}} for id_ in scope.values()]}, **sends(ORDER)(given)}
