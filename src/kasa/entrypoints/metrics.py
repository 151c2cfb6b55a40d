"""Figures of one process for Prometheus, on a port that only this machine reaches."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from time import monotonic
from typing import Any

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    Summary,
    start_http_server,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from kasa.domain.kernel.errors import KasaError

STATES = {"ok": 0.0, "warn": 1.0, "fail": 2.0}
FRESH_SECONDS = 15
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
UNROUTED = "none"
"""The route of a request that no route took: its path is the caller's own word."""

Parts = Callable[[], Iterable[tuple[str, str]]]


class Metrics:
    """What one process counts; ``parts`` says how each part of the installation is."""

    def __init__(self, parts: Parts = tuple) -> None:
        self.registry = CollectorRegistry(auto_describe=True)
        self._requests = Counter(
            "kasa_http_requests",
            "Requests that were answered, by route and class of status.",
            ("route", "status"),
            registry=self.registry,
        )
        self._routes = Summary(
            "kasa_http_route_seconds", "Seconds by route.", ("route",), registry=self.registry
        )
        self._seconds = Histogram(
            "kasa_http_seconds", "Seconds of all requests.", registry=self.registry, buckets=SECONDS
        )
        self._throttled = Counter(
            "kasa_http_throttled", "Requests refused as too many.", registry=self.registry
        )
        self._rates_open = Counter(
            "kasa_rates_open",
            "Calls let through uncounted, as rates could not be counted.",
            registry=self.registry,
        )
        self._lag = Histogram(
            "loop_lag_seconds",
            "How late the event loop was.",
            registry=self.registry,
            buckets=(0.001, 0.004, 0.01, 0.025, 0.05, 0.1, 0.5, 1),
        )
        self.registry.register(_PartStates(parts))

    def answered(self, route: str, status: int, seconds: float) -> None:
        """Count an answer; ``route`` is a template, or empty when no route took the request."""
        told = route or UNROUTED
        self._requests.labels(told, f"{status // 100}xx").inc()
        self._routes.labels(told).observe(seconds)
        self._seconds.observe(seconds)
        if status == 429:
            self._throttled.inc()

    def rate_left_open(self) -> None:
        """Count a call that went through although its rate could not be counted."""
        self._rates_open.inc()

    def lagged(self, seconds: float) -> None:
        """Note how late the event loop was."""
        self._lag.observe(seconds)

    def serve(self, host: str, port: int) -> Callable[[], None]:
        """Answer Prometheus on a thread of its own, and return what ends that."""
        server, thread = start_http_server(port, host, self.registry)

        def stop() -> None:
            server.shutdown()
            server.server_close()
            thread.join()

        return stop


class _PartStates(Collector):
    """Asks for the state of each part when it is looked at, and at most every 15 s."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._seen: tuple[tuple[str, str], ...] = ()
        self._asked_at: float | None = None

    def describe(self) -> Iterator[Any]:
        """Return nothing: the parts are known only when they are asked."""
        return iter(())

    def collect(self) -> Iterator[Any]:
        """Yield one gauge with a value for each part: 0 well, 1 limited, 2 failed."""
        if self._asked_at is None or monotonic() - self._asked_at > FRESH_SECONDS:
            with suppress(KasaError):
                self._seen = tuple(self._parts())
            self._asked_at = monotonic()
        gauge = GaugeMetricFamily(
            "kasa_part_state", "How a part is: 0 well, 1 limited, 2 failed.", labels=("part",)
        )
        for part, state in self._seen:
            gauge.add_metric([part], STATES[state])
        yield gauge
