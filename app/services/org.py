"""Org: the rules of organisations (document 003, part 3)."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.access.caller import Caller
from app.db.transaction import Writing
from app.errors import InvalidInputError, RequestError
from app.services import tree
from app.services.names import check_name, composed
from app.services.stamp import CHANGED
from app.services.targets import Target, check_targets, nodes
from app.services.write import UNSET, Outcome, Unset

CAPABILITY = "org.write"


@dataclass(frozen=True)
class UpdateOrg:
    """组织修改 A change of one organisation; what is left out stays as it is."""

    id: int
    expected_version: int
    name: str | Unset = UNSET


async def update_orgs(writing: Writing, caller: Caller, updates: Sequence[UpdateOrg]) -> list[Outcome]:
    """Change organisations (document 003, 3.2). A new name changes the full names of the whole subtree.

    An update that changes nothing leaves the version as it is. UserErrors: NOT_FOUND, CONFLICT, INVALID_INPUT.
    """
    await writing.run(tree.lock("org"))
    stored = await nodes(writing, "org", updates)
    refused = check_targets(updates, stored, caller, CAPABILITY)
    outcomes = [
        Outcome(update.id, (*errors, *_wrong_values(update))) for update, errors in zip(updates, refused, strict=True)
    ]
    if not any(outcome.errors for outcome in outcomes):
        await _rename(writing, _new_names(updates, stored))
    return outcomes


def _wrong_values(update: UpdateOrg) -> tuple[RequestError, ...]:
    try:
        if update.name is not UNSET:
            check_name(update.name)
    except InvalidInputError as error:
        return (error,)
    return ()


def _new_names(updates: Sequence[UpdateOrg], stored: dict[int, Target]) -> dict[int, str]:
    """Return the names that differ from the stored ones, by id."""
    names = {update.id: composed(update.name) for update in updates if update.name is not UNSET}
    return {id_: name for id_, name in names.items() if name != stored[id_].name}


async def _rename(writing: Writing, names: dict[int, str]) -> None:
    if names:
        await writing.run(tree.rename("org", CHANGED), {"ids": list(names), "names": list(names.values())})
        await writing.run(tree.derive_below("org"), {"ids": list(names)})
