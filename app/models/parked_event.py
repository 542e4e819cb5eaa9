"""ParkedEvent: a change or a published event that the brokers do not take, or that waits behind such a one."""

from datetime import datetime

from sqlalchemy import Index, func, text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class ParkedEvent(Base):
    """搁置事件 An event that the brokers refuse, or that waits behind one of the same entity.

    It names the change or the published event, which keeps the values.
    """

    __tablename__ = "parked_event"
    __table_args__ = (
        Index("parked_event_topic_key_idx", "topic", "key", "event_id"),
        {"comment": "搁置事件 Events that the brokers refuse, and those that wait behind them"},
    )

    event_id: Mapped[int] = mapped_column(
        primary_key=True, autoincrement=False, comment="id of the change, or of the published event"
    )
    topic: Mapped[str] = mapped_column(comment="主题 Kafka topic")
    key: Mapped[str] = mapped_column(comment="id of the entity; of a published event, its own id")
    is_change: Mapped[bool] = mapped_column(comment="whether it is a change, and no published event")
    reason: Mapped[str | None] = mapped_column(
        comment="原因 Why it was refused; null where it waits behind another one of the same entity"
    )
    is_released: Mapped[bool] = mapped_column(
        server_default=text("false"), comment="whether the relay sends it again, as an operator has asked"
    )
    parked_at: Mapped[datetime] = mapped_column(server_default=func.now(), comment="搁置时间 Parked at")
