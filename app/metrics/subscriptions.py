"""Metrics of subscriptions."""

from prometheus_client import Counter, Gauge

from app.metrics.registry import REGISTRY

SUBSCRIPTIONS = Gauge(
    "cadastre_subscriptions",
    "Subscriptions that run.",
    registry=REGISTRY,
    multiprocess_mode="livesum",
)
EVENTS = Counter(
    "cadastre_subscription_events",
    "Events that subscriptions were told.",
    registry=REGISTRY,
)
