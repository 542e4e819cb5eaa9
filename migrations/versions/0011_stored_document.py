"""GraphQL documents that clients run by their hashes."""

from migrations.frozen.columns import text, timestamp
from migrations.frozen.tables import drop, table

revision = "0011_stored_document"
down_revision = "0010_login"


def upgrade() -> None:
    table(
        "stored_document",
        "存储的查询 GraphQL documents that clients run by their hashes",
        text("sha256", "SHA-256 of the document in UTF-8, in hexadecimal", primary_key=True),
        text(
            "manifest_id",
            "id in the manifest of a client's compiler; null where that is the SHA-256",
            nullable=True,
            unique=True,
        ),
        text("document", "text of the document"),
        text("name", "名称 What it is for: the file it came from, or its operation"),
        timestamp("created_at", "创建时间 Stored at", default="now()"),
        text("created_by", "创建人 Stored by: account or process", nullable=True),
    )


def downgrade() -> None:
    drop("stored_document")
