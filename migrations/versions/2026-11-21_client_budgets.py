"""Client budgets: how many rows a query of a program may load."""

import sqlalchemy as sa
from alembic import op

revision = "client_budgets"
down_revision = "personal_reads"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("set local lock_timeout = '1s'")
    op.add_column(
        "client",
        sa.Column(
            "max_nodes",
            sa.Integer(),
            nullable=True,
            comment="most rows that a query of the program may load, instead of the setting; null for the setting",
        ),
    )
    op.create_check_constraint(op.f("client_max_nodes_positive_check"), "client", "max_nodes > 0")


def downgrade() -> None:
    op.execute("set local lock_timeout = '1s'")
    op.drop_column("client", "max_nodes")
