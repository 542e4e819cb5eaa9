"""Events of callers, how far the record of changes has been sent, and what the brokers refuse."""

import sqlalchemy as sa

from migrations.frozen.columns import bigint, boolean, record_id, text, timestamp
from migrations.frozen.tables import drop, table

revision = "0017_relay"
down_revision = "0016_work_order"


def upgrade() -> None:
    table(
        "published_event",
        "事件 Events of callers that the relay has not sent to the brokers yet",
        *record_id("published_event"),
        text("topic", "主题 Kafka topic"),
        text("payload", "内容 The text of a JSON object, sent as it is"),
        bigint(
            "timestamp",
            "时间戳 A time that the caller gives, in the caller's own unit; sent as the header `timestamp`",
            nullable=True,
        ),
        timestamp("created_at", "创建时间 Published at", default="now()"),
        text("created_by", "创建人 Published by: account or client", nullable=True),
        text("request_id", "请求编号 `X-Request-ID` of the request", nullable=True),
        text("traceparent", "链路 W3C `traceparent` of the request", nullable=True),
    )
    table(
        "relay_position",
        "发送位置 How far the record of changes has been sent",
        text("name", "where to: kafka", primary_key=True),
        bigint("change_id", "id of the last change that was sent, or parked"),
        timestamp("updated_at", "修改时间 Updated at", default="now()"),
    )
    table(
        "parked_event",
        "搁置事件 Events that the brokers refuse, and those that wait behind them",
        bigint("event_id", "id of the change, or of the published event", primary_key=True, autoincrement=False),
        text("topic", "主题 Kafka topic"),
        text("key", "id of the entity; of a published event, its own id"),
        boolean("is_change", "whether it is a change, and no published event"),
        text(
            "reason",
            "原因 Why it was refused; null where it waits behind another one of the same entity",
            nullable=True,
        ),
        boolean("is_released", "whether the relay sends it again, as an operator has asked", default="false"),
        timestamp("parked_at", "搁置时间 Parked at", default="now()"),
        sa.Index("parked_event_topic_key_idx", "topic", "key", "event_id"),
    )


def downgrade() -> None:
    drop("parked_event", "relay_position", "published_event")
