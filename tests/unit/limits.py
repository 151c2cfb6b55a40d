"""What a plan counts and who spends it: many calls that each want one unit more."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import partial

import attrs

from kasa.adapters.conformance.shops import new_shop
from kasa.application.entitlements import usage_period_start
from kasa.application.files.storing import NewFile
from kasa.application.inventory.products import ProductFields
from kasa.application.kasa import Kasa
from kasa.application.payments.submitting import NewEvidence
from kasa.application.ports.bundle import Ports
from kasa.domain.files.file import FileKind
from kasa.domain.identity.access import Actor
from kasa.domain.invoicing.content import WantedInvoice
from kasa.domain.invoicing.customer import CustomerDetails
from kasa.domain.invoicing.line_item import WantedLine
from kasa.domain.kernel.moments import business_date
from kasa.domain.kernel.money import KHR
from kasa.domain.kernel.text import name
from kasa.domain.subscriptions.plan import CAPACITY_PERIOD, UNLIMITED, Meter

Call = Callable[[], object]
Calls = Callable[[Kasa, Actor, int], list[Call]]
DRAFTS = 10
BYTES = b"ten bytes!"


def _fields(turn: int) -> ProductFields:
    return ProductFields(name="Tea", code=f"TEA{turn}", price=Decimal(4000), currency=KHR)


def _issues(kasa: Kasa, owner: Actor, contenders: int) -> list[Call]:
    line = WantedLine(quantity=Decimal(1), text="Tea", price=Decimal(4000))
    wanted = WantedInvoice(lines=(line,))
    drafts = [kasa.invoicing.draft(owner, wanted).id for _ in range(DRAFTS)]
    return [
        partial(kasa.invoicing.issue, owner, drafts[turn % DRAFTS]) for turn in range(contenders)
    ]


def _products(kasa: Kasa, owner: Actor, contenders: int) -> list[Call]:
    return [
        partial(kasa.inventory.add_product, owner, _fields(turn), on_hand=3)
        for turn in range(contenders)
    ]


def _restored_products(kasa: Kasa, owner: Actor, contenders: int) -> list[Call]:
    added = [kasa.inventory.add_product(owner, _fields(turn)) for turn in range(DRAFTS)]
    for product in added:
        kasa.inventory.archive_product(owner, product.id)
    return [
        partial(kasa.inventory.restore_product, owner, added[turn % DRAFTS].id)
        for turn in range(contenders)
    ]


def _customers(kasa: Kasa, owner: Actor, contenders: int) -> list[Call]:
    details = [CustomerDetails(name=name(f"Dara {turn}")) for turn in range(contenders)]
    return [partial(kasa.invoicing.add_customer, owner, one) for one in details]


def _files(kasa: Kasa, owner: Actor, contenders: int) -> list[Call]:
    new = NewFile(kind=FileKind.MEDIA, name="a file", media_type="image/png", data=BYTES)
    return [partial(kasa.files.store, owner, new)] * contenders


def _receipts(kasa: Kasa, owner: Actor, contenders: int) -> list[Call]:
    return [partial(kasa.payments.submit, owner, NewEvidence(pictures=(BYTES,)))] * contenders


@attrs.frozen(kw_only=True)
class Counted:
    """A meter, how much of it one call spends, and many calls that spend it at once."""

    meter: Meter
    calls: Calls
    units: int = 1

    def prepared(self, ports: Ports, contenders: int) -> "Prepared":
        """Return a new shop in which one unit is left, and the calls that want it."""
        owner = new_shop(ports)
        calls = self.calls(Kasa.over(ports), owner, contenders)
        period = self._period(ports, owner)
        with ports.unit_of_work(owner) as work:
            used = work.usage.used(self.meter, period=period)
            spent = UNLIMITED - self.units - used
            work.usage.spend(self.meter, spent, period=period, limit=UNLIMITED)
        return Prepared(ports=ports, owner=owner, calls=calls, period=period, spent=spent)

    def _period(self, ports: Ports, owner: Actor) -> date:
        if self.meter.is_capacity:
            return CAPACITY_PERIOD
        with ports.unit_of_work.read_only(owner) as view:
            opened = business_date(view.tenant.opened_at, view.tenant.zone)
            today = business_date(ports.clock.now(), view.tenant.zone)
        return usage_period_start(opened, today)


@attrs.frozen(kw_only=True)
class Prepared:
    """A shop at one below a limit; ``spent`` is what nothing alive explains."""

    ports: Ports
    owner: Actor
    calls: list[Call]
    period: date
    spent: int


COUNTED: dict[str, Counted] = {
    "invoices": Counted(meter=Meter.INVOICES, calls=_issues),
    "products": Counted(meter=Meter.PRODUCTS, calls=_products),
    "restored products": Counted(meter=Meter.PRODUCTS, calls=_restored_products),
    "customers": Counted(meter=Meter.CUSTOMERS, calls=_customers),
    "storage": Counted(meter=Meter.STORAGE, calls=_files, units=len(BYTES)),
    "receipts": Counted(meter=Meter.RECEIPTS, calls=_receipts, units=len(BYTES)),
}
