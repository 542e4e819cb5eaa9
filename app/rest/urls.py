"""Urls: every URL of the legacy API (document 003), one row each: our whole obligation to the past.

The rows of one URL are asked in their order; the first whose `when` accepts the request answers.
"""

from app.rest.answers import batch, confirmed, one, page, tree
from app.rest.parameters import BY_ID
from app.rest.url import Url
from app.rest.variables import orgs
from app.rest.variables.conditions import has, has_list

URLS: tuple[Url, ...] = (
    Url("3.1", "org/update", "CreateOrgs", orgs.all_created, batch("createOrgs.orgs"), has_list),
    Url("3.2", "org/update", "UpdateOrg", orgs.changed, one("updateOrg.org"), has("id")),
    Url("3.1", "org/update", "CreateOrg", orgs.created, one("createOrg.org")),
    Url("3.5", "org/tree/{org_id}/{org_type}", "OrgTree", orgs.TREE, tree("tops.nodes.0", "top.descendants.nodes")),
    Url("3.6", "org/detail/{id}", "OrgDetail", BY_ID, one("org")),
    Url("3.9", "org/sub/list", "OrgsBelow", orgs.BELOW, page("orgs")),
    Url("3.14", "org/delete/{id}/{org_type}", "DeleteOrg", BY_ID, confirmed),
)
