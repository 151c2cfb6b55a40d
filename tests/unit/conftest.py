"""A kasa in dictionaries, with a stopped clock, counted identifiers and one open shop."""

import attrs
import pytest

from kasa.adapters.memory.bundle import memory_ports
from kasa.adapters.memory.outside import StoppedClock
from kasa.application.kasa import Kasa
from kasa.application.ports.bundle import Ports
from kasa.domain.identity.access import Actor, PlatformActor, Role
from kasa.domain.kernel.ids import TenantId, UserId
from kasa.domain.kernel.text import name
from kasa.domain.tenancy.tenant import Tenant, TenantProfile


@attrs.frozen(kw_only=True)
class Shop:
    """An open shop, and the people who work in it."""

    tenant: Tenant
    owner: Actor
    clerk: Actor
    viewer: Actor

    @property
    def id(self) -> TenantId:
        """The shop's identifier."""
        return self.tenant.id


@pytest.fixture
def clock() -> StoppedClock:
    """Return a clock that moves only when told to."""
    return StoppedClock()


@pytest.fixture
def ports(clock: StoppedClock) -> Ports:
    """Return every port in memory."""
    return memory_ports(clock=clock)


@pytest.fixture
def kasa(ports: Ports) -> Kasa:
    """Return a whole kasa in memory."""
    return Kasa.over(ports)


@pytest.fixture
def shop(kasa: Kasa, ports: Ports) -> Shop:
    """Return an open Cambodian shop that counts in riel."""
    tenant = kasa.tenancy.open(PlatformActor(), TenantProfile(name=name("Sokha Textiles")))

    def person(role: Role) -> Actor:
        return Actor.member(tenant.id, UserId(ports.ids.new(ports.clock.now())), role)

    return Shop(
        tenant=tenant,
        owner=person(Role.OWNER),
        clerk=person(Role.USER),
        viewer=person(Role.VIEWER),
    )
