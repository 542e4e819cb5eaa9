"""AppGrant: which app serves which top business organisation."""

from enum import auto

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Versioned
from app.models.choice import Choice


class AppType(Choice):
    """App类型 Who an app is for (document 003, 14.1)."""

    COMMUNITY = auto(), 1, "社区app", "Residents"
    STEWARD = auto(), 2, "管家app", "Stewards"


class AppGrant(Versioned):
    """App授权业务组织 An app may serve a top business organisation (document 003, 14.2).

    One app of a type serves an organisation, so the users of the organisation's residents' app are those who claim its
    properties (Verification). No column of a claim has to name the app.
    """

    __tablename__ = "app_grant"
    __table_args__ = (
        UniqueConstraint("org_id", "app_type"),
        {"comment": "App授权业务组织 Top business organisations that an app may serve"},
    )

    app_id: Mapped[str] = mapped_column(index=True, comment="应用编号 Id of the app")
    app_type: Mapped[AppType] = mapped_column(comment="App类型 Residents or stewards")
    org_id: Mapped[int] = mapped_column(ForeignKey("org.id"), comment="业务组织 The organisation")
