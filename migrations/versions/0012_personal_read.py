"""Requests that were shown customers' personal data."""

import sqlalchemy as sa

from migrations.frozen.columns import bigint, integer, text, texts, timestamp
from migrations.frozen.tables import drop, table

revision = "0012_personal_read"
down_revision = "0011_stored_document"


def upgrade() -> None:
    table(
        "personal_read",
        "个人信息查阅记录 Requests that were shown customers' personal data unmasked",
        bigint("number", "number of the entry; gaps mean nothing", sa.Identity(always=True), primary_key=True),
        bigint("admin_id", "员工 Who asked; null when a client asked for itself", nullable=True, index=True),
        text("client_id", "客户端 With which program"),
        timestamp("read_at", "查阅时间 Read at", default="now()", index=True),
        text("entity", "kind of record, as GraphQL names it"),
        texts("fields", "columns that were shown"),
        integer("row_count", "number of records that they were shown of"),
        text("document_sha256", "SHA-256 of the GraphQL document in UTF-8, in hexadecimal"),
    )


def downgrade() -> None:
    drop("personal_read")
