"""MenuGuidance: the rules of the guidance to menus (document 003, 1.1D and 15.2)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from psycopg.sql import SQL

from app.access.caller import Caller
from app.access.capabilities import EVERYWHERE, SUPER
from app.db.rendering import statement_of
from app.db.transaction import Writing
from app.errors import ConflictError, InvalidInputError, NotFoundError
from app.models.menu import MenuGuidance
from app.services import rows
from app.services.targets import REPEATED, Errors, check_capability, outcomes, records, target_errors
from app.services.write import Outcome, refers

CAPABILITY = SUPER
"""All tenants read the same guidance."""

OF_MENUS = statement_of(
    SQL(
        "select menu.id, guidance.id, coalesce(guidance.version, 0) from menu"
        " left join menu_guidance guidance on guidance.menu_id = menu.id where menu.id = any(%(ids)s::bigint[])"
    )
)


@dataclass(frozen=True)
class SetMenuGuidance:
    """操作指引更新 The guidance of a menu, which has none or is changed."""

    menu_id: int
    content: str
    id: int | None = refers(MenuGuidance.id, "编号 The guidance that is changed; left out, that of the menu", None)
    expected_version: int | None = None


@dataclass(frozen=True)
class DeleteMenuGuidance:
    """操作指引删除 Delete the guidance of a menu."""

    id: int
    expected_version: int | None = None


@dataclass(frozen=True)
class Changed:
    """A stored guidance and its new text."""

    id: int
    content: str


class Stored(NamedTuple):
    """What a menu has: the id and the version of its guidance, None and 0 without one."""

    id: int | None
    version: int


async def set_menu_guidances(writing: Writing, caller: Caller, inputs: Sequence[SetMenuGuidance]) -> list[Outcome]:
    """Give menus their guidance: a menu has at most one (document 003, 1.1D and 15.2; both URLs do this).

    The version of a menu without guidance is 0. UserErrors: NOT_FOUND, CONFLICT, INVALID_INPUT.
    """
    check_capability(caller, CAPABILITY, (EVERYWHERE,))
    menus = {"ids": sorted({input_.menu_id for input_ in inputs})}
    _, found = await writing.fetch_all([(rows.lock("menu"), menus), (OF_MENUS, menus)])
    stored = {row[0]: Stored(*row[1:]) for row in found}
    times = Counter(input_.menu_id for input_ in inputs)
    errors = [_set_errors(input_, stored.get(input_.menu_id), times[input_.menu_id]) for input_ in inputs]
    return outcomes(errors, [] if any(errors) else await _set(writing, inputs, stored))


async def delete_menu_guidances(
    writing: Writing, caller: Caller, deletions: Sequence[DeleteMenuGuidance]
) -> list[Outcome]:
    """Delete the guidance of menus. UserErrors: NOT_FOUND, CONFLICT."""
    check_capability(caller, CAPABILITY, (EVERYWHERE,))
    ids = [deletion.id for deletion in deletions]
    stored = await records(writing, "menu_guidance", "null", ids)
    errors = target_errors(deletions, stored)
    if not any(errors):
        await writing.fetch_all([(rows.delete(MenuGuidance), {"ids": ids})])
    return outcomes(errors, ids)


async def _set(writing: Writing, inputs: Sequence[SetMenuGuidance], stored: Mapping[int, Stored]) -> list[int]:
    """Change what menus have, insert what they lack, and return the ids in the order of the inputs."""
    known = {input_.menu_id: id_ for input_ in inputs if (id_ := stored[input_.menu_id].id)}
    changed = [Changed(known[input_.menu_id], input_.content) for input_ in inputs if input_.menu_id in known]
    new = [input_ for input_ in inputs if input_.menu_id not in known]
    _, made = await writing.fetch_all(
        [
            (rows.update(MenuGuidance, ("content",)), rows.changes(changed, ("content",))),
            (rows.insert(MenuGuidance, ("menu_id", "content")), rows.arrays(new, ("menu_id", "content"))),
        ]
    )
    ids = known | dict(zip((input_.menu_id for input_ in new), (row[0] for row in made), strict=True))
    return [ids[input_.menu_id] for input_ in inputs]


def _set_errors(input_: SetMenuGuidance, stored: Stored | None, times: int) -> Errors:
    if stored is None:
        return (NotFoundError(input_.menu_id, path=("menu_id",)),)
    if input_.id not in (None, stored.id):
        return (NotFoundError(input_.id, path=("id",)),)
    if times > 1:
        return (InvalidInputError(REPEATED, path=("menu_id",), id=input_.menu_id),)
    if input_.expected_version not in (None, stored.version):
        return (ConflictError(stored.version, path=("expected_version",)),)
    return ()
