"""Roles: the organisations that have them, and the menus that they give there."""

import sqlalchemy as sa

from migrations.frozen.access import let_requests_grant, of, show, some
from migrations.frozen.columns import boolean, granted, name_search, reference, text
from migrations.frozen.naming import drop_refusals, keep_hidden_roles
from migrations.frozen.rights import announce_rights
from migrations.frozen.tables import drop, entity

revision = "0004_role"
down_revision = "0003_menu"


def upgrade() -> None:
    entity(
        "role",
        "角色 Roles",
        text("name", "角色名称 Name"),
        boolean("is_system_default", "系统内置 The built-in administrator role 管理员", default="false"),
        *name_search("role"),
        sa.Index(
            "role_is_system_default_key",
            "is_system_default",
            unique=True,
            postgresql_where=sa.text("is_system_default"),
        ),
        owner="",
        visible=None,
    )
    entity(
        "org_role",
        "业务组织与角色关联 Roles that a business organisation has",
        reference("org_id", "org", "业务组织 The business organisation"),
        reference("role_id", "role", "角色 The role", index=True),
        *granted("org_role"),
        sa.UniqueConstraint("org_id", "role_id"),
        owner="org.org_id",
        visible=of("org", "org_role.org_id"),
    )
    let_requests_grant("org_role", "role.grant", ["org_id", "role_id"])
    keep_hidden_roles()
    show("role", some("org_role", "role_id", "role.id"))
    entity(
        "org_role_menu",
        "业务组织、角色与菜单关联 Menus of a role in a business organisation",
        reference("org_id", "org", "业务组织 The business organisation"),
        reference("role_id", "role", "角色 The role"),
        reference("menu_id", "menu", "菜单 The menu", index=True),
        *granted("org_role_menu"),
        sa.UniqueConstraint("org_id", "role_id", "menu_id"),
        sa.ForeignKeyConstraint(["org_id", "role_id"], ["org_role.org_id", "org_role.role_id"]),
        sa.ForeignKeyConstraint(["org_id", "menu_id"], ["org_menu.org_id", "org_menu.menu_id"]),
        sa.Index("org_role_menu_role_id_idx", "role_id", "org_id"),
        owner="org.org_id",
        visible=of("org", "org_role_menu.org_id"),
    )
    let_requests_grant("org_role_menu", "role.grant", ["org_id", "role_id", "menu_id"])
    announce_rights("role", "is_system_default")
    announce_rights("org_role")
    announce_rights("org_role_menu")


def downgrade() -> None:
    drop("org_role_menu", "org_role", "role")
    drop_refusals("org_role")
