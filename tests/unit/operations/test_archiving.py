"""Old events leave the log of a kasa in memory."""

from collections.abc import Iterator
from datetime import UTC, datetime

import attrs
import pytest

from kasa.adapters.conformance.archiving import ArchivingConformance, trail
from kasa.adapters.conformance.shops import new_shop
from kasa.adapters.memory.bundle import memory_ports
from kasa.adapters.memory.outside import StoppedClock
from kasa.adapters.memory.storage import MemoryFileStorage
from kasa.application.kasa import Kasa
from kasa.application.ports.bundle import Ports
from kasa.application.ports.storage import StorageKey, StorageUnavailable


class TestArchiving(ArchivingConformance):
    """The archive of events in memory."""

    def make_ports(self, at: datetime) -> Ports:
        """Return fresh dictionaries."""
        return memory_ports(clock=StoppedClock(at))

    def set_clock(self, ports: Ports, at: datetime) -> None:
        """Set the stopped clock."""
        assert isinstance(ports.clock, StoppedClock)
        ports.clock.set(at)


class Forgetful(MemoryFileStorage):
    """A storage that takes everything and gives back something else."""

    def get(self, key: StorageKey) -> Iterator[bytes]:
        """Yield other bytes than were stored."""
        return (bytes(byte ^ 1 for byte in chunk) for chunk in super().get(key))


@pytest.mark.G8
def test_events_stay_until_their_file_was_read_back() -> None:
    """A storage that gives back other bytes than it was given takes nothing out of the log."""
    clock = StoppedClock(datetime(2010, 1, 15, 3, 0, tzinfo=UTC))
    ports = memory_ports(clock=clock)
    owner = new_shop(ports)
    clock.set(datetime(2024, 6, 1, tzinfo=UTC))
    before = trail(ports, owner)
    broken = attrs.evolve(ports, storage=Forgetful())
    for _ in range(2):
        with pytest.raises(StorageUnavailable):
            Kasa.over(broken).operations.archive_events.shop(owner.tenant)
        assert before == trail(ports, owner)
    assert 1 == Kasa.over(ports).operations.archive_events.shop(owner.tenant)
