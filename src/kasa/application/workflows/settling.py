"""The only place where a payment, its invoice and the stock change together."""

from datetime import datetime
from uuid import UUID

import attrs

from kasa.application.ports.work import UnitOfWork
from kasa.application.workflows.invoice_stock import consume_for, unpay_for
from kasa.domain.invoicing import allocation
from kasa.domain.invoicing.balance import PaymentPart
from kasa.domain.invoicing.invoice import Invoice, InvoiceState
from kasa.domain.kernel.errors import Invalid
from kasa.domain.kernel.money import Money
from kasa.domain.payments.events import (
    PaymentApproved,
    PaymentRefunded,
    PaymentReopened,
    PaymentReversed,
)
from kasa.domain.payments.evidence import PaymentEvidence
from kasa.domain.payments.payment import Payment, required_reason
from kasa.domain.payments.states import AlreadyDecided, PaymentState


class InvoiceRequired(Invalid):
    """Choose the invoice that this payment is for."""

    code = "payment.invoice_required"


class AmountInOtherCurrency(Invalid):
    """Say what this payment counts in the invoice's currency."""

    code = "payment.counts_as_required"


@attrs.frozen(kw_only=True)
class Settlement:
    """How a payment is approved: by the verdict, or ``by`` a person with a reason.

    ``counts_as`` is what it settles in the invoice's currency, where that is not its own.
    """

    reason: str = ""
    evidence: PaymentEvidence | None = None
    by: UUID | None = None
    by_hand: bool = False
    counts_as: Money | None = None


def mark(work: UnitOfWork, payment: Payment, invoice: Invoice, *, at: datetime) -> None:
    """Keep on the invoice whether a person has to decide this payment of it."""
    if payment.state is PaymentState.IN_REVIEW:
        marked = invoice.review_started(payment.id, at=at)
    else:
        marked = invoice.review_ended(payment.id, at=at)
    if marked is not invoice:
        work.invoices.save(marked)


def settle(
    work: UnitOfWork,
    payment: Payment,
    invoice: Invoice | None,
    settlement: Settlement,
    *,
    at: datetime,
) -> Payment:
    """Approve a payment, settle its invoice with it, and let the goods go.

    The surplus becomes the customer's credit, a walk-in's stays unallocated. Stock never fails a
    payment. An approved payment is returned unchanged.
    """
    if payment.state is PaymentState.APPROVED:
        return payment
    if invoice is None or invoice.number is None:
        raise InvoiceRequired
    assigned = payment.assigned(invoice.id, invoice.number.text, invoice.customer)
    approved = assigned.approved(at=at, by=settlement.by, reason=settlement.reason)
    assert approved.amount is not None, "an approved payment has its amount"
    counted = settlement.counts_as or invoice.counts(approved.amount)
    if counted is None:
        raise AmountInOtherCurrency(currency=invoice.currency.code)
    booked = allocation.allocate(
        invoice.review_ended(payment.id, at=at),
        counted,
        PaymentPart(payment=payment.id, approval=approved.approvals),
        at=at,
        by=settlement.by,
        paid_in=None if approved.amount.currency == invoice.currency else approved.amount,
    )
    kept = approved.leaving(booked.unallocated)
    work.payments.save(kept, settlement.evidence)
    if booked.invoice != invoice:
        work.invoices.save(booked.invoice, booked.entries)
    work.events.record(_approval(kept, by_hand=settlement.by_hand), *booked.events, at=at)
    if booked.invoice.state is InvoiceState.PAID:
        consume_for(work, booked.invoice, at=at)
    return kept


def _approval(payment: Payment, *, by_hand: bool) -> PaymentApproved:
    assert payment.invoice is not None, "an approved payment has its invoice"
    assert payment.amount is not None, "an approved payment has its amount"
    return PaymentApproved(
        subject=payment.id,
        invoice=payment.invoice,
        amount=payment.amount,
        points=payment.verdict.points if payment.verdict else 0,
        approval=payment.approvals,
        by_hand=by_hand,
    )


