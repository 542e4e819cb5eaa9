"""Tasks: what a process does next to requests, from its start to its end."""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Iterable
from contextlib import asynccontextmanager
from typing import Any

from app.access.callers import Callers
from app.db.pool import Pool
from app.declarations.event_columns import event_columns
from app.events.cloud_event import CloudEvents
from app.events.columns import shapes_of
from app.events.producer import KafkaProducer
from app.events.relay import Relay
from app.events.webhooks.delivery import Delivery as WebhookDelivery
from app.events.webhooks.payload import Selections
from app.events.webhooks.queueing import Queueing
from app.events.webhooks.runner import Webhooks
from app.events.webhooks.sending import Sender
from app.push.delivery import Delivery as PushDelivery
from app.push.gateway import PushGateway
from app.push.logged import LoggedPush
from app.push.service import PushService
from app.settings import Settings


@asynccontextmanager
async def running(coroutines: Iterable[Coroutine[Any, Any, None]]) -> AsyncIterator[None]:
    """Run coroutines next to the block, and cancel them at its end."""
    tasks = [asyncio.create_task(each) for each in coroutines]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def push_delivery(settings: Settings) -> PushDelivery:
    """Return what takes devices to the push service of the settings."""
    return PushDelivery(settings.database_url or "", push_service(settings))


def push_service(settings: Settings) -> PushService:
    """Return the push service of the settings: a gateway, or the log."""
    if settings.push_url is None:
        return LoggedPush()
    token = settings.push_token
    return PushGateway(settings.push_url, None if token is None else token.get_secret_value())


def relay_of(settings: Settings) -> Relay:
    """Return the relay of the settings. Its lock needs a connection to the database itself, without a pooler."""
    shapes = shapes_of(event_columns(), settings.kafka_plain_entities)
    url = settings.listen_url or settings.database_url or ""
    return Relay(url, CloudEvents(settings.kafka_prefix, shapes), KafkaProducer(settings))


def webhooks_of(settings: Settings, pool: Pool, callers: Callers, selections: Selections) -> Webhooks:
    """Return what sends events to webhooks."""
    delivery = WebhookDelivery(Sender(settings.webhook_networks), callers, selections, settings.max_webhooks)
    return Webhooks(settings.database_url or "", Queueing(pool, callers), delivery, settings.webhook_days)
