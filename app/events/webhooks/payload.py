"""Payload: the body of a message, as Standard Webhooks advise: `type`, `timestamp` and `data`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from app.access.caller import Caller
from app.encoding import to_json
from app.events.cloud_event import SOURCE, WORDS
from app.events.event import Event


@dataclass(frozen=True)
class Selected:
    """What a webhook selects of an event: its `cursor`, its `change` and the `record`; or why that failed."""

    event: Mapping[str, Any] | None
    failure: str | None = None


class Selections(Protocol):
    """Reads what webhooks select: app/execution/selections.py."""

    async def select(self, entity: str, selection: str, caller: Caller, events: Sequence[Event]) -> Sequence[Selected]:
        """Read a selection of the records of some events, as a caller sees them now."""


def body_of(entity: str, event: Mapping[str, Any]) -> bytes:
    """Write the body of an event whose change is visible."""
    change = event["change"]
    data = {
        "changeId": change["id"],
        "cursor": event["cursor"],
        "operation": change["operation"],
        "entityId": change["entityId"],
        "changedFields": change["changedFields"],
        name_of(entity): event["record"],
    }
    return to_json(
        {"type": f"{SOURCE}.{entity}.{WORDS[change['operation']]}", "timestamp": change["time"], "data": data}
    )


def body_of_test(webhook: str) -> bytes:
    """Write the body of a test."""
    now = datetime.now(UTC).isoformat().replace("+00:00", "Z")
    return to_json({"type": f"{SOURCE}.test", "timestamp": now, "data": {"webhook": webhook}})


def name_of(entity: str) -> str:
    """Return the name of a kind of records in GraphQL: `property_relation` is `propertyRelation`."""
    first, *others = entity.split("_")
    return first + "".join(map(str.capitalize, others))
