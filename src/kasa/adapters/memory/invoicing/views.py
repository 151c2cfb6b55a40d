"""Reads of invoices, customers and credit."""

from collections.abc import Mapping
from datetime import date, datetime

from kasa.adapters.memory.invoicing.rows import (
    COPIES,
    CREDITS,
    CUSTOMERS,
    INVOICES,
    NOTES,
    RATES,
    SERIES,
    entries_of,
    notes_of,
    numbered,
)
from kasa.adapters.memory.tables import Readable
from kasa.adapters.memory.tenancy import tenant_row
from kasa.application.ports.invoicing import (
    InvoiceFilter,
    InvoiceRow,
    InvoiceTab,
    InvoiceView,
    SeriesRow,
)
from kasa.domain.invoicing.balance import CustomerCredit
from kasa.domain.invoicing.credit_note import CreditNote
from kasa.domain.invoicing.customer import Customer
from kasa.domain.invoicing.invoice import Invoice, InvoiceState
from kasa.domain.kernel.errors import NotFound
from kasa.domain.kernel.ids import CreditNoteId, CustomerId, InvoiceId, TenantId
from kasa.domain.kernel.money import Currency, ExchangeRate
from kasa.domain.kernel.paging import PAGE_DEFAULT, Cursor, Page
from kasa.domain.kernel.text import key


class MemoryInvoiceViews:
    """Reads of invoices."""

    def __init__(self, rows: Readable) -> None:
        self._rows = rows

    def show(self, id: InvoiceId) -> InvoiceView:
        """Return an invoice with what belongs to it, or raise NotFound."""
        invoice = self._rows.read(INVOICES).get(id)
        if invoice is None:
            raise NotFound
        return self._view(invoice)

    def by_number(self, number: str) -> InvoiceView:
        """Return the invoice with this number, or raise NotFound."""
        invoice = numbered(self._rows, number)
        if invoice is None:
            raise NotFound
        return self._view(invoice)

    def page(
        self, wanted: InvoiceFilter, *, after: Cursor | None = None, limit: int = PAGE_DEFAULT
    ) -> Page[InvoiceRow]:
        """Return a page, newest first: drafts by when they were made, others by issue."""
        today = wanted.day(tenant_row(self._rows).profile.zone)
        found = [one for one in self._rows.read(INVOICES).values() if fits(one, wanted, today)]
        found.sort(key=place, reverse=True)
        if after is not None:
            found = [one for one in found if place(one) < (after.keys[0], after.id)]
        items = found[:limit]
        more = Cursor((place(items[-1])[0],), items[-1].id) if len(found) > limit else None
        return Page(tuple(self._row(one, today) for one in items), more)

    def counts(self, today: date) -> Mapping[InvoiceTab, int]:
        """Return how many invoices each tab has."""
        invoices = self._rows.read(INVOICES).values()
        return {tab: sum(in_tab(one, tab, today) for one in invoices) for tab in InvoiceTab}

    def _view(self, invoice: Invoice) -> InvoiceView:
        customers = self._rows.read(CUSTOMERS)
        return InvoiceView(
            invoice=invoice,
            entries=entries_of(self._rows, invoice.id),
            notes=notes_of(self._rows, invoice.id),
            customer=customers.get(invoice.customer) if invoice.customer is not None else None,
            copies=tuple(
                one for one in self._rows.read(COPIES).values() if one.invoice == invoice.id
            ),
        )

    def _row(self, invoice: Invoice, today: date) -> InvoiceRow:
        customers = self._rows.read(CUSTOMERS)
        buyer = customers.get(invoice.customer) if invoice.customer is not None else None
        return InvoiceRow(
            id=invoice.id,
            state=invoice.state,
            number=invoice.number.text if invoice.number is not None else None,
            customer=invoice.customer,
            customer_name=buyer.name if buyer is not None else "",
            gross=invoice.gross,
            due=invoice.due,
            issue_date=invoice.issue_date,
            due_date=invoice.due_date,
            overdue=invoice.overdue(today),
            under_review=invoice.under_review,
            created_at=invoice.created_at,
            updated_at=invoice.updated_at,
            external_ref=invoice.external_ref,
        )


class MemoryCustomerViews:
    """Reads of customers."""

    def __init__(self, rows: Readable) -> None:
        self._rows = rows

    def show(self, id: CustomerId) -> Customer:
        """Return a customer, or raise NotFound."""
        customer = self._rows.read(CUSTOMERS).get(id)
        if customer is None:
            raise NotFound
        return customer

    def page(
        self,
        *,
        name: str = "",
        archived: bool = False,
        external_ref: str | None = None,
        updated_from: datetime | None = None,
        after: Cursor | None = None,
        limit: int = PAGE_DEFAULT,
    ) -> Page[Customer]:
        """Return a page by name; ``name`` is the beginning of one."""
        found = sorted(
            (
                one
                for one in self._rows.read(CUSTOMERS).values()
                if (one.archived_at is not None) == archived
                and one.name_key.startswith(key(name))
                and (external_ref is None or one.details.external_ref == external_ref)
                and (updated_from is None or one.updated_at >= updated_from)
            ),
            key=lambda one: (one.name_key, one.id),
        )
        if after is not None:
            found = [one for one in found if (one.name_key, one.id) > (after.keys[0], after.id)]
        items = found[:limit]
        more = Cursor((items[-1].name_key,), items[-1].id) if len(found) > limit else None
        return Page(tuple(items), more)


