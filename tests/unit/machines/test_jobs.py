"""Jobs in memory, whatever fails in whatever order, and where the run has been."""

from collections import Counter
from datetime import timedelta
from typing import ClassVar

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from kasa.adapters.conformance.jobs_machine import FAULTS, JobsMachine
from kasa.adapters.memory.bundle import memory_ports
from kasa.adapters.memory.outside import StoppedClock
from kasa.application.ports.bundle import Ports
from kasa.application.ports.events import Reactions


class MemoryJobsMachine(JobsMachine):
    """The machine over dictionaries."""

    covered: ClassVar[Counter[str]] = Counter()

    def make_ports(self, reactions: Reactions) -> Ports:
        """Return fresh dictionaries."""
        return memory_ports(reactions=reactions)

    def pass_time(self, ports: Ports, span: timedelta) -> None:
        """Move the stopped clock."""
        assert isinstance(ports.clock, StoppedClock)
        ports.clock.pass_time(span)


def test_jobs_follow_their_rules_in_memory() -> None:
    """Everything that was committed is done once, in its turn, whatever failed on the way."""
    MemoryJobsMachine.covered.clear()
    run_state_machine_as_test(
        MemoryJobsMachine,
        settings=settings(
            max_examples=60,
            stateful_step_count=30,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert {"done", "lost", "retried", *FAULTS} <= set(MemoryJobsMachine.covered)
