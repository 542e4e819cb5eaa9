"""Device: the devices that receive messages for staff."""

from datetime import datetime
from enum import auto

from sqlalchemy import ForeignKey, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Versioned
from app.models.choice import Choice


class DeviceEnvironment(Choice):
    """App运行模式 Build that an app was installed from (document 003, 21.1)."""

    DEBUG = auto(), 0, "调试", "Debug build"
    RELEASE = auto(), 1, "发布", "Release build"


class Device(Versioned):
    """管家App设备 A device that receives messages for a member of staff (document 003, 21.1)."""

    __tablename__ = "device"
    __table_args__ = (UniqueConstraint("app_id", "device_id"), {"comment": "管家App设备 Devices that receive messages"})

    app_id: Mapped[str] = mapped_column(comment="应用编号 Id of the app")
    admin_id: Mapped[int] = mapped_column(ForeignKey("admin.id"), index=True, comment="员工 The member of staff")
    device_id: Mapped[str] = mapped_column(comment="设备id Id that the push service knows the device by")
    device_token: Mapped[str | None] = mapped_column(comment="设备token Token of the device; never answered")
    provider: Mapped[str] = mapped_column(server_default=text("'AliyunPush'"), comment="推送服务商 Push service")
    os: Mapped[str] = mapped_column(comment="设备操作系统 Operating system")
    environment: Mapped[DeviceEnvironment] = mapped_column(
        server_default=text("'DEBUG'"), comment="运行模式 Debug or release build"
    )
    registered_at: Mapped[datetime | None] = mapped_column(
        comment="登记时间 When the app last registered the device; null for one that no app has registered here"
    )
