"""Webhooks, and the events that are sent to them."""

import sqlalchemy as sa

from migrations.frozen.columns import bigint, boolean, integer, reference, text, timestamp
from migrations.frozen.tables import drop, table

revision = "0019_webhook"
down_revision = "0018_request_functions"


def upgrade() -> None:
    table(
        "webhook",
        "网络回调 Addresses that are sent changes, each for a client",
        bigint("number", "order in which they were added", sa.Identity(always=True), primary_key=True),
        text("name", "名称 Name by which operators know it", unique=True),
        text("url", "地址 Address that events are sent to"),
        reference("client_id", "client", "客户端 The client whose roles decide what is sent", index=True),
        text("entity", "记录类型 Kind of the records, such as space"),
        bigint(
            "under",
            "子树 Organisation or space whose subtree the records are in; null for all that the client sees",
            nullable=True,
        ),
        text("selection", "selection set of GraphQL: what is sent of a record"),
        text("secret", "密钥 Key that signs, in Base64; never answered"),
        text("old_secret", "旧密钥 Key before the last rotation; never answered", nullable=True),
        timestamp("old_secret_until", "until when the key before signs as well", nullable=True),
        bigint("position", "id of the last change that deliveries were made of, or none needed"),
        timestamp("looked_at", "when a process last looked for new changes", default="now()"),
        timestamp(
            "taken_until", "until when the deliveries are left to the process that has taken them", nullable=True
        ),
        integer("turn", "how often a process has taken deliveries; tells whether they are still its own", default="0"),
        integer(
            "failures", "attempts in turn that failed; while there are any, events are sent one by one", default="0"
        ),
        timestamp("paused_until", "nothing is sent before this time", nullable=True),
        boolean("is_enabled", "启用 Whether events are sent", default="true"),
        text("disabled_reason", "停用原因 Why no events are sent", nullable=True),
        timestamp("created_at", "创建时间 Added at", default="now()"),
        text("created_by", "创建人 Added by: account or process", nullable=True),
    )
    table(
        "webhook_delivery",
        "网络回调投递 Events for webhooks: those that wait, and for some time those that do not",
        bigint("number", "id of the message, the same in each attempt", sa.Identity(always=True), primary_key=True),
        bigint("webhook_number", "网络回调 The webhook", sa.ForeignKey("webhook.number", ondelete="CASCADE")),
        bigint("change_id", "变更 The change"),
        bigint("record_id", "记录编号 The record that was changed"),
        timestamp("created_at", "创建时间 Written at", default="now()"),
        integer("attempts", "how often it was tried since it was written, or the webhook was enabled", default="0"),
        timestamp(
            "due_at", "not tried before this time; null when it is not tried again", nullable=True, default="now()"
        ),
        timestamp("tried_at", "when it was last tried", nullable=True),
        timestamp("failing_since", "when it first failed", nullable=True),
        text("outcome", "结果 What became of the last attempt", nullable=True),
        timestamp("delivered_at", "送达时间 When the receiver confirmed it", nullable=True),
        sa.UniqueConstraint("webhook_number", "change_id"),
        sa.Index(
            "webhook_delivery_due_idx", "webhook_number", "due_at", postgresql_where=sa.text("due_at is not null")
        ),
        sa.Index("webhook_delivery_ended_idx", "created_at", postgresql_where=sa.text("due_at is null")),
    )


def downgrade() -> None:
    drop("webhook_delivery", "webhook")
