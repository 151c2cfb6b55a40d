"""Figures for Prometheus: templates of routes, no values, few series."""

from prometheus_client import generate_latest

from kasa.domain.kernel.errors import Unavailable
from kasa.entrypoints.metrics import Metrics


def test_requests_are_counted_by_route_and_class() -> None:
    """A path that no route took is nobody's label: callers would fill the memory with it."""
    metrics = Metrics()
    metrics.answered("GET /api/v1/invoices/{invoice_id}", 200, 0.01)
    metrics.answered("GET /api/v1/invoices/{invoice_id}", 404, 0.01)
    metrics.answered("", 404, 0.01)
    text = generate_latest(metrics.registry).decode()
    assert (
        'kasa_http_requests_total{route="GET /api/v1/invoices/{invoice_id}",status="4xx"} 1.0'
        in text
    )
    assert 'kasa_http_requests_total{route="none",status="4xx"} 1.0' in text


def test_a_part_that_cannot_be_asked_leaves_the_rest() -> None:
    """The figures of this process are told when the database is away."""

    def away() -> tuple[tuple[str, str], ...]:
        raise Unavailable

    assert b"kasa_http_seconds_count 0.0" in generate_latest(Metrics(away).registry)


def test_parts_are_told_as_numbers() -> None:
    """An alarm compares a number: 0 is well."""
    metrics = Metrics(lambda: (("worker", "ok"), ("backup", "warn")))
    text = generate_latest(metrics.registry).decode()
    assert 'kasa_part_state{part="worker"} 0.0' in text
    assert 'kasa_part_state{part="backup"} 1.0' in text
