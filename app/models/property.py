"""PropertyRelation: who owns or rents what, and the log of who lived there."""

from enum import auto

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Imported, Versioned, imported_indexes
from app.models.choice import Choice


class PropertyType(Choice):
    """产权类型 Kind of property (document 003, 11.3)."""

    HOUSE = auto(), 1, "房屋", "House"
    PARKING = auto(), 2, "车位", "Parking place"


class Tenure(Choice):
    """客户类型 What a customer is to a property (document 003, 11.3)."""

    OWNER = auto(), 1, "业主", "Owner"
    OWNER_MEMBER = auto(), 2, "业主成员", "Member of the owner's household"
    TENANT = auto(), 3, "租客", "Tenant"
    TENANT_MEMBER = auto(), 4, "租客成员", "Member of the tenant's household"


class HousingStatus(Choice):
    """客户住房状态 Whether a customer lives there (document 003, 11.3)."""

    LIVING_IN = auto(), 1000, "在住", "Lives there"
    AWAY = auto(), 1001, "暂离", "Away for a time"
    MOVED_OUT = auto(), 1003, "迁出", "Moved out"
    CANCELLED = auto(), 1004, "注销", "Cancelled"


VALID_STATUSES = (HousingStatus.LIVING_IN, HousingStatus.AWAY)
"""The housing statuses of property relations that have not ended."""

VALID_NAMES = ", ".join(f"'{status}'" for status in VALID_STATUSES)
"""These statuses as a list of SQL."""

IS_VALID = f"housing_status in ({VALID_NAMES})"
"""The condition of SQL that a property relation has not ended; `relation.` may stand before it, or another name."""


class PropertyRelation(Imported, Versioned):
    """产权关系 A customer owns or rents a property (document 003, part 11); valid until moved out or cancelled."""

    __tablename__ = "property_relation"
    __table_args__ = (
        *imported_indexes("property_relation"),
        Index(
            "property_relation_valid_key",
            "space_id",
            "customer_id",
            unique=True,
            postgresql_where=text(IS_VALID),
        ),
        Index(
            "property_relation_main_key",
            "space_id",
            unique=True,
            postgresql_where=text(f"is_main and {IS_VALID}"),
        ),
        Index(
            "property_relation_fourgrid_key",
            "fourgrid_id",
            "space_id",
            unique=True,
            postgresql_where=text("fourgrid_id is not null"),
        ),
        Index(
            "property_relation_below_idx",
            "space_path",
            postgresql_include=["space_org_path"],
            postgresql_where=text(IS_VALID),
        ),
        # lists of a subtree read the ids of its relations from it, with what the policy compares
        Index("property_relation_space_path_idx", "space_path", "id", postgresql_include=["space_org_path"]),
        Index(
            "property_relation_space_org_path_idx",
            "space_org_path",
            "id",
            postgresql_include=["customer_id", "housing_status"],
        ),
        CheckConstraint("not is_main or tenure = 'OWNER'", name="main_is_owner"),
        # totals of the documented conditions, and of a customer's relations, are counted without reading the table
        Index(
            "property_relation_type_idx",
            "type",
            "id",
            postgresql_include=["tenure", "is_main", "housing_status", "space_org_path"],
        ),
        Index("property_relation_customer_id_idx", "customer_id", "id", postgresql_include=["space_org_path"]),
        Index("property_relation_space_id_idx", "space_id", "id"),
        {"comment": "产权关系 Who owns or rents what"},
    )

    type: Mapped[PropertyType] = mapped_column(comment="产权类型 House or parking place")
    space_id: Mapped[int] = mapped_column(ForeignKey("space.id"), comment="空间 The house or parking place")
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"), comment="客户 The customer")
    tenure: Mapped[Tenure] = mapped_column(
        server_default=text("'OWNER'"), comment="客户类型 Owner, tenant or member of a household"
    )
    is_main: Mapped[bool] = mapped_column(server_default=text("false"), comment="主业主标示 The main owner")
    housing_status: Mapped[HousingStatus] = mapped_column(
        server_default=text("'LIVING_IN'"), comment="客户住房状态 Whether the customer lives there"
    )
    fourgrid_id: Mapped[int | None] = mapped_column(comment="四格 Id of the relation in the 4g system")
    fourgrid_customer_id: Mapped[int | None] = mapped_column(comment="四格 Id of the customer in the 4g system")
    fourgrid_space_id: Mapped[int | None] = mapped_column(comment="四格 Id of the space in the 4g system")
    fourgrid_community_id: Mapped[int | None] = mapped_column(comment="四格 Id of the community in the 4g system")
    space_path: Mapped[str] = mapped_column(Text(collation="C"), comment="path of the space; derived")
    space_org_path: Mapped[str | None] = mapped_column(
        Text(collation="C"), comment="path of the business organisation that owns the space; derived"
    )


class HousingRecord(Versioned):
    """住房日志 An entry of the housing log (document 003, 11.5)."""

    __tablename__ = "housing_record"
    __table_args__ = ({"comment": "住房日志 Housing log"},)

    property_relation_id: Mapped[int] = mapped_column(
        ForeignKey("property_relation.id"), index=True, comment="产权关系 The property relation"
    )
    space_id: Mapped[int] = mapped_column(ForeignKey("space.id"), index=True, comment="空间 The property")
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"), index=True, comment="客户 The customer")
    customer_name: Mapped[str | None] = mapped_column(comment="客户名称 The customer's name at that time")
    housing_status: Mapped[HousingStatus] = mapped_column(comment="客户住房状态 What became of the customer")
