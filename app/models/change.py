"""Change: the record of every change of a record: who, when, why, and the record before and after."""

from datetime import datetime
from enum import auto
from typing import Any

from sqlalchemy import Index, Text, func, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Entity
from app.models.choice import Choice


class Operation(Choice):
    """操作 What happened to a record."""

    INSERT = auto(), 1, "新增", "Inserted"
    UPDATE = auto(), 2, "修改", "Changed"
    DELETE = auto(), 3, "删除", "Deleted"
    PLACE = auto(), 4, "位置变更", "A node of a tree got another path or full name, because one above it was changed"


OF_FEW = "entity not in ('space', 'customer', 'customer_org', 'property_relation', 'housing_record')"
"""Most changes are of these tables: they are found in the order of the ids soon enough, and imports are spared."""

NOT_IN_BULK = "client not in ('cadastre import', 'cadastre generate')"
"""Leaves out the two programs that write many changes at a time, so that these cost no more."""

RANGES = {"pages_per_range": 32}
"""Later changes have later transactions: the first and the last one of 32 pages are enough to find one among them."""


class Change(Entity):
    """变更记录 One change of one record. Triggers write it in the transaction of the change (migrations/frozen)."""

    __tablename__ = "change"
    __table_args__ = (
        Index("change_entity_id_idx", "entity_id", "id"),
        Index("change_org_id_idx", "org_id", "id"),
        Index("change_org_path_idx", "org_path", "id"),
        Index("change_operation_idx", "operation", "id", postgresql_where=text("operation <> 'INSERT'")),
        Index("change_entity_idx", "entity", "id", postgresql_where=text(OF_FEW)),
        Index("change_time_idx", "time", "id"),
        Index("change_transaction_id_idx", "transaction_id", postgresql_using="brin", postgresql_with=RANGES),
        Index("change_actor_id_idx", "actor_id", "id", postgresql_where=text("actor_id is not null")),
        Index("change_actor_account_idx", "actor_account", "id", postgresql_where=text("actor_account is not null")),
        Index("change_client_idx", "client", "id", postgresql_where=text(NOT_IN_BULK)),
        Index("change_request_id_idx", "request_id", "id", postgresql_where=text("request_id is not null")),
        Index("change_traceparent_idx", "traceparent", "id", postgresql_where=text("traceparent is not null")),
        Index("change_reason_idx", "reason", "id", postgresql_where=text("reason is not null")),
        {"comment": "变更记录 Every change of a record", "postgresql_partition_by": "RANGE (time)"},
    )

    most_counted = 10_000
    is_planned_once = True

    time: Mapped[datetime] = mapped_column(
        primary_key=True, server_default=func.now(), comment="时间 When the transaction of the change began"
    )
    transaction_id: Mapped[int] = mapped_column(
        server_default=text("pg_current_xact_id()::text::bigint"), comment="事务 Transaction of the database"
    )
    actor_id: Mapped[int | None] = mapped_column(
        comment="操作人 Member of staff; null when a client called for itself, or a program wrote"
    )
    actor_account: Mapped[str | None] = mapped_column(comment="操作账号 Account of the member of staff at that time")
    client: Mapped[str | None] = mapped_column(
        comment="客户端 Client that the request came from, or the name of the program that wrote"
    )
    request_id: Mapped[str | None] = mapped_column(comment="请求编号 `X-Request-ID` of the request")
    traceparent: Mapped[str | None] = mapped_column(
        Text(collation="C"),
        comment="链路 W3C `traceparent` of the request; those of one trace begin with `00-<trace id>-`",
    )
    reason: Mapped[str | None] = mapped_column(comment="变更原因 `X-Change-Reason` of the request")
    operation: Mapped[Operation] = mapped_column(comment="操作 What happened")
    entity: Mapped[str] = mapped_column(comment="记录类型 Kind of record, such as org or admin_grant")
    entity_id: Mapped[int] = mapped_column(comment="记录编号 Id of the record")
    org_id: Mapped[int | None] = mapped_column(
        comment="组织 Organisation that the record belonged to; null for menus, roles and records without one"
    )
    org_path: Mapped[str | None] = mapped_column(Text(collation="C"), comment="path of that organisation at that time")
    before: Mapped[dict[str, Any] | None] = mapped_column(
        JSONB, comment="columns before the change: all of them, or of PLACE those that differ; null for INSERT"
    )
    after: Mapped[dict[str, Any] | None] = mapped_column(
        JSONB, comment="columns after the change: all of them, or of PLACE those that differ; null for DELETE"
    )
    changed_fields: Mapped[list[str] | None] = mapped_column(
        ARRAY(Text), comment="columns that differ, without version and time; null for INSERT and DELETE"
    )
