"""PersonalRead: who was shown customers' personal data unmasked, and when."""

from datetime import datetime

from sqlalchemy import BigInteger, Identity, Text, func
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Small


class PersonalRead(Base):
    """个人信息查阅记录 A request that was shown personal data of one kind of record, without the data.

    Staff and clients are named without a foreign key: the record stays when they are deleted.
    """

    __tablename__ = "personal_read"
    __table_args__ = ({"comment": "个人信息查阅记录 Requests that were shown customers' personal data unmasked"},)

    number: Mapped[int] = mapped_column(
        BigInteger, Identity(always=True), primary_key=True, comment="number of the entry; gaps mean nothing"
    )
    admin_id: Mapped[int | None] = mapped_column(
        index=True, comment="员工 Who asked; null when a client asked for itself"
    )
    client_id: Mapped[str] = mapped_column(comment="客户端 With which program")
    read_at: Mapped[datetime] = mapped_column(server_default=func.now(), index=True, comment="查阅时间 Read at")
    entity: Mapped[str] = mapped_column(comment="kind of record, as GraphQL names it")
    fields: Mapped[list[str]] = mapped_column(ARRAY(Text), comment="columns that were shown")
    row_count: Mapped[Small] = mapped_column(comment="number of records that they were shown of")
    document_sha256: Mapped[str] = mapped_column(comment="SHA-256 of the GraphQL document in UTF-8, in hexadecimal")
