"""Metrics of the events that are sent to brokers."""

from prometheus_client import Counter, Gauge

from app.metrics.registry import REGISTRY

SENT = Counter(
    "cadastre_events_sent",
    "Events that a broker has confirmed, by kind: change or published.",
    ["kind"],
    registry=REGISTRY,
)
OUTAGES = Counter(
    "cadastre_events_outages", "How often sending events failed and began anew after a pause.", registry=REGISTRY
)
PARKED = Gauge(
    "cadastre_events_parked",
    "Events that brokers refuse, and those that wait behind them (`cadastre events parked`).",
    registry=REGISTRY,
    multiprocess_mode="mostrecent",
)
DELAY = Gauge(
    "cadastre_events_delay_seconds",
    "How long ago the last change that was sent was made; 0 when all are sent.",
    registry=REGISTRY,
    multiprocess_mode="mostrecent",
)
