"""What is due of an invoice: the sum of appended entries, never a stored guess.

``due = gross - paid + reversed + refunded - credited - applied + released + granted - grants
reversed``, always ``0 <= due <= gross``. What a payment or a credit note has too much becomes the
customer's credit in the same step.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from uuid import UUID

import attrs

from kasa.domain.invoicing.events import (
    CreditApplied,
    CreditReleased,
    CustomerCreditGranted,
    InvoicePaid,
    InvoiceReopened,
    PaymentAllocated,
)
from kasa.domain.invoicing.invoice import Invoice, InvoiceState
from kasa.domain.kernel.errors import Conflict, Invalid
from kasa.domain.kernel.events import Event
from kasa.domain.kernel.ids import CreditNoteId, CustomerId, PaymentId
from kasa.domain.kernel.money import CurrencyMismatch, Money

ALLOCATIONS_LIMIT = 20


class RefundTooMuch(Invalid):
    """More cannot be given back than this payment still settles here."""

    code = "refund.too_much"


class CreditNotEnough(Invalid):
    """The customer has less credit than that, or the invoice less due."""

    code = "credit.not_enough"


class AmountInvalid(Invalid):
    """An amount above 0 is needed."""

    code = "money.positive"


class NothingToReverse(Conflict):
    """This payment settles nothing on this invoice."""

    code = "invoice.not_settled"


class EntryKind(StrEnum):
    """What an entry is; some lower what is due, the others raise it."""

    PAYMENT = "payment"
    PAYMENT_REVERSED = "payment_reversed"
    REFUND = "refund"
    CREDIT_NOTE = "credit_note"
    CREDIT_APPLIED = "credit_applied"
    CREDIT_RELEASED = "credit_released"
    CREDIT_GRANTED = "credit_granted"
    GRANT_REVERSED = "grant_reversed"


LOWERS = frozenset(
    {
        EntryKind.PAYMENT,
        EntryKind.CREDIT_NOTE,
        EntryKind.CREDIT_APPLIED,
        EntryKind.GRANT_REVERSED,
    }
)
"""Kinds that lower what is due; the others raise it."""

CREDIT_SIGNS = {
    EntryKind.CREDIT_GRANTED: 1,
    EntryKind.CREDIT_RELEASED: 1,
    EntryKind.CREDIT_APPLIED: -1,
    EntryKind.GRANT_REVERSED: -1,
}
"""Kinds that move the customer's credit, and which way."""


@attrs.frozen(kw_only=True)
class Entry:
    """One appended fact about the money of an invoice; ``amount`` is above 0.

    ``payment`` with ``approval`` (which approval of that payment) or ``note`` is its cause.
    ``paid_in`` keeps the riel of a payment that settled a dollar invoice. ``no`` counts from 1.
    """

    no: int
    kind: EntryKind
    amount: Money
    at: datetime
    by: UUID | None = None
    payment: PaymentId | None = None
    approval: int | None = None
    note: CreditNoteId | None = None
    paid_in: Money | None = None

    def __attrs_post_init__(self) -> None:
        if self.amount.minor <= 0:
            raise AmountInvalid

    @property
    def signed(self) -> int:
        """What it adds to the sum due, in minor units."""
        return -self.amount.minor if self.kind in LOWERS else self.amount.minor

    @property
    def on_credit(self) -> int:
        """What it adds to the customer's credit, in minor units."""
        return CREDIT_SIGNS.get(self.kind, 0) * self.amount.minor


@attrs.frozen(kw_only=True)
class PaymentPart:
    """Which approval of which payment an entry comes from; approvals count from 1."""

    payment: PaymentId
    approval: int = 1


@attrs.frozen(kw_only=True)
class Booked:
    """An invoice after money moved: what to save, what to record, what came of the surplus.

    ``granted`` is what went to the customer's credit, ``unallocated`` what stays with a payment
    because nobody is known to have it.
    """

    invoice: Invoice
    entries: tuple[Entry, ...]
    events: tuple[Event, ...]
    granted: Money
    unallocated: Money


