"""Invoices with their entries."""

from collections.abc import Sequence

from kasa.adapters.memory.invoicing.rows import (
    COPIES,
    ENTRIES,
    INVOICES,
    PAYABLE,
    entries_of,
    move_credit,
    numbered,
)
from kasa.adapters.memory.tables import Working
from kasa.application.ports.invoicing import CANDIDATES_LIMIT
from kasa.domain.invoicing.balance import Entry
from kasa.domain.invoicing.copy import DocumentCopy
from kasa.domain.invoicing.invoice import DRAFTS_LIMIT, Invoice, InvoiceState, TooManyDrafts
from kasa.domain.kernel.foreign import ExternalRefTaken
from kasa.domain.kernel.ids import CustomerId, InvoiceId
from kasa.domain.kernel.money import Money


class MemoryInvoices:
    """Invoices of one unit of work."""

    def __init__(self, rows: Working) -> None:
        self._rows = rows

    def add(self, invoice: Invoice) -> None:
        """Store a new draft; raise ``invoice.too_many_drafts`` or ``external_ref.taken``."""
        invoices = self._rows.read(INVOICES).values()
        if sum(one.state is InvoiceState.DRAFT for one in invoices) >= DRAFTS_LIMIT:
            raise TooManyDrafts(limit=DRAFTS_LIMIT)
        self._require_free(invoice)
        self._rows.add(INVOICES, invoice.id, invoice)

    def lock(self, id: InvoiceId) -> Invoice:
        """Return the invoice, locked until the unit of work ends, or raise NotFound."""
        return self._rows.lock(INVOICES, id)

    def get(self, id: InvoiceId) -> Invoice:
        """Return the invoice without a lock, or raise NotFound."""
        return self._rows.get(INVOICES, id)

    def save(self, invoice: Invoice, entries: Sequence[Entry] = ()) -> None:
        """Store a locked invoice, append its entries, and move the customer's credit."""
        before = self._rows.get(INVOICES, invoice.id)
        if before.number is not None and frozen_part(before) != frozen_part(invoice):
            raise RuntimeError("an issued invoice keeps what it said")
        self._require_free(invoice)
        self._rows.save(INVOICES, invoice.id, invoice)
        written = self._rows.write(ENTRIES)
        for entry in entries:
            if (invoice.id, entry.no) in written:
                raise RuntimeError("an invoice has this entry already")
            written[invoice.id, entry.no] = entry
            if entry.on_credit and invoice.customer is not None:
                change = Money(entry.on_credit, entry.amount.currency)
                move_credit(self._rows, invoice.customer, change)

    def discard(self, id: InvoiceId) -> None:
        """Remove a draft that was locked in the same unit of work."""
        if self._rows.get(INVOICES, id).state is not InvoiceState.DRAFT:
            raise RuntimeError("only a draft is discarded")
        del self._rows.write(INVOICES)[id]

    def entries(self, id: InvoiceId) -> tuple[Entry, ...]:
        """Return the entries of an invoice in order."""
        return entries_of(self._rows, id)

    def add_copy(self, copy: DocumentCopy) -> None:
        """Note a stored copy of an issued invoice."""
        self._rows.add(COPIES, copy.file, copy)

    def by_number(self, number: str) -> Invoice | None:
        """Return the invoice with this number, without a lock, or None."""
        return numbered(self._rows, number)

    def candidates(
        self,
        *,
        amounts: Sequence[Money] = (),
        numbers: Sequence[str] = (),
        customer: CustomerId | None = None,
        limit: int = CANDIDATES_LIMIT,
    ) -> tuple[Invoice, ...]:
        """Return issued invoices with something due that fit one of the wishes."""
        every = not amounts and not numbers and customer is None
        found = [
            invoice
            for invoice in self._rows.read(INVOICES).values()
            if invoice.state in PAYABLE
            and (
                every
                or invoice.due in amounts
                or invoice.riel_due in amounts
                or str(invoice.number) in numbers
                or (customer is not None and invoice.customer == customer)
            )
        ]
        found.sort(key=lambda one: (str(one.number) not in numbers, one.issued_at, one.id))
        return tuple(found[:limit])

    def _require_free(self, invoice: Invoice) -> None:
        wanted = invoice.external_ref
        for other in self._rows.read(INVOICES).values():
            if wanted is not None and other.external_ref == wanted and other.id != invoice.id:
                raise ExternalRefTaken(holder=str(other.id))


def frozen_part(invoice: Invoice) -> tuple[object, ...]:
    """Return what an issued invoice never changes."""
    return (
        invoice.content,
        invoice.totals,
        invoice.number,
        invoice.issue_date,
        invoice.due_date,
        invoice.issued_at,
        invoice.accounting,
        invoice.riel_step,
        invoice.snapshot,
    )
