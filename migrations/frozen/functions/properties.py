"""Properties: what follows from a property relation, and the relations that follow from a decision on a claim."""

from migrations.frozen.functions.making import CHANGED, VALID, WRITER, Function, may, require, require_all

# ruff: noqa: S608 - our own names

MAY_WRITE = f"({may('property.write', 'node.space_org_path')} or {may('verification.review', 'node.space_org_path')})"

LOG = f"""
  insert into housing_record (property_relation_id, space_id, customer_id, customer_name, housing_status,
    created_by, updated_by)
  select relation.id, relation.space_id, relation.customer_id, customer.name, relation.housing_status,
    {WRITER}, {WRITER}
  from property_relation relation join customer on customer.id = relation.customer_id
  where relation.id = any(ids) order by relation.id;
"""
"""Add an entry to the housing log. It has the name that the customer has now."""

KNOW = f"""
  insert into customer_org (customer_id, org_id, created_by, updated_by)
  select distinct relation.customer_id, space.org_id, {WRITER}, {WRITER}
  from property_relation relation join space on space.id = relation.space_id
  where relation.id = any(created) and space.org_id is not null
  order by 1, 2 on conflict (customer_id, org_id) do nothing;
"""
"""Make the customers known to the organisations of the communities."""

END = f"""{require("new_status in ('MOVED_OUT', 'CANCELLED')")}
  return query update property_relation node set housing_status = new_status, {CHANGED}
  where node.id = any(ids) and node.{VALID} returning node.id;
"""

MAY_REVIEW_SPACE = f"""not exists (
    select from unnest(spaces) named left join space on space.id = named
    where not {may("verification.review", "space.org_path")}
  )"""

IN_TENANT = """not exists (
    select from unnest(spaces, customers) as named (space_id, customer_id)
    left join space on space.id = named.space_id left join customer on customer.id = named.customer_id
    where split_part(coalesce(space.org_path, ''), '/', 1) is distinct from customer.top_org_id::text
  )"""

CLAIMED = f"""
  return query insert into property_relation (space_id, customer_id, type, tenure, is_main, housing_status,
    created_by, updated_by)
  select input.space_id, input.customer_id, input.type, input.tenure, false, 'LIVING_IN', {WRITER}, {WRITER}
  from unnest(spaces, customers, types, tenures) with ordinality
    as input (space_id, customer_id, type, tenure, place) order by input.place returning id;
"""

CONFIRM = f"""
  update property_relation node set tenure = input.tenure,
    is_main = node.is_main and input.tenure = 'OWNER', {CHANGED}
  from unnest(ids, tenures) as input (id, tenure) where node.id = input.id and node.{VALID};
"""
"""A valid relation takes the tenure of the claim; a member or a tenant is no main owner."""

MAY_REVIEW = may("verification.review", "node.space_org_path")

FUNCTIONS = (
    Function(
        "log_property_relations",
        "ids bigint[], created bigint[]",
        "void",
        require_all("property_relation", MAY_WRITE) + LOG + KNOW,
    ),
    Function(
        "delete_housing_log",
        "ids bigint[]",
        "void",
        require_all("property_relation", may("property.write", "node.space_org_path"))
        + "  delete from housing_record where property_relation_id = any(ids);",
    ),
    Function(
        "end_property_relations",
        "ids bigint[], new_status text",
        "setof bigint",
        require_all("property_relation", MAY_REVIEW) + END,
    ),
    Function(
        "claim_property_relations",
        "spaces bigint[], customers bigint[], types text[], tenures text[]",
        "setof bigint",
        require(MAY_REVIEW_SPACE) + require(IN_TENANT) + CLAIMED,
    ),
    Function(
        "confirm_property_relations",
        "ids bigint[], tenures text[]",
        "void",
        require_all("property_relation", MAY_REVIEW) + CONFIRM,
    ),
)
