"""PushTask: a registration or removal of a device that the push service has not confirmed yet."""

from datetime import datetime
from enum import auto

from sqlalchemy import BigInteger, Identity, Index, func, text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Small
from app.models.choice import Choice
from app.models.device import DeviceEnvironment


class PushAction(Choice):
    """推送动作 What the push service has to do (document 003, part 21)."""

    REGISTER = auto(), 1, "注册", "Register the device"
    REMOVE = auto(), 2, "删除", "Remove the device"


class PushTask(Base):
    """推送任务 A registration or removal of a device that the push service has not confirmed yet.

    The trigger of `device` writes it in the transaction that changes the device. It is deleted once it is confirmed.
    """

    __tablename__ = "push_task"
    __table_args__ = (
        Index("push_task_app_id_device_id_idx", "app_id", "device_id", "number"),
        {"comment": "推送任务 Registrations and removals of devices that the push service has not confirmed yet"},
    )

    number: Mapped[int] = mapped_column(
        BigInteger, Identity(always=True), primary_key=True, comment="order of the tasks of a device"
    )
    action: Mapped[PushAction] = mapped_column(comment="推送动作 Register or remove the device")
    app_id: Mapped[str] = mapped_column(comment="应用编号 Id of the app")
    device_id: Mapped[str] = mapped_column(comment="设备id Id that the push service knows the device by")
    admin_id: Mapped[int] = mapped_column(comment="员工 The member of staff")
    provider: Mapped[str] = mapped_column(comment="推送服务商 Push service")
    device_token: Mapped[str | None] = mapped_column(comment="设备token Token of the device; never answered")
    os: Mapped[str] = mapped_column(comment="设备操作系统 Operating system")
    environment: Mapped[DeviceEnvironment] = mapped_column(comment="运行模式 Debug or release build")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now(), comment="创建时间 Written at")
    attempts: Mapped[Small] = mapped_column(
        server_default=text("0"), comment="how often a process has taken the task to deliver it"
    )
    due_at: Mapped[datetime] = mapped_column(
        server_default=func.now(), index=True, comment="no process takes the task before this time"
    )
