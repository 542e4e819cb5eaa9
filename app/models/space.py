"""Space: communities down to houses and parking places."""

from collections.abc import Mapping
from enum import auto

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Imported, TwoDecimals, Versioned, imported_indexes
from app.models.choice import Choice
from app.models.status import Status
from app.models.tree import Tree, tree_indexes


class SpaceType(Choice):
    """空间类型 What a space is; the legacy code equals the name (document 003, part I 1.1)."""

    COMMUNITY = auto(), "COMMUNITY", "小区", "Community, any kind of project"
    ZONE = auto(), "ZONE", "片区", "Zone of a community"
    STRUCTURE = auto(), "STRUCTURE", "建筑物", "Structure"
    BUILDING = auto(), "BUILDING", "楼栋", "Building"
    UNIT = auto(), "UNIT", "单元", "Unit of a building"
    FLOOR = auto(), "FLOOR", "楼层", "Floor"
    HOUSE = auto(), "HOUSE", "房屋", "House or flat"
    PARK = auto(), "PARK", "车场", "Car park"
    PARK_NAME = auto(), "PARK_NAME", "车场名称", "Named part of a car park"
    PARK_AREA = auto(), "PARK_AREA", "车场区域", "Area of a car park"
    PARK_SPACE = auto(), "PARK_SPACE", "车位", "Parking place"
    PUBLIC_AREA = auto(), "PUBLIC_AREA", "公共区域", "Public area"
    PRIMARY_AREA = auto(), "PRIMARY_AREA", "一级区域", "Public area, first level"
    SECONDARY_AREA = auto(), "SECONDARY_AREA", "二级区域", "Public area, second level"
    THIRD_AREA = auto(), "THIRD_AREA", "三级区域", "Public area, third level"


class SpaceCategory(Choice):
    """空间大类 The branch of the space tree that a type belongs to (document 003, column space_sort)."""

    COMMUNITY = auto(), "COMMUNITY", "小区", "Communities"
    ZONE = auto(), "ZONE", "片区", "Zones"
    STRUCTURE = auto(), "STRUCTURE", "建筑物", "Structures down to houses"
    PARK = auto(), "PARK", "车场", "Car parks down to parking places"
    PUBLIC_AREA = auto(), "PUBLIC_AREA", "公共区域", "Public areas"


CATEGORY_OF_TYPE = {
    SpaceType.COMMUNITY: SpaceCategory.COMMUNITY,
    SpaceType.ZONE: SpaceCategory.ZONE,
    SpaceType.STRUCTURE: SpaceCategory.STRUCTURE,
    SpaceType.BUILDING: SpaceCategory.STRUCTURE,
    SpaceType.UNIT: SpaceCategory.STRUCTURE,
    SpaceType.FLOOR: SpaceCategory.STRUCTURE,
    SpaceType.HOUSE: SpaceCategory.STRUCTURE,
    SpaceType.PARK: SpaceCategory.PARK,
    SpaceType.PARK_NAME: SpaceCategory.PARK,
    SpaceType.PARK_AREA: SpaceCategory.PARK,
    SpaceType.PARK_SPACE: SpaceCategory.PARK,
    SpaceType.PUBLIC_AREA: SpaceCategory.PUBLIC_AREA,
    SpaceType.PRIMARY_AREA: SpaceCategory.PUBLIC_AREA,
    SpaceType.SECONDARY_AREA: SpaceCategory.PUBLIC_AREA,
    SpaceType.THIRD_AREA: SpaceCategory.PUBLIC_AREA,
}
"""The category of every space type."""


BRANCHES = (
    (SpaceType.STRUCTURE, SpaceType.BUILDING, SpaceType.UNIT, SpaceType.FLOOR, SpaceType.HOUSE),
    (SpaceType.PARK, SpaceType.PARK_NAME, SpaceType.PARK_AREA, SpaceType.PARK_SPACE),
    (SpaceType.PUBLIC_AREA, SpaceType.PRIMARY_AREA, SpaceType.SECONDARY_AREA, SpaceType.THIRD_AREA),
)
"""The levels of the branches below a community and its zones, the highest first."""

PARENT_TYPES: Mapping[SpaceType, frozenset[SpaceType | None]] = {
    SpaceType.COMMUNITY: frozenset({None, SpaceType.COMMUNITY}),
    SpaceType.ZONE: frozenset({SpaceType.COMMUNITY}),
    **{
        type_: frozenset({SpaceType.COMMUNITY, SpaceType.ZONE, *branch[:level]})
        for branch in BRANCHES
        for level, type_ in enumerate(branch)
    },
}
"""Which types may be the parent of a type; None is the top. Levels may be left out, as in the documents' examples."""

CHILD_TYPES: Mapping[SpaceType, tuple[SpaceType, ...]] = {
    parent: tuple(type_ for type_ in SpaceType if parent in PARENT_TYPES[type_]) for parent in SpaceType
}
"""Which types may lie below each type, in the order of the types."""

