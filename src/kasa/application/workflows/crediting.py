"""A credit note: money off an invoice, its goods back, its number, its document."""

from collections.abc import Sequence
from datetime import datetime

import attrs

from kasa.application.ports.work import UnitOfWork
from kasa.application.workflows.documenting import note_of
from kasa.application.workflows.invoice_stock import consume_for, return_for
from kasa.domain.invoicing.accounting_currency import AccountingFigures
from kasa.domain.invoicing.allocation import book_note
from kasa.domain.invoicing.canonical import written
from kasa.domain.invoicing.credit_note import (
    NOTES_LIMIT,
    TEXT_LIMIT,
    CreditNote,
    CreditPart,
    TooManyNotes,
    WantedNote,
    accounting_of_note,
    everything_left,
    figures,
)
from kasa.domain.invoicing.events import CreditNoteIssued
from kasa.domain.invoicing.invoice import Invoice, InvoiceState
from kasa.domain.invoicing.numbering import Series
from kasa.domain.invoicing.snapshot import Snapshot
from kasa.domain.kernel.ids import CreditNoteId
from kasa.domain.kernel.moments import business_date
from kasa.domain.kernel.money import Money
from kasa.domain.kernel.text import note as noted


def credit(
    work: UnitOfWork, invoice: Invoice, wanted: WantedNote, note_id: CreditNoteId, *, at: datetime
) -> CreditNote:
    """Issue a credit note for a locked invoice, and record it.

    What it has above the due becomes the customer's credit. Raise ``credit.*``, ``return.*``,
    ``invoice.wrong_state``.
    """
    invoice.require(InvoiceState.OPEN, InvoiceState.PAID, InvoiceState.UNCOLLECTIBLE)
    before = work.credits.of_invoice(invoice.id)
    if len(before) >= NOTES_LIMIT:
        raise TooManyNotes(limit=NOTES_LIMIT)
    done = tuple(part for one in before for part in one.parts)
    parts = wanted.parts or everything_left(invoice.totals, done)
    taken = figures(invoice.totals, done, parts)
    total = Money(taken.total, invoice.currency)
    booked = book_note(invoice, total, note_id, at=at, by=work.author)
    work.invoices.save(booked.invoice, booked.entries)
    if wanted.restock:
        return_for(work, booked.invoice, wanted.restock, at=at)
    if booked.invoice.state is InvoiceState.PAID and invoice.state is not InvoiceState.PAID:
        consume_for(work, booked.invoice, at=at)
    day = business_date(at, work.tenant.zone)
    plain = CreditNote(
        id=note_id,
        invoice=invoice.id,
        number=work.series.next(Series.CREDIT_NOTE, on=day),
        issue_date=day,
        issued_at=at,
        reason=wanted.reason,
        text=noted(wanted.text, TEXT_LIMIT),
        parts=tuple(parts),
        figures=taken,
        accounting=_accounting(invoice, done, parts),
    )
    snapshot = Snapshot.of(written(note_of(work, booked.invoice, plain)))
    note = attrs.evolve(plain, snapshot=snapshot)
    work.credits.add(note)
    issued = CreditNoteIssued(
        subject=invoice.id,
        credit_note_id=note_id,
        number=note.number.text,
        total=total,
        digest=snapshot.digest,
    )
    work.events.record(issued, *booked.events, at=at)
    return note


def _accounting(
    invoice: Invoice, before: Sequence[CreditPart], parts: Sequence[CreditPart]
) -> AccountingFigures | None:
    if invoice.accounting is None:
        return None
    return accounting_of_note(invoice.totals, invoice.accounting.rate, before, parts)
