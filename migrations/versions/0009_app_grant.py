"""The top business organisations that an app may serve."""

import sqlalchemy as sa

from migrations.frozen.access import of
from migrations.frozen.columns import choice, reference, text
from migrations.frozen.tables import drop, entity

revision = "0009_app_grant"
down_revision = "0008_verification"


def upgrade() -> None:
    entity(
        "app_grant",
        "App授权业务组织 Top business organisations that an app may serve",
        text("app_id", "应用编号 Id of the app"),
        choice("app_type", "App类型 Residents or stewards", "COMMUNITY STEWARD"),
        reference("org_id", "org", "业务组织 The organisation", index=True),
        sa.UniqueConstraint("app_id", "app_type", "org_id"),
        owner="org.org_id",
        visible=of("org", "app_grant.org_id"),
    )


def downgrade() -> None:
    drop("app_grant")
