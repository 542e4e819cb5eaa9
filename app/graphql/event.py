"""Event in GraphQL: events that callers publish for other systems (document 003, 20)."""

from app import models
from app.declarations.mutations import Writes
from app.services.event import CAPABILITY, SETTINGS, PublishEvent, publish_events

MUTATIONS = {
    "publish_event": Writes(models.PublishedEvent, CAPABILITY).bare(
        "发布事件 Publish an event for a Kafka topic. It is stored with the request and sent soon afterwards"
        " (docs/events.md).",
        publish_events,
        PublishEvent,
        settings=SETTINGS,
    ),
}
"""What may be published, by the names of the fields."""
