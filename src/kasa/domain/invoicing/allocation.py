"""Money that reaches an invoice or leaves it: payments, their reversal and refund, credit."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import attrs

from kasa.domain.invoicing.balance import (
    AmountInvalid,
    Booked,
    Cause,
    CustomerCredit,
    Entry,
    EntryKind,
    PaymentPart,
    book,
    in_hand,
    settled,
)
from kasa.domain.invoicing.events import CreditApplied, CreditReleased, PaymentAllocated
from kasa.domain.invoicing.invoice import Invoice, InvoiceState
from kasa.domain.kernel.errors import Conflict, Invalid
from kasa.domain.kernel.ids import CreditNoteId
from kasa.domain.kernel.money import CurrencyMismatch, Money

ALLOCATIONS_LIMIT = 20


class RefundTooMuch(Invalid):
    """More cannot be given back than this payment still settles here."""

    code = "refund.too_much"


class CreditNotEnough(Invalid):
    """The customer has less credit than that, or the invoice less due."""

    code = "credit.not_enough"


class NothingToReverse(Conflict):
    """This payment settles nothing on this invoice."""

    code = "invoice.not_settled"


def allocate(
    invoice: Invoice,
    amount: Money,
    part: PaymentPart,
    *,
    at: datetime,
    by: UUID | None = None,
    paid_in: Money | None = None,
) -> Booked:
    """Settle with an approved payment; ``amount`` is in the invoice's currency, above 0.

    What exceeds the due becomes the customer's credit; a walk-in's surplus stays unallocated.
    A paid invoice takes a further payment as credit whole. Raise ``invoice.wrong_state``.
    """
    invoice.require(InvoiceState.OPEN, InvoiceState.UNCOLLECTIBLE, InvoiceState.PAID)
    _check_amount(invoice, amount)
    taken = amount.minor if invoice.customer is not None else min(amount.minor, invoice.due_minor)
    surplus = max(0, taken - invoice.due_minor)
    cause = Cause(at=at, by=by, part=part, paid_in=paid_in)
    moves = [(EntryKind.PAYMENT, taken), (EntryKind.CREDIT_GRANTED, surplus)]
    booked = book(invoice, moves, cause, granted=surplus)
    allocated = PaymentAllocated(
        subject=invoice.id,
        payment_id=part.payment,
        amount=_money(invoice, taken),
        due_after=booked.invoice.due,
    )
    return attrs.evolve(
        booked,
        events=(allocated, *booked.events) if taken else booked.events,
        unallocated=_money(invoice, amount.minor - taken),
    )


def reverse(
    invoice: Invoice,
    entries: Sequence[Entry],
    part: PaymentPart,
    *,
    at: datetime,
    by: UUID | None = None,
) -> Booked:
    """Undo a payment's allocation here, and the credit that its surplus granted.

    What was refunded of it stays given back. Raise ``invoice.not_settled`` when nothing is left.
    """
    _require_issued(invoice)
    granted = sum(entry.on_credit for entry in entries if part.made(entry))
    left = settled(entries, part) + granted
    if left <= 0:
        raise NothingToReverse
    moves = [(EntryKind.PAYMENT_REVERSED, left), (EntryKind.GRANT_REVERSED, granted)]
    return book(invoice, moves, Cause(at=at, by=by, part=part), granted=-granted)


def refund(
    invoice: Invoice,
    entries: Sequence[Entry],
    part: PaymentPart,
    amount: Money,
    *,
    at: datetime,
    by: UUID | None = None,
) -> Booked:
    """Give money of a payment back; it is due again. Raise ``refund.too_much``.

    At most what the payment still settles here; its surplus is refunded out of the credit.
    """
    _require_issued(invoice)
    _check_amount(invoice, amount)
    limit = min(settled(entries, part), in_hand(entries))
    if amount.minor > limit:
        raise RefundTooMuch(limit=_money(invoice, max(0, limit)).text)
    return book(invoice, [(EntryKind.REFUND, amount.minor)], Cause(at=at, by=by, part=part))


def apply_credit(
    invoice: Invoice,
    credit: CustomerCredit,
    amount: Money,
    *,
    at: datetime,
    by: UUID | None = None,
) -> Booked:
    """Settle with the customer's credit, or raise ``credit.not_enough``."""
    invoice.require(InvoiceState.OPEN, InvoiceState.UNCOLLECTIBLE)
    _check_amount(invoice, amount)
    if credit.customer != invoice.customer or amount > min(credit.usable, invoice.due):
        raise CreditNotEnough(usable=credit.usable.text, due=invoice.due.text)
    booked = book(invoice, [(EntryKind.CREDIT_APPLIED, amount.minor)], Cause(at=at, by=by))
    applied = CreditApplied(subject=invoice.id, amount=amount)
    return attrs.evolve(booked, events=(applied, *booked.events))


def apply_at_issue(
    invoice: Invoice, credit: CustomerCredit, *, at: datetime, by: UUID | None = None
) -> Booked:
    """Use what the customer has for a dated draft, as far as it goes; nothing is an answer."""
    invoice.require(InvoiceState.DRAFT)
    usable = min(credit.usable, invoice.due)
    booked = book(invoice, [(EntryKind.CREDIT_APPLIED, usable.minor)], Cause(at=at, by=by))
    if not usable:
        return booked
    return attrs.evolve(booked, events=(CreditApplied(subject=invoice.id, amount=usable),))


def release_credit(
    invoice: Invoice, entries: Sequence[Entry], *, at: datetime, by: UUID | None = None
) -> Booked:
    """Take all applied credit back to the customer; it is due again."""
    _require_issued(invoice)
    kinds = {EntryKind.CREDIT_APPLIED, EntryKind.CREDIT_RELEASED}
    applied = -sum(entry.signed for entry in entries if entry.kind in kinds)
    if applied <= 0:
        raise NothingToReverse
    booked = book(invoice, [(EntryKind.CREDIT_RELEASED, applied)], Cause(at=at, by=by))
    released = CreditReleased(subject=invoice.id, amount=_money(invoice, applied))
    return attrs.evolve(booked, events=(released, *booked.events))


def book_note(
    invoice: Invoice,
    total: Money,
    note: CreditNoteId,
    *,
    at: datetime,
    by: UUID | None = None,
) -> Booked:
    """Settle with a credit note of ``total``; what exceeds the due becomes customer credit.

    A walk-in has no credit: what exceeds the due is given back at once, as a refund. It stays in
    ``unallocated``.
    """
    _require_issued(invoice)
    surplus = max(0, total.minor - invoice.due_minor)
    known = invoice.customer is not None
    back = EntryKind.CREDIT_GRANTED if known else EntryKind.REFUND
    counted = attrs.evolve(invoice, notes=invoice.notes + 1)
    moves = [(EntryKind.CREDIT_NOTE, total.minor), (back, surplus)]
    booked = book(counted, moves, Cause(at=at, by=by, note=note), granted=surplus if known else 0)
    if booked.invoice is counted:
        booked = attrs.evolve(booked, invoice=counted.next(at))
    return attrs.evolve(booked, unallocated=_money(invoice, 0 if known else surplus))


def _money(invoice: Invoice, minor: int) -> Money:
    return Money(minor, invoice.currency)


def _check_amount(invoice: Invoice, amount: Money) -> None:
    if amount.currency != invoice.currency:
        raise CurrencyMismatch(left=amount.currency.code, right=invoice.currency.code)
    if amount.minor <= 0:
        raise AmountInvalid


def _require_issued(invoice: Invoice) -> None:
    invoice.require(InvoiceState.OPEN, InvoiceState.PAID, InvoiceState.UNCOLLECTIBLE)
