"""IdempotencyKey: the answer to a mutation, kept under the key that its client gave the request."""

from datetime import datetime

from sqlalchemy import Text, func
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class IdempotencyKey(Base):
    """幂等键 The first answer under a header Idempotency-Key, which is repeated for a day.

    The request may contain a password. Its fingerprint can be computed only with the key, which is not stored. Staff
    and clients are named without a foreign key: nothing waits for the row of a caller who is being deleted.
    """

    __tablename__ = "idempotency_key"
    __table_args__ = ({"comment": "幂等键 Answers to mutations that were sent with a key, for a day"},)

    caller_id: Mapped[int] = mapped_column(
        primary_key=True, autoincrement=False, comment="调用方 Member of staff or client that sent the request"
    )
    key_hash: Mapped[bytes] = mapped_column(primary_key=True, comment="幂等键 SHA-256 of the header Idempotency-Key")
    fingerprint: Mapped[bytes] = mapped_column(comment="HMAC of the request; another one under the key is refused")
    capabilities: Mapped[list[str]] = mapped_column(ARRAY(Text), comment="what the caller must still hold")
    disclosed: Mapped[str] = mapped_column(comment="customers' personal data that the answer shows, without values")
    answer: Mapped[bytes] = mapped_column(comment="the body of the answer, byte for byte")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now(), index=True, comment="创建时间 Answered at")
