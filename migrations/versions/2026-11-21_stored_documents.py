"""Stored documents: what clients may run by a hash."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "stored_documents"
down_revision = "row_level_security"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("set local lock_timeout = '1s'")
    op.create_table(
        "stored_document",
        sa.Column("sha256", sa.Text(), nullable=False, comment="SHA-256 of the document in UTF-8, in hexadecimal"),
        sa.Column("document", sa.Text(), nullable=False, comment="text of the document"),
        sa.Column(
            "name", sa.Text(), nullable=False, comment="名称 what it is for: the file it came from, or its operation"
        ),
        sa.Column(
            "created_at",
            postgresql.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="创建时间 stored at",
        ),
        sa.Column("created_by", sa.Text(), nullable=True, comment="创建人 stored by: account or process"),
        sa.PrimaryKeyConstraint("sha256", name="stored_document_pkey"),
        comment="存储的查询 GraphQL documents that clients run by their hashes",
    )


def downgrade() -> None:
    op.execute("set local lock_timeout = '1s'")
    op.drop_table("stored_document")
