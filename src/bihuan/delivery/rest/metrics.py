"""Figures for Prometheus: how many requests, how long they took, and what waits."""

import os
import time

import prometheus_client as prometheus
from prometheus_client import multiprocess

_REQUESTS = prometheus.Counter("bihuan_api_requests", "Requests to the API", ["method", "route", "status"])
_SECONDS = prometheus.Histogram(
    "bihuan_api_request_seconds",
    "Time from the first line of our code to the last",
    ["method", "route"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)


_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def observe(*, method: str, route: str, status: int, started: float) -> None:
    """Count one answered request; `started` is a reading of `time.perf_counter`."""
    method = method if method in _METHODS else "other"
    _REQUESTS.labels(method, route, status).inc()
    _SECONDS.labels(method, route).observe(time.perf_counter() - started)


def exposition(gauges: dict[str, tuple[str, float]]) -> bytes:
    """Return all figures in the text format, with `gauges` (name → explanation, value) read just now.

    With PROMETHEUS_MULTIPROC_DIR set, the figures of all web processes are added up.
    """
    registry = prometheus.REGISTRY
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        registry = prometheus.CollectorRegistry()
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    lines = [f"# HELP {name} {what}\n# TYPE {name} gauge\n{name} {value}\n" for name, (what, value) in gauges.items()]
    return prometheus.generate_latest(registry) + "".join(lines).encode()
