"""Upserts: records of another system are created or changed by their keys there, many nodes of a tree at once.

What a row leaves out stays as it is; for a parent, too. A parent may be another row, in any order. A key is unique for
its source and tenant, so the tenant of a row is looked for first: app/services/upsert_tenants.py.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import groupby
from typing import Any

import psycopg

from app.access.caller import Caller
from app.db.transaction import Writing
from app.error_codes import Message
from app.errors import ConflictError, InvalidInputError, RetryError
from app.services import nodes, tree_writes
from app.services.integrity import MESSAGES
from app.services.nodes import MOST_LEVELS, Beside, Kind, Node
from app.services.targets import Errors, check_capability, missing, outcomes
from app.services.upsert_tenants import SEVERAL, Key, Row, Tenants, find_tenants
from app.services.write import UNSET, Outcome, Unset

REPEATED = Message("the key is already in record {index} of the list", "该外部编号已在第 {index} 条记录中出现")
NO_PARENT = Message(
    "no record of the source and of the list has this key, or you may not see it",
    "来源与列表中没有该外部编号的记录，或不可见",
)
SEVERAL_TENANTS = Message(
    "several tenants have a record with this key: name the parent by its id, or send the header cadastre-org",
    "多个租户存在该外部编号：请填写 parentId，或使用请求头 cadastre-org",
)
CIRCLE = Message("the parents lead in a circle, or through too many levels", "上级形成循环，或层级过多")
TWO_PARENTS = Message("give parentId or parentExternalId, not both", "parentId 与 parentExternalId 只能填写一个")


@dataclass(frozen=True)
class Rules:
    """What differs between the trees: how rows are completed and checked, and which columns they set."""

    kind: Kind
    completed: Callable[[Any, Node | None], Any]
    """Fill in what a new record takes from its parent."""
    create_errors: Callable[[Any, Node | None], Errors]
    update_errors: Callable[[Any, Node], Errors]
    move_errors: Callable[[Node, Node | None, Sequence[Node]], Errors]
    created: tuple[str, ...]
    updated: tuple[str, ...]
    top_scope: Callable[[Any], str | None] = lambda _: ""  # also the owner, whose tenant a row belongs to
    """The path at which a new record at the top needs the capability; None where the rules refuse it anyway."""


@dataclass
class Batch:
    """The rows of one upsert. `ids` are those of known records and those taken for new ones, by tenant and key."""

    rows: Sequence[Any]
    rules: Rules
    tenants: Tenants = field(default_factory=Tenants)
    ids: dict[Key, int] = field(default_factory=dict)
    taken: set[Key] = field(default_factory=set)
    """The keys of records that the caller does not see."""
    stored: dict[int, Node] = field(default_factory=dict)
    planned: dict[int, Node] = field(default_factory=dict)
    """The new records, as far as others are checked against them."""

    def id_of(self, row: Row) -> int:
        """Return the id of the record of a row."""
        return self.ids[self.tenants.key_of(row)]

    def is_new(self, row: Row) -> bool:
        """Return whether the register does not know the record of a row."""
        return self.id_of(row) not in self.stored

    def is_root(self, row: Row) -> bool:
        """Return whether a row is a new record at the top."""
        return self.is_new(row) and self.tenants.of(row) != SEVERAL and self.parent_of(row) in (UNSET, None)

    def parent_of(self, row: Row) -> int | Unset | None:
        """Return the id of the parent of a row; UNSET where it stays, 0 where there is none with the key."""
        if isinstance(row.parent_external_id, str):
            return self.ids.get(self.tenants.parent_key_of(row), 0)
        return row.parent_id if row.parent_id is not UNSET else row.parent_external_id

    def moves(self, row: Row) -> bool:
        """Return whether a row gives a known record another parent."""
        parent_id = self.parent_of(row)
        return not self.is_new(row) and parent_id is not UNSET and parent_id != self.stored[self.id_of(row)].parent_id

    @cached_property
    def moving(self) -> list[Node]:
        """The known records that get another parent."""
        return [self.stored[self.id_of(row)] for row in self.rows if self.moves(row)]

    @cached_property
    def first_place(self) -> dict[int, int]:
        """The place of the first row of each record."""
        return {self.id_of(row): place for place, row in reversed([*enumerate(self.rows)])}

    def node(self, id_: int | Unset | None) -> Node | None:
        """Return a stored or a planned node."""
        return None if id_ is UNSET or id_ is None else self.stored.get(id_) or self.planned.get(id_)


async def upsert(writing: Writing, caller: Caller, rows: Sequence[Any], rules: Rules) -> list[Outcome]:
    """Create or change a record for each row (UserErrors: NOT_FOUND, INVALID_INPUT, CONFLICT, and those of the rules).

    CONFLICT stands for a key that a record of the same tenant has which the caller does not see.
    """
    batch = Batch(rows, rules)
    await _find(writing, batch)
    check_capability(caller, rules.kind.capability, _scopes(batch))
    _plan(batch)
    errors = [_errors(batch, place, row) for place, row in enumerate(rows)]
    if not any(errors):
        await _write(writing, batch)
    return outcomes(errors, [batch.id_of(row) for row in rows])


async def _find(writing: Writing, batch: Batch) -> None:
    """Find the known records by their keys, lock them and their parents, and take ids for the new ones."""
    batch.tenants, batch.ids, batch.taken = await find_tenants(
        writing, batch.rules.kind, batch.rows, batch.rules.top_scope
    )
    keys = {batch.tenants.key_of(row) for row in batch.rows}
    known = [Known(batch.ids[key]) for key in keys if key in batch.ids]
    parents = [id_ for row in batch.rows if isinstance(id_ := batch.parent_of(row), int)]
    beside = Beside(parents, [getattr(row, "org_id", None) for row in batch.rows])
    batch.stored = {**await nodes.targets(writing, batch.rules.kind, known, beside, exclusive=True)}
    if any(each.id not in batch.stored for each in known):  # deleted before the locks were taken
        raise RetryError
    new = [key for key in dict.fromkeys(map(batch.tenants.key_of, batch.rows)) if key not in batch.ids]
    (ids,) = await writing.fetch_all([tree_writes.take_ids(len(new))])
    batch.ids |= dict(zip(new, (row[0] for row in ids), strict=True))


@dataclass(frozen=True)
class Known:
    """A known record, which is locked like a target; its version is not compared."""

    id: int
    expected_version: None = None


def _scopes(batch: Batch) -> list[str]:
    """Return the paths at which the known records and the parents need the capability; the top needs it everywhere."""
    first = (row for place, row in enumerate(batch.rows) if batch.first_place[batch.id_of(row)] == place)
    roots = (row for row in first if batch.is_root(row))
    needed = [batch.rules.top_scope(row) for row in roots]
    return [*(node.scope for node in batch.stored.values()), *(path for path in needed if path is not None)]


def _plan(batch: Batch) -> None:
    """Place the new records below their parents, from the top downwards; those in a circle stay out."""
    waiting = [row for row in batch.rows if batch.is_new(row) and batch.tenants.of(row) != SEVERAL]
    for _ in range(MOST_LEVELS):
        ready = [row for row in waiting if batch.parent_of(row) in (UNSET, None) or batch.node(batch.parent_of(row))]
        batch.planned |= {batch.id_of(row): _planned(batch, row) for row in ready}
        waiting = [row for row in waiting if batch.id_of(row) not in batch.planned]


def _planned(batch: Batch, row: Any) -> Node:
    id_, parent = batch.id_of(row), batch.node(batch.parent_of(row))
    completed = batch.rules.completed(row, parent)
    scope = parent.scope if parent else batch.rules.top_scope(row) or ""
    return Node(
        id=id_,
        version=0,
        path=f"{parent.path if parent else ''}{id_}/",
        scope=scope,
        name=row.name,
        code="",
        type=completed.type or "",  # a row without a type is refused
        depth=parent.depth + 1 if parent else 0,
        parent_id=parent.id if parent else None,
        has_children=False,
        height=0,
        tenant=parent.tenant if parent else scope.split("/", 1)[0] or str(id_),
    )


def _errors(batch: Batch, place: int, row: Any) -> Errors:
    if batch.first_place[batch.id_of(row)] < place:
        return (InvalidInputError(REPEATED, path=("external_id",), index=batch.first_place[batch.id_of(row)]),)
    if batch.tenants.of(row) == SEVERAL:
        return (InvalidInputError(SEVERAL_TENANTS, path=("external_id",)),)
    if batch.tenants.key_of(row) in batch.taken:
        message = MESSAGES[f"{batch.rules.kind.table}_external_key"]
        return (ConflictError(detail=message, path=("external_id",)),)
    if isinstance(row.parent_external_id, str) and isinstance(row.parent_id, int):
        return (InvalidInputError(TWO_PARENTS, path=("parent_external_id",)),)
    parent_id = batch.parent_of(row)
    if isinstance(parent_id, int) and batch.node(parent_id) is None:
        return _parent_errors(batch, row, parent_id)
    return _create_errors(batch, row) if batch.is_new(row) else _update_errors(batch, row)


def _parent_errors(batch: Batch, row: Any, parent_id: int) -> Errors:
    if parent_id in batch.ids.values():
        return (InvalidInputError(CIRCLE, path=("parent_external_id",)),)
    if isinstance(row.parent_external_id, str):
        return (InvalidInputError(NO_PARENT, path=("parent_external_id",)),)
    return missing(parent_id, batch.stored, "parent_id")


def _create_errors(batch: Batch, row: Any) -> Errors:
    parent = batch.node(batch.parent_of(row))
    return batch.rules.create_errors(batch.rules.completed(row, parent), parent)


def _update_errors(batch: Batch, row: Any) -> Errors:
    node = batch.stored[batch.id_of(row)]
    wrong = batch.rules.update_errors(row, node)
    if not batch.moves(row):
        return wrong
    return (*wrong, *batch.rules.move_errors(node, batch.node(batch.parent_of(row)), batch.moving))


@dataclass(frozen=True)
class Moved:
    """A known record with its new parent."""

    id: int
    parent_id: int | None


async def _write(writing: Writing, batch: Batch) -> None:
    """Create the new records, then change and move the known ones, which may hang below new ones."""
    rules, known = batch.rules, [row for row in batch.rows if not batch.is_new(row)]
    new = [row for row in batch.rows if batch.is_new(row)]
    for level in _levels(batch, new):
        placed = [_placed(batch, row) for row in level]
        await _insert(writing, rules, placed, [batch.id_of(row) for row in level])
    if known:
        changes = [Changed(row, batch.id_of(row)) for row in known]
        await nodes.update(writing, rules.kind, batch.stored, changes, rules.updated)
    moves = [Moved(batch.id_of(row), batch.parent_of(row) or None) for row in known if batch.moves(row)]  # type: ignore[arg-type]
    if moves:
        await nodes.move(writing, rules.kind, batch.stored, moves)


async def _insert(writing: Writing, rules: Rules, rows: Sequence[Any], ids: Sequence[int]) -> None:
    """Create records; RetryError when another request has created one with the same key meanwhile."""
    nodes.create(writing, rules.kind, rows, rules.created, ids)
    try:
        await writing.send_waiting()
    except psycopg.errors.UniqueViolation as error:
        if error.diag.constraint_name == f"{rules.kind.table}_external_key":
            raise RetryError from error
        raise


def _levels(batch: Batch, new: Sequence[Any]) -> Iterator[list[Any]]:
    """Yield the rows of new records from the top downwards, because a record may be the parent of another."""

    def depth(row: Any) -> int:
        return batch.planned[batch.id_of(row)].depth

    for _, level in groupby(sorted(new, key=depth), depth):
        yield list(level)


class Changed:
    """A row as the change of a known record: its fields, and the id."""

    def __init__(self, row: Any, id_: int) -> None:
        self.id, self._row = id_, row

    def __getattr__(self, name: str) -> Any:
        """Return a field of the row."""
        return getattr(self._row, name)


def _placed(batch: Batch, row: Any) -> Any:
    """Return a new record with the id of its parent, completed by the rules."""
    parent_id = batch.parent_of(row)
    placed = replace(row, parent_id=None if parent_id is UNSET else parent_id)
    return batch.rules.completed(placed, batch.node(parent_id))
