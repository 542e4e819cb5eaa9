"""Customer: persons and enterprises that own or rent."""

from enum import auto

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.admin import Sex
from app.models.base import Imported, Named, Small, Versioned, imported_indexes, name_indexes, trigrams
from app.models.choice import Choice
from app.models.status import Status


class CustomerType(Choice):
    """客户性质 Person or organisation (document 003, 10.1)."""

    PERSON = auto(), 1, "个人客户", "Person"
    ENTERPRISE = auto(), 2, "政企客户", "Government or enterprise"


class IdentityType(Choice):
    """证件类型 Document that an identity number is taken from (document 003, 10.1; decision row 5)."""

    IDENTITY_CARD = auto(), 1, "身份证", "Identity card"
    PASSPORT = auto(), 2, "护照", "Passport"
    ORGANISATION_CODE = auto(), 3, "组织机构代码(针对政府)", "Organisation code of an authority"
    SOCIAL_CREDIT_CODE = auto(), 4, "统一社会信用代码(针对企业)", "Social credit code of an enterprise"
    HONG_KONG = auto(), 5, "香港身份证", "Hong Kong identity card"
    MACAU = auto(), 6, "澳门身份证", "Macau identity card"
    TAIWAN = auto(), 7, "台湾身份证", "Taiwan identity card"
    OTHER = auto(), 8, "其他证件", "Another document"


LIVE = text("merged_into_id is null")
LIVE_IN_FOURGRID = text("merged_into_id is null and fourgrid_id is not null")
"""Which rows the unique indexes compare: a merged customer keeps its keys, and the one that it is merged into has
them too."""


class Customer(Imported, Named, Versioned):
    """客户 A customer of a top business organisation (document 003, part 10)."""

    __tablename__ = "customer"
    __table_args__ = (
        *imported_indexes("customer", "top_org_id"),
        Index("customer_identity_key", "top_org_id", "identity_type", "identity", unique=True, postgresql_where=LIVE),
        Index("customer_name_phone_key", "top_org_id", "name", "phone", unique=True, postgresql_where=LIVE),
        Index("customer_fourgrid_key", "top_org_id", "fourgrid_id", unique=True, postgresql_where=LIVE_IN_FOURGRID),
        Index("customer_top_org_id_idx", "top_org_id", "id"),
        Index("customer_merged_into_id_idx", "merged_into_id", postgresql_where=text("merged_into_id is not null")),
        *name_indexes("customer"),
        trigrams("customer", "phone"),
        Index("customer_type_idx", "type", "id"),
        Index("customer_status_idx", "status", "id"),
        {"comment": "客户 Customers"},
    )

    top_org_id: Mapped[int] = mapped_column(ForeignKey("org.id"), comment="顶级业务组织 Top business organisation")
    type: Mapped[CustomerType] = mapped_column(server_default=text("'PERSON'"), comment="客户性质 Person or enterprise")
    name: Mapped[str] = mapped_column(comment="客户名称 Name")
    phone: Mapped[str | None] = mapped_column(index=True, comment="电话号码 Phone number")
    identity_type: Mapped[IdentityType | None] = mapped_column(comment="证件类型 Kind of identity document")
    identity: Mapped[str | None] = mapped_column(index=True, comment="证件号码 Identity number")
    sex: Mapped[Sex] = mapped_column(server_default=text("'UNKNOWN'"), comment="性别 Sex")
    face_picture: Mapped[str | None] = mapped_column(comment="人脸 Path of the picture for face recognition")
    level: Mapped[Small | None] = mapped_column(comment="客户等级 Level; not described by the documents")
    status: Mapped[Status] = mapped_column(server_default=text("'ENABLED'"), comment="状态 Valid or invalid")
    fourgrid_id: Mapped[int | None] = mapped_column(comment="四格 Id of the customer in the 4g system")
    merged_into_id: Mapped[int | None] = mapped_column(
        ForeignKey("customer.id"),
        comment="合并到 The customer that this one was merged into; it holds what this one had",
    )


class CustomerOrg(Versioned):
    """客户与业务组织关联 A customer is known to a business organisation (document 003, 10.4)."""

    __tablename__ = "customer_org"
    __table_args__ = (
        UniqueConstraint("customer_id", "org_id"),
        {"comment": "客户与业务组织关联 Business organisations that know a customer"},
    )

    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"), comment="客户 The customer")
    org_id: Mapped[int] = mapped_column(ForeignKey("org.id"), index=True, comment="业务组织 The organisation")
