"""Claims of app users on properties."""

import sqlalchemy as sa

from migrations.frozen.access import (
    BELOW_BUSINESS,
    CHANGED,
    CREATED,
    held,
    let_requests_change,
    let_requests_create_and_delete,
)
from migrations.frozen.columns import bigint, bytewise, choice, integer, letters, reference, text, timestamp, trigrams
from migrations.frozen.naming import drop_refusals, keep_claims_in_tenant
from migrations.frozen.properties import drop_property_paths, keep_property_paths
from migrations.frozen.tables import drop, entity

revision = "0008_verification"
down_revision = "0007_customer"


def upgrade() -> None:
    entity(
        "verification",
        "信息认证 Claims of app users on properties",
        choice("type", "产权类型 House or parking place", "HOUSE PARKING"),
        reference("space_id", "space", "空间 The property claimed", index=True),
        reference(
            "customer_id", "customer", "客户 The customer that the user was found to be", nullable=True, index=True
        ),
        reference(
            "property_relation_id",
            "property_relation",
            "产权关系 Relation that the approval made or confirmed",
            nullable=True,
            index=True,
        ),
        choice("tenure", "认证客户类型 What the user claims to be", "OWNER OWNER_MEMBER TENANT TENANT_MEMBER"),
        choice("status", "审核状态 What was decided", "PENDING REJECTED APPROVED", default="'PENDING'", index=True),
        choice("channel", "审核渠道 Who decides", "OWNER TENANT STEWARD BACK_OFFICE SYSTEM", nullable=True),
        choice(
            "identity_type",
            "证件类型 Kind of identity document",
            "IDENTITY_CARD PASSPORT ORGANISATION_CODE SOCIAL_CREDIT_CODE HONG_KONG MACAU TAIWAN OTHER",
            nullable=True,
        ),
        text("identity", "证件号 Identity number", nullable=True, index=True),
        bigint("app_user_id", "App用户id Id of the app user", nullable=True, index=True),
        text("app_user_name", "用户姓名 Name of the app user", nullable=True),
        text("app_user_phone", "用户手机号 Phone number of the app user", nullable=True, index=True),
        text("main_customer_name", "业主/租客姓名 Name of the owner or tenant", nullable=True),
        text("main_customer_phone", "业主/租客电话 Phone of the owner or tenant", nullable=True),
        integer("submitted_from", "认证端 Client that sent the claim; 2 is the back office", nullable=True),
        text("remark", "备注 Remark", nullable=True),
        timestamp("submitted_at", "提交时间 Sent at", nullable=True),
        timestamp("reviewed_at", "审核时间 Decided at", nullable=True),
        reference("reviewer_id", "admin", "审核人 Reviewer", nullable=True, index=True),
        text("reviewer_account", "审核人账号 Account of the reviewer", nullable=True),
        text("reviewer_name", "审核人姓名 Name of the reviewer", nullable=True),
        bigint("fourgrid_app_user_id", "四格 Id of the user in the 4g system", nullable=True),
        bytewise("space_path", "path of the space; derived"),
        bytewise("space_org_path", "path of the business organisation that owns the space; derived", nullable=True),
        sa.Index(
            "verification_open_idx",
            "space_path",
            postgresql_include=["space_org_path"],
            postgresql_where=sa.text("status in ('PENDING', 'APPROVED')"),
        ),
        sa.Index("verification_space_path_idx", "space_path", "id"),
        *(sa.Index(f"verification_{name}_idx", name, "id") for name in ("submitted_at", "reviewed_at")),
        trigrams("verification", "app_user_name"),
        letters("verification", "app_user_name"),
        trigrams("verification", "app_user_phone"),
        owner="space.space_id",
        visible=f"verification.space_org_path {BELOW_BUSINESS}",
    )
    keep_property_paths("verification")
    reviewed = ["customer_id", "property_relation_id", "status", "channel", "remark"]
    reviewed += ["reviewed_at", "reviewer_id", "reviewer_account", "reviewer_name"]
    claimed = ["type", "space_id", "tenure", "identity_type", "identity"]
    claimed += ["app_user_id", "app_user_name", "app_user_phone", "fourgrid_app_user_id"]
    claimed += ["submitted_from", "submitted_at"]
    reviewer = held("verification.review", "verification.space_org_path")
    let_requests_change("verification", [*reviewed, *CHANGED], reviewer)
    let_requests_create_and_delete("verification", [*claimed, *reviewed, *CREATED], reviewer)
    keep_claims_in_tenant()


def downgrade() -> None:
    drop_property_paths("verification")
    drop("verification")
    drop_refusals("verification")
