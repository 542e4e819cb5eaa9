"""Admin: staff of the administrative organisations, and their groups."""

from datetime import date, datetime
from enum import auto

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Imported, Named, Small, Versioned, imported_indexes, letters, name_indexes, trigrams
from app.models.choice import Choice


class AdminType(Choice):
    """用户类型 Who employs a member of staff (document 003, 7.2)."""

    PROPERTY = auto(), 1, "物管用户", "Property management"
    MERCHANT = auto(), 4, "商户用户", "Merchant"
    PLATFORM = auto(), 8, "平台管理用户", "Platform management"


class AdminStatus(Choice):
    """员工状态 Whether a member of staff is active (document 003, 7.2)."""

    ACTIVE = auto(), 1, "正常", "Active"
    CANCELLED = auto(), 2, "注销", "Cancelled"


class Sex(Choice):
    """性别 Sex (document 003, 7.2 and 10.1)."""

    UNKNOWN = auto(), 0, "未知", "Not known"
    FEMALE = auto(), 1, "女", "Female"
    MALE = auto(), 2, "男", "Male"


class Admin(Imported, Named, Versioned):
    """员工 A member of staff, who may have an account (document 003, part 7; smart_cmty_admin)."""

    __tablename__ = "admin"
    __table_args__ = (
        *imported_indexes("admin"),
        Index("admin_type_phone_key", "type", "phone", unique=True),
        Index(
            "admin_type_identity_key",
            "type",
            "identity",
            unique=True,
            postgresql_where=text("status = 'ACTIVE'"),
        ),
        *name_indexes("admin"),
        trigrams("admin", "account"),
        letters("admin", "account"),
        trigrams("admin", "phone"),
        {"comment": "员工 Staff"},
    )

    org_id: Mapped[int | None] = mapped_column(
        ForeignKey("org.id"), index=True, comment="行政组织 Administrative organisation"
    )
    type: Mapped[AdminType] = mapped_column(server_default=text("'PROPERTY'"), comment="用户类型 Works for")
    name: Mapped[str] = mapped_column(comment="姓名 Name")
    nickname: Mapped[str | None] = mapped_column(comment="昵称 Nickname")
    account: Mapped[str | None] = mapped_column(unique=True, comment="账号 Account name, used to log in")
    staff_number: Mapped[str | None] = mapped_column(unique=True, comment="工号 Staff number")
    position: Mapped[str | None] = mapped_column(comment="职务 Position")
    phone: Mapped[str | None] = mapped_column(index=True, comment="手机号 Phone number, unique per type")
    email: Mapped[str | None] = mapped_column(comment="邮件 E-mail address")
    identity: Mapped[str | None] = mapped_column(index=True, comment="身份证 Identity number")
    sex: Mapped[Sex] = mapped_column(server_default=text("'UNKNOWN'"), comment="性别 Sex")
    birthday: Mapped[date | None] = mapped_column(comment="生日 Date of birth")
    picture: Mapped[str | None] = mapped_column(comment="头像 Relative path of the picture")
    face_picture: Mapped[str | None] = mapped_column(comment="人脸图片 Address of the picture for face recognition")
    status: Mapped[AdminStatus] = mapped_column(server_default=text("'ACTIVE'"), comment="状态 Active or cancelled")
    is_enabled: Mapped[bool] = mapped_column(
        server_default=text("true"), comment="账号是否有效 Whether the account may be used"
    )
    is_super: Mapped[bool] = mapped_column(server_default=text("false"), comment="超级管理员 Super administrator")
    password_hash: Mapped[str | None] = mapped_column(comment="密码 Argon2id or a legacy {bcrypt} hash; never answered")
    password_changed_at: Mapped[datetime | None] = mapped_column(comment="密码修改时间 Password last changed")
    login_failures: Mapped[Small] = mapped_column(
        server_default=text("0"), comment="登陆失败次数 Failed log-ins in a row"
    )
    locked_until: Mapped[datetime | None] = mapped_column(comment="密码锁定时间 No log-in before this time")
    token_version: Mapped[Small] = mapped_column(
        server_default=text("0"),
        comment="grows when the account is disabled, cancelled, gets another password or is logged out everywhere",
    )
    last_login_at: Mapped[datetime | None] = mapped_column(comment="最近一次登录时间 Last log-in")
    fourgrid_id: Mapped[int | None] = mapped_column(comment="原用户表主键 Id in the former user table")


class AdminGroup(Versioned):
    """员工分组 A group of staff within a business organisation (document 003, part 8)."""

    __tablename__ = "admin_group"
    __table_args__ = (UniqueConstraint("org_id", "name"), {"comment": "员工分组 Groups of staff"})

    org_id: Mapped[int] = mapped_column(ForeignKey("org.id"), comment="业务组织 The business organisation")
    name: Mapped[str] = mapped_column(comment="分组名称 Name")


class AdminGroupMember(Versioned):
    """员工与分组关联 A member of staff belongs to a group (document 003, part 9)."""

    __tablename__ = "admin_group_member"
    __table_args__ = (UniqueConstraint("group_id", "admin_id"), {"comment": "员工与分组关联 Members of groups"})

    group_id: Mapped[int] = mapped_column(ForeignKey("admin_group.id"), comment="分组 The group")
    admin_id: Mapped[int] = mapped_column(ForeignKey("admin.id"), index=True, comment="员工 The member of staff")
