"""What races share: a shop with connections for many, and calls that start at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import attrs

from kasa.adapters.conformance.strategies_payments import PAID_AT
from kasa.adapters.memory.outside import StoppedClock
from kasa.adapters.postgres.database import repeated
from kasa.application.ports.work import StoreBusy
from kasa.domain.kernel.errors import KasaError
from tests.integration.conftest import Database
from tests.unit.payments.desk import Desk

THREADS = 8


def wide_desk(database: Database) -> Desk:
    """Return an open shop over PostgreSQL with connections for many."""
    clock = StoppedClock(PAID_AT)
    wide = database.open(threads=THREADS)
    ports = attrs.evolve(database.ports(), unit_of_work=wide.unit_of_work, clock=clock)
    return Desk.open(ports, clock)


def _end(call: Callable[[], object]) -> object:
    while True:
        try:
            return repeated(call)
        except StoreBusy:
            continue
        except KasaError as refusal:
            return refusal


def at_once(*calls: Callable[[], object]) -> list[object]:
    """Return what each call gave, or its refusal, all of them started together."""
    with ThreadPoolExecutor(THREADS) as threads:
        return list(threads.map(_end, calls))
