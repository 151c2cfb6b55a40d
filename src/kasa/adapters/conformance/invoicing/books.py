"""A shop whose invoices are written straight into the stores: what the suites play on."""

from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import attrs

from kasa.adapters.conformance.shops import new_shop
from kasa.application.ports.bundle import Ports
from kasa.application.ports.invoicing import InvoiceFilter, InvoiceTab, InvoiceView
from kasa.application.ports.work import ReadOnly, UnitOfWork
from kasa.domain.identity.access import Actor
from kasa.domain.invoicing.accounting_currency import accounting_figures
from kasa.domain.invoicing.content import DocumentKind, InvoiceContent
from kasa.domain.invoicing.credit_note import CreditFigures, CreditNote, CreditPart, CreditReason
from kasa.domain.invoicing.customer import Customer, CustomerDetails
from kasa.domain.invoicing.invoice import Invoice
from kasa.domain.invoicing.line_item import LineItem
from kasa.domain.invoicing.numbering import Series
from kasa.domain.invoicing.snapshot import Snapshot
from kasa.domain.invoicing.tax import NO_TAX
from kasa.domain.invoicing.totals import PriceMode
from kasa.domain.kernel.ids import CreditNoteId, CustomerId, InvoiceId
from kasa.domain.kernel.money import EUR, KHR, USD, ExchangeRate, Money
from kasa.domain.kernel.text import Phone, name

DAY = date(2026, 11, 20)
RATE = ExchangeRate(base=USD, quote=KHR, rate=Decimal(4085), on=DAY, source="merchant")


@attrs.define
class Books:
    """A new shop; ``at`` moves on by a second with everything that is made."""

    ports: Ports
    owner: Actor
    at: datetime = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
    made: int = 0

    @classmethod
    def of(cls, ports: Ports) -> "Books":
        """Return the books of a new shop."""
        return cls(ports, new_shop(ports))

    @property
    def by(self) -> UUID | None:
        """Who writes."""
        return self.owner.author

    def work(self) -> AbstractContextManager[UnitOfWork]:
        """Open a unit of work of the shop."""
        return self.ports.unit_of_work(self.owner)

    def view(self) -> AbstractContextManager[ReadOnly]:
        """Open a view of the shop."""
        return self.ports.unit_of_work.read_only(self.owner)

    def count(self) -> int:
        """Return the next count, and let a second pass."""
        self.made += 1
        self.at += timedelta(seconds=1)
        return self.made

    def new_id(self) -> UUID:
        """Return a new identifier."""
        return self.ports.ids.new(self.at)

    def invoice_id(self) -> InvoiceId:
        """Return an identifier for an invoice."""
        return InvoiceId(self.new_id())

    def locked(self, invoice_id: InvoiceId) -> Invoice:
        """Return an invoice as a later unit of work locks it."""
        with self.work() as work:
            return work.invoices.lock(invoice_id)

    def shown(self, invoice_id: InvoiceId) -> InvoiceView:
        """Return an invoice as a view shows it."""
        with self.view() as view:
            return view.invoices.show(invoice_id)

    def draft(
        self, price: str = "12.50", *, customer: CustomerId | None = None, rate: bool = False
    ) -> Invoice:
        """Store a draft of one line in dollars."""
        self.count()
        line = LineItem(no=1, text="Rice", quantity=Decimal(1), price=Decimal(price), rate=NO_TAX)
        content = InvoiceContent(
            currency=USD,
            mode=PriceMode.GROSS,
            kind=DocumentKind.COMMERCIAL_INVOICE,
            customer=customer,
            lines=(line,),
            rate=RATE if rate else None,
        )
        draft = Invoice.drafted(self.invoice_id(), content, at=self.at)
        with self.work() as work:
            work.invoices.add(draft)
        return draft

    def issued(
        self, price: str = "12.50", *, customer: CustomerId | None = None, rate: bool = False
    ) -> Invoice:
        """Store an open invoice of one line in dollars, due in 14 days."""
        draft = self.draft(price, customer=customer, rate=rate)
        dated = draft.dated(DAY, terms_days=14)
        if rate:
            figures = accounting_figures(dated.totals, RATE)
            dated = attrs.evolve(dated, accounting=figures, riel_step=100)
        number = Series(name="INV", year=DAY.year).written(self.made)
        invoice = dated.issued(number, Snapshot.of("{}"), at=self.at)
        self.save(invoice)
        return invoice

    def save(self, invoice: Invoice) -> None:
        """Store another version of an invoice."""
        with self.work() as work:
            work.invoices.lock(invoice.id)
            work.invoices.save(invoice)

    def customer(self, *, phone: Phone | None = None, external_ref: str | None = None) -> Customer:
        """Store a customer."""
        details = CustomerDetails(
            name=name(f"Dara {self.count()}"), phone=phone, external_ref=external_ref
        )
        customer = Customer(
            id=CustomerId(self.new_id()), details=details, created_at=self.at, updated_at=self.at
        )
        with self.work() as work:
            work.customers.add(customer)
        return customer

    def note(self, invoice: Invoice, no: int) -> CreditNote:
        """Return a credit note of 1.00 of an invoice, not stored."""
        figures = CreditFigures(discount=0, bases=(100,), taxes=(0,), net=100, tax=0, total=100)
        return CreditNote(
            id=CreditNoteId(self.new_id()),
            invoice=invoice.id,
            number=Series(name="CN", year=DAY.year).written(no),
            issue_date=DAY,
            issued_at=self.at,
            reason=CreditReason.RETURN,
            text="torn sack",
            parts=(CreditPart(line_no=1, amount=Money(100, USD)),),
            figures=figures,
            accounting=invoice.accounting,
            snapshot=Snapshot.of(f'{{"no":{no}}}'),
        )

    def filters(
        self, made: list[Invoice], buyer: CustomerId
    ) -> list[tuple[InvoiceFilter, list[InvoiceId]]]:
        """Return filters with what they find among: of a buyer, open, draft, uncollectible."""
        bought, opened, draft, lost = (one.id for one in made)
        everything = InvoiceFilter(today=DAY)
        late = attrs.evolve(everything, today=DAY + timedelta(days=365))
        return [
            (attrs.evolve(everything, tab=InvoiceTab.DRAFT), [draft]),
            (attrs.evolve(everything, tab=InvoiceTab.OPEN), [opened, bought]),
            (attrs.evolve(late, tab=InvoiceTab.OVERDUE), [opened, bought]),
            (attrs.evolve(everything, tab=InvoiceTab.OVERDUE), []),
            (attrs.evolve(everything, tab=InvoiceTab.PARTLY_PAID), []),
            (attrs.evolve(everything, tab=InvoiceTab.UNCOLLECTIBLE), [lost]),
            (attrs.evolve(everything, customer=buyer), [bought]),
            (attrs.evolve(everything, currency=EUR), []),
            (attrs.evolve(everything, since=DAY), [lost, opened, bought]),
            (attrs.evolve(everything, until=DAY), []),
            (attrs.evolve(everything, number=str(made[0].number)), [bought]),
            (attrs.evolve(everything, number="INV-2026"), [lost, opened, bought]),
        ]
