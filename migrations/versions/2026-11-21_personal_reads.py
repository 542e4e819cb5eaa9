"""Personal reads: who was shown customers' personal data in plain."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "personal_reads"
down_revision = "stored_documents"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("set local lock_timeout = '1s'")
    op.create_table(
        "personal_read",
        sa.Column(
            "number",
            sa.BigInteger(),
            sa.Identity(always=True),
            nullable=False,
            comment="number of the entry; gaps mean nothing",
        ),
        sa.Column(
            "admin_id", sa.BigInteger(), nullable=True, comment="员工 who asked; null when a client asked for itself"
        ),
        sa.Column("client_id", sa.Text(), nullable=False, comment="客户端 with which program"),
        sa.Column(
            "read_at",
            postgresql.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="查阅时间 read at",
        ),
        sa.Column("entity", sa.Text(), nullable=False, comment="kind of record, as GraphQL names it"),
        sa.Column("fields", postgresql.ARRAY(sa.Text()), nullable=False, comment="columns that were shown"),
        sa.Column("row_count", sa.Integer(), nullable=False, comment="number of records that they were shown of"),
        sa.Column(
            "document_sha256",
            sa.Text(),
            nullable=False,
            comment="SHA-256 of the GraphQL document in UTF-8, in hexadecimal",
        ),
        sa.PrimaryKeyConstraint("number", name="personal_read_pkey"),
        comment="个人信息查阅记录 requests that were shown customers' personal data in plain",
    )
    for column in ("admin_id", "read_at"):
        op.create_index(f"personal_read_{column}_idx", "personal_read", [column])


def downgrade() -> None:
    op.execute("set local lock_timeout = '1s'")
    op.drop_table("personal_read")
