"""What the spaces of each community add up to."""

import sqlalchemy as sa
from alembic import op

from migrations.frozen.columns import bigint, column, integer, text
from migrations.frozen.tables import drop, table
from migrations.frozen.totals import drop_totals, keep_totals

revision = "0014_space_total"
down_revision = "0013_idempotency_key"


def upgrade() -> None:
    table(
        "space_total",
        "空间汇总 Differences whose sums are the totals of the spaces of each community",
        bigint("number", "number of the row; gaps mean nothing", sa.Identity(always=True), primary_key=True),
        bigint("org_id", "业务组织 Business organisation that owns the spaces; 0 for none"),
        bigint("community_id", "小区 Community of the spaces; 0 for none"),
        text("kind", "what is counted: SPACE, OCCUPANCY or PARKING"),
        text("value", "type of the spaces, occupancy of the houses, or state of the parking places"),
        text("status", "状态 Status of the spaces; null for other kinds", nullable=True),
        bigint("count", "数量 Number of them"),
        column(sa.Numeric(), "area", "面积 Sum of their areas in square metres", default="0"),
        column(sa.Numeric(), "fee_area", "收费面积 Sum of their charged areas in square metres", default="0"),
        sa.Index("space_total_org_id_idx", "org_id"),
        sa.Index("space_total_community_id_idx", "community_id"),
    )
    table(
        "house_occupancy",
        "入住情况 Number of the valid property relations of each space that had one",
        bigint("space_id", "空间 The house or parking place", primary_key=True, autoincrement=False),
        integer("living_in", "在住 Relations of customers who live there"),
        integer("away", "暂离 Relations of customers who are away for a time"),
    )
    keep_totals()
    op.execute("select rebuild_space_totals()")


def downgrade() -> None:
    drop_totals()
    drop("house_occupancy", "space_total")
