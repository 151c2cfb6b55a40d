"""Shops and counters over PostgreSQL."""

import pytest

from kasa.domain.identity.access import Actor
from kasa.domain.kernel.errors import NotFound
from kasa.domain.kernel.ids import TenantId
from kasa.domain.kernel.text import name
from kasa.domain.subscriptions.plan import CAPACITY_PERIOD, UNLIMITED, Meter
from kasa.domain.tenancy.events import TenantOpened
from kasa.domain.tenancy.tenant import Tenant, TenantProfile
from tests.integration.conftest import Database

pytestmark = pytest.mark.integration


def test_a_shop_comes_back_as_it_was_stored(database: Database) -> None:
    """What is added is read back equal, in and after its unit of work."""
    ports = database.ports()
    now = ports.clock.now()
    shop = Tenant(
        id=TenantId(ports.ids.new(now)), profile=TenantProfile(name=name("ហាង")), opened_at=now
    )
    actor = Actor.system(shop.id)
    with ports.unit_of_work(actor) as work:
        work.tenants.add(shop)
        work.events.record(TenantOpened(subject=shop.id), at=now)
        assert shop == work.tenants.lock()
    with ports.unit_of_work.read_only(actor) as view:
        assert shop == view.tenants.show()
        assert ["tenancy.tenant_opened"] == [row.event.kind for row in view.events.trail().items]


def test_a_missing_shop_is_not_found(database: Database) -> None:
    """A tenant without a row has no facts."""
    ports = database.ports()
    nobody = Actor.system(TenantId(ports.ids.new(ports.clock.now())))
    with ports.unit_of_work.read_only(nobody) as view, pytest.raises(NotFound):
        _ = view.tenant


def test_counters_stop_at_their_limit(database: Database) -> None:
    """A counter never passes its limit, also where the limit is the largest number."""
    ports = database.ports()
    actor = Actor.system(TenantId(ports.ids.new(ports.clock.now())))
    with ports.unit_of_work(actor) as work:
        asked = [
            work.usage.spend(Meter.PRODUCTS, n, period=CAPACITY_PERIOD, limit=limit)
            for n, limit in [(2, 3), (2, 3), (1, 3), (0, 3), (7, UNLIMITED), (1, 3)]
        ]
        assert [2, None, 3, 3, 10, None] == asked
        assert work.usage.release(Meter.PRODUCTS, 4, period=CAPACITY_PERIOD) == 6
        assert work.usage.release(Meter.PRODUCTS, 9, period=CAPACITY_PERIOD) == 0