@attrs.frozen(kw_only=True)
class CustomerCredit:
    """What a customer has to their credit in one currency; below 0 they owe it."""

    customer: CustomerId
    balance: Money
    version: int = 0

    @property
    def usable(self) -> Money:
        """What may be applied or given back: nothing while it is below 0."""
        return max(self.balance, Money.zero(self.balance.currency))


def balance(gross: Money, entries: Iterable[Entry]) -> Money:
    """Return what is due of a gross total after its entries."""
    return Money(gross.minor + sum(entry.signed for entry in entries), gross.currency)


def settled(entries: Iterable[Entry], part: PaymentPart) -> int:
    """Return the minor units that a payment still settles: less reversed, refunded, granted."""
    return sum(-entry.signed for entry in entries if _is_of(entry, part))


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
    granted = sum(entry.on_credit for entry in entries if _is_of(entry, part))
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
    limit = settled(entries, part)
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


@attrs.frozen(kw_only=True)
class Cause:
    """When and through what entries are made."""

    at: datetime
    by: UUID | None = None
    part: PaymentPart | None = None
    note: CreditNoteId | None = None
    paid_in: Money | None = None


def book(
    invoice: Invoice,
    moves: Sequence[tuple[EntryKind, int]],
    cause: Cause,
    *,
    granted: int = 0,
) -> Booked:
    """Append entries of some minor units (zeros are left out) and move state and due with them."""
    kept = [(kind, minor) for kind, minor in moves if minor]
    entries = tuple(
        Entry(
            no=invoice.entries + place,
            kind=kind,
            amount=_money(invoice, minor),
            at=cause.at,
            by=cause.by,
            payment=cause.part.payment if cause.part else None,
            approval=cause.part.approval if cause.part else None,
            note=cause.note,
            paid_in=cause.paid_in if kind is EntryKind.PAYMENT else None,
        )
        for place, (kind, minor) in enumerate(kept, start=1)
    )
    due = invoice.due_minor + sum(entry.signed for entry in entries)
    assert 0 <= due <= invoice.totals.gross, "an invoice is due between nothing and all of it"
    moved, events = _moved(invoice, due, len(entries), at=cause.at)
    if granted > 0:
        given = _money(invoice, granted)
        events.append(CustomerCreditGranted(subject=invoice.id, amount=given))
    return Booked(
        invoice=moved,
        entries=entries,
        events=tuple(events),
        granted=_money(invoice, granted),
        unallocated=_money(invoice, 0),
    )


def _moved(
    invoice: Invoice, due: int, entries: int, *, at: datetime
) -> tuple[Invoice, list[Event]]:
    """Return the invoice with another due, and the events of a change of its state."""
    state, paid_at, events = invoice.state, invoice.paid_at, list[Event]()
    if due == 0 and state in {InvoiceState.OPEN, InvoiceState.UNCOLLECTIBLE}:
        state, paid_at = InvoiceState.PAID, at
        events.append(InvoicePaid(subject=invoice.id))
    elif due > 0 and state is InvoiceState.PAID:
        state, paid_at = InvoiceState.OPEN, None
        events.append(InvoiceReopened(subject=invoice.id, due=_money(invoice, due)))
    if not entries:
        return invoice, events
    moved = invoice.next(
        at, due_minor=due, state=state, paid_at=paid_at, entries=invoice.entries + entries
    )
    return moved, events


def _is_of(entry: Entry, part: PaymentPart) -> bool:
    return entry.payment == part.payment and entry.approval == part.approval


def _money(invoice: Invoice, minor: int) -> Money:
    return Money(minor, invoice.currency)


def _check_amount(invoice: Invoice, amount: Money) -> None:
    if amount.currency != invoice.currency:
        raise CurrencyMismatch(left=amount.currency.code, right=invoice.currency.code)
    if amount.minor <= 0:
        raise AmountInvalid


def _require_issued(invoice: Invoice) -> None:
    invoice.require(InvoiceState.OPEN, InvoiceState.PAID, InvoiceState.UNCOLLECTIBLE)
