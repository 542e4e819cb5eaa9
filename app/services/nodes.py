"""Nodes: how the services of the three trees read, create, change, move and delete nodes.

The functions check only the rules that hold for every tree. They lock and read first. Then the service checks its own
rules, and writes only if no input has errors.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple, Protocol

from psycopg.sql import SQL, Identifier

from app.db.arrays import array_of
from app.db.rendering import Statement, statement_of
from app.db.transaction import Writing
from app.error_codes import Message
from app.errors import InvalidInputError, RetryError
from app.services import rows, tree_writes
from app.services.targets import Change, Errors
from app.services.tree import RULES
from app.services.tree_writes import MODELS, Step
from app.services.write import UNSET

MOST_LEVELS = 50
"""Levels of a tree. Much longer paths would not fit into the indexes."""

NO_NAME = Message("a new record needs a name", "新记录必须有名称")
TOO_DEEP = Message("a tree has at most {allowed} levels", "树最多 {allowed} 层")
INTO_ITSELF = Message(
    "a node cannot be moved below itself, or below another node that moves", "不能移动到自身或正在移动的节点之下"
)
OTHER_TENANT = Message("the parent belongs to another tenant", "上级属于其他租户")


@dataclass(frozen=True)
class Kind:
    """One of the three trees: its table, the capability that changes it, and SQL for two facts about a node.

    `scope` is the path of the organisation that owns it, null where only the super administrator may change it.
    `tenant` is what a move must not change.
    """

    table: str
    capability: str
    scope: str
    tenant: str


class Node(NamedTuple):
    """The columns of a stored node that the checks compare; `scope` is the path of the organisation that owns it."""

    id: int
    version: int
    path: str
    scope: str
    name: str
    code: str
    type: str
    depth: int
    parent_id: int | None
    has_children: bool
    """Whether there are nodes below; false for a parent that is only named."""
    height: int
    """The number of levels below; 0 unless the node is to be moved."""
    tenant: str
    """What a move must not change."""


Nodes = Mapping[int, Node]

CHILDREN = "exists (select from {table} child where child.parent_id = node.id)"
LEVELS = "(select coalesce(max(below.depth), node.depth) - node.depth from {table} below where {range})"
NAMED, CHANGED, MOVED = ("false", "0"), (CHILDREN, "0"), (CHILDREN, LEVELS)
"""What is read of the nodes below one: nothing, whether there are any, and the number of their levels."""


class Placed(Protocol):
    """An input that names a parent; None is the top of the tree."""

    @property
    def parent_id(self) -> int | None:
        """The parent's id."""


class Move(Placed, Protocol):
    """An input that names a node and its new parent."""

    @property
    def id(self) -> int:
        """The node's id."""


class Beside(NamedTuple):
    """What changes name besides their targets: nodes, such as new parents, and organisations; None names nothing."""

    nodes: Iterable[int | None] = ()
    orgs: Iterable[int | None] = ()


async def parents(writing: Writing, kind: Kind, ids: Iterable[int | None], org_ids: Iterable[int | None] = ()) -> Nodes:
    """Share the locks of the tenants of some nodes and organisations, then read the nodes; invisible are left out."""
    named = ids_of(ids)
    lock = tree_writes.locks(kind.table, named, ids_of(org_ids), exclusive=writing.excludes)
    _, found = await writing.fetch_all([lock, (_read(kind, NAMED), {"ids": array_of(named)})])
    return {row[0]: Node(*row) for row in found}


async def places(
    writing: Writing, kind: Kind, inputs: Sequence[Placed], org_ids: Iterable[int | None] = ()
) -> tuple[Nodes, list[int]]:
    """Read the parents of new nodes as `parents` does, and take an id for each, in the same round trip."""
    named = ids_of(input_.parent_id for input_ in inputs)
    lock = tree_writes.locks(kind.table, named, ids_of(org_ids), exclusive=writing.excludes)
    steps = [lock, (_read(kind, NAMED), {"ids": array_of(named)}), tree_writes.take_ids(len(inputs))]
    _, found, ids = await writing.fetch_all(steps)
    return {row[0]: Node(*row) for row in found}, [row[0] for row in ids]


async def targets(
    writing: Writing,
    kind: Kind,
    changes: Iterable[Change],
    beside: Beside | None = None,
    *,
    exclusive: bool,
) -> Nodes:
    """Lock the nodes that changes name, then read them and some others, in one round trip; invisible are left out.

    `exclusive` is for names and places, on which the nodes below depend: no other request changes the tenant's trees.
    """
    changed, beside = ids_of(change.id for change in changes), beside or Beside()
    named = ids_of([*changed, *beside.nodes])
    lock = tree_writes.locks(kind.table, named, ids_of(beside.orgs), exclusive=exclusive or writing.excludes)
    read = _read(kind, MOVED if exclusive else CHANGED)
    steps = [lock, (rows.lock(kind.table), {"ids": array_of(changed)}), (read, {"ids": array_of(named)})]
    found = (await writing.fetch_all(steps))[-1]
    return {row[0]: Node(*row) for row in found}


