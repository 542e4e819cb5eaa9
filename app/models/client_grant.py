"""ClientGrant: which client holds which role in which business organisation."""

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Granted


class ClientGrant(Granted):
    """业务组织、角色与客户端关联 A client that calls for itself holds a role in a business organisation."""

    __tablename__ = "client_grant"
    __table_args__ = (
        UniqueConstraint("org_id", "role_id", "client_id"),
        ForeignKeyConstraint(["org_id", "role_id"], ["org_role.org_id", "org_role.role_id"]),
        Index("client_grant_role_id_idx", "role_id", "org_id"),
        {"comment": "业务组织、角色与客户端关联 Clients that hold a role in a business organisation"},
    )

    org_id: Mapped[int] = mapped_column(ForeignKey("org.id"), comment="业务组织 The business organisation")
    role_id: Mapped[int] = mapped_column(ForeignKey("role.id"), comment="角色 The role")
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), index=True, comment="客户端 The client")
