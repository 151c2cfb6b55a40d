"""The life of invoices through every store in PostgreSQL."""

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from kasa.application.ports.bundle import Ports
from tests.integration.conftest import Database
from tests.unit.machines.invoice_life import InvoiceLife

pytestmark = pytest.mark.integration

STEPS, EXAMPLES = 30, 10
DEEP = {"paid", "reopened", "credited", "overpaid", "refunded", "written off", "reinstated", "void"}


@pytest.mark.direct
def test_no_path_leaves_the_table_of_states(database: Database) -> None:
    """What memory does in whatever order, PostgreSQL does too, and the deep states are met."""
    ports = database.ports()

    class InvoiceLifeInPostgres(InvoiceLife):
        """Every example has a shop of its own in the same database."""

        @staticmethod
        def make_ports() -> Ports:
            """Return the ports of this process's database."""
            return ports

    InvoiceLife.seen.clear()
    run_state_machine_as_test(
        InvoiceLifeInPostgres,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert set() == DEEP - set(InvoiceLife.seen)
