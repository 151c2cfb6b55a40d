"""What members read of the use of their plan."""

from datetime import UTC, datetime
from decimal import Decimal

from kasa.adapters.conformance.shops import new_shop
from kasa.adapters.memory.bundle import memory_ports
from kasa.adapters.memory.outside import StoppedClock
from kasa.application.inventory.products import ProductFields
from kasa.application.kasa import Kasa
from kasa.domain.kernel.money import KHR
from kasa.domain.subscriptions.plan import Meter


def test_the_use_of_every_meter_is_told() -> None:
    """What is alive has no end; what counts in a period starts anew a month after the opening."""
    ports = memory_ports(clock=StoppedClock(datetime(2026, 11, 20, 3, tzinfo=UTC)))
    kasa, owner = Kasa.over(ports), new_shop(ports)
    fields = ProductFields(name="Soap", code="SOAP", price=Decimal(1), currency=KHR)
    kasa.inventory.add_product(owner, fields)
    found = {row.meter: row for row in kasa.subscriptions.queries.usage(owner)}
    assert list(Meter) == list(found)
    products, invoices = found[Meter.PRODUCTS], found[Meter.INVOICES]
    assert ("capacity", 1, None) == (products.kind, products.used, products.resets_at)
    assert ("period", 0) == (invoices.kind, invoices.used)
    assert datetime(2026, 12, 19, 17, tzinfo=UTC) == invoices.resets_at
