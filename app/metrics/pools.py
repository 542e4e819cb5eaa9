"""Metrics of the pools of database connections, read from the pools every second.

Not at each request: that would be work for every request, and with several workers only numbers that are stored can be
summed.
"""

import asyncio
from collections.abc import Callable, Mapping

from prometheus_client import Counter, Gauge

from app.metrics.registry import REGISTRY

SAMPLE_SECONDS = 1

PopStats = Callable[[], Mapping[str, int]]
"""A pool's counts since the last call, and its present numbers, by psycopg_pool's names."""

GAUGES = {
    "pool_size": ("cadastre_pool_connections", "Database connections that are open or being opened."),
    "pool_available": ("cadastre_pool_idle", "Database connections that no request uses."),
    "requests_waiting": ("cadastre_pool_waiting", "Requests that wait for a database connection."),
}
COUNTERS = {
    "requests_num": ("cadastre_pool_requests", "Times that a database connection was asked for.", 1),
    "requests_queued": ("cadastre_pool_queued", "Times that none was idle, so that the request waited.", 1),
    "requests_wait_ms": ("cadastre_pool_wait_seconds", "Seconds that requests waited.", 0.001),
    "requests_errors": ("cadastre_pool_errors", "Requests that got none in time.", 1),
    "connections_lost": ("cadastre_pool_lost", "Database connections that broke.", 1),
}


def _gauge(name: str, text: str) -> Gauge:
    return Gauge(name, text, ["pool"], registry=REGISTRY, multiprocess_mode="livesum")


NOW = {stat: _gauge(name, text) for stat, (name, text) in GAUGES.items()}
SINCE = {
    stat: (Counter(name, text, ["pool"], registry=REGISTRY), unit) for stat, (name, text, unit) in COUNTERS.items()
}


async def sample_pools(pools: Mapping[str, PopStats]) -> None:
    """Record the numbers of pools, by their names, until cancelled."""
    while True:
        for name, pop_stats in pools.items():
            record(name, pop_stats())
        await asyncio.sleep(SAMPLE_SECONDS)


def record(pool: str, stats: Mapping[str, int]) -> None:
    """Record the numbers of a pool."""
    for stat, gauge in NOW.items():
        gauge.labels(pool).set(stats.get(stat, 0))
    for stat, (counter, unit) in SINCE.items():
        counter.labels(pool).inc(stats.get(stat, 0) * unit)
