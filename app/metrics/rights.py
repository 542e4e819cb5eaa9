"""Metrics of the connections on which processes hear of changed rights."""

from prometheus_client import Gauge

from app.metrics.registry import REGISTRY

LISTENING = Gauge(
    "cadastre_rights_listening",
    "Processes that hear at once when rights change; the others cache callers for 5 seconds.",
    registry=REGISTRY,
    multiprocess_mode="livesum",
)
