"""Admin: staff of the administrative organisations, their groups and the devices they work with."""

from datetime import date, datetime
from enum import auto

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Entity, Imported, Small, imported_indexes, name_indexes
from app.models.choice import Choice


class AdminType(Choice):
    """用户类型 whom a member of staff works for (document 003, 7.2)."""

    PROPERTY = auto(), 1, "物管用户", "property management"
    MERCHANT = auto(), 4, "商户用户", "merchant"
    PLATFORM = auto(), 8, "平台管理用户", "platform management"


class AdminStatus(Choice):
    """员工状态 whether a member of staff is active (document 003, 7.2)."""

    ACTIVE = auto(), 1, "正常", "active"
    CANCELLED = auto(), 2, "注销", "cancelled"


class Sex(Choice):
    """性别 sex (document 003, 7.2 and 10.1)."""

    UNKNOWN = auto(), 0, "未知", "not known"
    FEMALE = auto(), 1, "女", "female"
    MALE = auto(), 2, "男", "male"


class Admin(Imported, Entity):
    """员工 a member of staff, who may have an account (document 003, part 7; smart_cmty_admin)."""

    __tablename__ = "admin"
    __table_args__ = (
        *imported_indexes("admin"),
        Index("admin_type_phone_key", "type", "phone", unique=True),
        *name_indexes("admin"),
        {"comment": "员工 staff"},
    )

    org_id: Mapped[int | None] = mapped_column(
        ForeignKey("org.id"), index=True, comment="行政组织 administrative organisation"
    )
    type: Mapped[AdminType] = mapped_column(server_default=text("'PROPERTY'"), comment="用户类型 works for")
    name: Mapped[str] = mapped_column(comment="姓名 name")
    nickname: Mapped[str | None] = mapped_column(comment="昵称 nickname")
    account: Mapped[str | None] = mapped_column(unique=True, comment="账号 account name, used to log in")
    staff_number: Mapped[str | None] = mapped_column(unique=True, comment="工号 staff number")
    position: Mapped[str | None] = mapped_column(comment="职务 position")
    phone: Mapped[str | None] = mapped_column(index=True, comment="手机号 phone number, unique per type")
    email: Mapped[str | None] = mapped_column(comment="邮件 e-mail address")
    identity: Mapped[str | None] = mapped_column(comment="身份证 identity number")
    sex: Mapped[Sex] = mapped_column(server_default=text("'UNKNOWN'"), comment="性别 sex")
    birthday: Mapped[date | None] = mapped_column(comment="生日 date of birth")
    picture: Mapped[str | None] = mapped_column(comment="头像 relative path of the picture")
    face_picture: Mapped[str | None] = mapped_column(comment="人脸图片 address of the picture for face recognition")
    status: Mapped[AdminStatus] = mapped_column(server_default=text("'ACTIVE'"), comment="状态 active or cancelled")
    is_enabled: Mapped[bool] = mapped_column(
        server_default=text("true"), comment="账号是否有效 whether the account may be used"
    )
    is_super: Mapped[bool] = mapped_column(server_default=text("false"), comment="超级管理员 super administrator")
    password_hash: Mapped[str | None] = mapped_column(comment="密码 Argon2id or a legacy {bcrypt} hash; never answered")
    password_changed_at: Mapped[datetime | None] = mapped_column(comment="密码修改时间 password last changed")
    login_failures: Mapped[Small] = mapped_column(
        server_default=text("0"), comment="登陆失败次数 failed log-ins in a row"
    )
    locked_until: Mapped[datetime | None] = mapped_column(comment="密码锁定时间 no log-in before this time")
    token_version: Mapped[Small] = mapped_column(
        server_default=text("0"),
        comment="grows when the account is disabled, cancelled, gets another password or is logged out everywhere",
    )
    last_login_at: Mapped[datetime | None] = mapped_column(comment="最近一次登录时间 last log-in")
    fourgrid_id: Mapped[int | None] = mapped_column(comment="原用户表主键 id in the former user table")


class AdminGroup(Entity):
    """员工分组 a group of staff within a business organisation (document 003, part 8)."""

    __tablename__ = "admin_group"
    __table_args__ = (UniqueConstraint("org_id", "name"), {"comment": "员工分组 groups of staff"})

    org_id: Mapped[int] = mapped_column(ForeignKey("org.id"), comment="业务组织 the business organisation")
    name: Mapped[str] = mapped_column(comment="分组名称 name")


class AdminGroupMember(Entity):
    """员工与分组关联 a member of staff belongs to a group (document 003, part 9)."""

    __tablename__ = "admin_group_member"
    __table_args__ = (UniqueConstraint("group_id", "admin_id"), {"comment": "员工与分组关联 members of groups"})

    group_id: Mapped[int] = mapped_column(ForeignKey("admin_group.id"), comment="分组 the group")
    admin_id: Mapped[int] = mapped_column(ForeignKey("admin.id"), index=True, comment="员工 the member of staff")


class DeviceEnvironment(Choice):
    """App运行模式 build that an app was installed from (document 003, 21.1)."""

    DEBUG = auto(), 0, "debug", "debug"
    RELEASE = auto(), 1, "release", "release"


class Device(Entity):
    """管家App设备 a device that receives messages for a member of staff (document 003, 21.1)."""

    __tablename__ = "device"
    __table_args__ = (UniqueConstraint("app_id", "device_id"), {"comment": "管家App设备 devices that receive messages"})

    app_id: Mapped[str] = mapped_column(comment="appId the app")
    admin_id: Mapped[int] = mapped_column(ForeignKey("admin.id"), index=True, comment="员工 the member of staff")
    device_id: Mapped[str] = mapped_column(comment="设备id id that the push service knows the device by")
    device_token: Mapped[str | None] = mapped_column(comment="设备token token of the device; never answered")
    provider: Mapped[str] = mapped_column(server_default=text("'AliyunPush'"), comment="推送服务商 push service")
    os: Mapped[str] = mapped_column(comment="设备操作系统 operating system")
    environment: Mapped[DeviceEnvironment] = mapped_column(
        server_default=text("'DEBUG'"), comment="运行模式 debug or release build"
    )
