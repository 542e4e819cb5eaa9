"""Verification: the claim of an app user on a property, and the decision."""

from datetime import datetime
from enum import auto

from sqlalchemy import ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Small, Versioned, letters, trigrams
from app.models.choice import Choice
from app.models.customer import IdentityType
from app.models.property import PropertyType, Tenure


class VerificationStatus(Choice):
    """审核状态 What was decided (document 003, 12.1)."""

    PENDING = auto(), 1, "待审核", "Waits for a decision"
    REJECTED = auto(), 2, "已拒绝", "Rejected"
    APPROVED = auto(), 3, "已认证", "Approved"


class VerificationChannel(Choice):
    """审核渠道 Who decides (document 003, 12.1)."""

    OWNER = auto(), 1, "业主审核", "The owner"
    TENANT = auto(), 2, "租户审核", "The tenant"
    STEWARD = auto(), 3, "管家审核", "The steward"
    BACK_OFFICE = auto(), 4, "后台审核", "The back office"
    SYSTEM = auto(), 5, "系统审核", "The system"


class Verification(Versioned):
    """信息认证 The claim of an app user on a property (document 003, part 12)."""

    __tablename__ = "verification"
    __table_args__ = (
        Index(
            "verification_open_idx",
            "space_path",
            postgresql_include=["space_org_path"],
            postgresql_where=text("status in ('PENDING', 'APPROVED')"),
        ),
        Index("verification_space_path_idx", "space_path", "id"),
        Index("verification_submitted_at_idx", "submitted_at", "id"),
        Index("verification_reviewed_at_idx", "reviewed_at", "id"),
        trigrams("verification", "app_user_name"),
        letters("verification", "app_user_name"),
        trigrams("verification", "app_user_phone"),
        {"comment": "信息认证 Claims of app users on properties"},
    )

    type: Mapped[PropertyType] = mapped_column(comment="产权类型 House or parking place")
    space_id: Mapped[int] = mapped_column(ForeignKey("space.id"), index=True, comment="空间 The property claimed")
    customer_id: Mapped[int | None] = mapped_column(
        ForeignKey("customer.id"), index=True, comment="客户 The customer that the user was found to be"
    )
    property_relation_id: Mapped[int | None] = mapped_column(
        ForeignKey("property_relation.id"), index=True, comment="产权关系 Relation that the approval made or confirmed"
    )
    tenure: Mapped[Tenure] = mapped_column(comment="认证客户类型 What the user claims to be")
    status: Mapped[VerificationStatus] = mapped_column(
        server_default=text("'PENDING'"), index=True, comment="审核状态 What was decided"
    )
    channel: Mapped[VerificationChannel | None] = mapped_column(comment="审核渠道 Who decides")
    identity_type: Mapped[IdentityType | None] = mapped_column(comment="证件类型 Kind of identity document")
    identity: Mapped[str | None] = mapped_column(index=True, comment="证件号 Identity number")
    app_user_id: Mapped[int | None] = mapped_column(index=True, comment="App用户id Id of the app user")
    app_user_name: Mapped[str | None] = mapped_column(comment="用户姓名 Name of the app user")
    app_user_phone: Mapped[str | None] = mapped_column(index=True, comment="用户手机号 Phone number of the app user")
    main_customer_name: Mapped[str | None] = mapped_column(comment="业主/租客姓名 Name of the owner or tenant")
    main_customer_phone: Mapped[str | None] = mapped_column(comment="业主/租客电话 Phone of the owner or tenant")
    submitted_from: Mapped[Small | None] = mapped_column(
        comment="认证端 Client that sent the claim; 2 is the back office"
    )
    remark: Mapped[str | None] = mapped_column(comment="备注 Remark")
    submitted_at: Mapped[datetime | None] = mapped_column(comment="提交时间 Sent at")
    reviewed_at: Mapped[datetime | None] = mapped_column(comment="审核时间 Decided at")
    reviewer_id: Mapped[int | None] = mapped_column(ForeignKey("admin.id"), index=True, comment="审核人 Reviewer")
    reviewer_account: Mapped[str | None] = mapped_column(comment="审核人账号 Account of the reviewer")
    reviewer_name: Mapped[str | None] = mapped_column(comment="审核人姓名 Name of the reviewer")
    fourgrid_app_user_id: Mapped[int | None] = mapped_column(comment="四格 Id of the user in the 4g system")
    space_path: Mapped[str] = mapped_column(Text(collation="C"), comment="path of the space; derived")
    space_org_path: Mapped[str | None] = mapped_column(
        Text(collation="C"), comment="path of the business organisation that owns the space; derived"
    )
