"""The top business organisations that an app may serve."""

import sqlalchemy as sa

from migrations.frozen.access import CREATED, held, let_requests_create_and_delete, of
from migrations.frozen.columns import choice, reference, text
from migrations.frozen.tables import drop, entity

revision = "0009_app_grant"
down_revision = "0008_verification"

OF_OWN_TOP = (
    "app_grant.org_id = any((select array(select substring(path from '^[0-9]+')::bigint as id"
    " from unnest(array_remove(string_to_array(current_setting('app.scopes', true), ','), '')) path))::bigint[])"
)
PATH_OF_TOP = (
    "(select org.path from org where org.id = app_grant.org_id and org.type = 'BUSINESS' and org.parent_id is null)"
)


def upgrade() -> None:
    entity(
        "app_grant",
        "App授权业务组织 Top business organisations that an app may serve",
        text("app_id", "应用编号 Id of the app", index=True),
        choice("app_type", "App类型 Residents or stewards", "COMMUNITY STEWARD"),
        reference("org_id", "org", "业务组织 The organisation"),
        sa.UniqueConstraint("org_id", "app_type"),
        owner="org.org_id",
        visible=f"{of('org', 'app_grant.org_id')} or {OF_OWN_TOP}",
    )
    let_requests_create_and_delete(
        "app_grant", ["app_id", "app_type", "org_id", *CREATED], held("app.grant", PATH_OF_TOP)
    )


def downgrade() -> None:
    drop("app_grant")
