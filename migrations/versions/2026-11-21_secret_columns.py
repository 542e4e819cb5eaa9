"""Secret columns: requests read the tables of the tenants column by column, and some columns not at all."""

from alembic import op

revision = "secret_columns"
down_revision = "client_budgets"
branch_labels = None
depends_on = None

TABLES = (
    "org",
    "org_relation",
    "space",
    "space_location",
    "parking_detail",
    "menu",
    "menu_guidance",
    "role",
    "org_menu",
    "org_role",
    "org_role_menu",
    "org_role_admin",
    "admin",
    "admin_group",
    "admin_group_member",
    "device",
    "customer",
    "customer_org",
    "property_relation",
    "housing_record",
    "verification",
    "app_grant",
)
SECRET = {"admin": ("password_hash", "token_version"), "device": ("device_token",)}

GRANT_COLUMNS = """
do $$
begin
  execute (
    select format('grant select (%s) on {table} to cadastre_app', string_agg(quote_ident(attname), ', '))
    from pg_attribute
    where attrelid = '{table}'::regclass and attnum > 0 and not attisdropped and attname <> all('{{{secret}}}')
  );
end $$
"""


def upgrade() -> None:
    op.execute("set local lock_timeout = '1s'")
    for table in TABLES:
        op.execute(f"revoke select on {table} from cadastre_app")  # noqa: S608 - our own names
        op.execute(GRANT_COLUMNS.format(table=table, secret=",".join(SECRET.get(table, ()))))


def downgrade() -> None:
    op.execute("set local lock_timeout = '1s'")
    for table in reversed(TABLES):
        op.execute(f"revoke select on {table} from cadastre_app")  # noqa: S608 - our own names; on its columns as well
        op.execute(f"grant select on {table} to cadastre_app")
