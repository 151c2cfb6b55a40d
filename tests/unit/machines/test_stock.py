"""Stock in memory, against the model and the oracles, and where the run has been."""

from collections import Counter
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from kasa.adapters.conformance.inventory.counting_machine import CountingMachine
from kasa.adapters.conformance.inventory.coverage import missed
from kasa.adapters.conformance.inventory.stage import StockStage
from kasa.adapters.memory.bundle import memory_ports
from kasa.adapters.memory.outside import StoppedClock

STEPS, EXAMPLES = 40, 200


class MemoryStockMachine(CountingMachine):
    """The machine over dictionaries."""

    covered: ClassVar[Counter[str]] = Counter()

    def make_stage(self) -> StockStage:
        """Return a shop in memory."""
        clock = StoppedClock()
        return StockStage.over(
            memory_ports(clock=clock), lambda span: clock.set(clock.now() + span)
        )


@pytest.mark.A4
def test_stock_follows_its_model_in_memory() -> None:
    """Whatever happens in whatever order, levels, reservations, costs and alerts are right.

    The run must have been everywhere: a machine that stays in shallow water proves nothing.
    """
    MemoryStockMachine.covered.clear()
    run_state_machine_as_test(
        MemoryStockMachine,
        settings=settings(
            max_examples=max(EXAMPLES, settings().max_examples),
            stateful_step_count=STEPS,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert [] == missed(MemoryStockMachine.covered)
