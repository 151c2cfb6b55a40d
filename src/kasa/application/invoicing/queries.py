"""What members may read about invoices, customers and credit."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import ClassVar

import attrs

from kasa.application.ports.invoicing import (
    InvoiceFilter,
    InvoiceRow,
    InvoiceTab,
    InvoiceView,
    SeriesRow,
)
from kasa.application.ports.system import Clock
from kasa.application.ports.work import UnitOfWorkFactory
from kasa.domain.identity.access import Actor, Permission
from kasa.domain.invoicing.balance import CustomerCredit
from kasa.domain.invoicing.canonical import read
from kasa.domain.invoicing.credit_note import CreditNote
from kasa.domain.invoicing.customer import Customer
from kasa.domain.invoicing.document import InvoiceDocument
from kasa.domain.kernel.errors import NotFound
from kasa.domain.kernel.ids import CreditNoteId, CustomerId, InvoiceId
from kasa.domain.kernel.moments import business_date
from kasa.domain.kernel.money import Currency, ExchangeRate
from kasa.domain.kernel.paging import PAGE_DEFAULT, Cursor, Page


@attrs.frozen(kw_only=True)
class InvoicesWanted:
    """Which invoices a caller wants: the filters of ``InvoiceFilter`` as a door is asked for them.

    ``tab`` is a word of ``InvoiceTab``.
    """

    tab: str | None = None
    customer: CustomerId | None = None
    currency: Currency | None = None
    since: date | None = None
    until: date | None = None
    number: str = ""
    external_ref: str | None = None
    updated_from: datetime | None = None

    def filter(self) -> InvoiceFilter:
        """Return it as the filter that views take."""
        return InvoiceFilter(
            tab=None if self.tab is None else InvoiceTab(self.tab),
            customer=self.customer,
            currency=self.currency,
            since=self.since,
            until=self.until,
            number=self.number,
            external_ref=self.external_ref,
            updated_from=self.updated_from,
        )


@attrs.frozen(kw_only=True, eq=False)
class InvoicingQueries:
    """What members may read about invoices, customers and credit."""

    permission: ClassVar[Permission] = Permission.READ

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def invoice(self, actor: Actor, invoice_id: InvoiceId) -> InvoiceView:
        """Return an invoice with its entries, notes and customer, or raise NotFound."""
        actor.require(self.permission)
        with self.unit_of_work.read_only(actor) as view:
            return view.invoices.show(invoice_id)

    def invoice_numbered(self, actor: Actor, number: str) -> InvoiceView:
        """Return the invoice with this number, or raise NotFound."""
        actor.require(self.permission)
        with self.unit_of_work.read_only(actor) as view:
            return view.invoices.by_number(number)

    def document(self, actor: Actor, invoice_id: InvoiceId) -> InvoiceDocument:
        """Return what an issued invoice says, or raise NotFound."""
        actor.require(self.permission)
        with self.unit_of_work.read_only(actor) as view:
            snapshot = view.invoices.show(invoice_id).invoice.snapshot
        if snapshot is None:
            raise NotFound
        return read(snapshot.text, InvoiceDocument)

    def invoices(
        self,
        actor: Actor,
        wanted: InvoiceFilter | None = None,
        *,
        number: str = "",
        after: Cursor | None = None,
        limit: int = PAGE_DEFAULT,
    ) -> Page[InvoiceRow]:
        """Return a page of invoices, newest first; ``number`` is the beginning of a number."""
        actor.require(self.permission)
        now = self.clock.now()
        shown = attrs.evolve(wanted or InvoiceFilter(), today=None, now=now)
        if number:
            shown = attrs.evolve(shown, number=number)
        with self.unit_of_work.read_only(actor) as view:
            return view.invoices.page(shown, after=after, limit=limit)

    def listed(
        self,
        actor: Actor,
        wanted: InvoicesWanted,
        *,
        after: Cursor | None = None,
        limit: int = PAGE_DEFAULT,
    ) -> Page[InvoiceRow]:
        """Return a page of the invoices that a caller wants, newest first."""
        actor.require(self.permission)
        return self.invoices(actor, wanted.filter(), after=after, limit=limit)

    def counts(self, actor: Actor) -> Mapping[InvoiceTab, int]:
        """Return how many invoices each tab has."""
        actor.require(self.permission)
        now = self.clock.now()
        with self.unit_of_work.read_only(actor) as view:
            return view.invoices.counts(business_date(now, view.tenant.zone))

    def customer(self, actor: Actor, customer_id: CustomerId) -> Customer:
        """Return a customer, or raise NotFound."""
        actor.require(self.permission)
        with self.unit_of_work.read_only(actor) as view:
            return view.customers.show(customer_id)

    def customers(
        self,
        actor: Actor,
        *,
        name: str = "",
        archived: bool = False,
        external_ref: str | None = None,
        updated_from: datetime | None = None,
        after: Cursor | None = None,
        limit: int = PAGE_DEFAULT,
    ) -> Page[Customer]:
        """Return a page of customers by name."""
        actor.require(self.permission)
        with self.unit_of_work.read_only(actor) as view:
            return view.customers.page(
                name=name,
                archived=archived,
                external_ref=external_ref,
                updated_from=updated_from,
                after=after,
                limit=limit,
            )

    def credit(self, actor: Actor, customer_id: CustomerId) -> tuple[CustomerCredit, ...]:
        """Return what a customer has to their credit, per currency, or raise NotFound."""
        actor.require(self.permission)
        with self.unit_of_work.read_only(actor) as view:
            return view.credits.of_customer(view.customers.show(customer_id).id)

    def credit_note(self, actor: Actor, note_id: CreditNoteId) -> CreditNote:
        """Return a credit note, or raise NotFound."""
        actor.require(self.permission)
        with self.unit_of_work.read_only(actor) as view:
            return view.credits.note(note_id)

    def credit_notes(
        self,
        actor: Actor,
        *,
        invoice_id: InvoiceId | None = None,
        after: Cursor | None = None,
        limit: int = PAGE_DEFAULT,
    ) -> Page[CreditNote]:
        """Return a page of credit notes, newest first; of one invoice, or of all."""
        actor.require(self.permission)
        with self.unit_of_work.read_only(actor) as view:
            return view.credits.page(invoice=invoice_id, after=after, limit=limit)

    def series(self, actor: Actor) -> tuple[SeriesRow, ...]:
        """Return how documents are numbered, by series, its newest year first."""
        actor.require(self.permission)
        with self.unit_of_work.read_only(actor) as view:
            return view.series.listed()

    def rates(
        self,
        actor: Actor,
        *,
        base: Currency | None = None,
        quote: Currency | None = None,
        after: Cursor | None = None,
        limit: int = PAGE_DEFAULT,
    ) -> Page[ExchangeRate]:
        """Return a page of the rates that the shop entered, the newest day first."""
        actor.require(self.permission)
        with self.unit_of_work.read_only(actor) as view:
            return view.rates.page(base=base, quote=quote, after=after, limit=limit)
