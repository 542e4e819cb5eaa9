"""Menus: the applications of the platform, their guidance, and the organisations that may use them."""

import sqlalchemy as sa
from alembic import op

from migrations.frozen.access import (
    BUSINESS,
    CHANGED,
    CREATED,
    MENUS,
    NODE,
    let_requests_call,
    let_requests_change,
    let_requests_create_and_delete,
    let_requests_grant,
    of,
    show,
)
from migrations.frozen.columns import choice, granted, reference, text, tree
from migrations.frozen.rights import announce_rights
from migrations.frozen.tables import drop, entity

revision = "0003_menu"
down_revision = "0002_org"

# The policy of "menu" cannot read "menu" itself. This function can: it runs as the owner of the tables, and no
# policy applies. It returns only rows that the policy shows.
MENUS_IN_SCOPE = f"""
create function menus_in_scope() returns bigint[]
language sql stable parallel safe security definer set search_path = pg_catalog, pg_temp
begin atomic
  select coalesce(array_agg(distinct step.id::bigint), '{{}}')
  from org
  join org_menu on org_menu.org_id = org.id
  join menu on menu.id = org_menu.menu_id
  cross join lateral string_to_table(rtrim(menu.path, '/'), '/') step (id)
  where org.path ^@ {BUSINESS};
end
"""  # noqa: S608 - our own names


def upgrade() -> None:
    entity(
        "menu",
        "菜单 Menus: applications and their parts",
        choice("type", "菜单类型 Page or button", "UNSET FUNCTION BUTTON", default="'UNSET'"),
        text("url", "功能URL Address; '#' for none", nullable=True),
        text("identifier", "菜单标识 Mark that front-ends know the menu by", nullable=True),
        choice(
            "capability",
            "权限 Capability that the menu gives to its holders",
            "ORG_WRITE SPACE_WRITE MENU_WRITE ROLE_GRANT ADMIN_WRITE CUSTOMER_WRITE PROPERTY_WRITE"
            " VERIFICATION_REVIEW WORK_ORDER_WRITE APP_GRANT EVENT_PUBLISH PII_READ SYSTEM_SUPER",
            nullable=True,
        ),
        *tree("menu"),
        owner="",
        visible=None,
    )
    own = ["type", "url", "identifier", "capability"]
    let_requests_change("menu", [*NODE, *own, *CHANGED])
    let_requests_create_and_delete("menu", ["id", *NODE, *own, *CREATED])
    entity(
        "menu_guidance",
        "操作指引 Guidance to menus, at most one each",
        reference("menu_id", "menu", "菜单 The menu", unique=True),
        text("content", "指引内容 Text of the guidance"),
        owner="",
        visible=of("menu", "menu_guidance.menu_id"),
    )
    let_requests_change("menu_guidance", ["content", *CHANGED])
    let_requests_create_and_delete("menu_guidance", ["menu_id", "content", *CREATED])
    entity(
        "org_menu",
        "业务组织与菜单关联 Menus that a business organisation may use",
        reference("org_id", "org", "业务组织 The business organisation"),
        reference("menu_id", "menu", "菜单 The menu", index=True),
        *granted("org_menu"),
        sa.UniqueConstraint("org_id", "menu_id"),
        owner="org.org_id",
        visible=of("org", "org_menu.org_id"),
    )
    let_requests_grant(
        "org_menu", "menu.write", ["org_id", "menu_id"], ["is_granted_by_super"], of("menu", "org_menu.menu_id")
    )
    op.execute(MENUS_IN_SCOPE)
    let_requests_call("menus_in_scope()")
    show("menu", f"menu.id = {MENUS}")
    announce_rights("menu", "path", "capability")
    announce_rights("org_menu")


def downgrade() -> None:
    op.execute("drop policy visible on menu")
    op.execute("drop function menus_in_scope()")
    drop("org_menu", "menu_guidance", "menu")
