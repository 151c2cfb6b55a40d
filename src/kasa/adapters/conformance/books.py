"""What totals must be: what their rows add up to, and told when they are not."""

from collections.abc import Callable
from decimal import Decimal

import attrs

from kasa.adapters.conformance.files import add as add_file
from kasa.adapters.conformance.shops import new_shop
from kasa.application.files.storing import NewFile
from kasa.application.inventory.products import ProductFields
from kasa.application.kasa import Kasa
from kasa.application.payments.deciding import Cash
from kasa.application.ports.books import Difference, Total
from kasa.application.ports.bundle import Ports
from kasa.application.ports.work import UnitOfWork
from kasa.domain.files.file import FileKind
from kasa.domain.identity.access import Actor
from kasa.domain.inventory.product import Product
from kasa.domain.invoicing.content import WantedInvoice
from kasa.domain.invoicing.credit_note import CreditReason, WantedNote
from kasa.domain.invoicing.customer import CustomerDetails
from kasa.domain.invoicing.invoice import Invoice
from kasa.domain.invoicing.line_item import WantedLine
from kasa.domain.invoicing.numbering import Series
from kasa.domain.kernel.events import BooksDiffered, Event, OperatorAlert
from kasa.domain.kernel.ids import LocationId
from kasa.domain.kernel.moments import business_date
from kasa.domain.kernel.money import KHR, Money
from kasa.domain.kernel.text import name
from kasa.domain.subscriptions.events import UsageCorrected
from kasa.domain.subscriptions.plan import CAPACITY_PERIOD, Meter


@attrs.frozen(kw_only=True)
class LivedIn:
    """A shop with something of everything that is summed up."""

    ports: Ports
    owner: Actor
    tea: Product
    invoice: Invoice

    @classmethod
    def over(cls, ports: Ports) -> "LivedIn":
        """Sell tea to a customer who pays too much, give some back, keep a logo and a receipt."""
        owner, kasa = new_shop(ports), Kasa.over(ports)
        fields = ProductFields(name="Tea", code="TEA", price=Decimal(4000), currency=KHR)
        tea = kasa.inventory.add_product(owner, fields, on_hand=10)
        buyer = kasa.invoicing.add_customer(owner, CustomerDetails(name=name("Dara")))
        line = WantedLine(product=tea.id, quantity=Decimal(2))
        invoices = []
        for _ in range(2):
            wanted = WantedInvoice(lines=(line,), customer=buyer.id)
            draft = kasa.invoicing.draft(owner, wanted)
            invoices.append(kasa.invoicing.issue(owner, draft.id))
        paid, taken_back = invoices
        kasa.payments.record(owner, Cash(invoice=paid.id, amount=Money(9000, KHR)))
        kasa.invoicing.issue_credit_note(
            owner, taken_back.id, WantedNote(reason=CreditReason.RETURN)
        )
        for kind in (FileKind.LOGO, FileKind.RECEIPT, FileKind.DOCUMENT):
            new = NewFile(kind=kind, name="a file", media_type="image/png", data=b"some bytes")
            kasa.files.store(owner, new)
        return cls(ports=ports, owner=owner, tea=tea, invoice=taken_back)

    def differences(self) -> tuple[Difference, ...]:
        """Return what differs now."""
        with self.ports.unit_of_work.read_only(self.owner) as view:
            return view.books.differences()

    def told(self) -> list[Event]:
        """Return what comparisons told, oldest first."""
        kinds = (UsageCorrected.kind, BooksDiffered.kind, OperatorAlert.kind)
        with self.ports.unit_of_work.read_only(self.owner) as view:
            return [row.event for row in reversed(view.events.trail(kinds=kinds, limit=100).items)]

    def do(self, act: Callable[[UnitOfWork], object]) -> None:
        """Act in a unit of work of the shop."""
        with self.ports.unit_of_work(self.owner) as work:
            act(work)


