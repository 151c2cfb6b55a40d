"""The tables of invoicing, and what stores and views read from them."""

from datetime import date

import attrs

from kasa.adapters.memory.tables import Readable, Table, Working
from kasa.application.ports.work import LockRank
from kasa.domain.invoicing.balance import CreditEntry, CustomerCredit, Entry
from kasa.domain.invoicing.copy import DocumentCopy
from kasa.domain.invoicing.credit_note import CreditNote
from kasa.domain.invoicing.customer import Customer
from kasa.domain.invoicing.invoice import Invoice, InvoiceState
from kasa.domain.invoicing.numbering import Series
from kasa.domain.kernel.ids import CreditNoteId, CustomerId, FileId, InvoiceId
from kasa.domain.kernel.money import ExchangeRate, Money

CreditKey = tuple[CustomerId, str]
RateKey = tuple[str, str, str, date]
SeriesKey = tuple[str, int]


@attrs.frozen(kw_only=True)
class SeriesRow:
    """A series in a year: how it is numbered, the next count, the day of the last document."""

    series: Series
    next: int
    last_issued_on: date = date.min


INVOICES = Table[InvoiceId, Invoice]("invoices", LockRank.INVOICES)
ENTRIES = Table[tuple[InvoiceId, int], Entry]("invoice_entries")
CUSTOMERS = Table[CustomerId, Customer]("customers", LockRank.DOCUMENTS)
COPIES = Table[FileId, DocumentCopy]("invoice_copies")
NOTES = Table[CreditNoteId, CreditNote]("credit_notes")
CREDITS = Table[CreditKey, CustomerCredit]("customer_credits", LockRank.CREDIT)
CREDIT_ENTRIES = Table[tuple[CreditKey, int], CreditEntry]("customer_credit_entries")
SERIES = Table[SeriesKey, SeriesRow]("number_series", LockRank.NUMBERS)
RATES = Table[RateKey, ExchangeRate]("exchange_rates")
PAYABLE = (InvoiceState.OPEN, InvoiceState.UNCOLLECTIBLE)


def move_credit(rows: Working, customer: CustomerId, change: Money) -> CustomerCredit:
    """Add a change to a customer's credit and return it."""
    key = (customer, change.currency.code)
    rows.claim(CREDITS, [key])
    empty = CustomerCredit(customer=customer, balance=Money.zero(change.currency))
    before = rows.read(CREDITS).get(key, empty)
    after = attrs.evolve(before, balance=before.balance + change, version=before.version + 1)
    rows.write(CREDITS)[key] = after
    return after


def entries_of(rows: Readable, id: InvoiceId) -> tuple[Entry, ...]:
    """Return the entries of an invoice in order."""
    found = [entry for (invoice, _), entry in rows.read(ENTRIES).items() if invoice == id]
    return tuple(sorted(found, key=lambda entry: entry.no))


def notes_of(rows: Readable, id: InvoiceId) -> tuple[CreditNote, ...]:
    """Return the credit notes of an invoice in order."""
    return tuple(note for note in rows.read(NOTES).values() if note.invoice == id)


def numbered(rows: Readable, number: str) -> Invoice | None:
    """Return the invoice with a number, or None."""
    for invoice in rows.read(INVOICES).values():
        if invoice.number is not None and invoice.number.text == number:
            return invoice
    return None
