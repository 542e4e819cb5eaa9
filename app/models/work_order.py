"""WorkOrder: a repair that owners or staff report, its steps, and the categories of repairs (document 000)."""

from datetime import date, datetime
from enum import auto

from sqlalchemy import CheckConstraint, Enum, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Imported, Small, TwoDecimals, Versioned, letters, trigrams
from app.models.choice import Choice
from app.models.status import Status

LEVELS = 3
"""The levels of categories: what is broken, which part of it, and how."""


class WorkOrderStatus(Choice):
    """服务单状态 How far a work order is (document 000, 5.4)."""

    NEW = auto(), "NEW", "待派单", "Reported; nobody is to do it yet"
    ASSIGNED = auto(), "ASSIGNED", "待接单", "A member of staff is to do it"
    RECEIVED = auto(), "RECEIVED", "已接单", "A member of staff has taken it"
    IN_REPAIR = auto(), "IN_REPAIR", "维修中", "The repair has begun"
    DONE = auto(), "DONE", "已完结", "The repair is complete"
    CANCELLED = auto(), "CANCELLED", "已取消", "Nothing is to be done any more"


OPEN_STATUSES = (
    WorkOrderStatus.NEW,
    WorkOrderStatus.ASSIGNED,
    WorkOrderStatus.RECEIVED,
    WorkOrderStatus.IN_REPAIR,
)
"""The statuses of work orders that somebody still has to do something about."""


class WorkOrderRole(Choice):
    """服务单角色 What a member of staff has to do with a work order (document 000, 5.1)."""

    SOURCE = auto(), "SOURCE", "发起", "Reported it"
    ASSIGNED = auto(), "NEW_ASSIGN", "待办", "Is to do it, or was when it was taken"
    ACTED = auto(), "DONE", "经办", "Took a step of it"


class SettlementParty(Choice):
    """结算方 Who pays for a repair (document 000, 5.5)."""

    OWNER = auto(), "OWNER_SETT", "业主结算", "The owner"
    PROPERTY_COMPANY = auto(), "TENANT_SETT", "物业结算", "The property company"
    MAINTENANCE_FUND = auto(), "ALL_SETTLE", "公共维修基金结算", "The public maintenance fund"
    OTHER = auto(), "OTHER_SETT", "其他", "Somebody else"


class WorkOrderCategory(Imported, Versioned):
    """报修类型 A category of repairs, on one of three levels (document 000, 4.2)."""

    __tablename__ = "work_order_category"
    __table_args__ = (
        UniqueConstraint("top_org_id", "parent_id", "name", postgresql_nulls_not_distinct=True),
        Index(
            "work_order_category_external_key",
            "external_id",
            "source",
            "top_org_id",
            unique=True,
            postgresql_where=text("external_id is not null"),
        ),
        CheckConstraint("name <> ''", name="name_given"),
        CheckConstraint(f"level between 1 and {LEVELS}", name="level"),
        CheckConstraint("(level = 1) = (parent_id is null)", name="top"),
        {"comment": "报修类型 Categories of repairs, three levels for each top organisation"},
    )

    top_org_id: Mapped[int] = mapped_column(ForeignKey("org.id"), comment="顶级业务组织 Top business organisation")
    parent_id: Mapped[int | None] = mapped_column(
        ForeignKey("work_order_category.id"), index=True, comment="上级 The category one level above; null on level 1"
    )
    level: Mapped[Small] = mapped_column(comment="层级 1 to 3; work orders name a category of each level")
    name: Mapped[str] = mapped_column(comment="名称 Name")
    status: Mapped[Status] = mapped_column(server_default=text("'ENABLED'"), comment="状态 Valid or invalid")


