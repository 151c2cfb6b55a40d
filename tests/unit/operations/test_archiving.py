"""Old events leave the log of a kasa in memory."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from hashlib import sha256

import attrs
import pytest

from kasa.adapters.conformance.archiving import ArchivingConformance, trail
from kasa.adapters.conformance.shops import new_shop
from kasa.adapters.memory.bundle import memory_ports
from kasa.adapters.memory.outside import StoppedClock
from kasa.adapters.memory.storage import MemoryFileStorage
from kasa.application.kasa import Kasa
from kasa.application.operations import archiving
from kasa.application.ports.bundle import Ports
from kasa.application.ports.events import EventsMoved
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


class Beside(MemoryFileStorage):
    """A storage in front of which another run passes while the first one reads back."""

    meanwhile: Callable[[], object] | None = None

    def get(self, key: StorageKey) -> Iterator[bytes]:
        """Yield what was stored, after the other run."""
        other, self.meanwhile = self.meanwhile, None
        if other is not None:
            other()
        return super().get(key)


@pytest.mark.G8
def test_a_run_beside_another_spoils_nothing_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two that archive the same events with other bytes: what is written down is what lies there.

    Here the other run is of a program that writes another format.
    """
    clock, storage = StoppedClock(datetime(2010, 1, 15, 3, 0, tzinfo=UTC)), Beside()
    ports = attrs.evolve(memory_ports(clock=clock), storage=storage)
    owner, kasa = new_shop(ports), Kasa.over(ports)
    clock.set(datetime(2024, 6, 1, tzinfo=UTC))

    def other() -> None:
        with monkeypatch.context() as patched:
            patched.setattr(archiving, "FORMAT", "another")
            assert 1 == kasa.operations.archive_events.shop(owner.tenant)

    storage.meanwhile = other
    with pytest.raises(EventsMoved):
        kasa.operations.archive_events.shop(owner.tenant)
    with ports.unit_of_work.read_only(owner) as view:
        (part,) = view.archive.parts()
    for key, digest in ((part.key, part.sha256), (part.manifest_key, part.manifest_sha256)):
        stored = b"".join(storage.get(StorageKey(key)))
        assert digest == sha256(stored).hexdigest()
