"""Keys: the records of trees that have the keys of another system, in all tenants."""

from migrations.frozen.functions.making import Function, holds_somewhere, require

FIND = """
  return query select node.id, {tenant}, node.source, node.external_id
  from unnest(sources, keys) as named (of_source, key)
  join {table} node on node.external_id = named.key and node.source = named.of_source;
"""

TENANTS = {"org": "split_part(node.path, '/', 1)", "space": "split_part(coalesce(node.org_path, ''), '/', 1)"}
"""The tenant of a node: the top organisation. Spaces without an organisation share one."""

FUNCTIONS = tuple(
    Function(
        f"{table}s_with_keys",
        "sources text[], keys text[]",
        "table (id bigint, tenant text, source text, external_id text)",
        require(holds_somewhere(f"{table}.write")) + FIND.format(tenant=tenant, table=table),
    )
    for table, tenant in TENANTS.items()
)
