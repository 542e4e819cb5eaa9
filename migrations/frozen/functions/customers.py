"""Customers: what hidden organisations know of a customer, and whether a hidden customer has a value already."""

from migrations.frozen.access import SUPER, held
from migrations.frozen.functions.making import VALID, Function, holds_somewhere, require, sees

# ruff: noqa: S608 - our own names

HOLDER = "coalesce(customer.merged_into_id, customer.id)"

IS_SEEN = f"""({sees("(customer.top_org_id || '/')")} or exists (
      select from customer_org known join org on org.id = known.org_id
      where known.customer_id = {HOLDER} and {sees("org.path")}
    ) or exists (
      select from property_relation relation
      where relation.customer_id = {HOLDER} and {sees("relation.space_org_path")}
    ))"""
"""The condition that the caller sees a customer, as the policy of customers says it."""

KNOWERS = f"""
  return query select customer.id, case when not {IS_SEEN} then '{{}}' else array(
    select org.path from customer_org known join org on org.id = known.org_id where known.customer_id = customer.id
    union
    select space.org_path from property_relation relation join space on space.id = relation.space_id
    where relation.customer_id = customer.id and space.org_path is not null and relation.{VALID}
  ) end from customer where customer.id = any(ids) order by customer.id;
"""
"""Return which of some customers exist, and the paths of the organisations that know each whom the caller sees."""

OTHER = """exists (select from customer other where other.top_org_id = input.top_org_id
    and other.id <> input.id and other.merged_into_id is null and {})"""

TAKEN = f"""
  return query select {OTHER.format("other.identity_type = input.identity_type and other.identity = input.identity")},
    {OTHER.format("other.name = input.name and other.phone = input.phone")},
    {OTHER.format("other.fourgrid_id = input.fourgrid_id")}
  from unnest(ids, tenants, kinds, numbers, names, phones, fourgrid_ids) with ordinality
    as input (id, top_org_id, identity_type, identity, name, phone, fourgrid_id, place) order by input.place;
"""
"""Return for each input whether another customer of the tenant has its document, its name and phone, or its 4g id."""

REGIONAL = "('HONG_KONG', 'MACAU', 'TAIWAN')"
SAME_KIND = (
    "(stored.identity_type = input.identity_type"
    f" or stored.identity_type in {REGIONAL} and input.identity_type in {REGIONAL})"
)

RULES = (
    ("stored.source = input.source and stored.external_id = input.external_id", "false"),
    ("stored.fourgrid_id = input.fourgrid_id", "false"),
    (f"{SAME_KIND} and stored.identity = input.identity", "stored.identity_type <> input.identity_type"),
    ("stored.name = input.name and stored.phone = input.phone", "false"),
)
"""The conditions by which a stored customer is the one of an input, in their order, and whether the kind differs."""

FOUND = " union all ".join(
    f"select {place} as rule, stored.id, stored.merged_into_id, {differs} as differs from customer stored"
    f" where stored.top_org_id = input.top_org_id and {equal}"
    for place, (equal, differs) in enumerate(RULES)
)

MATCH = f"""{require(holds_somewhere("customer.write"))}
  return query select distinct on (input.place) input.place, found.rule, coalesce(found.merged_into_id, found.id)
  from unnest(tenants, sources, keys, fourgrid_ids, kinds, numbers, names, phones) with ordinality
    as input (top_org_id, source, external_id, fourgrid_id, identity_type, identity, name, phone, place)
  cross join lateral ({FOUND}) found
  order by input.place, found.rule, found.merged_into_id is not null, found.differs, found.id;
"""
"""Return the first customer that the first matching rule finds for each input, and the place of the rule."""

HOLDING = f"""
  return query select named.customer_id, named.org_id from unnest(customers, orgs) as named (customer_id, org_id)
  where exists (
    select from property_relation relation join space on space.id = relation.space_id
    where relation.customer_id = named.customer_id and space.org_id = named.org_id and relation.{VALID}
  );
"""
"""Return the pairs in which a customer holds property of the communities of an organisation."""

WHOLLY = f"""
  if exists (
    select from customer where customer.id = any(ids)
    and not coalesce({SUPER} or {held("customer.write", "(customer.top_org_id || '/')")}, false)
    and (select coalesce(bool_and({held("customer.write", "path")}), false)
      from knowers_of_customers(array[customer.id]) known cross join unnest(known.paths) path) is not true
  ) then
    raise exception 'the caller may not do this' using errcode = 'insufficient_privilege';
  end if;
"""
"""Refuse a call unless the caller holds the capability at the top, or in all organisations that know a customer."""

DELETED = ("verification", "housing_record", "property_relation", "customer_org")
"""The tables of what is deleted with a customer, in an order that no foreign key forbids."""

DELETE = "".join(f"  delete from {table} where customer_id = any(ids);\n" for table in DELETED)

FUNCTIONS = (
    Function("knowers_of_customers", "ids bigint[]", "table (id bigint, paths text[])", KNOWERS),
    Function(
        "customer_values_taken",
        "ids bigint[], tenants bigint[], kinds text[], numbers text[], names text[], phones text[],"
        " fourgrid_ids bigint[]",
        "table (has_document boolean, has_name boolean, has_fourgrid boolean)",
        TAKEN,
    ),
    Function(
        "match_customers",
        "tenants bigint[], sources text[], keys text[], fourgrid_ids bigint[], kinds text[], numbers text[],"
        " names text[], phones text[]",
        "table (place bigint, rule int, id bigint)",
        MATCH,
    ),
    Function(
        "customers_with_property",
        "customers bigint[], orgs bigint[]",
        "table (customer_id bigint, org_id bigint)",
        HOLDING,
    ),
    Function("require_whole_customers", "ids bigint[]", "void", WHOLLY, is_inner=True),
    Function(
        "delete_customers",
        "ids bigint[]",
        "void",
        f"  perform require_whole_customers(ids);\n{DELETE}  delete from customer where id = any(ids);",
    ),
)
