"""What a verdict does: settle, report a duplicate, wait, ask the customer, or send to review."""

from datetime import datetime, timedelta

from kasa.application.ports.work import UnitOfWork
from kasa.application.workflows.settling import Settlement, mark, settle
from kasa.domain.invoicing.invoice import Invoice
from kasa.domain.kernel.events import Event
from kasa.domain.kernel.money import Money
from kasa.domain.payments.events import (
    CustomerAsked,
    DuplicateSubmitted,
    PaymentSentToReview,
    PaymentWaits,
)
from kasa.domain.payments.matching import Ask, Decision, MatchInputs, MatchVerdict
from kasa.domain.payments.payment import CUSTOMER_WAIT, Payment
from kasa.domain.payments.states import AlreadyDecided, PaymentState

REQUESTS_LIMIT = 2
REQUESTS_WINDOW = timedelta(hours=24)


def act_on(
    work: UnitOfWork,
    payment: Payment,
    invoice: Invoice | None,
    *,
    inputs: MatchInputs,
    verdict: MatchVerdict,
    counts_as: Money | None = None,
) -> Payment:
    """Do what a verdict says: settle, report a duplicate, wait, or send to review.

    A payment that a person has decided meanwhile stays as it is. ``counts_as`` is what it settles
    in the invoice's currency, where it is a part in the other one.
    """
    if not payment.state.is_undecided:
        return payment
    judged = _judged(payment, invoice, inputs, verdict)
    if verdict.decision is Decision.APPROVE:
        settlement = Settlement(evidence=inputs.evidence, counts_as=counts_as)
        return settle(work, judged, invoice, settlement, at=inputs.at)
    if verdict.decision is Decision.DUPLICATE:
        return _duplicate(work, judged, invoice, verdict)
    if verdict.decision is Decision.WAIT:
        return _waits(work, judged, invoice, verdict)
    if verdict.ask is Ask.CUSTOMER and _may_be_asked(work, judged, at=inputs.at):
        return _asks(work, judged, invoice, verdict)
    return _review(work, judged, invoice, verdict)


def hold(
    work: UnitOfWork,
    payment: Payment,
    invoice: Invoice | None,
    *,
    inputs: MatchInputs,
    verdict: MatchVerdict,
) -> Payment:
    """Keep what is known of a part while others of its submission are not read yet."""
    held = _judged(payment, invoice, inputs, verdict)
    work.payments.save(held, inputs.evidence)
    return held


def send_to_shop(work: UnitOfWork, payment: Payment, *, at: datetime) -> Payment:
    """Let a person look at what its customer was asked to send better, as it is.

    Raises ``payment.already_decided`` unless the customer is waited for.
    """
    if payment.asked_at is None or payment.state is not PaymentState.WAITING:
        raise AlreadyDecided(state=payment.state.value, wanted=PaymentState.IN_REVIEW.value)
    invoice = None if payment.invoice is None else work.invoices.lock(payment.invoice)
    reasons = () if payment.verdict is None else payment.verdict.reasons
    event = PaymentSentToReview(
        subject=payment.id,
        invoice=payment.invoice,
        reasons=tuple(reason.value for reason in reasons),
        ask=Ask.MEMBER.value,
        points=0 if payment.verdict is None else payment.verdict.points,
    )
    return _kept(work, payment.in_review(), invoice, event, at=at)


def _judged(
    payment: Payment, invoice: Invoice | None, inputs: MatchInputs, verdict: MatchVerdict
) -> Payment:
    judged = payment.judged(inputs, verdict)
    if invoice is None or invoice.number is None:
        return judged
    return judged.assigned(invoice.id, invoice.number.text, invoice.customer)


def _may_be_asked(work: UnitOfWork, judged: Payment, *, at: datetime) -> bool:
    """Whether the customer may still send something better: asked once, at most twice a day.

    One that a member sent, or that is before a person already, is theirs to look at.
    """
    if judged.contact is None or judged.state is PaymentState.IN_REVIEW:
        return False
    if judged.asked_at is not None:
        waits = judged.state is PaymentState.WAITING
        return waits and at < judged.asked_at + CUSTOMER_WAIT
    asked = work.payments.asked_since(at - REQUESTS_WINDOW, judged.contact)
    return asked < REQUESTS_LIMIT


def _asks(
    work: UnitOfWork, judged: Payment, invoice: Invoice | None, verdict: MatchVerdict
) -> Payment:
    assert judged.inputs is not None, "it was judged"
    at = judged.inputs.at
    if judged.asked_at is not None:
        waits = judged.waiting(judged.asked_at + CUSTOMER_WAIT)
        work.payments.save(waits, judged.inputs.evidence)
        return waits
    asked = judged.asked(at)
    assert asked.waits_until is not None, "whoever is asked is waited for"
    event = CustomerAsked(
        subject=judged.id,
        invoice=judged.invoice,
        reasons=tuple(reason.value for reason in verdict.reasons),
        until=asked.waits_until,
    )
    return _kept(work, asked, invoice, event, at=at)


def _duplicate(
    work: UnitOfWork, judged: Payment, invoice: Invoice | None, verdict: MatchVerdict
) -> Payment:
    assert judged.inputs is not None, "it was judged"
    assert verdict.first_use is not None, "a duplicate has its first use"
    first = verdict.first_use
    found = judged.duplicate(first.payment)
    event = DuplicateSubmitted(
        subject=judged.id,
        first=first.payment,
        first_undecided=first.state.is_undecided,
        same_file=first.same_file,
    )
    return _kept(work, found, invoice, event, at=judged.inputs.at)


def _waits(
    work: UnitOfWork, judged: Payment, invoice: Invoice | None, verdict: MatchVerdict
) -> Payment:
    assert judged.inputs is not None, "it was judged"
    reasons = tuple(reason.value for reason in verdict.reasons)
    event = PaymentWaits(subject=judged.id, invoice=judged.invoice, reasons=reasons)
    told = None if judged.state is PaymentState.WAITING else event
    waits = judged.waiting(verdict.try_again_at)
    return _kept(work, waits, invoice, told, at=judged.inputs.at)


def _review(
    work: UnitOfWork, judged: Payment, invoice: Invoice | None, verdict: MatchVerdict
) -> Payment:
    assert judged.inputs is not None, "it was judged"
    event = PaymentSentToReview(
        subject=judged.id,
        invoice=judged.invoice,
        reasons=tuple(reason.value for reason in verdict.reasons),
        ask=verdict.ask.value if verdict.ask is not None else "member",
        points=verdict.points,
    )
    return _kept(work, judged.in_review(), invoice, event, at=judged.inputs.at)


def _kept(
    work: UnitOfWork,
    payment: Payment,
    invoice: Invoice | None,
    event: Event | None,
    *,
    at: datetime,
) -> Payment:
    """Store a payment; without an event nothing happened that anybody has to hear of."""
    evidence = None if payment.inputs is None else payment.inputs.evidence
    work.payments.save(payment, evidence)
    if invoice is not None:
        mark(work, payment, invoice, at=at)
    if event is not None:
        work.events.record(event, at=at)
    return payment