class WorkOrder(Imported, Versioned):
    """服务单 A repair of a house, from the report to its end (document 000)."""

    __tablename__ = "work_order"
    __table_args__ = (
        CheckConstraint("description <> ''", name="description_given"),
        CheckConstraint("num_nonnulls(reporter_id, customer_id) <= 1", name="one_reporter"),
        CheckConstraint("settlement_amount >= 0", name="amount"),
        Index(
            "work_order_external_key",
            "external_id",
            "source",
            unique=True,
            postgresql_where=text("external_id is not null"),
        ),
        Index("work_order_space_path_idx", "space_path", "id"),
        Index("work_order_space_org_path_idx", "space_org_path", "id"),
        Index("work_order_space_id_idx", "space_id", "id"),
        Index("work_order_status_idx", "status", "id"),
        *(Index(f"work_order_{name}_idx", name, "id") for name in ("completed_at", "received_at")),
        trigrams("work_order", "description"),
        letters("work_order", "description"),
        {"comment": "服务单 Repairs of houses"},
    )

    number: Mapped[str] = mapped_column(unique=True, comment="服务单号 01, the day as yyyymmdd, and a number")
    space_id: Mapped[int] = mapped_column(ForeignKey("space.id"), comment="报修房间 The house")
    category_one_id: Mapped[int] = mapped_column(
        ForeignKey("work_order_category.id"), index=True, comment="报修一级类型 Category of the first level"
    )
    category_two_id: Mapped[int] = mapped_column(
        ForeignKey("work_order_category.id"), index=True, comment="报修二级类型 Category of the second level"
    )
    category_three_id: Mapped[int] = mapped_column(
        ForeignKey("work_order_category.id"), index=True, comment="报修三级类型 Category of the third level"
    )
    description: Mapped[str] = mapped_column(comment="报修问题描述 What is wrong")
    contact_name: Mapped[str | None] = mapped_column(comment="联系人 Who is there when staff come")
    contact_phone: Mapped[str | None] = mapped_column(index=True, comment="联系电话 Phone of that person")
    status: Mapped[WorkOrderStatus] = mapped_column(server_default=text("'NEW'"), comment="服务单状态 How far it is")
    customer_id: Mapped[int | None] = mapped_column(
        ForeignKey("customer.id"), index=True, comment="报修客户 The customer who reported it"
    )
    reporter_id: Mapped[int | None] = mapped_column(
        ForeignKey("admin.id"), index=True, comment="报修员工 The member of staff who reported it"
    )
    assignee_id: Mapped[int | None] = mapped_column(
        ForeignKey("admin.id"), index=True, comment="处理人 The member of staff who is to do it"
    )
    receiver_id: Mapped[int | None] = mapped_column(
        ForeignKey("admin.id"), index=True, comment="接单人 The member of staff who has taken it"
    )
    assigned_at: Mapped[datetime | None] = mapped_column(comment="派单时间 Last assigned at")
    received_at: Mapped[datetime | None] = mapped_column(comment="接单时间 Taken at")
    repair_started_at: Mapped[datetime | None] = mapped_column(comment="开始维修时间 Repair begun at")
    completed_at: Mapped[datetime | None] = mapped_column(comment="完成时间 Completed at")
    cancelled_at: Mapped[datetime | None] = mapped_column(comment="取消时间 Cancelled at")
    settlement_party: Mapped[SettlementParty | None] = mapped_column(comment="结算方 Who pays")
    settlement_amount: Mapped[TwoDecimals | None] = mapped_column(comment="结算金额 How much")
    space_path: Mapped[str] = mapped_column(Text(collation="C"), comment="path of the space; derived")
    space_org_path: Mapped[str | None] = mapped_column(
        Text(collation="C"), comment="path of the business organisation that owns the space; derived"
    )


class WorkOrderDay(Base):
    """服务单编号 How many work orders have been numbered on a day (document 000)."""

    __tablename__ = "work_order_day"
    __table_args__ = ({"comment": "服务单编号 Number of the last work order of each day"},)

    day: Mapped[date] = mapped_column(primary_key=True, comment="日期 Day in China")
    last_number: Mapped[Small] = mapped_column(comment="the number of the last work order")


def status_named(name: str) -> Enum:
    """Return the type of one of two columns of a table for a status: the checks need different names."""
    return Enum(WorkOrderStatus, name=name, native_enum=False, create_constraint=True, length=32)


class WorkOrderStep(Versioned):
    """服务单记录 One step of a work order: who took it, when, and from which status to which."""

    __tablename__ = "work_order_step"
    __table_args__ = (
        Index("work_order_step_admin_id_idx", "admin_id", "work_order_id"),
        {"comment": "服务单记录 Steps of work orders"},
    )

    work_order_id: Mapped[int] = mapped_column(ForeignKey("work_order.id"), index=True, comment="服务单 The work order")
    space_id: Mapped[int] = mapped_column(ForeignKey("space.id"), index=True, comment="报修房间 The house")
    from_status: Mapped[WorkOrderStatus | None] = mapped_column(
        status_named("from_status"), comment="原状态 Status before; null for the report"
    )
    to_status: Mapped[WorkOrderStatus] = mapped_column(status_named("to_status"), comment="新状态 Status after")
    admin_id: Mapped[int | None] = mapped_column(ForeignKey("admin.id"), comment="员工 The member of staff")
    customer_id: Mapped[int | None] = mapped_column(
        ForeignKey("customer.id"), index=True, comment="客户 The customer, if a customer took the step"
    )
    assignee_id: Mapped[int | None] = mapped_column(
        ForeignKey("admin.id"), index=True, comment="处理人 Who was to do it from then on"
    )
    note: Mapped[str | None] = mapped_column(comment="备注 Note")
