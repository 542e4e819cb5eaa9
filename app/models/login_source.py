"""LoginSource: from where an account logs in, and how often that has failed."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, func, text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Small


class LoginSource(Base):
    """登录来源 An address with a client, from which log-ins of an account succeed or fail."""

    __tablename__ = "login_source"
    __table_args__ = (
        Index("login_source_changed_at_idx", "changed_at", postgresql_where=text("succeeded_at is null")),
        Index("login_source_succeeded_at_idx", "succeeded_at"),
        {"comment": "登录来源 Sources of log-ins, and their failures"},
    )

    admin_id: Mapped[int] = mapped_column(ForeignKey("admin.id"), primary_key=True, comment="员工 The account")
    source: Mapped[str] = mapped_column(primary_key=True, comment="SHA-256 of the address and the client")
    failures: Mapped[Small] = mapped_column(comment="失败次数 Failures, halved every hour")
    changed_at: Mapped[datetime] = mapped_column(
        server_default=func.clock_timestamp(), comment="last success or failure at"
    )
    succeeded_at: Mapped[datetime | None] = mapped_column(comment="last success at; null when there was none")
    locked_until: Mapped[datetime | None] = mapped_column(comment="锁定时间 No log-in from here before this time")
