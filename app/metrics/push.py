"""Metrics of the tasks for the push service."""

from prometheus_client import Counter, Gauge

from app.metrics.registry import REGISTRY

DELIVERIES = Counter(
    "cadastre_push_deliveries",
    "Registrations and removals of devices that were sent to the push service, by outcome: confirmed, failed (sent"
    " again later) or refused (given up).",
    ["action", "outcome"],
    registry=REGISTRY,
)
WAITING = Gauge(
    "cadastre_push_waiting",
    "Registrations and removals of devices that the push service has not confirmed yet.",
    registry=REGISTRY,
    multiprocess_mode="mostrecent",
)
