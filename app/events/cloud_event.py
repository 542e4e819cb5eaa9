"""CloudEvent: a change as a CloudEvent 1.0 in JSON, and a published event with the attributes in its headers.

https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/kafka-protocol-binding.md
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

import orjson

from app.events.columns import Image, Shape, shown
from app.events.message import Headers, Message
from app.models.change import Operation

VERSION = "1.0"
SOURCE = "cadastre"
STRUCTURED = ("content-type", b"application/cloudevents+json; charset=UTF-8")
PLAIN_JSON = ("content-type", b"application/json; charset=UTF-8")

WORDS = {
    Operation.INSERT.value: "created",
    Operation.UPDATE.value: "updated",
    Operation.DELETE.value: "deleted",
    Operation.PLACE.value: "placed",
}
"""The end of the type of an event, by the operation of the change."""


class ChangeRow(NamedTuple):
    """A change as the relay reads it: the columns of CHANGE_COLUMNS in their order."""

    id: int
    time: datetime
    operation: str
    entity: str
    entity_id: int
    org_path: str | None
    request_id: str | None
    traceparent: str | None
    before: Image | None
    after: Image | None
    changed_fields: list[str] | None


CHANGE_COLUMNS = ", ".join(ChangeRow._fields)


class PublishedRow(NamedTuple):
    """A published event as the relay reads it: the columns of PUBLISHED_COLUMNS in their order."""

    id: int
    topic: str
    payload: str
    timestamp: int | None
    created_at: datetime
    request_id: str | None
    traceparent: str | None


PUBLISHED_COLUMNS = ", ".join(PublishedRow._fields)


@dataclass(frozen=True)
class CloudEvents:
    """Makes messages of changes: their topics begin with `prefix`, and their records have these shapes."""

    prefix: str
    shapes: Mapping[str, Shape]

    def of_change(self, row: ChangeRow) -> Message:
        """Return the message of a change."""
        subject = str(row.entity_id)
        return Message(
            row.id,
            self.prefix + row.entity,
            subject,
            orjson.dumps(self._event(row, subject), option=orjson.OPT_UTC_Z),
            (STRUCTURED, *_text_headers({"tenant": row.org_path, **_origin(row)})),
            is_change=True,
        )

    def _event(self, row: ChangeRow, subject: str) -> dict[str, Any]:
        shape = self.shapes.get(row.entity, ())
        names = {column: name for column, name, _ in shape}
        return {
            "specversion": VERSION,
            "id": str(row.id),
            "source": SOURCE,
            "type": f"{SOURCE}.{row.entity}.{WORDS[row.operation]}",
            "subject": subject,
            "time": row.time.astimezone(UTC),
            "datacontenttype": "application/json",
            "data": {
                "before": shown(shape, row.before),
                "after": shown(shape, row.after),
                "changedFields": [names[column] for column in row.changed_fields or () if column in names],
            },
        }


def of_published(row: PublishedRow) -> Message:
    """Return the message of a published event: its value is the payload itself."""
    attributes = {
        "ce_specversion": VERSION,
        "ce_id": str(row.id),
        "ce_source": SOURCE,
        "ce_type": row.topic,
        "ce_time": row.created_at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "timestamp": None if row.timestamp is None else str(row.timestamp),
        **_origin(row),
    }
    headers = (PLAIN_JSON, *_text_headers(attributes))
    return Message(row.id, row.topic, str(row.id), row.payload.encode(), headers, is_change=False)


def _origin(row: ChangeRow | PublishedRow) -> dict[str, str | None]:
    return {"request-id": row.request_id, "traceparent": row.traceparent}


def _text_headers(values: Mapping[str, str | None]) -> Headers:
    return tuple((name, value.encode()) for name, value in values.items() if value is not None)
