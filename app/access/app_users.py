"""App users: which organisations a residents' app keeps, because its users have approved claims (document 003, 14.1).

One residents' app serves a top organisation, and it stays while there is an approved claim. So the claims of the
organisation are those of its app, although none names the app.
"""

from sqlalchemy import BigInteger, Text, column, text

# ruff: noqa: S608 - the query is put together from our own names

BACK_OFFICE = 2
"""The value of `submitted_from` for claims that the back office made (document 003, 12.3)."""

CLAIMED = f"""
select app_grant.id as grant_id, app_grant.org_id, app_grant.app_id, app_grant.app_type
from app_grant
join org top on top.id = app_grant.org_id
where app_grant.app_type = 'COMMUNITY' and exists (
  select from verification claim
  join space on space.id = claim.space_id
  where claim.status = 'APPROVED'
    and (claim.app_user_id is not null or claim.submitted_from is distinct from {BACK_OFFICE})
    and space.org_path >= top.path and space.org_path < rtrim(top.path, '/') || '0'
)
"""
"""Grants of residents' apps to organisations in which app users have approved claims. It runs as the current role."""

CLAIMED_GRANTS = (
    text(CLAIMED)
    .columns(
        column("grant_id", BigInteger()),
        column("org_id", BigInteger()),
        column("app_id", Text()),
        column("app_type", Text()),
    )
    .subquery("claimed")
)
"""The same as a table that edges lead through."""