class MemoryCreditViews:
    """Reads of credit notes and credit."""

    def __init__(self, rows: Readable) -> None:
        self._rows = rows

    def note(self, id: CreditNoteId) -> CreditNote:
        """Return a credit note, or raise NotFound."""
        note = self._rows.read(NOTES).get(id)
        if note is None:
            raise NotFound
        return note

    def page(
        self,
        *,
        invoice: InvoiceId | None = None,
        after: Cursor | None = None,
        limit: int = PAGE_DEFAULT,
    ) -> Page[CreditNote]:
        """Return a page of credit notes, newest first; of one invoice, or of all."""
        found = sorted(
            (one for one in self._rows.read(NOTES).values() if invoice in {None, one.invoice}),
            key=lambda one: (one.issue_date, one.id),
            reverse=True,
        )
        if after is not None:
            last = (date.fromisoformat(after.keys[0]), after.id)
            found = [one for one in found if (one.issue_date, one.id) < last]
        items = tuple(found[:limit])
        more = len(found) > limit
        return Page(
            items, Cursor((items[-1].issue_date.isoformat(),), items[-1].id) if more else None
        )

    def of_customer(self, customer: CustomerId) -> tuple[CustomerCredit, ...]:
        """Return a customer's credit, one row per currency that was ever used."""
        found = [one for (owner, _), one in self._rows.read(CREDITS).items() if owner == customer]
        return tuple(sorted(found, key=lambda one: one.balance.currency.code))


class MemorySeriesViews:
    """Reads of the counters of document numbers."""

    def __init__(self, rows: Readable) -> None:
        self._rows = rows

    def listed(self) -> tuple[SeriesRow, ...]:
        """Return every series that was set or used, by name, its newest year first."""
        found = [
            SeriesRow(
                series=row.series,
                next=row.next,
                last_issued_on=None if row.last_issued_on == date.min else row.last_issued_on,
            )
            for row in self._rows.read(SERIES).values()
        ]
        return tuple(sorted(found, key=lambda row: (row.series.name, -row.series.year)))


class MemoryRateViews:
    """Reads of exchange rates that the shop entered."""

    def __init__(self, rows: Readable) -> None:
        self._rows = rows

    def page(
        self,
        *,
        base: Currency | None = None,
        quote: Currency | None = None,
        after: Cursor | None = None,
        limit: int = PAGE_DEFAULT,
    ) -> Page[ExchangeRate]:
        """Return a page of rates, the newest day first, then by currencies and source."""
        found = [
            rate
            for rate in self._rows.read(RATES).values()
            if base in {None, rate.base} and quote in {None, rate.quote}
        ]
        found.sort(key=rate_place)
        if after is not None:
            day, *rest = after.keys
            last = (-date.fromisoformat(day).toordinal(), *rest)
            found = [rate for rate in found if rate_place(rate) > last]
        items = tuple(found[:limit])
        more = rate_cursor(items[-1], self._rows.tenant) if len(found) > limit else None
        return Page(items, more)


def rate_place(rate: ExchangeRate) -> tuple[int | str, ...]:
    """Return where a rate stands in lists: newest day first, then currencies and source."""
    return (-rate.on.toordinal(), rate.base.code, rate.quote.code, rate.source)


def rate_cursor(rate: ExchangeRate, tenant: TenantId) -> Cursor:
    """Return the place behind a rate; a rate has no identifier, so its shop's stands there."""
    return Cursor((rate.on.isoformat(), rate.base.code, rate.quote.code, rate.source), tenant)


def place(invoice: Invoice) -> tuple[str, InvoiceId]:
    """Return where an invoice stands in lists: its moment and identifier."""
    return (invoice.issued_at or invoice.created_at).isoformat(), invoice.id


def fits(invoice: Invoice, wanted: InvoiceFilter, today: date) -> bool:
    """Return whether a list shows an invoice."""
    day = invoice.issue_date
    number = invoice.number.text if invoice.number is not None else ""
    return (
        (wanted.tab is None or in_tab(invoice, wanted.tab, today))
        and (wanted.customer is None or invoice.customer == wanted.customer)
        and (wanted.currency is None or invoice.currency == wanted.currency)
        and (wanted.since is None or (day is not None and day >= wanted.since))
        and (wanted.until is None or (day is not None and day < wanted.until))
        and number.startswith(wanted.number)
        and (wanted.external_ref is None or invoice.external_ref == wanted.external_ref)
        and (wanted.updated_from is None or invoice.updated_at >= wanted.updated_from)
    )


def in_tab(invoice: Invoice, tab: InvoiceTab, today: date) -> bool:
    """Return whether an invoice stands under a tab."""
    if tab is InvoiceTab.OVERDUE:
        return invoice.overdue(today)
    if tab is InvoiceTab.PARTLY_PAID:
        return invoice.state is InvoiceState.OPEN and invoice.partly_paid
    return invoice.state.value == tab.value
