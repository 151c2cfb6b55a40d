"""Invoices and credit notes as they are shown."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

import attrs

from kasa.domain.invoicing.balance import Entry
from kasa.domain.invoicing.copy import DocumentCopy
from kasa.domain.invoicing.credit_note import CreditNote
from kasa.domain.invoicing.invoice import Invoice, InvoiceState
from kasa.domain.kernel.money import Money
from kasa.entrypoints.shown.customers import CustomerShown
from kasa.entrypoints.shown.documents import ContentShown, TotalsShown
from kasa.entrypoints.shown.values import MoneyOut, RateOut, maybe, moment


@attrs.frozen(kw_only=True)
class EntryShown:
    """One fact about the money of an invoice; ``paid_in`` is the riel of a dollar invoice."""

    no: int
    kind: str
    amount: MoneyOut
    at: datetime
    by: UUID | None
    payment_id: UUID | None
    credit_note_id: UUID | None
    paid_in: MoneyOut | None

    @classmethod
    def of(cls, entry: Entry) -> "EntryShown":
        """Return an entry as it is shown."""
        return cls(
            no=entry.no,
            kind=entry.kind.value,
            amount=MoneyOut.of(entry.amount),
            at=moment(entry.at),
            by=entry.by,
            payment_id=entry.payment,
            credit_note_id=entry.note,
            paid_in=maybe(MoneyOut.of, entry.paid_in),
        )


@attrs.frozen(kw_only=True)
class CreditedPart:
    """What is credited of one line or one charge, before the document's discounts."""

    line_no: int | None
    charge_no: int | None
    amount: MoneyOut


@attrs.frozen(kw_only=True)
class CreditNoteShown:
    """A credit note: ``net`` and ``tax`` sum to ``total``."""

    id: UUID
    invoice_id: UUID
    number: str
    issue_date: date
    issued_at: datetime
    reason: str
    text: str
    parts: tuple[CreditedPart, ...]
    net: MoneyOut
    tax: MoneyOut
    total: MoneyOut
    digest: str | None

    @classmethod
    def of(cls, note: CreditNote) -> "CreditNoteShown":
        """Return a credit note as it is shown."""
        unit = note.parts[0].amount.currency
        return cls(
            id=note.id,
            invoice_id=note.invoice,
            number=note.number.text,
            issue_date=note.issue_date,
            issued_at=moment(note.issued_at),
            reason=note.reason.value,
            text=note.text,
            parts=tuple(
                CreditedPart(
                    line_no=part.line_no,
                    charge_no=part.charge_no,
                    amount=MoneyOut.of(part.amount),
                )
                for part in note.parts
            ),
            net=MoneyOut.minor(note.figures.net, unit),
            tax=MoneyOut.minor(note.figures.tax, unit),
            total=MoneyOut.minor(note.figures.total, unit),
            digest=note.snapshot.digest if note.snapshot else None,
        )


@attrs.frozen(kw_only=True)
class CopyShown:
    """A printed copy: original, paid or void."""

    mark: str
    file_id: UUID
    sha256: str
    at: datetime

    @classmethod
    def of(cls, copy: DocumentCopy) -> "CopyShown":
        """Return a copy as it is shown."""
        return cls(mark=copy.mark, file_id=copy.file, sha256=copy.sha256, at=moment(copy.at))


@attrs.frozen(kw_only=True)
class InvoiceShown:
    """An invoice; nothing is due of a void one.

    ``riel_due`` are the riel that settle it. ``customer``, ``entries``, ``credit_notes`` and
    ``copies`` are told when one invoice is read, and null in the answer to a change.
    """

    id: UUID
    number: str | None
    state: str
    version: int
    content: ContentShown
    totals: TotalsShown
    gross: MoneyOut
    due: MoneyOut
    riel_due: MoneyOut | None
    rate: RateOut | None
    issue_date: date | None
    due_date: date | None
    issued_at: datetime | None
    paid_at: datetime | None
    under_review: bool
    reason: str
    internal_note: str
    external_ref: str | None
    metadata: Mapping[str, str]
    digest: str | None
    created_at: datetime
    updated_at: datetime
    customer: CustomerShown | None = None
    entries: tuple[EntryShown, ...] | None = None
    credit_notes: tuple[CreditNoteShown, ...] | None = None
    copies: tuple[CopyShown, ...] | None = None

    @classmethod
    def of(cls, invoice: Invoice) -> "InvoiceShown":
        """Return an invoice as it is shown."""
        accounting = invoice.accounting
        return cls(
            id=invoice.id,
            number=invoice.number.text if invoice.number else None,
            state=invoice.state.value,
            version=invoice.version,
            content=ContentShown.of(invoice.content, invoice.totals),
            totals=TotalsShown.of(invoice.totals),
            gross=MoneyOut.of(invoice.gross),
            due=MoneyOut.of(payable(invoice)),
            riel_due=None if _void(invoice) else maybe(MoneyOut.of, invoice.riel_due),
            rate=RateOut.of(accounting.rate) if accounting else None,
            issue_date=invoice.issue_date,
            due_date=invoice.due_date,
            issued_at=maybe(moment, invoice.issued_at),
            paid_at=maybe(moment, invoice.paid_at),
            under_review=invoice.under_review,
            reason=invoice.reason,
            internal_note=invoice.internal_note,
            external_ref=invoice.external_ref,
            metadata=dict(invoice.metadata.pairs),
            digest=invoice.snapshot.digest if invoice.snapshot else None,
            created_at=moment(invoice.created_at),
            updated_at=moment(invoice.updated_at),
        )

    @classmethod
    def whole(cls, view: Any) -> "InvoiceShown":
        """Return an invoice with what belongs to it, from the view of one invoice."""
        return attrs.evolve(
            cls.of(view.invoice),
            customer=maybe(CustomerShown.of, view.customer),
            entries=tuple(EntryShown.of(entry) for entry in view.entries),
            credit_notes=tuple(CreditNoteShown.of(note) for note in view.notes),
            copies=tuple(CopyShown.of(copy) for copy in view.copies),
        )


@attrs.frozen(kw_only=True)
class InvoiceListed:
    """An invoice in a list; nothing is due of a void one."""

    id: UUID
    number: str | None
    state: str
    customer_id: UUID | None
    customer_name: str
    gross: MoneyOut
    due: MoneyOut
    issue_date: date | None
    due_date: date | None
    overdue: bool
    under_review: bool
    external_ref: str | None
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, row: Any) -> "InvoiceListed":
        """Return a row of the list of invoices as it is shown."""
        due = Money.zero(row.due.currency) if row.state is InvoiceState.VOID else row.due
        return cls(
            id=row.id,
            number=row.number,
            state=row.state.value,
            customer_id=row.customer,
            customer_name=row.customer_name,
            gross=MoneyOut.of(row.gross),
            due=MoneyOut.of(due),
            issue_date=row.issue_date,
            due_date=row.due_date,
            overdue=row.overdue,
            under_review=row.under_review,
            external_ref=row.external_ref,
            created_at=moment(row.created_at),
            updated_at=moment(row.updated_at),
        )


def payable(invoice: Invoice) -> Money:
    """Return what is left to pay, as it is shown: nothing of a void invoice."""
    return Money.zero(invoice.currency) if _void(invoice) else invoice.due


def _void(invoice: Invoice) -> bool:
    return invoice.state is InvoiceState.VOID
