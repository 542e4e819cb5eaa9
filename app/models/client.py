"""Client: a program that is registered to ask for tokens."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Small, Versioned


class Client(Versioned):
    """客户端 A program registered at the authorization server (document 003, part II and 2.1)."""

    __tablename__ = "client"
    __table_args__ = (
        CheckConstraint("max_nodes > 0", name="max_nodes_positive"),
        {"comment": "客户端 Programs that may ask for tokens"},
    )

    client_id: Mapped[str] = mapped_column(unique=True, comment="客户端ID Name by which the program identifies itself")
    description: Mapped[str] = mapped_column(comment="说明 What the program is")
    secret_hash: Mapped[str | None] = mapped_column(
        comment="SHA-256 of the generated secret; null for a public client, which cannot keep one"
    )
    grant_types: Mapped[list[str]] = mapped_column(
        ARRAY(Text), server_default=text("'{}'"), comment="OAuth 2 grants that the program may use"
    )
    redirect_uris: Mapped[list[str]] = mapped_column(
        ARRAY(Text),
        server_default=text("'{}'"),
        comment="addresses that an authorization code may be sent to; one that begins with / is below the public URL",
    )
    password_until: Mapped[datetime | None] = mapped_column(
        comment="end of the password grant for a legacy program; null for a program that has none"
    )
    password_uses: Mapped[int] = mapped_column(
        server_default=text("0"), comment="number of log-ins with the password grant"
    )
    max_nodes: Mapped[Small | None] = mapped_column(
        comment="most rows that a query of the program may load, instead of the setting; null for the setting"
    )
    token_version: Mapped[Small] = mapped_column(
        server_default=text("0"),
        comment="grows when the program is disabled or gets another secret: its tokens name the version",
    )
    is_enabled: Mapped[bool] = mapped_column(
        server_default=text("true"), comment="whether the program may ask for tokens"
    )
