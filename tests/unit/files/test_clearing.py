"""What is cleared away of a kasa in memory, by its sweeps."""

from datetime import UTC, datetime, timedelta

import attrs
import pytest

from kasa.adapters.conformance.shops import new_shop, with_key
from kasa.adapters.memory.bundle import memory_ports
from kasa.adapters.memory.outside import StoppedClock
from kasa.adapters.memory.storage import MemoryFileStorage
from kasa.application.kasa import Kasa
from kasa.application.ports.bundle import Ports
from kasa.application.ports.schedule import SweepFailed, Swept
from kasa.application.ports.storage import StorageKey, StorageUnavailable
from kasa.domain.identity.access import Actor
from kasa.domain.kernel.idempotency import Answered
from kasa.domain.kernel.ids import PLATFORM
from tests.unit.files.clearing import ClearingRules


class TestClearing(ClearingRules):
    """The rules in memory."""

    def make_ports(self, clock: StoppedClock) -> Ports:
        """Return fresh dictionaries."""
        return memory_ports(clock=clock)


class FullForOne(MemoryFileStorage):
    """A storage that takes nothing of one shop."""

    def __init__(self, shop: str) -> None:
        super().__init__()
        self.shop = shop

    def put(self, key: StorageKey, chunks: object) -> int:
        """Refuse what belongs to the shop."""
        if key.startswith(self.shop):
            raise StorageUnavailable
        return super().put(key, chunks)  # type: ignore[arg-type]  # handed on


@pytest.mark.G8
def test_answers_stay_two_days() -> None:
    """Of every shop and of the platform; a failing worker that comes back days later does it."""
    ports = memory_ports(clock=StoppedClock(datetime.now(UTC)))
    actor = with_key(new_shop(ports), "a key")
    with ports.unit_of_work(actor) as work:
        work.answer("said")
    with ports.unit_of_work(with_key(Actor.system(PLATFORM), "another")) as work:
        work.answer("said")
    kasa = Kasa.over(ports)
    assert isinstance(ports.clock, StoppedClock)
    ports.clock.pass_time(timedelta(hours=47))
    assert Swept(0) == kasa.sweep("operations.forget_answers")
    with pytest.raises(Answered), ports.unit_of_work(actor):
        raise AssertionError("the answer is there")
    ports.clock.pass_time(timedelta(days=30))
    assert Swept(2) == kasa.sweep("operations.forget_answers")
    assert Swept(0) == kasa.sweep("operations.forget_answers")


@pytest.mark.G8
def test_one_shop_that_fails_does_not_stop_the_others() -> None:
    """The events of the other shop are archived, the failure has its code, and it ends later."""
    clock = StoppedClock(datetime(2010, 1, 15, 3, 0, tzinfo=UTC))
    ports = memory_ports(clock=clock)
    first, second = new_shop(ports), new_shop(ports)
    clock.set(datetime(2024, 6, 1, tzinfo=UTC))
    full = attrs.evolve(ports, storage=FullForOne(str(first.tenant)))
    outcome = Kasa.over(full).sweep("operations.archive_events")
    assert isinstance(outcome, SweepFailed)
    assert "storage.unavailable" == outcome.code
    for owner, parts in ((first, 0), (second, 1)):
        with ports.unit_of_work.read_only(owner) as view:
            assert parts == len(view.archive.parts())
    assert Swept(1) == Kasa.over(ports).sweep("operations.archive_events")
