"""Invoices with their lines and entries."""

from collections.abc import Sequence

from kasa.adapters.postgres.connection import Row, TenantConnection
from kasa.adapters.postgres.invoicing import statements
from kasa.adapters.postgres.invoicing.values import (
    changes_of,
    entries_of,
    entry_of,
    header_of,
    invoice_of,
    lines_of,
    moved_of,
)
from kasa.adapters.postgres.rows import text_of
from kasa.application.ports.invoicing import CANDIDATES_LIMIT
from kasa.application.ports.work import LockRank
from kasa.domain.invoicing.balance import Entry
from kasa.domain.invoicing.copy import DocumentCopy
from kasa.domain.invoicing.invoice import DRAFTS_LIMIT, Invoice, TooManyDrafts
from kasa.domain.kernel.foreign import ExternalRefTaken
from kasa.domain.kernel.ids import CustomerId, InvoiceId
from kasa.domain.kernel.money import KHR, Money


class PostgresInvoices:
    """Invoices of one unit of work."""

    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows
        self._drafts: set[InvoiceId] = set()
        self._refs: dict[InvoiceId, str | None] = {}

    def add(self, invoice: Invoice) -> None:
        """Store a new draft; raise ``invoice.too_many_drafts`` or ``external_ref.taken``."""
        self._require_free(invoice)
        self._rows.added(LockRank.INVOICES, invoice.id)
        added = self._rows.scalar(
            statements.ADD,
            drafts=DRAFTS_LIMIT,
            lines=lines_of(invoice),
            **header_of(invoice, revision=invoice.version),
        )
        if not added:
            raise TooManyDrafts(limit=DRAFTS_LIMIT)
        self._drafts.add(invoice.id)
        self._refs[invoice.id] = invoice.external_ref

    def lock(self, id: InvoiceId) -> Invoice:
        """Return the invoice, locked until the unit of work ends, or raise NotFound.

        A statement that waited for the lock joins lines of its older snapshot, so lines of
        another revision are read again.
        """
        self._rows.claim(LockRank.INVOICES, id)
        row = self._rows.get(statements.LOCK, id=id)
        items = row["items"] or ()
        if items and row["lines_revision"] != row["revision"]:
            items = [line["item"] for line in self._rows.all(statements.LINES, id=id)]
        if row["number"] is None:
            self._drafts.add(id)
        self._refs[id] = row["external_ref"]
        return invoice_of(row, items)

    def get(self, id: InvoiceId) -> Invoice:
        """Return the invoice without a lock, or raise NotFound."""
        return _whole(self._rows.get(statements.GET, id=id))

    def save(self, invoice: Invoice, entries: Sequence[Entry] = ()) -> None:
        """Store a locked invoice, its entries and the credit that they move, in one statement."""
        self._rows.require_claim(LockRank.INVOICES, invoice.id)
        if self._refs.get(invoice.id) != invoice.external_ref:
            self._require_free(invoice)
        if invoice.customer is not None and any(entry.on_credit for entry in entries):
            self._rows.claim(LockRank.CREDIT, (invoice.customer, invoice.currency.code))
        booked = {
            "id": invoice.id,
            "customer_id": invoice.customer,
            "entries": entries_of(entries),
            "changes": changes_of(invoice, entries),
        }
        if invoice.id in self._drafts:
            saved = self._rows.scalar(
                statements.SAVE_WHOLE,
                lines=lines_of(invoice),
                line_count=len(invoice.lines),
                **{**booked, **header_of(invoice, revision=invoice.version)},
            )
        else:
            saved = self._rows.scalar(statements.SAVE_MOVED, **booked, **moved_of(invoice))
        if saved != 1:
            raise RuntimeError("an invoice is saved with a higher version than it had")
        if invoice.number is not None:
            self._drafts.discard(invoice.id)

    def discard(self, id: InvoiceId) -> None:
        """Remove a draft that was locked in the same unit of work."""
        self._rows.require_claim(LockRank.INVOICES, id)
        self._rows.write(statements.CUT_LINES, id=id)
        if self._rows.write(statements.DISCARD, id=id) != 1:
            raise RuntimeError("only a draft is discarded")

    def entries(self, id: InvoiceId) -> tuple[Entry, ...]:
        """Return the entries of an invoice in order; exact while it is locked."""
        return tuple(entry_of(row) for row in self._rows.all(statements.ENTRIES, id=id))

    def add_copy(self, copy: DocumentCopy) -> None:
        """Note a stored copy of an issued invoice."""
        self._rows.write(
            statements.ADD_COPY,
            invoice=copy.invoice,
            file=copy.file,
            mark=copy.mark,
            digest=copy.digest,
            at=copy.at,
            copy=text_of(copy),
        )

    def by_number(self, number: str) -> Invoice | None:
        """Return the invoice with this number, without a lock, or None."""
        row = self._rows.first(statements.BY_NUMBER, number=number)
        return None if row is None else _whole(row)

    def candidates(
        self,
        *,
        amounts: Sequence[Money] = (),
        numbers: Sequence[str] = (),
        customer: CustomerId | None = None,
        limit: int = CANDIDATES_LIMIT,
    ) -> tuple[Invoice, ...]:
        """Return issued invoices with something due that fit one of the wishes, without a lock."""
        rows = self._rows.all(
            statements.CANDIDATES,
            every=not amounts and not numbers and customer is None,
            currencies=[amount.currency.code for amount in amounts],
            minors=[amount.minor for amount in amounts],
            riel=[amount.minor for amount in amounts if amount.currency == KHR],
            numbers=list(numbers),
            customer=customer,
            limit=limit,
        )
        return tuple(_whole(row) for row in rows)

    def _require_free(self, invoice: Invoice) -> None:
        """Name who has the reference; the unique index decides a race."""
        if invoice.external_ref is None:
            return
        holder = self._rows.scalar(
            statements.HOLDER, id=invoice.id, external_ref=invoice.external_ref
        )
        if holder is not None:
            raise ExternalRefTaken(holder=str(holder))


def _whole(row: Row) -> Invoice:
    return invoice_of(row, row["items"] or ())
