"""Metrics: counts and durations of requests by how they ran, in the format of Prometheus."""

from functools import cache

from prometheus_client import CollectorRegistry, Counter, Histogram

REGISTRY = CollectorRegistry()
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
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)


@cache
def counted(way: str) -> tuple[Counter, Histogram]:
    """Return the metrics of one label; cached, because the lookup takes longer than counting."""
    return QUERIES.labels(way), SECONDS.labels(way)


def record(way: str, seconds: float) -> None:
    """Count a request."""
    number, duration = counted(way)
    number.inc()
    duration.observe(seconds)
