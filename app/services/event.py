"""Event: events that callers publish for other systems (document 003, 20). A relay sends them to Kafka."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

import orjson

from app.access.caller import Caller
from app.db.transaction import Writing
from app.error_codes import Message
from app.errors import InvalidInputError
from app.models.base import METADATA
from app.models.published_event import PublishedEvent
from app.services.calls import call
from app.services.targets import Errors, outcomes
from app.services.write import Outcome, refers, verbatim

CAPABILITY = "event.publish"

SETTINGS = ("event_topics", "kafka_prefix", "kafka_max_bytes")
"""The settings that the service takes."""

NO_TOPIC = Message(
    "{topic} is no name of a topic: 1 to 249 of the characters A-Z a-z 0-9 . _ -",
    "{topic} 不是有效的主题名：应为 1 至 249 个字符 A-Z a-z 0-9 . _ -",
)
NOT_ALLOWED = Message(
    "events for the topic {topic} are not published here (CADASTRE_EVENT_TOPICS)", "此处不允许向主题 {topic} 发布事件"
)
NO_OBJECT = Message("the payload is no JSON object", "payload 应为 JSON 对象")
TOO_LARGE = Message(
    "the payload has {size} bytes; at most {allowed} are allowed", "payload 有 {size} 字节，最多 {allowed} 字节"
)

TOPIC = re.compile(r"(?!\.{1,2}$)[A-Za-z0-9._-]{1,249}")
ROOM = 1_000
"""Bytes that the topic and the headers of an event may take."""


@dataclass(frozen=True)
class PublishEvent:
    """发布事件 An event for a Kafka topic."""

    topic: str
    payload: str = verbatim("内容 The text of a JSON object. It is sent as it is, byte for byte")
    timestamp: int | None = refers(
        PublishedEvent.timestamp, "时间戳 A time in the caller's own unit; sent as the header `timestamp`", None
    )


PUBLISH = call("publish_events", topics="text[]", payloads="text[]", timestamps="bigint[]")


async def publish_events(
    writing: Writing,
    _caller: Caller,
    inputs: Sequence[PublishEvent],
    *,
    event_topics: Sequence[str],
    kafka_prefix: str,
    kafka_max_bytes: int,
) -> list[Outcome]:
    """Store events in the transaction of the request. UserErrors: INVALID_INPUT."""
    errors = [
        (*_topic_errors(each.topic, event_topics, kafka_prefix), *_payload_errors(each.payload, kafka_max_bytes - ROOM))
        for each in inputs
    ]
    if any(errors):
        return outcomes(errors)
    values = {
        "topics": [each.topic for each in inputs],
        "payloads": [each.payload for each in inputs],
        "timestamps": [each.timestamp for each in inputs],
    }
    await writing.fetch_all([(PUBLISH, values)])
    return outcomes(errors)


def _topic_errors(topic: str, allowed: Sequence[str], prefix: str) -> Errors:
    """Return why a topic is refused: the register's own are never allowed."""
    if not TOPIC.fullmatch(topic):
        return (InvalidInputError(NO_TOPIC, path=("topic",), topic=repr(topic[:40])),)
    is_own = topic.removeprefix(prefix) in METADATA.tables and topic.startswith(prefix)
    if is_own or not any(fnmatchcase(topic, pattern) for pattern in allowed):
        return (InvalidInputError(NOT_ALLOWED, path=("topic",), topic=topic),)
    return ()


def _payload_errors(payload: str, allowed: int) -> Errors:
    size = len(payload.encode("utf-8", "surrogatepass"))
    if size > allowed:
        return (InvalidInputError(TOO_LARGE, path=("payload",), size=size, allowed=allowed),)
    return () if _is_object(payload) else (InvalidInputError(NO_OBJECT, path=("payload",)),)


def _is_object(text: str) -> bool:
    """Return whether a text is a JSON object that PostgreSQL can keep."""
    try:
        return isinstance(orjson.loads(text), dict) and "\0" not in text
    except orjson.JSONDecodeError:
        return False
