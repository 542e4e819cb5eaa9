"""Metrics of webhooks."""

from prometheus_client import Counter, Gauge

from app.metrics.registry import REGISTRY

DELIVERIES = Counter(
    "cadastre_webhook_deliveries",
    "Attempts to send an event to a webhook, by outcome: delivered, failed (sent again later) or withheld (the client"
    " does not see it any more).",
    ["outcome"],
    registry=REGISTRY,
)
DISABLED = Counter(
    "cadastre_webhook_disabled",
    "Webhooks that the program has disabled, by reason: failing (a delivery failed for days) or gone (HTTP status"
    " 410).",
    ["reason"],
    registry=REGISTRY,
)
WAITING = Gauge(
    "cadastre_webhook_waiting",
    "Events that wait to be sent to webhooks that are enabled.",
    registry=REGISTRY,
    multiprocess_mode="mostrecent",
)
DELAY = Gauge(
    "cadastre_webhook_delay_seconds",
    "How long the oldest of these events waits; 0 when there is none.",
    registry=REGISTRY,
    multiprocess_mode="mostrecent",
)