PHYSICAL_TYPES = (SpaceType.STRUCTURE, SpaceType.PARK, SpaceType.PUBLIC_AREA)
"""The types of physical spaces, which communities and zones are made up of (document 003, 4.20)."""


class BusinessType(Choice):
    """业务类型 What a community is run as (document 003, 4.19)."""

    RESIDENTIAL = auto(), 1, "智慧小区", "Residential community"
    VILLA = auto(), 2, "智慧别墅", "Villas"
    NURSING_HOME = auto(), 3, "智慧养老院", "Nursing home"
    INDUSTRIAL_PARK = auto(), 4, "智慧工业园", "Industrial park"
    HOSPITAL = auto(), 5, "智慧医院", "Hospital"
    GOVERNMENT = auto(), 6, "智慧政务", "Government"
    COMMERCE = auto(), 7, "智慧商业", "Commerce"
    APARTMENT = auto(), 8, "智慧公寓", "Apartments"
    HOTEL = auto(), 9, "智慧酒店", "Hotel"
    CAMPUS = auto(), 10, "智慧校园", "Campus"


class Space(Imported, Tree, Versioned):
    """空间 A place of any size (document 003, part 4; smart_cmty_space)."""

    __tablename__ = "space"
    __table_args__ = (
        *tree_indexes("space"),
        *imported_indexes("space", text("split_part(COALESCE(org_path, ''), '/', 1)")),
        Index("space_type_idx", "type", "id"),
        Index("space_status_idx", "status", "id"),
        Index("space_community_id_idx", "community_id", "id"),
        # the policies of other tables look for the space of each row
        Index("space_visible_idx", "id", postgresql_include=["org_path"]),
        Index("space_org_id_idx", "org_id", "id", postgresql_include=["org_path"]),
        # a summary looks for the communities below a space
        Index("space_community_path_idx", "path", postgresql_where=text("type = 'COMMUNITY'")),
        Index("space_org_path_idx", "org_path", "id", postgresql_where=text("type = 'COMMUNITY'")),
        CheckConstraint("name <> ''", name="name_given"),
        CheckConstraint("business_type is null or type = 'COMMUNITY'", name="business_type_of_community"),
        CheckConstraint("(org_id is null) = (org_path is null)", name="org_path_of_org"),
        {"comment": "空间 Spaces: communities down to houses, parking places and public areas"},
    )

    type: Mapped[SpaceType] = mapped_column(comment="空间类型 What the space is")
    status: Mapped[Status] = mapped_column(server_default=text("'ENABLED'"), comment="状态 Valid or invalid")
    business_type: Mapped[BusinessType | None] = mapped_column(comment="业务类型 Of a community")
    area: Mapped[TwoDecimals | None] = mapped_column(comment="面积 Area in square metres")
    fee_area: Mapped[TwoDecimals | None] = mapped_column(comment="收费面积 Charged area in square metres")
    community_id: Mapped[int | None] = mapped_column(
        # no foreign key: it is the id of an ancestor, which parent_id protects, and it would slow every import
        comment="小区 Nearest community, itself included; derived",
    )
    org_id: Mapped[int | None] = mapped_column(
        ForeignKey("org.id"),
        comment="业务组织 Business organisation that owns the community; a space below carries its community's",
    )
    org_path: Mapped[str | None] = mapped_column(
        Text(collation="C"), comment="path of the owning business organisation; derived"
    )
    fourgrid_id: Mapped[int | None] = mapped_column(comment="四格 Id of the space in the 4g system")
    fourgrid_parent_id: Mapped[int | None] = mapped_column(comment="四格 Id of the parent in the 4g system")
    fourgrid_community_id: Mapped[int | None] = mapped_column(comment="四格 Id of the community in the 4g system")


class SpaceLocation(Versioned):
    """项目地址 Address of a community (document 003, 4.2)."""

    __tablename__ = "space_location"
    __table_args__ = (
        # not 90: the documents' own example (4.2) has 123.56, and what legacy clients store must stay storable
        CheckConstraint("longitude between -180 and 180", name="longitude_range"),
        CheckConstraint("latitude between -180 and 180", name="latitude_range"),
        {"comment": "项目地址 Addresses of communities, at most one each"},
    )

    space_id: Mapped[int] = mapped_column(ForeignKey("space.id"), unique=True, comment="小区 The community")
    province: Mapped[str | None] = mapped_column(comment="省 Province")
    city: Mapped[str | None] = mapped_column(comment="市 City")
    district: Mapped[str | None] = mapped_column(comment="区 District")
    street: Mapped[str | None] = mapped_column(comment="详细门牌 Street and number")
    longitude: Mapped[float | None] = mapped_column(comment="高德地图经度 Longitude in degrees, GCJ-02")
    latitude: Mapped[float | None] = mapped_column(comment="高德地图纬度 Latitude in degrees, GCJ-02")
    picture: Mapped[str | None] = mapped_column(comment="项目图片 Relative path of the community's picture")
