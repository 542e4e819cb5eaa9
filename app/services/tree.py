"""The derived columns of the three trees: the SQL that fills, repairs and checks them.

The rule is one recursive query, which `expected` builds from the expressions in `RULES`: for some subtrees, or for a
whole table. Requests and bulk work share it. Nothing here runs a statement: app/bulk/trees.py and services do.
"""

from psycopg.sql import SQL, Composable, Composed, Identifier, Literal

from app.models.tree import FIRST_SEGMENT

TREE_LOCKS = {"org": 0x7472_6501, "space": 0x7472_6502, "menu": 0x7472_6503}
"""Advisory lock of each tree; code that needs several takes them in this order."""

_STORED_CODE = SQL("child.code")

_COMMON = {
    "path": SQL("coalesce(parent.path, '') || child.id || '/'"),
    "sort_key": SQL(
        "(coalesce(parent.sort_key, '') || case"
        """ when starts_with({code} collate "C", parent.code) and length({code}) > length(parent.code)"""
        " then chr(96 + least(length({code}) - length(parent.code), 25)) || substr({code}, length(parent.code) + 1)"
        """ else 'z' end || chr(96 + length(child.id::text)) || child.id) collate "C\""""
    ),
    "depth": SQL("coalesce(parent.depth + 1, 0)"),
    "full_name": SQL("coalesce(parent.full_name || '/', '') || child.name"),
}

RULES: dict[str, dict[str, SQL]] = {
    "org": _COMMON,
    "space": {
        **_COMMON,
        "community_id": SQL("case when child.type = 'COMMUNITY' then child.id else parent.community_id end"),
        "org_id": SQL("case when child.type = 'COMMUNITY' then child.org_id else parent.org_id end"),
        "org_path": SQL(
            "case when child.type = 'COMMUNITY' then (select path from org where org.id = child.org_id)"
            " else parent.org_path end"
        ),
    },
    "menu": _COMMON,
}
"""Every derived column of a tree, as an expression over a node (`child`) and its parent (all null above a root).

`{code}` stands for the node's code. In a sort key a letter before each number gives its length (a = 1), so that 9 comes
before 10. A node whose code does not begin with its parent's has no number, but z: it comes after its siblings, by id.
"""


def lock(tree: str) -> Composed:
    """Wait until no other transaction changes the structure of a tree, and exclude others until the commit."""
    return SQL("select pg_advisory_xact_lock({})").format(Literal(TREE_LOCKS[tree]))


def expected(
    tree: str,
    nodes: Composable | None = None,
    top: Composable | None = None,
    code: SQL = _STORED_CODE,
) -> Composed:
    """Return the recursive query that derives the code and the columns of `RULES` from the top downwards.

    `nodes` is the table to read, by default the table of the tree; it needs an index on parent_id. `top` is the
    condition of the rows to begin with, by default those without a parent. If such a row has a parent, the query uses
    the stored values of the parent. Rows that are not below a top row, such as a cycle, are left out. `code` is the
    expression of a node's code. `offset 0` makes the planner use one index lookup for each node, however deep the tree.
    """
    rules = {"code": code, **RULES[tree]}
    columns = SQL(", ").join(
        SQL("({}) as {}").format(rule.format(code=code), Identifier(name)) for name, rule in rules.items()
    )
    return SQL(
        "with recursive expected as ("
        " select child.id, {columns} from {nodes} child left join {table} parent on parent.id = child.parent_id"
        " where {top}"
        " union all"
        " select child.id, {columns} from expected parent cross join lateral"
        " (select * from {nodes} node where node.parent_id = parent.id offset 0) child"
        ") select * from expected"
    ).format(
        columns=columns,
        nodes=nodes or Identifier(tree),
        table=Identifier(tree),
        top=top or SQL("child.parent_id is null"),
    )


def derive(tree: str, top: Composable | None = None) -> Composed:
    """Recompute the derived columns of a whole tree, or of the subtrees below the rows of `top`.

    Only rows that differ are written. `version` stays, because the record itself did not change. Rows on a cycle are
    left alone.
    """
    names = [Identifier(name) for name in RULES[tree]]
    return SQL(
        "update {table} node set {pairs}, updated_at = now() from ({expected}) expected where expected.id = node.id"
        " and ({stored}) is distinct from ({right})"
    ).format(
        table=Identifier(tree),
        pairs=SQL(", ").join(SQL("{0} = expected.{0}").format(name) for name in names),
        expected=expected(tree, top=top),
        stored=SQL(", ").join(SQL("node.{}").format(name) for name in names),
        right=SQL(", ").join(SQL("expected.{}").format(name) for name in names),
    )


def number_children(tree: str) -> Composed:
    """Raise the number of the last child of each node to the largest segment in use; never lower it."""
    return raise_numbers(tree, _numbers_in_use(tree))


def raise_numbers(tree: str, used: Composable) -> Composed:
    """Raise the numbers of the last children to those in use: rows of a parent (null for roots) and a number."""
    return SQL(
        "insert into numbering (tree, parent_id, last_number)"
        " select {name}, coalesce(used.parent_id, 0), used.number from ({used}) used"
        " on conflict (parent_id, tree) do update set last_number = excluded.last_number"
        " where numbering.last_number < excluded.last_number"
    ).format(name=Literal(tree), used=used)


def differences(tree: str, limit: int | None) -> Composed:
    """Select stored values that differ from the rule, nodes that are below no root, and numbers below those in use.

    The columns are id, column, stored value, right value.
    """
    return SQL("select * from ({}) as found (id, name, stored, right_value) order by id, name limit {}").format(
        SQL(" union all ").join([_wrong_values(tree), _wrong_numbers(tree)]), Literal(limit)
    )


def _numbers_in_use(tree: str) -> Composed:
    """Return the query for the largest segment of the usual width below each parent; null stands for the roots."""
    width = len(str(FIRST_SEGMENT[tree]))
    return SQL(
        "select child.parent_id, max(right(child.code, {width})::bigint) as number"
        " from {table} child left join {table} parent on parent.id = child.parent_id"
        " where length(child.code) = length(coalesce(parent.code, '')) + {width}"
        " and starts_with(child.code, coalesce(parent.code, '')) and right(child.code, {width}) ~ '^[0-9]+$'"
        " group by child.parent_id"
    ).format(table=Identifier(tree), width=Literal(width))


def _wrong_values(tree: str) -> Composed:
    pairs = [
        SQL("({}, node.{}::text, expected.{}::text)").format(Literal(name), Identifier(name), Identifier(name))
        for name in RULES[tree]
    ]
    return SQL(
        "select node.id, pair.* from {table} node left join ({expected}) expected on expected.id = node.id"
        " cross join lateral (select * from (values {pairs}) as pair (name, stored, right_value)"
        " where expected.id is not null and stored is distinct from right_value"
        " union all select 'parent_id', node.parent_id::text, 'a parent that a root leads to'"
        " where expected.id is null) pair"
    ).format(table=Identifier(tree), expected=expected(tree), pairs=SQL(", ").join(pairs))


def _wrong_numbers(tree: str) -> Composed:
    return SQL(
        "select coalesce(used.parent_id, 0), 'numbering', coalesce(stored.last_number, 0)::text,"
        " 'at least ' || used.number from ({used}) used left join numbering stored"
        " on stored.parent_id = coalesce(used.parent_id, 0) and stored.tree = {name}"
        " where coalesce(stored.last_number, 0) < used.number"
    ).format(used=_numbers_in_use(tree), name=Literal(tree))
