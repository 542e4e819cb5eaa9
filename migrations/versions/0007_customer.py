"""Customers, what they own or rent, and the log of who lived there."""

import sqlalchemy as sa

from migrations.frozen.access import (
    BELOW_BUSINESS,
    CHANGED,
    CREATED,
    KEYS,
    held,
    let_requests_change,
    let_requests_create,
    let_requests_create_and_delete,
    of,
    show,
    some,
)
from migrations.frozen.columns import (
    bigint,
    boolean,
    bytewise,
    choice,
    imported,
    integer,
    name_search,
    reference,
    text,
    trigrams,
)
from migrations.frozen.naming import (
    drop_refusals,
    keep_customers_of_others,
    keep_properties_in_tenant,
    keep_shared_customers,
)
from migrations.frozen.properties import drop_property_paths, keep_property_paths
from migrations.frozen.tables import drop, entity

revision = "0007_customer"
down_revision = "0006_space"

LIVE = sa.text("merged_into_id is null")
LIVE_IN_FOURGRID = sa.text("merged_into_id is null and fourgrid_id is not null")
MERGED = sa.text("merged_into_id is not null")

KNOWN_TO = "select true from customer_org known join org on org.id = known.org_id where known.customer_id = customer.id"
HOUSED_BY = (
    "select true from property_relation relation join space on space.id = relation.space_id"
    " where relation.customer_id = customer.id and relation.housing_status in ('LIVING_IN', 'AWAY')"
)
WRITER = " or ".join(
    (
        held("customer.write", "(customer.top_org_id || '/')"),
        f"({KNOWN_TO} and {held('customer.write', 'org.path')} limit 1)",
        f"({HOUSED_BY} and {held('customer.write', 'space.org_path')} limit 1)",
    )
)
TOPS_IN_SCOPE = (
    "select rtrim(path, '/')::bigint as id"
    " from unnest(array_remove(string_to_array(current_setting('app.scopes', true), ','), '')"
    " || array_remove(string_to_array(current_setting('app.admin_scopes', true), ','), '')) path where path !~ '/.'"
)
BELOW_FIRST = "like (select (array_remove(string_to_array(current_setting('app.scopes', true), ','), ''))[1] || '%')"
FIRST_TOP = (
    "(select case when path !~ '/.' then rtrim(path, '/')::bigint end"
    " from (select (array_remove(string_to_array(current_setting('app.scopes', true), ','), ''))[1] as path) first)"
)
CREATOR = (
    "(select true from unnest(array_remove(string_to_array(current_setting('app.may_customer_write', true), ','), ''))"
    " path where split_part(path, '/', 1) = customer.top_org_id::text limit 1)"
)


