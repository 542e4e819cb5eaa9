"""The function that lists the changes which the caller of a small scope sees."""

from alembic import op

from migrations.frozen.change_reach import SIGNATURE, let_requests_list_changes

revision = "0020_change_reach"
down_revision = "0019_webhook"


def upgrade() -> None:
    let_requests_list_changes()


def downgrade() -> None:
    op.execute(f"drop function {SIGNATURE}")
