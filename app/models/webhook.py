"""Webhook: an address that is sent the changes that a client follows (docs/webhooks.md)."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Identity, func, text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Small


class Webhook(Base):
    """网络回调 An address that is sent the changes of one kind of records that its client sees."""

    __tablename__ = "webhook"
    __table_args__ = ({"comment": "网络回调 Addresses that are sent changes, each for a client"},)

    number: Mapped[int] = mapped_column(
        BigInteger, Identity(always=True), primary_key=True, comment="order in which they were added"
    )
    name: Mapped[str] = mapped_column(unique=True, comment="名称 Name by which operators know it")
    url: Mapped[str] = mapped_column(comment="地址 Address that events are sent to")
    client_id: Mapped[int] = mapped_column(
        ForeignKey("client.id"), index=True, comment="客户端 The client whose roles decide what is sent"
    )
    entity: Mapped[str] = mapped_column(comment="记录类型 Kind of the records, such as space")
    under: Mapped[int | None] = mapped_column(
        comment="子树 Organisation or space whose subtree the records are in; null for all that the client sees"
    )
    selection: Mapped[str] = mapped_column(comment="selection set of GraphQL: what is sent of a record")
    secret: Mapped[str] = mapped_column(comment="密钥 Key that signs, in Base64; never answered")
    old_secret: Mapped[str | None] = mapped_column(comment="旧密钥 Key before the last rotation; never answered")
    old_secret_until: Mapped[datetime | None] = mapped_column(comment="until when the key before signs as well")
    position: Mapped[int] = mapped_column(comment="id of the last change that deliveries were made of, or none needed")
    looked_at: Mapped[datetime] = mapped_column(
        server_default=func.now(), comment="when a process last looked for new changes"
    )
    taken_until: Mapped[datetime | None] = mapped_column(
        comment="until when the deliveries are left to the process that has taken them"
    )
    turn: Mapped[Small] = mapped_column(
        server_default=text("0"),
        comment="how often a process has taken deliveries; tells whether they are still its own",
    )
    failures: Mapped[Small] = mapped_column(
        server_default=text("0"),
        comment="attempts in turn that failed; while there are any, events are sent one by one",
    )
    paused_until: Mapped[datetime | None] = mapped_column(comment="nothing is sent before this time")
    is_enabled: Mapped[bool] = mapped_column(server_default=text("true"), comment="启用 Whether events are sent")
    disabled_reason: Mapped[str | None] = mapped_column(comment="停用原因 Why no events are sent")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now(), comment="创建时间 Added at")
    created_by: Mapped[str | None] = mapped_column(comment="创建人 Added by: account or process")
