"""Old events leave the log of a kasa in memory."""

from datetime import datetime

from kasa.adapters.conformance.archiving import ArchivingConformance
from kasa.adapters.memory.bundle import memory_ports
from kasa.adapters.memory.outside import StoppedClock
from kasa.application.ports.bundle import Ports


class TestArchiving(ArchivingConformance):
    """The archive of events in memory."""

    def make_ports(self, at: datetime) -> Ports:
        """Return fresh dictionaries."""
        return memory_ports(clock=StoppedClock(at))

    def set_clock(self, ports: Ports, at: datetime) -> None:
        """Set the stopped clock."""
        assert isinstance(ports.clock, StoppedClock)
        ports.clock.set(at)
