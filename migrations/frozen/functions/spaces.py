"""Spaces: subtrees are counted, locked and deleted with what belongs to them, also where the caller does not see it."""

from migrations.frozen.access import PROPERTIES
from migrations.frozen.functions.making import VALID, Function, may, require_all, sees

# ruff: noqa: S608 - our own names

ALONG = (
    "work_order_step",
    "work_order",
    "verification",
    "housing_record",
    "property_relation",
    "parking_detail",
    "space_location",
)
"""The tables of what is deleted with a space, in an order that no foreign key forbids."""

SUBTREES = f"""
  return query select node.id, tree.ids,
    (select count(*) from property_relation used where used.space_id = any(tree.ids) and used.{VALID}),
    (select count(*) from verification used where used.space_id = any(tree.ids)
      and used.status in ('PENDING', 'APPROVED')),
    (select count(*) from work_order used where used.space_id = any(tree.ids)
      and used.status not in ('DONE', 'CANCELLED')),
    tree.paths
  from space node cross join lateral (
    select array_agg(below.id order by below.path) as ids, array_agg(distinct coalesce(below.org_path, '')) as paths
    from space below where below.path >= node.path and below.path < rtrim(node.path, '/') || '0'
  ) tree where node.id = any(tops) and {sees("node.org_path")};
"""
"""Read visible subtrees: ids from the top, what is still in use below, and the paths of the owners."""

LOCK = """
  perform id from space where id = any(ids) and ({seen}) order by id for {mode};
"""
SEEN = sees("org_path")

FUNCTIONS = (
    Function(
        "subtrees_of_spaces",
        "tops bigint[]",
        "table (id bigint, ids bigint[], relations bigint, claims bigint, orders bigint, paths text[])",
        SUBTREES,
    ),
    Function("lock_spaces", "ids bigint[]", "void", LOCK.format(seen=SEEN, mode="no key update")),
    Function("keep_spaces", "ids bigint[]", "void", LOCK.format(seen=f"{SEEN} or id = {PROPERTIES}", mode="key share")),
    Function(
        "delete_spaces",
        "ids bigint[]",
        "void",
        require_all("space", may("space.write", "node.org_path"))
        + "".join(f"  delete from {table} where space_id = any(ids);\n" for table in ALONG)
        + "  delete from space where id = any(ids);",
    ),
)
