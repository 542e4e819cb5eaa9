"""Menu: the rules of the menu tree (document 003, 1.1). All tenants share it: only the super administrator writes."""

from collections.abc import Sequence

from psycopg.sql import SQL

from app.access.caller import Caller
from app.access.capabilities import EVERYWHERE, SUPER, SUPER_ONLY
from app.db.rendering import statement_of
from app.db.transaction import Writing
from app.error_codes import Message
from app.errors import InvalidInputError
from app.services import node_changes, nodes
from app.services.menu_inputs import CreateMenu, DeleteMenu, MoveMenu, UpdateMenu
from app.services.node_changes import Settable
from app.services.nodes import Kind, Node
from app.services.targets import Errors, check_capability, missing, outcomes, target_errors
from app.services.uses import Use, Uses, use_errors
from app.services.write import UNSET, Outcome

CAPABILITY = SUPER

MENU = Kind("menu", CAPABILITY, "null", "'menu'")
"""No organisation owns a menu, and a menu may move anywhere in the tree."""

COLUMNS = ("name", "type", "url", "identifier", "capability")
"""The columns that callers set."""

NO_ROLE_GIVES = Message("no menu gives the capability {capability}", "菜单不能授予权限 {capability}")

USES: Uses = tuple(
    Use(Message(f"menu {{id}} {english}", f"菜单 {{id}} {chinese}"), table, column)
    for table, column, chinese, english in (
        ("menu", "parent_id", "存在下级菜单", "has menus below it"),
        ("org_menu", "menu_id", "已授权给业务组织", "is granted to organisations"),
        ("org_role_menu", "menu_id", "已授权给角色", "is granted to roles"),
    )
)
"""What keeps a menu from being deleted. Its guidance does not: it goes with the menu."""

DELETE_GUIDANCE = statement_of(SQL("delete from menu_guidance where menu_id = any(%(ids)s::bigint[])"))


async def create_menus(writing: Writing, caller: Caller, inputs: Sequence[CreateMenu]) -> list[Outcome]:
    """Create menus (document 003, 1.1); each gets the next code of its parent.

    UserErrors: NOT_FOUND for a parent, INVALID_INPUT.
    """
    check_capability(caller, CAPABILITY, (EVERYWHERE,))
    parents, ids = await nodes.places(writing, MENU, inputs)
    errors = [
        missing(input_.parent_id, parents, "parent_id")
        or (*_capability_errors(input_), *nodes.level_errors(parents.get(input_.parent_id or 0)))
        for input_ in inputs
    ]
    if any(errors):
        return outcomes(errors)
    nodes.create(writing, MENU, inputs, COLUMNS, ids)
    return outcomes(errors, ids)


async def update_menus(writing: Writing, caller: Caller, updates: Sequence[UpdateMenu]) -> list[Outcome]:
    """Change menus (document 003, 1.1). A new name changes the full names of the whole subtree.

    An update that changes nothing leaves the version as it is. UserErrors: NOT_FOUND, CONFLICT, INVALID_INPUT.
    """
    check_capability(caller, CAPABILITY, (EVERYWHERE,))
    return await node_changes.update(writing, caller, MENU, updates, Settable(COLUMNS, _update_errors))


async def move_menus(writing: Writing, caller: Caller, moves: Sequence[MoveMenu]) -> list[Outcome]:
    """Move menus with all below them, below another menu or to the top.

    Who may use a menu stays as it is. UserErrors: NOT_FOUND, CONFLICT, INVALID_INPUT.
    """
    check_capability(caller, CAPABILITY, (EVERYWHERE,))
    return await node_changes.move(writing, caller, MENU, moves, nodes.move_errors)


async def delete_menus(writing: Writing, caller: Caller, deletions: Sequence[DeleteMenu]) -> list[Outcome]:
    """Delete menus without children and without grants, and their guidance.

    UserErrors: NOT_FOUND, CONFLICT, IN_USE.
    """
    check_capability(caller, CAPABILITY, (EVERYWHERE,))
    stored = await nodes.targets(writing, MENU, deletions, exclusive=True)
    ids = [deletion.id for deletion in deletions]
    used = await use_errors(writing, USES, ids)
    errors = [each or use for each, use in zip(target_errors(deletions, stored), used, strict=True)]
    if not any(errors):
        await writing.fetch_all([(DELETE_GUIDANCE, {"ids": ids})])
        await nodes.delete(writing, MENU, ids)
    return outcomes(errors, ids)


def _update_errors(update: UpdateMenu, _node: Node) -> Errors:
    return _capability_errors(update)


def _capability_errors(input_: CreateMenu | UpdateMenu) -> Errors:
    """Refuse a capability that no role gives: a menu that names it would promise what its holders do not get."""
    capability = input_.capability
    if capability in (None, UNSET) or capability.code not in SUPER_ONLY:
        return ()
    return (InvalidInputError(NO_ROLE_GIVES, path=("capability",), capability=capability),)
