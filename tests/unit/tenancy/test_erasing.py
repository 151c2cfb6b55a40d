"""Handing out and erasing a shop of a kasa in memory."""

from datetime import datetime

from kasa.adapters.memory.bundle import memory_ports
from kasa.adapters.memory.outside import StoppedClock
from kasa.application.ports.bundle import Ports
from tests.unit.tenancy.erasing import ErasingRules


class TestErasing(ErasingRules):
    """The rules in memory."""

    def make_ports(self, at: datetime) -> Ports:
        """Return fresh dictionaries."""
        return memory_ports(clock=StoppedClock(at))

    def set_clock(self, ports: Ports, at: datetime) -> None:
        """Set the stopped clock."""
        assert isinstance(ports.clock, StoppedClock)
        ports.clock.set(at)
