"""PersonTry: how often names and phone numbers were tried, so that nobody guesses the pair (document 000)."""

from datetime import datetime

from sqlalchemy import func
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Small


class PersonTry(Base):
    """身份尝试 Tries with one phone number, or by one client, within an hour."""

    __tablename__ = "person_try"
    __table_args__ = ({"comment": "身份尝试 Tries to tell who somebody is by a name and a phone number"},)

    key: Mapped[str] = mapped_column(
        primary_key=True, comment="what was tried: a digest of a phone number, or of a client"
    )
    tries: Mapped[Small] = mapped_column(comment="how often within an hour")
    since: Mapped[datetime] = mapped_column(server_default=func.now(), index=True, comment="when the hour began")
