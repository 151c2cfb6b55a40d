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
    CustomerCreditGranted,
    InvoicePaid,
    InvoiceReopened,
)
from kasa.domain.invoicing.invoice import Invoice, InvoiceState
from kasa.domain.kernel.errors import Invalid
from kasa.domain.kernel.events import Event
from kasa.domain.kernel.ids import CreditNoteId, CustomerId, PaymentId
from kasa.domain.kernel.money import Money


class AmountInvalid(Invalid):
    """An amount above 0 is needed."""

    code = "money.positive"


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

    def made(self, entry: Entry) -> bool:
        """Return whether an entry comes from it."""
        return entry.payment == self.payment and entry.approval == self.approval


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


@attrs.frozen(kw_only=True)
class CreditEntry:
    """A change of a customer's credit outside of any invoice: money given back (negative)."""

    id: UUID
    customer: CustomerId
    change: Money
    at: datetime
    by: UUID | None = None
    text: str = ""


def balance(gross: Money, entries: Iterable[Entry]) -> Money:
    """Return what is due of a gross total after its entries."""
    return Money(gross.minor + sum(entry.signed for entry in entries), gross.currency)


def settled(entries: Iterable[Entry], part: PaymentPart) -> int:
    """Return the minor units that a payment still settles: less reversed, refunded, granted."""
    return sum(-entry.signed for entry in entries if part.made(entry))


def in_hand(entries: Iterable[Entry]) -> int:
    """Return the minor units of money that settle the invoice: paid, less what went back.

    Less what was reversed, refunded, or granted as credit out of payments.
    """
    money = {EntryKind.PAYMENT, EntryKind.PAYMENT_REVERSED, EntryKind.REFUND}
    return sum(
        -entry.signed for entry in entries if entry.kind in money or entry.payment is not None
    )


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


def _money(invoice: Invoice, minor: int) -> Money:
    return Money(minor, invoice.currency)
