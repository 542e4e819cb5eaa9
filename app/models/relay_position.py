"""RelayPosition: how far a relay has sent the record of changes."""

from datetime import datetime

from sqlalchemy import func
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class RelayPosition(Base):
    """发送位置 How far the record of changes has been sent. The relay moves it once the brokers have confirmed."""

    __tablename__ = "relay_position"
    __table_args__ = ({"comment": "发送位置 How far the record of changes has been sent"},)

    name: Mapped[str] = mapped_column(primary_key=True, comment="where to: kafka")
    change_id: Mapped[int] = mapped_column(comment="id of the last change that was sent, or parked")
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now(), comment="修改时间 Updated at")