def upgrade() -> None:
    entity(
        "customer",
        "客户 Customers",
        # Counts of whole tenants read these three. They stand first, because PostgreSQL finds a column of a row by
        # walking over those before it: a count of 250,000 customers took 45 ms instead of 27.
        reference("top_org_id", "org", "顶级业务组织 Top business organisation"),
        choice("status", "状态 Valid or invalid", "ENABLED DISABLED", default="'ENABLED'"),
        reference(
            "merged_into_id",
            "customer",
            "合并到 The customer that this one was merged into; it holds what this one had",
            nullable=True,
        ),
        choice("type", "客户性质 Person or enterprise", "PERSON ENTERPRISE", default="'PERSON'"),
        text("name", "客户名称 Name"),
        text("phone", "电话号码 Phone number", nullable=True, index=True),
        choice(
            "identity_type",
            "证件类型 Kind of identity document",
            "IDENTITY_CARD PASSPORT ORGANISATION_CODE SOCIAL_CREDIT_CODE HONG_KONG MACAU TAIWAN OTHER",
            nullable=True,
        ),
        text("identity", "证件号码 Identity number", nullable=True, index=True),
        choice("sex", "性别 Sex", "UNKNOWN FEMALE MALE", default="'UNKNOWN'"),
        text("face_picture", "人脸 Path of the picture for face recognition", nullable=True),
        integer("level", "客户等级 Level; not described by the documents", nullable=True),
        bigint("fourgrid_id", "四格 Id of the customer in the 4g system", nullable=True),
        *imported("customer", "top_org_id"),
        *name_search("customer"),
        trigrams("customer", "phone"),
        sa.Index("customer_type_idx", "type", "id"),
        sa.Index("customer_status_idx", "status", "id"),
        sa.Index(
            "customer_identity_key", "top_org_id", "identity_type", "identity", unique=True, postgresql_where=LIVE
        ),
        sa.Index("customer_name_phone_key", "top_org_id", "name", "phone", unique=True, postgresql_where=LIVE),
        sa.Index("customer_fourgrid_key", "top_org_id", "fourgrid_id", unique=True, postgresql_where=LIVE_IN_FOURGRID),
        sa.Index("customer_top_org_id_idx", "top_org_id", "id"),
        sa.Index("customer_merged_into_id_idx", "merged_into_id", postgresql_where=MERGED),
        owner="org.top_org_id",
        visible=None,
    )
    entity(
        "customer_org",
        "客户与业务组织关联 Business organisations that know a customer",
        reference("customer_id", "customer", "客户 The customer"),
        reference("org_id", "org", "业务组织 The organisation", index=True),
        sa.UniqueConstraint("customer_id", "org_id"),
        owner="org.org_id",
        visible=of("org", "customer_org.org_id"),
    )
    entity(
        "property_relation",
        "产权关系 Who owns or rents what",
        choice("type", "产权类型 House or parking place", "HOUSE PARKING"),
        reference("space_id", "space", "空间 The house or parking place"),
        reference("customer_id", "customer", "客户 The customer"),
        choice(
            "tenure",
            "客户类型 Owner, tenant or member of a household",
            "OWNER OWNER_MEMBER TENANT TENANT_MEMBER",
            default="'OWNER'",
        ),
        boolean("is_main", "主业主标示 The main owner", default="false"),
        choice(
            "housing_status",
            "客户住房状态 Whether the customer lives there",
            "LIVING_IN AWAY MOVED_OUT CANCELLED",
            default="'LIVING_IN'",
        ),
        bigint("fourgrid_id", "四格 Id of the relation in the 4g system", nullable=True),
        bigint("fourgrid_customer_id", "四格 Id of the customer in the 4g system", nullable=True),
        bigint("fourgrid_space_id", "四格 Id of the space in the 4g system", nullable=True),
        bigint("fourgrid_community_id", "四格 Id of the community in the 4g system", nullable=True),
        bytewise("space_path", "path of the space; derived"),
        bytewise("space_org_path", "path of the business organisation that owns the space; derived", nullable=True),
        *imported("property_relation"),
        sa.Index(
            "property_relation_main_key",
            "space_id",
            unique=True,
            postgresql_where=sa.text("is_main and housing_status in ('LIVING_IN', 'AWAY')"),
        ),
        sa.Index(
            "property_relation_fourgrid_key",
            "fourgrid_id",
            "space_id",
            unique=True,
            postgresql_where=sa.text("fourgrid_id is not null"),
        ),
        sa.Index(
            "property_relation_below_idx",
            "space_path",
            postgresql_include=["space_org_path"],
            postgresql_where=sa.text("housing_status in ('LIVING_IN', 'AWAY')"),
        ),
        sa.Index("property_relation_space_path_idx", "space_path", "id", postgresql_include=["space_org_path"]),
        sa.Index(
            "property_relation_space_org_path_idx",
            "space_org_path",
            "id",
            postgresql_include=["customer_id", "housing_status"],
        ),
        sa.CheckConstraint("not is_main or tenure = 'OWNER'", name="main_is_owner"),
        sa.Index(
            "property_relation_type_idx",
            "type",
            "id",
            postgresql_include=["tenure", "is_main", "housing_status", "space_org_path"],
        ),
        sa.Index("property_relation_customer_id_idx", "customer_id", "id", postgresql_include=["space_org_path"]),
        sa.Index("property_relation_space_id_idx", "space_id", "id"),
        sa.Index(
            "property_relation_valid_key",
            "space_id",
            "customer_id",
            unique=True,
            postgresql_where=sa.text("housing_status in ('LIVING_IN', 'AWAY')"),
        ),
        owner="space.space_id",
        # For most callers the first path is the only one; a look into the array takes longer.
        visible=f"property_relation.space_org_path {BELOW_FIRST} or property_relation.space_org_path {BELOW_BUSINESS}",
    )
    keep_property_paths("property_relation")
    own = ["tenure", "is_main", "housing_status"]
    own += ["fourgrid_id", "fourgrid_customer_id", "fourgrid_space_id", "fourgrid_community_id"]
    writer = held("property.write", "property_relation.space_org_path")
    let_requests_change("property_relation", [*own, *CHANGED], writer)
    created = ["type", "space_id", "customer_id", *KEYS, *own, *CREATED]
    let_requests_create_and_delete("property_relation", created, writer)
    keep_properties_in_tenant()
    # For most callers the first organisation is the only one; a look into the array takes longer.
    first = f"customer.top_org_id = {FIRST_TOP}"
    others = f"customer.top_org_id = any((select array({TOPS_IN_SCOPE}))::bigint[])"
    holder = "case when customer.merged_into_id is null then customer.id else customer.merged_into_id end"
    known = some("customer_org", "customer_id", holder)
    housed = some("property_relation", "customer_id", holder)
    show("customer", f"{first} or {others} or {known} or {housed}")
    own = ["type", "name", "phone", "identity_type", "identity"]
    own += ["sex", "face_picture", "level", "status", "fourgrid_id"]
    let_requests_change("customer", [*own, *CHANGED], WRITER)
    let_requests_create("customer", ["id", "top_org_id", *KEYS, *own, *CREATED], CREATOR)
    org = "(select org.path from org where org.id = customer_org.org_id and org.type = 'BUSINESS')"
    related = ["customer_id", "org_id", *CREATED]
    let_requests_create_and_delete("customer_org", related, held("customer.write", org))
    keep_customers_of_others()
    keep_shared_customers()
    entity(
        "housing_record",
        "住房日志 Housing log",
        reference("property_relation_id", "property_relation", "产权关系 The property relation", index=True),
        reference("space_id", "space", "空间 The property", index=True),
        reference("customer_id", "customer", "客户 The customer", index=True),
        text("customer_name", "客户名称 The customer's name at that time", nullable=True),
        choice("housing_status", "客户住房状态 What became of the customer", "LIVING_IN AWAY MOVED_OUT CANCELLED"),
        owner="space.space_id",
        visible=of("space", "housing_record.space_id"),
    )


def downgrade() -> None:
    drop_property_paths("property_relation")
    drop("housing_record", "property_relation", "customer_org", "customer")
    drop_refusals("property_relation", "customer_org", "customer")
