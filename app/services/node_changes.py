"""Node changes: how a service changes and moves the nodes that inputs name, with the rules of one tree."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from app.access.caller import Caller
from app.db.transaction import Writing
from app.services import nodes
from app.services.nodes import Beside, Kind, Node
from app.services.targets import Errors, check_capability, missing, outcomes, target_errors
from app.services.write import UNSET, Outcome


def no_errors(_change: Any, _node: Node) -> Errors:
    """Return no error: each change of a visible node is allowed."""
    return ()


class Settable(NamedTuple):
    """The columns that a change may set, and the rules of the tree for a change and its node."""

    columns: Sequence[str]
    errors_of: Callable[[Any, Node], Errors] = no_errors


async def update(
    writing: Writing, caller: Caller, kind: Kind, changes: Sequence[Any], settable: Settable
) -> list[Outcome]:
    """Set columns of the nodes that changes name, unless a change has errors. A new name changes full names below.

    UserErrors: NOT_FOUND, CONFLICT, INVALID_INPUT. Raises ForbiddenError without the capability of the tree.
    """
    is_renaming = any(getattr(change, "name", UNSET) is not UNSET for change in changes)
    stored = await nodes.targets(writing, kind, changes, exclusive=is_renaming)
    check_capability(caller, kind.capability, (node.scope for node in stored.values()))
    refused = target_errors(changes, stored)
    errors = [
        each or settable.errors_of(change, stored[change.id]) for each, change in zip(refused, changes, strict=True)
    ]
    if not any(errors):
        await nodes.update(writing, kind, stored, changes, settable.columns)
    return outcomes(errors, [change.id for change in changes])


async def move(
    writing: Writing,
    caller: Caller,
    kind: Kind,
    moves: Sequence[Any],
    errors_of: Callable[[Node, Node | None, Sequence[Node]], Errors],
) -> list[Outcome]:
    """Move nodes to other parents, unless `errors_of` finds an error in a node, its new parent and all nodes that move.

    A node that already lies below the parent stays there, and the rules of moves do not apply to it.
    UserErrors: NOT_FOUND, CONFLICT, INVALID_INPUT. Raises ForbiddenError without the capability of the tree.
    """
    stored = await nodes.targets(writing, kind, moves, Beside([move.parent_id for move in moves]), exclusive=True)
    check_capability(caller, kind.capability, (node.scope for node in stored.values()))
    moving = [stored[move.id] for move in moves if move.id in stored and _moves(move, stored[move.id])]
    errors = [
        each
        or missing(move.parent_id, stored, "parent_id")
        or (
            errors_of(stored[move.id], stored.get(move.parent_id or 0), moving) if _moves(move, stored[move.id]) else ()
        )
        for each, move in zip(target_errors(moves, stored), moves, strict=True)
    ]
    if not any(errors):
        await nodes.move(writing, kind, stored, moves)
    return outcomes(errors, [move.id for move in moves])


def _moves(move: Any, node: Node) -> bool:
    """Return whether a move gives a node another parent."""
    return bool(move.parent_id != node.parent_id)
