"""Payments live in any order over PostgreSQL, and the books stay right."""

import attrs
import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from kasa.adapters.conformance.strategies_payments import PAID_AT
from kasa.adapters.memory.outside import StoppedClock
from tests.integration.conftest import Database
from tests.unit.machines.payment_life import PaymentLife
from tests.unit.payments.desk import Desk

pytestmark = [pytest.mark.integration, pytest.mark.deep, pytest.mark.A1]

STEPS, EXAMPLES = 14, 8


@pytest.mark.direct
def test_no_order_of_acts_breaks_the_stored_books(database: Database) -> None:
    """What holds over dictionaries holds over tables, in a shop of its own each time."""
    opened = database.ports()

    class PaymentLifeOverPostgres(PaymentLife):
        """Over tables."""

        def open_desk(self) -> Desk:
            """Return a new shop of the one database."""
            clock = StoppedClock(PAID_AT)
            return Desk.open(attrs.evolve(opened, clock=clock), clock)

    run_state_machine_as_test(
        PaymentLifeOverPostgres,
        settings=settings(
            max_examples=EXAMPLES, stateful_step_count=STEPS, derandomize=True, deadline=None
        ),
    )
