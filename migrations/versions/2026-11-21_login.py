"""Login: clients, log-ins, refresh tokens and authorization codes."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "login"
down_revision = "first_tables"
branch_labels = None
depends_on = None

TIME = postgresql.TIMESTAMP(timezone=True)
NOW = sa.text("now()")
REGISTER_ID = sa.text("nextval('register_id')")

GROW = """
create function admin_token_version() returns trigger language plpgsql as $$
begin
    new.token_version := greatest(old.token_version + 1, new.token_version);
    return new;
end $$
"""

WHEN_RIGHTS_ARE_LOST = """
create trigger admin_token_version before update on admin for each row
when (
    (old.enabled and not new.enabled)
    or (old.status = 'ACTIVE' and new.status <> 'ACTIVE')
    or old.password_changed_at is distinct from new.password_changed_at
)
execute function admin_token_version()
"""


def upgrade() -> None:
    op.execute("set local lock_timeout = '1s'")
    op.add_column(
        "admin",
        sa.Column(
            "token_version",
            sa.Integer(),
            server_default=sa.text("0"),
            nullable=False,
            comment="grows when the account is disabled, cancelled, gets another password or is logged out everywhere",
        ),
    )
    op.execute(GROW)
    op.execute(WHEN_RIGHTS_ARE_LOST)
    _create_client()
    _create_login()
    _create_refresh_token()
    _create_authorization_code()


def downgrade() -> None:
    op.execute("set local lock_timeout = '1s'")
    for table in ("authorization_code", "refresh_token", "login", "client"):
        op.drop_table(table)
    op.execute("drop trigger admin_token_version on admin")
    op.execute("drop function admin_token_version()")
    op.drop_column("admin", "token_version")


def _create_client() -> None:
    op.create_table(
        "client",
        sa.Column(
            "id",
            sa.BigInteger(),
            server_default=REGISTER_ID,
            nullable=False,
            comment="global id, unique over all tables",
        ),
        sa.Column("client_id", sa.Text(), nullable=False, comment="客户端ID name that the program gives for itself"),
        sa.Column("description", sa.Text(), nullable=False, comment="说明 what the program is"),
        sa.Column(
            "secret_hash",
            sa.Text(),
            nullable=True,
            comment="SHA-256 of the generated secret; null for a public client, which cannot keep one",
        ),
        sa.Column(
            "grant_types",
            postgresql.ARRAY(sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
            comment="OAuth 2 grants that the program may use",
        ),
        sa.Column(
            "redirect_uris",
            postgresql.ARRAY(sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
            comment="addresses that an authorization code may be sent to",
        ),
        sa.Column(
            "password_until",
            TIME,
            nullable=True,
            comment="end of the password grant for a legacy program; null for a program that has none",
        ),
        sa.Column(
            "password_uses",
            sa.BigInteger(),
            server_default=sa.text("0"),
            nullable=False,
            comment="number of log-ins with the password grant",
        ),
        sa.Column(
            "enabled",
            sa.Boolean(),
            server_default=sa.text("true"),
            nullable=False,
            comment="whether the program may ask for tokens",
        ),
        sa.Column(
            "version",
            sa.Integer(),
            server_default=sa.text("1"),
            nullable=False,
            comment="grows by one with every change",
        ),
        sa.Column(
            "source",
            sa.Text(),
            server_default=sa.text("'own'"),
            nullable=False,
            comment="数据来源 the system that the record comes from: own, 4g (四格), 4a, or the name given to an import",
        ),
        sa.Column("created_at", TIME, server_default=NOW, nullable=False, comment="创建时间 created at"),
        sa.Column("created_by", sa.Text(), nullable=True, comment="创建人 created by: account or process"),
        sa.Column("updated_at", TIME, server_default=NOW, nullable=False, comment="修改时间 updated at"),
        sa.Column("updated_by", sa.Text(), nullable=True, comment="修改人 updated by: account or process"),
        sa.PrimaryKeyConstraint("id", name="client_pkey"),
        sa.UniqueConstraint("client_id", name="client_client_id_key"),
        comment="客户端 programs that may ask for tokens",
    )


def _create_login() -> None:
    op.create_table(
        "login",
        sa.Column("sid", sa.Uuid(), nullable=False, comment="name of the log-in in its tokens"),
        sa.Column("admin_id", sa.BigInteger(), nullable=False, comment="员工 who logged in"),
        sa.Column("client_id", sa.Text(), nullable=False, comment="客户端 with which program"),
        sa.Column(
            "token_version", sa.Integer(), nullable=False, comment="the member of staff's token version at log-in"
        ),
        sa.Column("started_at", TIME, server_default=NOW, nullable=False, comment="登录时间 logged in at"),
        sa.Column("expires_at", TIME, nullable=False, comment="no refresh after this time: 10 hours after the log-in"),
        sa.Column("ended_at", TIME, nullable=True, comment="ended before its time at"),
        sa.Column(
            "end_reason",
            sa.Text(),
            nullable=True,
            comment="why it ended before its time: logout, revoked or reuse",
        ),
        sa.ForeignKeyConstraint(["admin_id"], ["admin.id"], name="login_admin_id_fkey"),
        sa.ForeignKeyConstraint(["client_id"], ["client.client_id"], name="login_client_id_fkey"),
        sa.PrimaryKeyConstraint("sid", name="login_pkey"),
        comment="登录 log-ins, kept until their last token has expired",
    )
    for column in ("admin_id", "client_id", "expires_at"):
        op.create_index(f"login_{column}_idx", "login", [column])


def _create_refresh_token() -> None:
    op.create_table(
        "refresh_token",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False, comment="SHA-256 of the token"),
        sa.Column("sid", sa.Uuid(), nullable=False, comment="登录 the log-in"),
        sa.Column("created_at", TIME, server_default=NOW, nullable=False, comment="创建时间 given out at"),
        sa.Column("used_at", TIME, nullable=True, comment="exchanged for another one at"),
        sa.ForeignKeyConstraint(["sid"], ["login.sid"], name="refresh_token_sid_fkey", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("token_hash", name="refresh_token_pkey"),
        comment="刷新token refresh tokens, as hashes",
    )
    op.create_index("refresh_token_sid_idx", "refresh_token", ["sid"])


def _create_authorization_code() -> None:
    op.create_table(
        "authorization_code",
        sa.Column("code_hash", sa.LargeBinary(), nullable=False, comment="SHA-256 of the code"),
        sa.Column("client_id", sa.Text(), nullable=False, comment="客户端 the program that asked"),
        sa.Column("admin_id", sa.BigInteger(), nullable=False, comment="员工 who logged in"),
        sa.Column(
            "redirect_uri",
            sa.Text(),
            nullable=True,
            comment="address that the request named; null when it named none",
        ),
        sa.Column(
            "code_challenge", sa.Text(), nullable=False, comment="SHA-256 of the verifier that the program keeps"
        ),
        sa.Column("expires_at", TIME, nullable=False, comment="useless after this time"),
        sa.Column("used_at", TIME, nullable=True, comment="exchanged at"),
        sa.Column("sid", sa.Uuid(), nullable=True, comment="登录 the log-in that it was exchanged for"),
        sa.ForeignKeyConstraint(["client_id"], ["client.client_id"], name="authorization_code_client_id_fkey"),
        sa.ForeignKeyConstraint(["admin_id"], ["admin.id"], name="authorization_code_admin_id_fkey"),
        sa.ForeignKeyConstraint(["sid"], ["login.sid"], name="authorization_code_sid_fkey", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("code_hash", name="authorization_code_pkey"),
        comment="授权码 authorization codes, as hashes, for a minute",
    )
    for column in ("client_id", "admin_id", "expires_at", "sid"):
        op.create_index(f"authorization_code_{column}_idx", "authorization_code", [column])
