"""Login: the log-in of a member of staff with one client."""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, func
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Small


class Login(Base):
    """登录 A log-in; its tokens are valid until it ends."""

    __tablename__ = "login"
    __table_args__ = ({"comment": "登录 Log-ins, kept until their last token has expired"},)

    sid: Mapped[uuid.UUID] = mapped_column(primary_key=True, comment="name of the log-in in its tokens")
    admin_id: Mapped[int] = mapped_column(ForeignKey("admin.id"), index=True, comment="员工 Who logged in")
    client_id: Mapped[str] = mapped_column(
        ForeignKey("client.client_id"), index=True, comment="客户端 With which program"
    )
    token_version: Mapped[Small] = mapped_column(comment="the member of staff's token version at log-in")
    started_at: Mapped[datetime] = mapped_column(server_default=func.now(), comment="登录时间 Logged in at")
    expires_at: Mapped[datetime] = mapped_column(
        index=True, comment="no refresh after this time: 10 hours after the log-in"
    )
    ended_at: Mapped[datetime | None] = mapped_column(comment="ended before its time at")
    end_reason: Mapped[str | None] = mapped_column(
        comment="why it ended before its time: logout, revoked, reuse or disabled"
    )
