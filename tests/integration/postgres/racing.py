"""What races share: a shop with connections for many, and calls that start at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import attrs

from kasa.adapters.conformance.strategies_payments import PAID_AT
from kasa.adapters.memory.outside import StoppedClock
from kasa.adapters.postgres.database import repeated
from kasa.application.ports.bundle import Ports
from kasa.application.ports.work import StoreBusy
from kasa.domain.kernel.errors import KasaError
from kasa.domain.kernel.idempotency import Answered
from tests.integration.conftest import Database
from tests.unit.payments.desk import Desk

THREADS = 20
"""As many as there are connections: all of them run at once."""


def wide_ports(database: Database) -> Ports:
    """Return every port, with connections for many."""
    wide = database.open(threads=THREADS)
    return attrs.evolve(database.ports(), unit_of_work=wide.unit_of_work)


def wide_desk(database: Database) -> Desk:
    """Return an open shop over PostgreSQL with connections for many."""
    clock = StoppedClock(PAID_AT)
    return Desk.open(attrs.evolve(wide_ports(database), clock=clock), clock)


def end_of(call: Callable[[], object]) -> object:
    """Return what a call gave, or its refusal; as a door does, and patient while it is busy."""
    while True:
        try:
            return repeated(call)
        except StoreBusy:
            continue
        except (KasaError, Answered) as refusal:
            return refusal


def at_once(*calls: Callable[[], object]) -> list[object]:
    """Return what each call gave, or its refusal, all of them started together."""
    with ThreadPoolExecutor(THREADS) as threads:
        return list(threads.map(end_of, calls))
