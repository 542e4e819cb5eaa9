"""AuthorizationCode: a code that a client exchanges for tokens after a log-in on the login page."""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class AuthorizationCode(Base):
    """授权码 An authorization code (RFC 6749, 4.1; RFC 7636)."""

    __tablename__ = "authorization_code"
    __table_args__ = ({"comment": "授权码 Authorization codes, as hashes, for a minute"},)

    code_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True, comment="SHA-256 of the code")
    client_id: Mapped[str] = mapped_column(
        ForeignKey("client.client_id"), index=True, comment="客户端 The program that asked"
    )
    admin_id: Mapped[int] = mapped_column(ForeignKey("admin.id"), index=True, comment="员工 Who logged in")
    redirect_uri: Mapped[str | None] = mapped_column(comment="address that the request named; null when it named none")
    code_challenge: Mapped[str] = mapped_column(comment="SHA-256 of the verifier that the program keeps")
    expires_at: Mapped[datetime] = mapped_column(index=True, comment="useless after this time")
    used_at: Mapped[datetime | None] = mapped_column(comment="exchanged at")
    sid: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("login.sid", ondelete="CASCADE"), index=True, comment="登录 The log-in that it was exchanged for"
    )
