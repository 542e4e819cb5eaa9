"""Claims: the customers whom claims name, and the grants of apps that approved claims bind, visible or not."""

from migrations.frozen.functions.making import Function, may

# ruff: noqa: S608 - our own names

CLAIMANTS = f"""
  return query select customer.id, customer.top_org_id::text, customer.name, customer.phone,
    customer.identity_type::text, customer.identity
  from customer where customer.id = any(ids) and exists (
    select from verification claim where claim.customer_id = customer.id
    and {may("verification.review", "claim.space_org_path")}
  );
"""
"""Read customers who have a claim that the caller may decide on."""

BOUND = """
  return query select app_grant.id from app_grant join org top on top.id = app_grant.org_id
  where app_grant.id = any(ids) and app_grant.app_type = 'COMMUNITY' and exists (
    select from verification claim join space on space.id = claim.space_id
    where claim.status = 'APPROVED' and (claim.app_user_id is not null or claim.submitted_from is distinct from 2)
      and space.org_path >= top.path and space.org_path < rtrim(top.path, '/') || '0'
  );
"""
"""Return the grants of residents' apps to organisations in which app users have approved claims."""

FUNCTIONS = (
    Function(
        "claimants",
        "ids bigint[]",
        "table (id bigint, tenant text, name text, phone text, identity_type text, identity text)",
        CLAIMANTS,
    ),
    Function("bound_app_grants", "ids bigint[]", "setof bigint", BOUND),
)