class BooksConformance:
    """Totals against their rows."""

    def make_ports(self) -> Ports:
        """Return the ports under test."""
        raise NotImplementedError

    def test_a_shop_that_lived_has_no_difference(self) -> None:
        """Goods, invoices, numbers, credit and use are what their rows add up to."""
        assert () == LivedIn.over(self.make_ports()).differences()

    def test_an_empty_shop_has_no_difference(self) -> None:
        """Nothing counted and nothing stored is no difference."""
        ports = self.make_ports()
        with ports.unit_of_work.read_only(new_shop(ports)) as view:
            assert () == view.books.differences()

    def test_a_level_that_drifted_is_told(self) -> None:
        """Each of its figures against movements, and against reservations."""
        shop = LivedIn.over(self.make_ports())

        def spoil(work: UnitOfWork) -> None:
            place = (shop.tea.sku.id, LocationId(shop.owner.tenant))
            level = work.stock.lock([place[0]], place[1]).level(place)
            spoiled = attrs.evolve(level, on_hand=level.on_hand + 3, reserved=level.reserved + 1)
            work.stock.rewrite(attrs.evolve(spoiled, value_minor=7, version=level.version + 2))

        shop.do(spoil)
        assert {
            (Total.STOCK_ON_HAND, 3),
            (Total.STOCK_RESERVED, 1),
            (Total.STOCK_HELD, 1),
            (Total.STOCK_VALUE, 7),
            (Total.STOCK_MOVEMENTS, 2),
        } == {(row.total, row.by) for row in shop.differences()}
        assert {str(shop.tea.sku.id)} == {row.thing for row in shop.differences()}

    def test_a_due_that_no_entry_explains_is_told(self) -> None:
        """What is due, and how many entries there are."""
        shop = LivedIn.over(self.make_ports())

        def spoil(work: UnitOfWork) -> None:
            before = work.invoices.lock(shop.invoice.id)
            entries = before.entries + 1
            work.invoices.save(before.next(before.created_at, due_minor=300, entries=entries))

        shop.do(spoil)
        assert [
            (Total.INVOICE_DUE, str(shop.invoice.id), 300),
            (Total.INVOICE_ENTRIES, str(shop.invoice.id), 1),
        ] == [(row.total, row.thing, row.by) for row in shop.differences()]

    def test_a_number_that_no_document_has_is_told(self) -> None:
        """A gap in a series is seen, whichever kind of document it numbers."""
        shop = LivedIn.over(self.make_ports())
        today = business_date(shop.ports.clock.now(), "Asia/Phnom_Penh")

        def spoil(work: UnitOfWork) -> None:
            for series in (Series.INVOICE, Series.CREDIT_NOTE):
                work.series.next(series, on=today)

        shop.do(spoil)
        things = (f"CN/{today.year}", f"INV/{today.year}")
        assert [
            *((Total.NUMBERS_GIVEN, thing, 1) for thing in things),
            *((Total.NUMBERS_LAST, thing, 1) for thing in things),
        ] == [(row.total, row.thing, row.by) for row in shop.differences()]

    def test_use_that_differs_is_told_and_recounted(self) -> None:
        """Of every capacity meter, too much and too little; counting anew ends it."""
        shop = LivedIn.over(self.make_ports())
        period = CAPACITY_PERIOD

        def spoil(work: UnitOfWork) -> None:
            for meter in (Meter.PRODUCTS, Meter.STORAGE):
                work.usage.spend(meter, 5, period=period, limit=100)
            work.usage.release(Meter.CUSTOMERS, 1, period=period)
            work.usage.release(Meter.RECEIPTS, 4, period=period)

        shop.do(spoil)
        found = {row.total: (row.thing, row.stored, row.counted) for row in shop.differences()}
        assert {
            Total.USAGE_CUSTOMERS: ("customers", 0, 1),
            Total.USAGE_PRODUCTS: ("products", 6, 1),
            Total.USAGE_RECEIPTS: ("receipts", 6, 10),
            Total.USAGE_STORAGE: ("storage", 15, 10),
        } == found
        for total, (_, stored, counted) in found.items():
            assert total.meter is not None
            with shop.ports.unit_of_work(shop.owner) as work:
                assert (stored, counted) == work.usage.recount(total.meter)
        assert () == shop.differences()

    def test_use_that_was_never_counted_is_told_and_counted(self) -> None:
        """A live row without a counter is a difference too."""
        ports = self.make_ports()
        owner = new_shop(ports)
        add_file(ports, owner, data=b"four")
        with ports.unit_of_work.read_only(owner) as view:
            (row,) = view.books.differences()
        assert (Total.USAGE_STORAGE, 0, 4) == (row.total, row.stored, row.counted)
        with ports.unit_of_work(owner) as work:
            assert (0, 4) == work.usage.recount(Meter.STORAGE)
            assert (0, 0) == work.usage.recount(Meter.CUSTOMERS)
        with ports.unit_of_work.read_only(owner) as view:
            assert () == view.books.differences()

    def test_the_nightly_comparison_tells_and_repairs_use_alone(self) -> None:
        """A gap is told each night and stays; use is told once and is right again."""
        shop = LivedIn.over(self.make_ports())
        reconcile = Kasa.over(shop.ports).operations.reconcile
        today = business_date(shop.ports.clock.now(), "Asia/Phnom_Penh")

        def spoil(work: UnitOfWork) -> None:
            work.usage.spend(Meter.PRODUCTS, 5, period=CAPACITY_PERIOD, limit=100)
            work.series.next(Series.CREDIT_NOTE, on=today)

        assert () == reconcile(shop.owner).differences
        assert [] == shop.told()
        shop.do(spoil)
        found = reconcile(shop.owner).differences
        assert {Total.USAGE_PRODUCTS, Total.NUMBERS_GIVEN, Total.NUMBERS_LAST} == {
            row.total for row in found
        }
        corrected = UsageCorrected(
            subject=shop.owner.tenant, meter=Meter.PRODUCTS, before=6, after=1
        )
        gap = BooksDiffered(
            subject=shop.owner.tenant,
            total="numbers.given",
            thing=f"CN/{today.year}",
            stored=2,
            counted=1,
        )
        alert = OperatorAlert(subject=shop.owner.tenant, code="store.books_differ")
        last = attrs.evolve(gap, total="numbers.last")
        assert [corrected, gap, last, alert] == shop.told()
        assert {Total.NUMBERS_GIVEN, Total.NUMBERS_LAST} == {
            row.total for row in reconcile(shop.owner).differences
        }
        assert [corrected, gap, last, alert, gap, last, alert] == shop.told()

    def test_a_shop_is_told_of_its_own_alone(self) -> None:
        """Another shop's difference is not seen."""
        ports = self.make_ports()
        owner, stranger = new_shop(ports), new_shop(ports)
        add_file(ports, stranger)
        with ports.unit_of_work.read_only(owner) as view:
            assert () == view.books.differences()
