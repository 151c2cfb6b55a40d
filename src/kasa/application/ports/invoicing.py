"""Where invoices, customers, numbers, credit notes, credit and rates are kept."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

import attrs

from kasa.domain.invoicing.balance import CreditEntry, CustomerCredit, Entry
from kasa.domain.invoicing.copy import DocumentCopy
from kasa.domain.invoicing.credit_note import CreditNote
from kasa.domain.invoicing.customer import Customer
from kasa.domain.invoicing.invoice import Invoice, InvoiceState
from kasa.domain.invoicing.numbering import InvoiceNumber, Series
from kasa.domain.kernel.ids import CreditNoteId, CustomerId, InvoiceId
from kasa.domain.kernel.moments import business_date
from kasa.domain.kernel.money import Currency, ExchangeRate, Money
from kasa.domain.kernel.paging import PAGE_DEFAULT, Cursor, Page

CANDIDATES_LIMIT = 20


class InvoiceTab(StrEnum):
    """How lists are cut; overdue and partly paid are derived from open."""

    DRAFT = "draft"
    OPEN = "open"
    OVERDUE = "overdue"
    PARTLY_PAID = "partly_paid"
    PAID = "paid"
    UNCOLLECTIBLE = "uncollectible"
    VOID = "void"


@attrs.frozen(kw_only=True)
class InvoiceFilter:
    """Which invoices a list shows; ``until`` is not included.

    ``today`` decides what is overdue; without it the shop's day at the moment ``now`` does.
    ``since`` and ``until`` are issue dates; ``number`` is the beginning of a number;
    ``updated_from`` is the moment since which something of the invoice changed.
    """

    today: date | None = None
    now: datetime | None = None
    tab: InvoiceTab | None = None
    customer: CustomerId | None = None
    currency: Currency | None = None
    since: date | None = None
    until: date | None = None
    number: str = ""
    external_ref: str | None = None
    updated_from: datetime | None = None

    def day(self, zone: str) -> date:
        """Return the day that decides what is overdue, for a shop in a time zone."""
        if self.today is not None:
            return self.today
        assert self.now is not None, "a list is of a day or of a moment"
        return business_date(self.now, zone)


@attrs.frozen(kw_only=True)
class InvoiceRow:
    """One invoice in a list."""

    id: InvoiceId
    state: InvoiceState
    number: str | None
    customer: CustomerId | None
    customer_name: str
    gross: Money
    due: Money
    issue_date: date | None
    due_date: date | None
    overdue: bool
    under_review: bool
    created_at: datetime
    updated_at: datetime
    external_ref: str | None = None


@attrs.frozen(kw_only=True)
class InvoiceView:
    """An invoice with its entries, credit notes, customer, and copies, oldest first."""

    invoice: Invoice
    entries: tuple[Entry, ...]
    notes: tuple[CreditNote, ...]
    customer: Customer | None
    copies: tuple[DocumentCopy, ...] = ()


@attrs.frozen(kw_only=True)
class SeriesRow:
    """A series in one year: the next count, and the day of its newest document, if it has any."""

    series: Series
    next: int
    last_issued_on: date | None = None

    @property
    def locked(self) -> bool:
        """Whether its start and its template are fixed, because it has documents."""
        return self.last_issued_on is not None


class InvoiceStore(Protocol):
    """Invoices of one tenant, to change."""

    def add(self, invoice: Invoice) -> None:
        """Store a new draft, or raise ``invoice.too_many_drafts`` when there are 1,000."""

    def lock(self, id: InvoiceId) -> Invoice:
        """Return the invoice, locked until the unit of work ends, or raise NotFound."""

    def get(self, id: InvoiceId) -> Invoice:
        """Return the invoice without a lock, or raise NotFound."""

    def save(self, invoice: Invoice, entries: Sequence[Entry] = ()) -> None:
        """Store an invoice that was locked in the same unit of work, and append its entries.

        The customer's credit moves with the entries that grant or use it, in one statement. A
        frozen invoice keeps what it said.
        """

    def discard(self, id: InvoiceId) -> None:
        """Remove a draft that was locked in the same unit of work."""

    def entries(self, id: InvoiceId) -> tuple[Entry, ...]:
        """Return the entries of an invoice in order; exact while it is locked."""

    def add_copy(self, copy: DocumentCopy) -> None:
        """Note a stored copy of an issued invoice."""

    def by_number(self, number: str) -> Invoice | None:
        """Return the invoice with this number, without a lock, or None."""

    def candidates(
        self,
        *,
        amounts: Sequence[Money] = (),
        numbers: Sequence[str] = (),
        customer: CustomerId | None = None,
        limit: int = CANDIDATES_LIMIT,
    ) -> tuple[Invoice, ...]:
        """Return issued invoices with something due that fit one of the wishes, without a lock.

        An amount fits what is due, or the riel that settle it; a number fits exactly; a customer
        fits every invoice of theirs. Those named by number come first, then the oldest by issue;
        no wish at all fits every one.
        """


class CustomerStore(Protocol):
    """Customers of one tenant, to change."""

    def add(self, customer: Customer) -> None:
        """Store a new customer, or raise ``customer.phone_taken`` or ``external_ref.taken``."""

    def lock(self, id: CustomerId) -> Customer:
        """Return the customer, locked until the unit of work ends, or raise NotFound."""

    def get(self, id: CustomerId) -> Customer:
        """Return the customer without a lock, or raise NotFound."""

    def save(self, customer: Customer) -> None:
        """Store a customer that was locked in the same unit of work; refusals as ``add``."""


class SeriesStore(Protocol):
    """The counters of document numbers."""

    def next(self, name: str, *, on: date) -> InvoiceNumber:
        """Take the next number of a series in the year of a day; the last lock of a unit of work.

        A rollback gives it back. Raise ``series.clock_behind`` when a document of that series
        and year has a later day.
        """

    def set(self, series: Series) -> None:
        """Store how a series starts in a year, or raise ``series.in_use`` once it has numbers."""

    def names(self) -> tuple[str, ...]:
        """Return the names of the series that were set or used, sorted."""


class CreditStore(Protocol):
    """Credit notes, and what customers have to their credit."""

    def add(self, note: CreditNote) -> None:
        """Store a new credit note; its invoice was locked in the same unit of work."""

    def of_invoice(self, id: InvoiceId) -> tuple[CreditNote, ...]:
        """Return the credit notes of an invoice in order; exact while it is locked."""

    def lock(self, customer: CustomerId, currency: Currency) -> CustomerCredit:
        """Return a customer's credit, locked when it was ever used; else an empty one."""

    def append(self, entry: CreditEntry) -> CustomerCredit:
        """Append a change of credit that no invoice explains, and return what is left."""