@attrs.frozen(kw_only=True)
class Undoing:
    """Why an approved payment is undone or given back, and by whom.

    ``goods_gone`` unless stated means that the goods were delivered.
    """

    reason: str
    by: UUID | None = None
    goods_gone: bool | None = None


def reverse(
    work: UnitOfWork, payment: Payment, invoice: Invoice | None, undoing: Undoing, *, at: datetime
) -> Payment:
    """Undo an approved payment: what it settled is due again, its goods come back or are gone.

    The credit that its surplus granted is taken back, even below zero.
    """
    undone = payment.reversed(at=at, by=undoing.by, reason=undoing.reason)
    assert invoice is not None, "an approved payment has its invoice"
    assert payment.amount is not None, "an approved payment has its amount"
    part = PaymentPart(payment=payment.id, approval=payment.approvals)
    entries = work.invoices.entries(invoice.id)
    work.payments.save(undone)
    event = PaymentReversed(subject=payment.id, invoice=invoice.id, amount=payment.amount)
    work.events.record(event, at=at)
    if not any(part.made(entry) for entry in entries):
        return undone
    booked = allocation.reverse(invoice, entries, part, at=at, by=undoing.by)
    work.invoices.save(booked.invoice, booked.entries)
    work.events.record(*booked.events, at=at)
    reopened = invoice.state is InvoiceState.PAID and booked.invoice.state is InvoiceState.OPEN
    if reopened or _is_all_due(booked.invoice):
        unpay_for(work, booked.invoice, at=at, goods_gone=undoing.goods_gone)
    return undone


def refund(
    work: UnitOfWork,
    payment: Payment,
    invoice: Invoice | None,
    undoing: Undoing,
    *,
    amount: Money,
    at: datetime,
) -> Payment:
    """Give money of an approved payment back; it is due again.

    Only when all of the invoice is due again do its goods come back.
    """
    if payment.state is not PaymentState.APPROVED:
        raise AlreadyDecided(state=payment.state.value, wanted="refund")
    assert invoice is not None, "an approved payment has its invoice"
    required_reason(undoing.reason)
    part = PaymentPart(payment=payment.id, approval=payment.approvals)
    entries = work.invoices.entries(invoice.id)
    booked = allocation.refund(invoice, entries, part, amount, at=at, by=undoing.by)
    work.invoices.save(booked.invoice, booked.entries)
    event = PaymentRefunded(subject=payment.id, invoice=invoice.id, amount=amount)
    work.events.record(event, *booked.events, at=at)
    if _is_all_due(booked.invoice):
        unpay_for(work, booked.invoice, at=at, goods_gone=undoing.goods_gone)
    return payment


def _is_all_due(invoice: Invoice) -> bool:
    """Whether nothing settles the invoice any more; goods that left with it were not paid."""
    return invoice.state is InvoiceState.OPEN and invoice.due == invoice.gross


def leave(work: UnitOfWork, before: Payment, after: Payment, *, at: datetime) -> None:
    """End the review of the invoice that a payment is no longer for; lock both in their order."""
    ids = sorted(one for one in (before.invoice, after.invoice) if one is not None)
    locked = {one: work.invoices.lock(one) for one in ids}
    left = None if before.invoice is None else locked[before.invoice]
    if left is not None and left.reviews:
        work.invoices.save(left.review_ended(before.id, at=at))


def end_review(work: UnitOfWork, payment: Payment, *, at: datetime) -> None:
    """Store a payment that a person turned down; its invoice is no longer under review."""
    work.payments.save(payment)
    if payment.invoice is not None:
        mark(work, payment, work.invoices.lock(payment.invoice), at=at)


def reopen(work: UnitOfWork, payment: Payment, *, at: datetime) -> Payment:
    """Bring a rejected or reversed payment back to review; its references stay its own."""
    reopened = payment.reopened()
    work.payments.save(reopened)
    if reopened.invoice is not None:
        mark(work, reopened, work.invoices.lock(reopened.invoice), at=at)
    work.events.record(PaymentReopened(subject=payment.id, invoice=payment.invoice), at=at)
    return reopened
