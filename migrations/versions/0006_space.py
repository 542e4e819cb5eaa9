"""Spaces, the addresses of communities and the details of parking places."""

import sqlalchemy as sa

from migrations.frozen.access import (
    BELOW_BUSINESS,
    CHANGED,
    CREATED,
    KEYS,
    NODE,
    PROPERTIES,
    held,
    let_requests_change,
    let_requests_create_and_delete,
    of,
)
from migrations.frozen.columns import bigint, bytewise, choice, double, imported, reference, text, tree, two_decimals
from migrations.frozen.naming import drop_refusals, keep_space_places
from migrations.frozen.tables import drop, entity

revision = "0006_space"
down_revision = "0005_admin"


def upgrade() -> None:
    entity(
        "space",
        "空间 Spaces: communities down to houses, parking places and public areas",
        choice(
            "type",
            "空间类型 What the space is",
            "COMMUNITY ZONE STRUCTURE BUILDING UNIT FLOOR HOUSE PARK PARK_NAME PARK_AREA PARK_SPACE PUBLIC_AREA PRIMARY_AREA SECONDARY_AREA THIRD_AREA",
        ),
        choice("status", "状态 Valid or invalid", "ENABLED DISABLED", default="'ENABLED'"),
        choice(
            "business_type",
            "业务类型 Of a community",
            "RESIDENTIAL VILLA NURSING_HOME INDUSTRIAL_PARK HOSPITAL GOVERNMENT COMMERCE APARTMENT HOTEL CAMPUS",
            nullable=True,
        ),
        two_decimals("area", "面积 Area in square metres", nullable=True),
        two_decimals("fee_area", "收费面积 Charged area in square metres", nullable=True),
        bigint("community_id", "小区 Nearest community, itself included; derived", nullable=True),
        reference(
            "org_id",
            "org",
            "业务组织 Business organisation that owns the community; a space below carries its community's",
            nullable=True,
        ),
        bytewise("org_path", "path of the owning business organisation; derived", nullable=True),
        bigint("fourgrid_id", "四格 Id of the space in the 4g system", nullable=True),
        bigint("fourgrid_parent_id", "四格 Id of the parent in the 4g system", nullable=True),
        bigint("fourgrid_community_id", "四格 Id of the community in the 4g system", nullable=True),
        *tree("space"),
        *imported("space", sa.text("split_part(coalesce(org_path, ''), '/', 1)")),
        sa.Index("space_type_idx", "type", "id"),
        sa.Index("space_status_idx", "status", "id"),
        sa.Index("space_community_id_idx", "community_id", "id"),
        sa.Index("space_visible_idx", "id", postgresql_include=["org_path"]),
        sa.Index("space_org_id_idx", "org_id", "id", postgresql_include=["org_path"]),
        sa.Index("space_community_path_idx", "path", postgresql_where=sa.text("type = 'COMMUNITY'")),
        sa.Index("space_org_path_idx", "org_path", "id", postgresql_where=sa.text("type = 'COMMUNITY'")),
        sa.CheckConstraint("business_type is null or type = 'COMMUNITY'", name="business_type_of_community"),
        sa.CheckConstraint("(org_id is null) = (org_path is null)", name="org_path_of_org"),
        owner="org.org_id",
        visible=f"space.org_path {BELOW_BUSINESS} or space.id = {PROPERTIES}",
    )
    own = ["status", "business_type", "area", "fee_area", "community_id", "org_id", "org_path"]
    own += ["fourgrid_id", "fourgrid_parent_id", "fourgrid_community_id"]
    writer = held("space.write", "space.org_path")
    let_requests_change("space", [*NODE, *own, *CHANGED], writer)
    let_requests_create_and_delete("space", ["id", "type", *KEYS, *NODE, *own, *CREATED], writer)
    keep_space_places()
    entity(
        "space_location",
        "项目地址 Addresses of communities, at most one each",
        reference("space_id", "space", "小区 The community", unique=True),
        text("province", "省 Province", nullable=True),
        text("city", "市 City", nullable=True),
        text("district", "区 District", nullable=True),
        text("street", "详细门牌 Street and number", nullable=True),
        double("longitude", "高德地图经度 Longitude in degrees, GCJ-02", nullable=True),
        double("latitude", "高德地图纬度 Latitude in degrees, GCJ-02", nullable=True),
        text("picture", "项目图片 Relative path of the community's picture", nullable=True),
        sa.CheckConstraint("longitude between -180 and 180", name="longitude_range"),
        sa.CheckConstraint("latitude between -180 and 180", name="latitude_range"),
        owner="space.space_id",
        visible=of("space", "space_location.space_id"),
    )
    own = ["province", "city", "district", "street", "longitude", "latitude", "picture"]
    writer = held("space.write", "(select space.org_path from space where space.id = space_location.space_id)")
    let_requests_change("space_location", [*own, *CHANGED], writer)
    let_requests_create_and_delete("space_location", ["space_id", *own, *CREATED], writer)
    entity(
        "parking_detail",
        "车位详情 Details of parking places, at most one each",
        reference("space_id", "space", "车位 The parking place", unique=True),
        text("number", "车位编号 Number painted on the place", nullable=True, index=True),
        text("sub_number", "子车位编号 Number of the second place of a tandem", nullable=True),
        two_decimals("area", "车位面积 Area in square metres", nullable=True),
        two_decimals("fee_area", "收费面积 Charged area in square metres", nullable=True),
        choice("type", "车位类型 Build", "TANDEM STANDARD MINI CIVIL_DEFENCE", default="'STANDARD'"),
        choice("nature", "车位性质 How it may be held", "TEMPORARY FIXED OWNED", nullable=True),
        choice("status", "车位状态 Sold, let or used", "VACANT UNSOLD_LET SOLD SOLD_OCCUPIED SOLD_LET", nullable=True),
        choice(
            "charging",
            "充电车位 Vehicle and charging point",
            "CAR CAR_CHARGING SCOOTER SCOOTER_CHARGING",
            nullable=True,
        ),
        owner="space.space_id",
        visible=of("space", "parking_detail.space_id"),
    )
    own = ["number", "sub_number", "area", "fee_area", "type", "nature", "status", "charging"]
    writer = held("space.write", "(select space.org_path from space where space.id = parking_detail.space_id)")
    let_requests_change("parking_detail", [*own, *CHANGED], writer)
    let_requests_create_and_delete("parking_detail", ["space_id", *own, *CREATED], writer)


def downgrade() -> None:
    drop("parking_detail", "space_location", "space")
    drop_refusals("space")
