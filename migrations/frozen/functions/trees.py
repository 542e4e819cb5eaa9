"""Trees: what is derived from the nodes above is renewed below a change, in rows that the caller may not see."""

from migrations.frozen.access import SUPER
from migrations.frozen.functions.making import Function, may, require_all

COMMON = {
    "path": "coalesce(parent.path, '') || child.id || '/'",
    "sort_key": (
        "(coalesce(parent.sort_key, '') || case"
        """ when starts_with({code} collate "C", parent.code) and length({code}) > length(parent.code)"""
        " then chr(96 + least(length({code}) - length(parent.code), 25)) || substr({code}, length(parent.code) + 1)"
        """ else 'z' end || chr(96 + length(child.id::text)) || child.id) collate "C\""""
    ),
    "depth": "coalesce(parent.depth + 1, 0)",
    "full_name": "coalesce(parent.full_name || '/', '') || child.name",
}
RULES = {
    "org": COMMON,
    "space": {
        **COMMON,
        "community_id": "case when child.type = 'COMMUNITY' then child.id else parent.community_id end",
        "org_id": "case when child.type = 'COMMUNITY' then child.org_id else parent.org_id end",
        "org_path": (
            "case when child.type = 'COMMUNITY' then (select path from org where org.id = child.org_id)"
            " else parent.org_path end"
        ),
    },
    "menu": COMMON,
}
"""Every derived column of a tree, as an expression over a node (`child`) and its parent."""

KEPT_CODE = (
    "(case when starts_with(child.code, parent.old_code)"
    " then parent.code || substr(child.code, length(parent.old_code) + 1) else child.code end)"
)
"""The code of a node below a changed one: codes that do not begin with their parent's stay."""

WRITERS = {
    "org": may("org.write", "(case when node.type = 'BUSINESS' then node.path end)"),
    "space": may("space.write", "node.org_path"),
    "menu": SUPER,
}
"""The condition that the caller may change a node."""


FOLLOW = """
  with named as (
    select node.*, changed.old_code from {table} node
    join unnest(ids, codes) as changed (id, old_code) on changed.id = node.id
  ), changed as (
    select * from named where not exists (
      select from named other where other.id <> named.id and starts_with(named.path, other.path)
    )
  ), expected as (
    with recursive derived as (
      select child.id, child.code as old_code, {columns} from changed parent
      cross join lateral (select * from {table} node where node.parent_id = parent.id offset 0) child
      union all
      select child.id, child.code as old_code, {columns} from derived parent
      cross join lateral (select * from {table} node where node.parent_id = parent.id offset 0) child
    ) select * from derived
  )
  update {table} node set {pairs}, updated_at = now() from expected where expected.id = node.id
    and ({stored}) is distinct from ({right});
"""
"""Rewrite what is derived below some nodes. `codes` are theirs before the change: a code below that begins with one
gets the new one. The version stays, because the records themselves did not change."""

DERIVE = """
  with recursive expected as (
    select child.id, {columns} from {table} child left join {table} parent on parent.id = child.parent_id
    where child.id = top
    union all
    select child.id, {columns} from expected parent
    cross join lateral (select * from {table} node where node.parent_id = parent.id offset 0) child
  )
  update {table} node set {pairs}, updated_at = now() from expected where expected.id = node.id
    and ({stored}) is distinct from ({right});
"""
"""Rewrite what is derived of a node and below it; the codes stay. It writes only what the rules say."""

FOLLOW_ORGS = """
  update space node set org_path = org.path, updated_at = now() from org moved, org
  where moved.id = any(ids) and org.path >= moved.path and org.path < rtrim(moved.path, '/') || '0'
    and node.org_id = org.id and node.org_path is distinct from org.path;
"""
"""Renew `org_path` in the spaces of moved organisations and of those below. It writes only what the rule says."""


def follow(table: str) -> Function:
    """Return the function that renews what is derived below changed nodes."""
    body = _filled(FOLLOW, table, KEPT_CODE, ["code", *RULES[table]])
    return Function(f"follow_{table}", "ids bigint[], codes text[]", "void", require_all(table, WRITERS[table]) + body)


def derive(table: str) -> Function:
    """Return the function that derives a node and what is below it anew."""
    return Function(f"derive_{table}", "top bigint", "void", _filled(DERIVE, table, "child.code", [*RULES[table]]))


def _filled(body: str, table: str, code: str, names: list[str]) -> str:
    rules = {"code": code, **{name: rule.format(code=code) for name, rule in RULES[table].items()}}
    return body.format(
        table=table,
        columns=", ".join(f"({rule}) as {name}" for name, rule in rules.items()),
        pairs=", ".join(f"{name} = expected.{name}" for name in names),
        stored=", ".join(f"node.{name}" for name in names),
        right=", ".join(f"expected.{name}" for name in names),
    )


FUNCTIONS = (
    *map(follow, RULES),
    *map(derive, RULES),
    Function("follow_spaces_of_orgs", "ids bigint[]", "void", FOLLOW_ORGS),
)
