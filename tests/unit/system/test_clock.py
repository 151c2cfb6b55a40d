"""The machine's own clock, identifiers and secrets pass the shipped suite."""

import attrs

from kasa.adapters.conformance.system import SystemConformance
from kasa.adapters.memory.bundle import memory_ports
from kasa.adapters.system.clock import RandomIds, RandomSecrets, SystemClock
from kasa.application.ports.bundle import Ports


class TestTheMachine(SystemConformance):
    """The suite over the adapters of the machine."""

    def make_ports(self) -> Ports:
        """Return memory ports with the machine's own parts."""
        return attrs.evolve(
            memory_ports(), clock=SystemClock(), ids=RandomIds(), secrets=RandomSecrets()
        )
