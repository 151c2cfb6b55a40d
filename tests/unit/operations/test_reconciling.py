"""Every night the totals of every shop are compared with their rows."""

from kasa.adapters.conformance.files import add as add_file
from kasa.adapters.conformance.shops import new_shop
from kasa.application.kasa import Kasa
from kasa.application.ports.bundle import Ports
from kasa.domain.subscriptions.plan import CAPACITY_PERIOD, Meter


def test_every_shop_is_compared(kasa: Kasa, ports: Ports) -> None:
    """The sweep counts what differed in all, and what it repaired differs no more."""
    shops = [new_shop(ports) for _ in range(3)]
    for shop in shops[:2]:
        add_file(ports, shop, data=b"four")
    assert 2 == kasa.sweep.calls["operations.reconcile_every"]()
    for shop, used in zip(shops, (4, 4, 0), strict=True):
        with ports.unit_of_work(shop) as work:
            assert used == work.usage.used(Meter.STORAGE, period=CAPACITY_PERIOD)
    assert 0 == kasa.sweep.calls["operations.reconcile_every"]()
