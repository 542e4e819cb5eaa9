"""StoredDocument: a GraphQL document that clients run by its hash, or by its id in a manifest."""

from datetime import datetime

from sqlalchemy import func
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class StoredDocument(Base):
    """存储的查询 A document that clients run by its hash. A server may be set to run no others."""

    __tablename__ = "stored_document"
    __table_args__ = ({"comment": "存储的查询 GraphQL documents that clients run by their hashes"},)

    sha256: Mapped[str] = mapped_column(primary_key=True, comment="SHA-256 of the document in UTF-8, in hexadecimal")
    manifest_id: Mapped[str | None] = mapped_column(
        unique=True, comment="id in the manifest of a client's compiler; null where that is the SHA-256"
    )
    document: Mapped[str] = mapped_column(comment="text of the document")
    name: Mapped[str] = mapped_column(comment="名称 What it is for: the file it came from, or its operation")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now(), comment="创建时间 Stored at")
    created_by: Mapped[str | None] = mapped_column(comment="创建人 Stored by: account or process")
