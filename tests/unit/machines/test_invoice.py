"""Invoices live by their table of states, in memory."""

from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from kasa.adapters.memory.bundle import memory_ports
from kasa.application.ports.bundle import Ports
from tests.unit.machines.invoice_life import InvoiceLife
from tests.unit.machines.invoice_model import DEEP

STEPS, EXAMPLES = 40, 100


class InvoiceLifeInMemory(InvoiceLife):
    """Over dictionaries."""

    @staticmethod
    def make_ports() -> Ports:
        """Return fresh dictionaries."""
        return memory_ports()


def test_no_path_leaves_the_table_of_states() -> None:
    """Whatever is done in whatever order, books and model agree, and the deep states are met."""
    InvoiceLife.seen.clear()
    run_state_machine_as_test(
        InvoiceLifeInMemory,
        settings=settings(
            max_examples=max(EXAMPLES, settings().max_examples),
            stateful_step_count=STEPS,
            derandomize=True,
        ),
    )
    assert set() == DEEP - set(InvoiceLife.seen)
