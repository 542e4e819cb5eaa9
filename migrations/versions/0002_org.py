"""Organisations: the administrative and the business tree, and which of them belong together."""

import sqlalchemy as sa
from alembic import op

from migrations.frozen.access import (
    BELOW_ADMINISTRATIVE,
    BELOW_BUSINESS,
    CHANGED,
    CREATED,
    KEYS,
    NODE,
    held,
    let_requests_change,
    let_requests_create_and_delete,
    of,
)
from migrations.frozen.changes import show_changes
from migrations.frozen.columns import bigint, choice, imported, reference, tree
from migrations.frozen.naming import drop_refusals, keep_org_places, keep_relations_in_range
from migrations.frozen.rights import announce_rights
from migrations.frozen.tables import drop, entity

revision = "0002_org"
down_revision = "0001_register"

RELATED_PATH = (
    "(select business.path from org business, org administrative where business.id = org_relation.business_org_id"
    " and business.type = 'BUSINESS' and administrative.id = org_relation.administrative_org_id"
    " and administrative.type = 'ADMINISTRATIVE')"
)


def upgrade() -> None:
    entity(
        "org",
        "组织 Organisations, administrative and business",
        choice("type", "组织类型 Administrative or business", "ADMINISTRATIVE BUSINESS", index=True),
        choice(
            "administrative_sub_type",
            "行政组织子类型 What an administrative organisation is for",
            "INTERNAL TEMPORARY APPLICATION FUNCTION EXTERNAL CONTACTS",
            nullable=True,
        ),
        choice(
            "business_sub_type",
            "业务组织子类型 Whether a business organisation manages communities",
            "PROJECT NON_PROJECT",
            nullable=True,
        ),
        choice("status", "状态 Enabled or disabled", "ENABLED DISABLED", default="'ENABLED'"),
        bigint("fourgrid_id", "四格 Id of the organisation in the 4g system", nullable=True),
        bigint("fourgrid_parent_id", "四格 Id of the parent in the 4g system", nullable=True),
        *tree("org"),
        *imported("org", sa.text("split_part(path, '/', 1)")),
        sa.CheckConstraint(
            "administrative_sub_type is null or type = 'ADMINISTRATIVE'", name="administrative_sub_type_of_type"
        ),
        sa.CheckConstraint("business_sub_type is null or type = 'BUSINESS'", name="business_sub_type_of_type"),
        owner="org.id",
        visible=f"org.path {BELOW_BUSINESS} or org.path {BELOW_ADMINISTRATIVE}",
    )
    show_changes()
    sub_types = ["administrative_sub_type", "business_sub_type"]
    own = [*sub_types, "status", "fourgrid_id", "fourgrid_parent_id"]
    writer = held("org.write", "(case when org.type = 'BUSINESS' then org.path end)")
    let_requests_change("org", [*NODE, *own, *CHANGED], writer)
    let_requests_create_and_delete("org", ["id", "type", *KEYS, *NODE, *own, *CREATED], writer)
    keep_org_places()
    entity(
        "org_relation",
        "业务组织与行政组织关联 Which administrative organisations serve a business organisation",
        reference("business_org_id", "org", "业务组织 The business organisation"),
        reference("administrative_org_id", "org", "行政组织 The administrative organisation", index=True),
        sa.UniqueConstraint("business_org_id", "administrative_org_id"),
        owner="org.business_org_id",
        visible=of("org", "org_relation.business_org_id"),
    )
    related = ["business_org_id", "administrative_org_id", *CREATED]
    let_requests_create_and_delete("org_relation", related, held("org.write", RELATED_PATH))
    keep_relations_in_range()
    announce_rights("org", "path", "type", "code", "full_name")
    announce_rights("org_relation")


def downgrade() -> None:
    op.execute("drop policy visible on change")
    drop("org_relation", "org")
    drop_refusals("org_relation", "org")