class RateStore(Protocol):
    """Exchange rates that the shop entered."""

    def set(self, rate: ExchangeRate) -> None:
        """Store a rate; one of the same pair, source and day is replaced."""

    def on(self, base: Currency, quote: Currency, *, source: str, day: date) -> ExchangeRate | None:
        """Return the newest rate of a source not later than a day, or None."""


class InvoiceViews(Protocol):
    """Reads of invoices."""

    def show(self, id: InvoiceId) -> InvoiceView:
        """Return an invoice with what belongs to it, or raise NotFound."""

    def by_number(self, number: str) -> InvoiceView:
        """Return the invoice with this number, or raise NotFound."""

    def page(
        self, wanted: InvoiceFilter, *, after: Cursor | None = None, limit: int = PAGE_DEFAULT
    ) -> Page[InvoiceRow]:
        """Return a page, newest first: drafts by when they were made, others by issue."""

    def counts(self, today: date) -> Mapping[InvoiceTab, int]:
        """Return how many invoices each tab has."""


class CustomerViews(Protocol):
    """Reads of customers."""

    def show(self, id: CustomerId) -> Customer:
        """Return a customer, or raise NotFound."""

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
        """Return a page by name; ``name`` is the beginning of one.

        With ``external_ref`` only who has exactly this reference, with ``updated_from`` only those
        that changed since.
        """


class CreditViews(Protocol):
    """Reads of credit notes and credit."""

    def note(self, id: CreditNoteId) -> CreditNote:
        """Return a credit note, or raise NotFound."""

    def page(
        self,
        *,
        invoice: InvoiceId | None = None,
        after: Cursor | None = None,
        limit: int = PAGE_DEFAULT,
    ) -> Page[CreditNote]:
        """Return a page of credit notes, newest first; of one invoice, or of all."""

    def of_customer(self, customer: CustomerId) -> tuple[CustomerCredit, ...]:
        """Return a customer's credit, one row per currency that was ever used."""


class SeriesViews(Protocol):
    """Reads of the counters of document numbers."""

    def listed(self) -> tuple[SeriesRow, ...]:
        """Return every series that was set or used, by name, its newest year first."""


class RateViews(Protocol):
    """Reads of exchange rates that the shop entered."""

    def page(
        self,
        *,
        base: Currency | None = None,
        quote: Currency | None = None,
        after: Cursor | None = None,
        limit: int = PAGE_DEFAULT,
    ) -> Page[ExchangeRate]:
        """Return a page of rates, the newest day first, then by currencies and source."""
