"""The registry: all metrics of the program, of one process or summed over several.

With several workers each counts in files of one folder (prometheus_client's multiprocess mode). The process that
answers a request for the metrics sums them. The files of a worker that has died stay, because counters must never
decrease.
"""

import multiprocessing
import os
import platform
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
from prometheus_client import CollectorRegistry, disable_created_metrics
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from app.build import VERSION

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""The environment variable of prometheus_client with the folder of the files; read when the library is imported."""

disable_created_metrics()  # type: ignore[no-untyped-call] # a series with the start time of each other series

REGISTRY = CollectorRegistry()
"""The metrics that this process counts."""


def exposed() -> CollectorRegistry:
    """Return the registry that is answered to Prometheus."""
    registry = CollectorRegistry()
    if FOLDER in os.environ:
        MultiProcessCollector(registry, os.environ[FOLDER])  # type: ignore[no-untyped-call]
    else:
        registry.register(_Own())
    registry.register(Processes())
    return registry


class _Own(Collector):
    """The metrics of this process, as part of another registry."""

    def collect(self) -> Iterator[Metric]:
        """Return the metrics."""
        yield from REGISTRY.collect()


class Processes(Collector):
    """The build, and what the program's processes use, summed. The embedded database is not included."""

    def collect(self) -> Iterator[Metric]:
        """Return the metrics."""
        parent, workers = program()
        used = [usage for process in (parent, *workers) if (usage := usage_of(process))]
        seconds = sum(seconds for seconds, _, _ in used) + (reaped_seconds(parent) if FOLDER in os.environ else 0)
        build = GaugeMetricFamily("cadastre_build_info", "The version that runs.", labels=["version", "python"])
        build.add_metric([VERSION, platform.python_version()], 1)
        yield build
        yield GaugeMetricFamily("cadastre_workers", "Processes that answer requests.", len(workers) or 1)
        yield CounterMetricFamily("process_cpu_seconds", "User and system CPU time in seconds.", value=seconds)
        yield GaugeMetricFamily(
            "process_resident_memory_bytes", "Resident memory.", sum(memory for _, memory, _ in used)
        )
        yield GaugeMetricFamily("process_open_fds", "Open file descriptors.", sum(files for _, _, files in used))
        yield GaugeMetricFamily("process_start_time_seconds", "Unix time of the start.", parent.create_time())


def program() -> tuple[psutil.Process, list[psutil.Process]]:
    """Return the first process of the program and its workers; no workers if it answers requests itself.

    Between the first process and its workers stands the one that they are forked from.
    """
    if FOLDER not in os.environ:
        return psutil.Process(), []
    above = multiprocessing.parent_process()
    parent = psutil.Process(None if above is None else above.pid)
    counting = {int(file.stem.rsplit("_", 1)[1]) for file in Path(os.environ[FOLDER]).glob("*.db")}
    return parent, [each for child in parent.children() for each in children_of(child) if each.pid in counting]


def children_of(process: psutil.Process) -> list[psutil.Process]:
    """Return the children of a process; none when it has ended."""
    with suppress(psutil.Error):
        return process.children()
    return []


def usage_of(process: psutil.Process) -> tuple[float, int, int] | None:
    """Return the CPU seconds, the memory in bytes and the open files of a process; None when it has ended."""
    with suppress(psutil.Error), process.oneshot():
        times = process.cpu_times()
        return times.user + times.system, process.memory_info().rss, process.num_fds()
    return None


def reaped_seconds(parent: psutil.Process) -> float:
    """Return the CPU seconds of workers that have ended, so that the sum never decreases."""
    return sum(reaped_by(process) for process in (parent, *children_of(parent)))


def reaped_by(process: psutil.Process) -> float:
    """Return the CPU seconds of the children of a process that have ended."""
    with suppress(psutil.Error):
        times = process.cpu_times()
        return float(getattr(times, "children_user", 0) + getattr(times, "children_system", 0))
    return 0
