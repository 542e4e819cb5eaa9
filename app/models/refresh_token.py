"""RefreshToken: a token that a client exchanges, once, for new ones."""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, func
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class RefreshToken(Base):
    """刷新token A refresh token of a log-in. A used one is kept, so that using it again is noticed."""

    __tablename__ = "refresh_token"
    __table_args__ = ({"comment": "刷新token Refresh tokens, as hashes"},)

    token_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True, comment="SHA-256 of the token")
    sid: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("login.sid", ondelete="CASCADE"), index=True, comment="登录 The log-in"
    )
    created_at: Mapped[datetime] = mapped_column(server_default=func.now(), comment="创建时间 Given out at")
    used_at: Mapped[datetime | None] = mapped_column(comment="exchanged for another one at")
