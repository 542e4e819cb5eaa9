"""WebhookDelivery: an event for a webhook, from when it is known until some time after it was sent."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Small


class WebhookDelivery(Base):
    """网络回调投递 An event for a webhook. It names the change and keeps no values: they are read when it is sent."""

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        UniqueConstraint("webhook_number", "change_id"),
        Index("webhook_delivery_due_idx", "webhook_number", "due_at", postgresql_where=text("due_at is not null")),
        Index("webhook_delivery_ended_idx", "created_at", postgresql_where=text("due_at is null")),
        {"comment": "网络回调投递 Events for webhooks: those that wait, and for some time those that do not"},
    )

    number: Mapped[int] = mapped_column(
        BigInteger, Identity(always=True), primary_key=True, comment="id of the message, the same in each attempt"
    )
    webhook_number: Mapped[int] = mapped_column(
        ForeignKey("webhook.number", ondelete="CASCADE"), comment="网络回调 The webhook"
    )
    change_id: Mapped[int] = mapped_column(comment="变更 The change")
    record_id: Mapped[int] = mapped_column(comment="记录编号 The record that was changed")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now(), comment="创建时间 Written at")
    attempts: Mapped[Small] = mapped_column(
        server_default=text("0"), comment="how often it was tried since it was written, or the webhook was enabled"
    )
    due_at: Mapped[datetime | None] = mapped_column(
        server_default=func.now(), comment="not tried before this time; null when it is not tried again"
    )
    tried_at: Mapped[datetime | None] = mapped_column(comment="when it was last tried")
    failing_since: Mapped[datetime | None] = mapped_column(comment="when it first failed")
    outcome: Mapped[str | None] = mapped_column(comment="结果 What became of the last attempt")
    delivered_at: Mapped[datetime | None] = mapped_column(comment="送达时间 When the receiver confirmed it")
