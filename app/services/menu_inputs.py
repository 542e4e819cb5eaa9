"""Menu inputs: what callers send to write menus; app/services/menu.py has the rules."""

from dataclasses import dataclass

from app.models.capability import Capability
from app.models.menu import MenuType
from app.services.write import UNSET, Unset


@dataclass(frozen=True)
class CreateMenu:
    """菜单新增 A new menu, at the top or below a parent."""

    name: str
    parent_id: int | None = None
    type: MenuType = MenuType.UNSET
    url: str | None = None
    identifier: str | None = None
    capability: Capability | None = None


@dataclass(frozen=True)
class UpdateMenu:
    """菜单修改 A change of one menu; what is left out stays as it is."""

    id: int
    expected_version: int | None = None
    name: str | Unset = UNSET
    type: MenuType | Unset = UNSET
    url: str | Unset | None = UNSET
    identifier: str | Unset | None = UNSET
    capability: Capability | Unset | None = UNSET


@dataclass(frozen=True)
class MoveMenu:
    """菜单移动 Move a menu to another parent, behind its children, or with null to the top."""

    id: int
    parent_id: int | None
    expected_version: int | None = None


@dataclass(frozen=True)
class DeleteMenu:
    """菜单删除 Delete a menu that nothing needs any more."""

    id: int
    expected_version: int | None = None
