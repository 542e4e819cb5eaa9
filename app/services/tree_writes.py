"""Tree writes: the statements that insert, move and rename nodes, and the locks that they need.

A write takes its locks first. All locks end with the transaction.

- Creating shares the lock of the tenant, and locks the number of the parent's last child. So records are created side
  by side under different parents.
- Moving, renaming and deleting a node that may have children excludes all other changes of structure in its tenant.
- An import locks a whole tree (`TREE_LOCKS`), which every other write shares.
"""

from collections.abc import Iterable, Mapping
from functools import cache

from psycopg.sql import SQL, Composed, Identifier, Literal

from app.db.arrays import array_of
from app.db.rendering import Statement, statement_of
from app.models import Entity, Menu, Org, Space
from app.models.tree import FIRST_SEGMENT
from app.services.calls import call
from app.services.rows import identifiers, input_rows
from app.services.stamp import CHANGED, WRITER
from app.services.tree import RULES, TREE_LOCKS

Step = tuple[Statement, Mapping[str, object]]
"""A statement with the values of its parameters; several run in one round trip."""

MODELS: Mapping[str, type[Entity]] = {"org": Org, "space": Space, "menu": Menu}

LOCKED_TREES: Mapping[str, tuple[str, ...]] = {"org": ("org", "space"), "space": ("org", "space"), "menu": ("menu",)}
"""The trees that a write of a tree reads or changes, in the order of their locks."""

TENANTS: Mapping[str, str] = {
    "org": "split_part(path, '/', 1)",
    "space": "split_part(coalesce(org_path, ''), '/', 1)",
    "menu": "'menu'",
}
"""The tenant of a node: the top organisation. Spaces without an organisation share one, and so do all menus."""


def locks(tree: str, ids: Iterable[int], org_ids: Iterable[int] = (), *, exclusive: bool) -> Step:
    """Lock the tenants of some nodes, and of some organisations. A node never changes its tenant, so it is read first.

    The order of the locks is the same for all transactions.
    """
    orgs = [*org_ids]
    return _locks(tree, exclusive, bool(orgs)), {"ids": array_of(ids), "org_ids": array_of(orgs)}


@cache
def _locks(tree: str, exclusive: bool, with_orgs: bool) -> Statement:  # noqa: FBT001 - the key of the cache
    lock = "pg_advisory_xact_lock" if exclusive else "pg_advisory_xact_lock_shared"
    shared = (SQL("pg_advisory_xact_lock_shared({})").format(Literal(TREE_LOCKS[name])) for name in LOCKED_TREES[tree])
    orgs = SQL(" union all select {} from org where id = any(%(org_ids)s::bigint[])").format(SQL(TENANTS["org"]))
    return statement_of(
        SQL(
            "select {shared}, (select count({lock}(hashtextextended(tenant, 0))) from (select distinct tenant from ("
            " select {tenant} as tenant from {table} where id = any(%(ids)s::bigint[]){orgs}"
            ") tenants order by tenant offset 0) ordered)"
        ).format(
            shared=SQL(", ").join(shared),
            lock=SQL(lock),
            tenant=SQL(TENANTS[tree]),
            orgs=orgs if with_orgs else SQL(""),
            table=Identifier(tree),
        )
    )


@cache
def insert(tree: str, names: tuple[str, ...]) -> Statement:
    """Return the statement that inserts a node for each input and returns the ids.

    `names` are the columns of the inputs besides `id` and `parent_id`. A node whose parent cannot be locked is
    left out.
    """
    own = [name for name in names if name not in RULES[tree]]
    return statement_of(
        SQL(
            "with {placed} insert into {table} (id, parent_id, code, {derived}, {names}, created_by, updated_by)"
            " select child.id, child.parent_id, {columns}, {values}, {writer}, {writer} from placed child"
            " left join above parent on parent.id = child.parent_id"
            " where child.parent_id is null or parent.id is not null order by child.place returning id"
        ).format(
            placed=_placed(tree, ("parent_id", *names)),
            table=Identifier(tree),
            derived=identifiers(RULES[tree]),
            names=identifiers(own),
            columns=_columns(tree, NEW_CODE),
            values=identifiers(own, "child."),
            writer=WRITER,
        )
    )


@cache
def move(tree: str) -> Statement:
    """Return the statement that moves the nodes of the inputs to other parents, and returns the ids.

    It writes the nodes alone; `follow` writes those below.
    """
    return statement_of(
        SQL(
            "with {placed}, child as (select node.*, placed.parent_id as new_parent_id, placed.number from placed"
            " join {table} node on node.id = placed.id), moved as (select child.id, child.new_parent_id, {columns}"
            " from child left join above parent on parent.id = child.new_parent_id"
            " where child.new_parent_id is null or parent.id is not null)"
            " update {table} node set parent_id = moved.new_parent_id, {pairs}, {changed}"
            " from moved where moved.id = node.id returning node.id"
        ).format(
            placed=_placed(tree, ("parent_id",)),
            table=Identifier(tree),
            columns=_columns(tree, NEW_CODE),
            pairs=SQL(", ").join(SQL("{0} = moved.{0}").format(Identifier(name)) for name in ("code", *RULES[tree])),
            changed=CHANGED,
        )
    )


@cache
def follow(tree: str) -> Statement:
    """Return the statement that rewrites the codes and the derived columns below some nodes, and returns nothing.

    `ids` are the nodes and `codes` their codes before the change: a code below that begins with such a code gets the
    new one. Only rows that differ are written; their version stays, because the records themselves did not change.
    """
    return call(f"follow_{tree}", ids="bigint[]", codes="text[]")


NEW_CODE = SQL("(coalesce(parent.code, '') || child.number)")


def _columns(tree: str, code: SQL) -> Composed:
    return SQL(", ").join(
        SQL("({}) as {}").format(rule.format(code=code), Identifier(name))
        for name, rule in {"code": code, **RULES[tree]}.items()
    )


def _placed(tree: str, names: tuple[str, ...]) -> Composed:
    """Give the inputs their numbers, after the last child of their parents, which are locked in the order of their ids.

    The lock keeps the parent from being deleted. Its other columns cannot change: the transaction shares the lock of
    the tenant.
    """
    return SQL(
        "input as (select id, {names}, place from {rows}),"
        " above as (select * from {table} where id = any(%(parent_id)s::bigint[]) order by id for key share),"
        " numbered as (select * from take_numbers({tree}, {first}, %(parent_id)s::bigint[])),"
        " placed as (select input.*, numbered.last_number + 1"
        " - row_number() over (partition by input.parent_id order by input.place desc) as number"
        " from input join numbered on numbered.parent_id = coalesce(input.parent_id, 0))"
    ).format(
        names=identifiers(names),
        rows=input_rows(MODELS[tree], ("id", *names)),
        table=Identifier(tree),
        tree=Literal(tree),
        first=Literal(FIRST_SEGMENT[tree]),
    )


def take_ids(number_of: int) -> Step:
    """Take ids for new records."""
    return _take_ids(), {"number_of": number_of}


@cache
def _take_ids() -> Statement:
    return statement_of(SQL("select nextval('register_id') from generate_series(1, %(number_of)s::int)"))


FOLLOW_ORGS = call("follow_spaces_of_orgs", ids="bigint[]")
"""Renews `org_path` in the spaces of moved organisations and of those below."""
