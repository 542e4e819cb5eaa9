"""Menu: the applications of the platform as a tree, their guidance, and the organisations that may use them."""

from enum import auto

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Granted, Versioned
from app.models.capability import Capability
from app.models.choice import Choice
from app.models.tree import Tree, tree_indexes


class MenuType(Choice):
    """菜单类型 What a menu leads to (document 003, 1.1)."""

    UNSET = auto(), 0, "未设置", "Not set"
    FUNCTION = auto(), 1, "功能URL", "A page with an address"
    BUTTON = auto(), 2, "按钮或文字", "A button or a text that calls no API"


class Menu(Tree, Versioned):
    """菜单 An application or a part of one (document 003, 1.1; smart_cmty_menu)."""

    __tablename__ = "menu"
    __table_args__ = (
        *tree_indexes("menu"),
        CheckConstraint("name <> ''", name="name_given"),
        {"comment": "菜单 Menus: applications and their parts"},
    )

    type: Mapped[MenuType] = mapped_column(server_default=text("'UNSET'"), comment="菜单类型 Page or button")
    url: Mapped[str | None] = mapped_column(comment="功能URL Address; '#' for none")
    identifier: Mapped[str | None] = mapped_column(comment="菜单标识 Mark that front-ends know the menu by")
    capability: Mapped[Capability | None] = mapped_column(comment="权限 Capability that the menu gives to its holders")


class MenuGuidance(Versioned):
    """操作指引 How to work with a menu (document 003, 15.1)."""

    __tablename__ = "menu_guidance"
    __table_args__ = ({"comment": "操作指引 Guidance to menus, at most one each"},)

    menu_id: Mapped[int] = mapped_column(ForeignKey("menu.id"), unique=True, comment="菜单 The menu")
    content: Mapped[str] = mapped_column(comment="指引内容 Text of the guidance")


class OrgMenu(Granted):
    """业务组织与菜单关联 A business organisation may use a menu (document 003, 5.1)."""

    __tablename__ = "org_menu"
    __table_args__ = (
        UniqueConstraint("org_id", "menu_id"),
        {"comment": "业务组织与菜单关联 Menus that a business organisation may use"},
    )

    org_id: Mapped[int] = mapped_column(ForeignKey("org.id"), comment="业务组织 The business organisation")
    menu_id: Mapped[int] = mapped_column(ForeignKey("menu.id"), index=True, comment="菜单 The menu")