def ids_of(ids: Iterable[int | None]) -> list[int]:
    """Return the ids that are named, each once, in order."""
    return sorted({id_ for id_ in ids if id_ is not None})


@cache
def _read(kind: Kind, below: tuple[str, str]) -> Statement:
    """Return the statement that reads nodes, with what `below` names of those below them."""
    table = Identifier(kind.table)
    range_ = SQL("below.path > node.path and below.path < rtrim(node.path, '/') || '0'")
    children, height = (SQL(each).format(table=table, range=range_) for each in below)
    return statement_of(
        SQL(
            "select id, version, path, coalesce({scope}, ''), name, code, type, depth, parent_id,"
            " {children}, {height}, {tenant} from {table} node where id = any(%(ids)s::bigint[])"
        ).format(scope=SQL(kind.scope), tenant=SQL(kind.tenant), table=table, children=children, height=height)
    )


def level_errors(parent: Node | None, height: int = 0) -> Errors:
    """Return the error of a node that would lie too deep below a parent; `height` is the number of levels below it."""
    is_too_deep = parent is not None and parent.depth + 2 + height > MOST_LEVELS
    return (InvalidInputError(TOO_DEEP, path=("parent_id",), allowed=MOST_LEVELS),) if is_too_deep else ()


def move_errors(node: Node, parent: Node | None, moving: Iterable[Node]) -> Errors:
    """Return the errors of a move that hold for every tree: into a subtree that moves, to another tenant, too deep."""
    if parent is None:
        return ()
    if any(parent.path.startswith(each.path) for each in moving):
        return (InvalidInputError(INTO_ITSELF, path=("parent_id",)),)
    if parent.tenant != node.tenant:
        return (InvalidInputError(OTHER_TENANT, path=("parent_id",)),)
    return level_errors(parent, node.height)


def create(
    writing: Writing, kind: Kind, inputs: Sequence[Placed], columns: tuple[str, ...], ids: Sequence[int]
) -> None:
    """Insert a node with the given id for each input, at the start of the next round trip.

    RetryError there when another request has deleted a parent.
    """
    given = rows.given(MODELS[kind.table], inputs, columns, needed=RULES[kind.table])
    values = {**rows.arrays(inputs, ("parent_id", *given)), "id": array_of(ids)}
    writing.send_later(tree_writes.insert(kind.table, given), values, rows=len(inputs))


async def update(
    writing: Writing, kind: Kind, stored: Nodes, changes: Sequence[object], columns: Sequence[str]
) -> None:
    """Set the columns that are set in the changes. New names change the full names below."""
    statement = rows.update(MODELS[kind.table], columns)
    steps: list[Step] = [(statement, rows.changes(changes, columns))]
    await writing.fetch_all(steps)
    names = {change.id: change.name for change in changes if getattr(change, "name", UNSET) is not UNSET}  # type: ignore[attr-defined]
    renamed = [id_ for id_, name in names.items() if name != stored[id_].name and stored[id_].has_children]
    await follow(writing, kind, [stored[id_] for id_ in renamed])


async def move(writing: Writing, kind: Kind, stored: Nodes, moves: Sequence[Move]) -> None:
    """Move nodes to the end of the children of other parents; what lies below them follows."""
    moves = [move for move in moves if move.parent_id != stored[move.id].parent_id]
    if not moves:
        return
    (moved,) = await writing.fetch_all([(tree_writes.move(kind.table), rows.arrays(moves, ("id", "parent_id")))])
    await follow(writing, kind, [stored[id_] for id_ in _all_of(moved, moves)])


async def follow(writing: Writing, kind: Kind, changed: Sequence[Node]) -> None:
    """Rewrite what is derived below changed nodes; rows below may belong to others."""
    if changed:
        values = {"ids": [node.id for node in changed], "codes": [node.code for node in changed]}
        await writing.fetch_all([(tree_writes.follow(kind.table), values)])


async def delete(writing: Writing, kind: Kind, ids: Sequence[int]) -> None:
    """Delete nodes."""
    (gone,) = await writing.fetch_all([(rows.delete(MODELS[kind.table]), {"ids": [*ids]})])
    _all_of(gone, ids)


def _all_of(written: Sequence[tuple[int]], inputs: Sequence[object]) -> list[int]:
    """Return the ids of written rows; RetryError when one is missing, because another request changed it meanwhile."""
    if len(written) != len(inputs):
        raise RetryError
    return [row[0] for row in written]
