"""Changes of organisations: requests may rename those in which their caller holds org.write."""

from alembic import op

revision = "org_changes"
down_revision = "letters_of_names"
branch_labels = None
depends_on = None

MAY_CHANGE = (
    "(select current_setting('app.super', true) = 'on') or org.path ^@ any((select array_remove("
    "string_to_array(current_setting('app.may_org_write', true), ','), ''))::text[])"
)
COLUMNS = "name, path, depth, full_name, version, updated_at, updated_by"


def upgrade() -> None:
    op.execute("set local lock_timeout = '1s'")
    op.execute(
        f"create policy changeable on org for update to cadastre_app using ({MAY_CHANGE}) with check ({MAY_CHANGE})"
    )
    op.execute(f"grant update ({COLUMNS}) on org to cadastre_app")


def downgrade() -> None:
    op.execute("set local lock_timeout = '1s'")
    op.execute(f"revoke update ({COLUMNS}) on org from cadastre_app")
    op.execute("drop policy changeable on org")
