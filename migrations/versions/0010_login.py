"""Programs that may ask for tokens, the roles that they hold, log-ins, and what is exchanged for tokens."""

import sqlalchemy as sa
from alembic import op

from migrations.frozen.access import of
from migrations.frozen.columns import (
    bigint,
    binary,
    bookkeeping,
    boolean,
    granted,
    integer,
    record_id,
    reference,
    text,
    texts,
    timestamp,
    uuid,
)
from migrations.frozen.rights import announce_ends, announce_rights
from migrations.frozen.tables import drop, entity, table

revision = "0010_login"
down_revision = "0009_app_grant"

WHEN_RIGHTS_ARE_LOST = """
create trigger client_token_version before update on client for each row
when ((old.is_enabled and not new.is_enabled) or old.secret_hash is distinct from new.secret_hash)
execute function count_token_version()
"""

FORGET_FAILURES = """
create function forget_login_failures() returns trigger language plpgsql security definer
set search_path from current as $$
begin
  update login_source set failures = 0, locked_until = null where admin_id = new.id;
  return null;
end
$$;
create trigger login_failures_end after update of password_changed_at on admin for each row
when (old.password_changed_at is distinct from new.password_changed_at)
execute function forget_login_failures();
revoke all on function forget_login_failures() from public
"""
"""Failures with an earlier password do not count."""

REGISTER_EXPLORER = """
insert into client (client_id, description, grant_types, redirect_uris)
values ('explorer', '数据查询 Explorer', '{authorization_code,refresh_token}', '{/explorer}')
"""
"""The program's own page. Its address is relative to the public URL, which is not known here."""


def upgrade() -> None:
    table(
        "client",
        "客户端 Programs that may ask for tokens",
        *record_id("client"),
        text("client_id", "客户端ID Name by which the program identifies itself", unique=True),
        text("description", "说明 What the program is"),
        text(
            "secret_hash",
            "SHA-256 of the generated secret; null for a public client, which cannot keep one",
            nullable=True,
        ),
        texts("grant_types", "OAuth 2 grants that the program may use", default="'{}'"),
        texts(
            "redirect_uris",
            "addresses that an authorization code may be sent to; one that begins with / is below the public URL",
            default="'{}'",
        ),
        timestamp(
            "password_until",
            "end of the password grant for a legacy program; null for a program that has none",
            nullable=True,
        ),
        bigint("password_uses", "number of log-ins with the password grant", default="0"),
        integer(
            "max_nodes",
            "most rows that a query of the program may load, instead of the setting; null for the setting",
            nullable=True,
        ),
        integer(
            "token_version",
            "grows when the program is disabled or gets another secret: its tokens name the version",
            default="0",
        ),
        boolean("is_enabled", "whether the program may ask for tokens", default="true"),
        *bookkeeping("client"),
        sa.CheckConstraint("max_nodes > 0", name="max_nodes_positive"),
    )
    op.execute(WHEN_RIGHTS_ARE_LOST)
    entity(
        "client_grant",
        "业务组织、角色与客户端关联 Clients that hold a role in a business organisation",
        reference("org_id", "org", "业务组织 The business organisation"),
        reference("role_id", "role", "角色 The role"),
        reference("client_id", "client", "客户端 The client", index=True),
        *granted("client_grant"),
        sa.UniqueConstraint("org_id", "role_id", "client_id"),
        sa.ForeignKeyConstraint(["org_id", "role_id"], ["org_role.org_id", "org_role.role_id"]),
        sa.Index("client_grant_role_id_idx", "role_id", "org_id"),
        owner="org.org_id",
        visible=of("org", "client_grant.org_id"),
    )
    table(
        "login",
        "登录 Log-ins, kept until their last token has expired",
        uuid("sid", "name of the log-in in its tokens", primary_key=True),
        reference("admin_id", "admin", "员工 Who logged in", index=True),
        text("client_id", "客户端 With which program", sa.ForeignKey("client.client_id"), index=True),
        integer("token_version", "the member of staff's token version at log-in"),
        timestamp("started_at", "登录时间 Logged in at", default="now()"),
        timestamp("expires_at", "no refresh after this time: 10 hours after the log-in", index=True),
        timestamp("ended_at", "ended before its time at", nullable=True),
        text("end_reason", "why it ended before its time: logout, revoked, reuse or disabled", nullable=True),
    )
    table(
        "refresh_token",
        "刷新token Refresh tokens, as hashes",
        binary("token_hash", "SHA-256 of the token", primary_key=True),
        uuid("sid", "登录 The log-in", sa.ForeignKey("login.sid", ondelete="CASCADE"), index=True),
        timestamp("created_at", "创建时间 Given out at", default="now()"),
        timestamp("used_at", "exchanged for another one at", nullable=True),
    )
    table(
        "authorization_code",
        "授权码 Authorization codes, as hashes, for a minute",
        binary("code_hash", "SHA-256 of the code", primary_key=True),
        text("client_id", "客户端 The program that asked", sa.ForeignKey("client.client_id"), index=True),
        reference("admin_id", "admin", "员工 Who logged in", index=True),
        text("redirect_uri", "address that the request named; null when it named none", nullable=True),
        text("code_challenge", "SHA-256 of the verifier that the program keeps"),
        timestamp("expires_at", "useless after this time", index=True),
        timestamp("used_at", "exchanged at", nullable=True),
        uuid(
            "sid",
            "登录 The log-in that it was exchanged for",
            sa.ForeignKey("login.sid", ondelete="CASCADE"),
            nullable=True,
            index=True,
        ),
    )
    table(
        "login_source",
        "登录来源 Sources of log-ins, and their failures",
        reference("admin_id", "admin", "员工 The account", primary_key=True),
        text("source", "SHA-256 of the address and the client", primary_key=True),
        integer("failures", "失败次数 Failures, halved every hour"),
        timestamp("changed_at", "last success or failure at", default="clock_timestamp()"),
        timestamp("succeeded_at", "last success at; null when there was none", nullable=True),
        timestamp("locked_until", "锁定时间 No log-in from here before this time", nullable=True),
        sa.Index("login_source_changed_at_idx", "changed_at", postgresql_where=sa.text("succeeded_at is null")),
        sa.Index("login_source_succeeded_at_idx", "succeeded_at"),
    )
    op.execute(FORGET_FAILURES)
    announce_rights(
        "client",
        *("description", "secret_hash", "grant_types", "redirect_uris", "max_nodes", "is_enabled", "token_version"),
    )
    announce_rights("client_grant")
    announce_ends("login")
    op.execute(REGISTER_EXPLORER)


def downgrade() -> None:
    op.execute("drop trigger login_failures_end on admin; drop function forget_login_failures")
    drop("login_source", "authorization_code", "refresh_token", "login", "client_grant", "client")
