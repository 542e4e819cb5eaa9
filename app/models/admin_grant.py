"""AdminGrant: which member of staff holds which role in which business organisation."""

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Granted


class AdminGrant(Granted):
    """业务组织、角色与员工关联 A member of staff holds a role in a business organisation (document 003, 6.7)."""

    __tablename__ = "admin_grant"
    __table_args__ = (
        UniqueConstraint("org_id", "role_id", "admin_id"),
        ForeignKeyConstraint(["org_id", "role_id"], ["org_role.org_id", "org_role.role_id"]),
        Index("admin_grant_role_id_idx", "role_id", "org_id"),
        {"comment": "业务组织、角色与员工关联 Staff who hold a role in a business organisation"},
    )

    org_id: Mapped[int] = mapped_column(ForeignKey("org.id"), comment="业务组织 The business organisation")
    role_id: Mapped[int] = mapped_column(ForeignKey("role.id"), comment="角色 The role")
    admin_id: Mapped[int] = mapped_column(ForeignKey("admin.id"), index=True, comment="员工 The member of staff")
