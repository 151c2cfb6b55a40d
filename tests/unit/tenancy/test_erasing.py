"""Handing out and erasing a shop of a kasa in memory."""

from datetime import datetime

import attrs
import pytest

from kasa.adapters.conformance.shops import new_shop
from kasa.adapters.memory.bundle import memory_ports
from kasa.adapters.memory.outside import StoppedClock
from kasa.adapters.memory.storage import MemoryFileStorage
from kasa.application.kasa import Kasa
from kasa.application.ports.bundle import Ports
from kasa.application.tenancy.erasing import ErasureIncomplete
from kasa.domain.kernel.ids import TenantId
from kasa.domain.tenancy.erasure import EraseReason
from tests.unit.tenancy.erasing import FIRST, OPERATOR, ErasingRules, fill, handed_out, marks


class TestErasing(ErasingRules):
    """The rules in memory."""

    def make_ports(self, at: datetime) -> Ports:
        """Return fresh dictionaries."""
        return memory_ports(clock=StoppedClock(at))

    def set_clock(self, ports: Ports, at: datetime) -> None:
        """Set the stopped clock."""
        assert isinstance(ports.clock, StoppedClock)
        ports.clock.set(at)


class Keeping(MemoryFileStorage):
    """A storage that says it removed everything, and did not."""

    def remove_all(self, tenant: TenantId) -> int:
        """Count the files and keep them."""
        return len(list(self.keys_of(tenant)))


@pytest.mark.G8
def test_what_is_left_is_told() -> None:
    """A shop of which something is still there is not told to be erased."""
    clock = StoppedClock(FIRST)
    ports = attrs.evolve(memory_ports(clock=clock), storage=Keeping())
    owner = new_shop(ports)
    fill(ports, owner)
    _, checked = handed_out(ports, owner)
    with pytest.raises(ErasureIncomplete) as left:
        Kasa.over(ports).tenancy.erase(OPERATOR, owner.tenant, checked, reason=EraseReason.MISTAKE)
    assert ("stored files: 2",) == left.value.facts["left"]
    assert [] == marks(ports, owner)
