"""Org: administrative and business organisations, and which administrative ones serve a business one."""

from collections.abc import Mapping
from enum import auto

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Imported, Versioned, imported_indexes
from app.models.choice import Choice
from app.models.status import Status
from app.models.tree import Tree, tree_indexes


class OrgType(Choice):
    """组织类型 Which of the two trees an organisation belongs to (document 003, 3.1)."""

    ADMINISTRATIVE = auto(), 1, "行政组织", "Administrative: departments and their staff"
    BUSINESS = auto(), 2, "业务组织", "Business: what is managed, and who may manage it"


class AdministrativeOrgSubType(Choice):
    """行政组织子类型 What an administrative organisation is for (document 003, 3.3)."""

    INTERNAL = auto(), 1, "内部行政组织", "Internal administrative organisation"
    TEMPORARY = auto(), 2, "内部临时组织", "Internal temporary organisation"
    APPLICATION = auto(), 3, "应用帐号组织", "Organisation of application accounts"
    FUNCTION = auto(), 4, "职能帐号组织", "Organisation of functional accounts"
    EXTERNAL = auto(), 5, "外部帐号组织", "Organisation of external accounts"
    CONTACTS = auto(), 6, "公共通讯录组织", "Public address book"


class BusinessOrgSubType(Choice):
    """业务组织子类型 Whether a business organisation manages communities (document 003, 3.3)."""

    PROJECT = auto(), 1, "项目类型", "Project: manages communities"
    NON_PROJECT = auto(), 2, "非项目类型", "Not a project"


SUB_TYPES: Mapping[str, tuple[OrgType, type[Choice]]] = {
    "administrative_sub_type": (OrgType.ADMINISTRATIVE, AdministrativeOrgSubType),
    "business_sub_type": (OrgType.BUSINESS, BusinessOrgSubType),
}
"""The column of the sub type of each organisation type. The documents have one column, `org_sub_type`, for both."""


class Org(Imported, Tree, Versioned):
    """组织 An organisation (document 003, part 3; smart_cmty_org)."""

    __tablename__ = "org"
    __table_args__ = (
        *tree_indexes("org"),
        *imported_indexes("org", text("split_part(path, '/', 1)")),
        CheckConstraint(
            "administrative_sub_type is null or type = 'ADMINISTRATIVE'", name="administrative_sub_type_of_type"
        ),
        CheckConstraint("business_sub_type is null or type = 'BUSINESS'", name="business_sub_type_of_type"),
        CheckConstraint("name <> ''", name="name_given"),
        {"comment": "组织 Organisations, administrative and business"},
    )

    type: Mapped[OrgType] = mapped_column(index=True, comment="组织类型 Administrative or business")
    administrative_sub_type: Mapped[AdministrativeOrgSubType | None] = mapped_column(
        comment="行政组织子类型 What an administrative organisation is for"
    )
    business_sub_type: Mapped[BusinessOrgSubType | None] = mapped_column(
        comment="业务组织子类型 Whether a business organisation manages communities"
    )
    status: Mapped[Status] = mapped_column(server_default=text("'ENABLED'"), comment="状态 Enabled or disabled")
    fourgrid_id: Mapped[int | None] = mapped_column(comment="四格 Id of the organisation in the 4g system")
    fourgrid_parent_id: Mapped[int | None] = mapped_column(comment="四格 Id of the parent in the 4g system")


class OrgRelation(Versioned):
    """业务组织与行政组织关联 An administrative organisation serves a business one (document 003, 3.10)."""

    __tablename__ = "org_relation"
    __table_args__ = (
        UniqueConstraint("business_org_id", "administrative_org_id"),
        {"comment": "业务组织与行政组织关联 Which administrative organisations serve a business organisation"},
    )

    business_org_id: Mapped[int] = mapped_column(ForeignKey("org.id"), comment="业务组织 The business organisation")
    administrative_org_id: Mapped[int] = mapped_column(
        ForeignKey("org.id"), index=True, comment="行政组织 The administrative organisation"
    )
