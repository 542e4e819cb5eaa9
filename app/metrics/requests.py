"""Metrics of requests: HTTP requests, GraphQL requests, log-ins and errors, in the format of Prometheus.

Every label has few values, and none is a value of a request.
"""

from functools import cache

from prometheus_client import Counter, Histogram

from app.metrics.registry import REGISTRY

BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)

HTTP_REQUESTS = Counter(
    "cadastre_http_requests",
    "HTTP requests by method, path of the route and status. A path that no route has is empty.",
    ["method", "route", "status"],
    registry=REGISTRY,
)
QUERIES = Counter(
    "cadastre_queries",
    "GraphQL requests by how they ran: compiled, graphql-core, failed (the plan did, which is a bug) or refused.",
    ["way"],
    registry=REGISTRY,
)
SECONDS = Histogram(
    "cadastre_query_seconds",
    "Seconds from a GraphQL request's text to its answer, by how it ran.",
    ["way"],
    registry=REGISTRY,
    buckets=BUCKETS,
)
ERRORS = Counter(
    "cadastre_errors",
    "Errors that clients were answered, by code: those of docs/errors.md, and in lower case those of OAuth 2.",
    ["code"],
    registry=REGISTRY,
)
RETRIES = Counter(
    "cadastre_mutation_retries",
    "Mutations that ran again, because other transactions were in their way.",
    registry=REGISTRY,
)
REPLAYS = Counter(
    "cadastre_mutation_replays",
    "Mutations that had run before under the same Idempotency-Key, and were answered with the kept answer.",
    registry=REGISTRY,
)
LOGINS = Counter(
    "cadastre_logins",
    "Passwords that were checked, by outcome: succeeded, failed, or locked (the account was).",
    ["outcome"],
    registry=REGISTRY,
)
TOKENS = Counter("cadastre_tokens", "Access tokens that were issued, by OAuth 2 grant.", ["grant"], registry=REGISTRY)


@cache
def counted(way: str) -> tuple[Counter, Histogram]:
    """Return the metrics of one label; cached, because the lookup takes longer than counting."""
    return QUERIES.labels(way), SECONDS.labels(way)


@cache
def http_requests(method: str, route: str, status: int) -> Counter:
    """Return the metric of the HTTP requests with these labels."""
    return HTTP_REQUESTS.labels(method, route, status)


def record(way: str, seconds: float) -> None:
    """Count a GraphQL request."""
    number, duration = counted(way)
    number.inc()
    duration.observe(seconds)
