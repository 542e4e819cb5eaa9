"""Events: those that a caller publishes."""

from migrations.frozen.functions.making import WRITER, Function, holds_somewhere, require

PUBLISH = f"""
  insert into published_event (topic, payload, timestamp, created_by, request_id, traceparent)
  select event.topic, event.payload, event.timestamp, {WRITER}, nullif(current_setting('app.request', true), ''),
    nullif(current_setting('app.traceparent', true), '')
  from unnest(topics, payloads, timestamps) with ordinality as event (topic, payload, timestamp, place)
  order by place;
"""  # noqa: S608 - our own names

FUNCTIONS = (
    Function(
        "publish_events",
        "topics text[], payloads text[], timestamps bigint[]",
        "void",
        require(holds_somewhere("event.publish")) + PUBLISH,
    ),
)
