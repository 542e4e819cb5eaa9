"""Spaces by organisation: the spaces of an organisation are found in the order of their ids."""

from alembic import op

revision = "spaces_by_organisation"
down_revision = "secret_columns"
branch_labels = None
depends_on = None


def upgrade() -> None:
    replace_index("org_id", "id")


def downgrade() -> None:
    replace_index("org_id")


def replace_index(*columns: str) -> None:
    """Build the new index first: who only reads waits no longer than it takes to swap the names."""
    op.execute("set local lock_timeout = '1s'")
    op.create_index("space_org_id_new_idx", "space", [*columns])
    op.drop_index("space_org_id_idx", "space")
    op.execute("alter index space_org_id_new_idx rename to space_org_id_idx")
