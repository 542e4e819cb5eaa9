"""Role: roles, the business organisations that have them, and the menus that they give there."""

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Granted, Named, Versioned, name_indexes


class Role(Named, Versioned):
    """角色 A role; it belongs to at least one business organisation (document 003, 6.6)."""

    __tablename__ = "role"
    __table_args__ = (
        *name_indexes("role"),
        Index(
            "role_is_system_default_key",
            "is_system_default",
            unique=True,
            postgresql_where=text("is_system_default"),
        ),
        {"comment": "角色 Roles"},
    )

    name: Mapped[str] = mapped_column(comment="角色名称 Name")
    is_system_default: Mapped[bool] = mapped_column(
        server_default=text("false"), comment="系统内置 The built-in administrator role 管理员"
    )


class OrgRole(Granted):
    """业务组织与角色关联 A role exists in a business organisation (document 003, 6.6)."""

    __tablename__ = "org_role"
    __table_args__ = (
        UniqueConstraint("org_id", "role_id"),
        {"comment": "业务组织与角色关联 Roles that a business organisation has"},
    )

    org_id: Mapped[int] = mapped_column(ForeignKey("org.id"), comment="业务组织 The business organisation")
    role_id: Mapped[int] = mapped_column(ForeignKey("role.id"), index=True, comment="角色 The role")


class OrgRoleMenu(Granted):
    """业务组织、角色与菜单关联 A role may use a menu in a business organisation (document 003, 5.5)."""

    __tablename__ = "org_role_menu"
    __table_args__ = (
        UniqueConstraint("org_id", "role_id", "menu_id"),
        ForeignKeyConstraint(["org_id", "role_id"], ["org_role.org_id", "org_role.role_id"]),
        ForeignKeyConstraint(["org_id", "menu_id"], ["org_menu.org_id", "org_menu.menu_id"]),
        Index("org_role_menu_role_id_idx", "role_id", "org_id"),
        {"comment": "业务组织、角色与菜单关联 Menus of a role in a business organisation"},
    )

    org_id: Mapped[int] = mapped_column(ForeignKey("org.id"), comment="业务组织 The business organisation")
    role_id: Mapped[int] = mapped_column(ForeignKey("role.id"), comment="角色 The role")
    menu_id: Mapped[int] = mapped_column(ForeignKey("menu.id"), index=True, comment="菜单 The menu")
