"""Usage: how often each client asks each legacy URL, so that URLs which no client asks any more can be retired.

A request counts as soon as its caller is known, and refusals count too. Scanners have no token, so they do not count.
"""

from prometheus_client import Counter
from starlette.requests import Request as HttpRequest

from app.metrics.registry import REGISTRY

NAME = "cadastre_legacy_requests"
NO_CLIENT = "none"
"""The client of requests without a token, where none is required."""

REQUESTS = Counter(
    NAME, "Requests of known callers at legacy URLs, by path of the route and client.", ["route", "client"],
    registry=REGISTRY,
)  # fmt: skip


def count(http: HttpRequest, client_id: str) -> None:
    """Count a request; clients are registered, so the label has few values."""
    REQUESTS.labels(http.scope["route"].path, client_id).inc()
