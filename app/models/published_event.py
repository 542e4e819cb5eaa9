"""PublishedEvent: an event of a caller that the relay has not sent to the brokers yet."""

from datetime import datetime

from sqlalchemy import func
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Entity


class PublishedEvent(Entity):
    """事件 An event that a caller publishes (document 003, 20). It is deleted once a broker has confirmed it."""

    __tablename__ = "published_event"
    __table_args__ = ({"comment": "事件 Events of callers that the relay has not sent to the brokers yet"},)

    topic: Mapped[str] = mapped_column(comment="主题 Kafka topic")
    payload: Mapped[str] = mapped_column(comment="内容 The text of a JSON object, sent as it is")
    timestamp: Mapped[int | None] = mapped_column(
        comment="时间戳 A time that the caller gives, in the caller's own unit; sent as the header `timestamp`"
    )
    created_at: Mapped[datetime] = mapped_column(server_default=func.now(), comment="创建时间 Published at")
    created_by: Mapped[str | None] = mapped_column(comment="创建人 Published by: account or client")
    request_id: Mapped[str | None] = mapped_column(comment="请求编号 `X-Request-ID` of the request")
    traceparent: Mapped[str | None] = mapped_column(comment="链路 W3C `traceparent` of the request")
