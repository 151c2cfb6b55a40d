"""The receipts of one submission decide together where none of them pays the invoice alone.

All is done in the unit of work of whichever is judged last: references of all, then the invoice,
then every payment; all of them are approved, or none.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

import attrs

from kasa.application.ports.work import UnitOfWork
from kasa.application.workflows.acting import act_on, hold
from kasa.application.workflows.expecting import expected_payments, invoice_of
from kasa.domain.invoicing.invoice import Invoice
from kasa.domain.kernel.ids import PaymentId
from kasa.domain.kernel.money import Money, spread
from kasa.domain.payments.case import BankAnswer
from kasa.domain.payments.evidence import PaymentEvidence
from kasa.domain.payments.matching import Decision, MatchInputs, match
from kasa.domain.payments.parts import SETTLING, joined, may_be_part, receipts_of
from kasa.domain.payments.payment import Payment
from kasa.domain.payments.references import UsedReferences, reference_keys
from kasa.domain.payments.states import PaymentState

ALONE = frozenset({Decision.APPROVE, Decision.DUPLICATE})
Acted = dict[PaymentId, Payment]


@attrs.frozen(kw_only=True)
class Shown:
    """A locked payment with all that is known of it now."""

    payment: Payment
    evidence: PaymentEvidence
    bank: BankAnswer = BankAnswer.NOT_ASKED
    try_again_at: datetime | None = None

    @property
    def is_held(self) -> bool:
        """Whether it was read and only waits for the others of its submission."""
        held = self.payment.state is PaymentState.SUBMITTED
        return held and self.payment.inputs is not None


def judge_parts(
    work: UnitOfWork, shown: Shown, others: Sequence[Payment], *, at: datetime
) -> Acted:
    """Judge a payment, and with it the other receipts of its submission for the same invoice.

    Returns every payment that was changed, and the judged one. While others are not read yet a
    receipt that can only be a part is kept as it is.
    """
    mine, payment = shown, shown.payment
    undecided = [one for one in others if one.state.is_undecided and one.invoice == payment.invoice]
    read = [_again(one) for one in undecided if one.inputs is not None]
    strayed = _strayed(payment, others)
    used = _used(work, (mine, *read, *strayed), at=at)
    invoice = invoice_of(work, payment, mine.evidence)
    inputs = _inputs(work, mine, invoice, used[payment.id], at=at)
    verdict = match(inputs)
    unread = len(read) < len(undecided)
    answered = payment.invoice is not None
    alone = not payment.state.is_undecided or verdict.decision in ALONE
    if unread and not alone and answered and may_be_part(payment.id, inputs):
        return {payment.id: hold(work, payment, invoice, inputs=inputs, verdict=verdict)}
    if alone or unread or not read or not answered:
        acted = {payment.id: act_on(work, payment, invoice, inputs=inputs, verdict=verdict)}
        rest = read
    else:
        acted, rest = {}, [mine, *read]
    if rest and not unread and invoice is not None:
        acted |= _together(work, rest, invoice, used, own=payment.id, at=at)
    for id_ in sorted({one.payment.invoice for one in strayed if one.payment.invoice}):
        left = [one for one in strayed if one.payment.invoice == id_]
        acted |= _together(work, left, work.invoices.lock(id_), used, own=payment.id, at=at)
    return acted


def _strayed(payment: Payment, others: Sequence[Payment]) -> list[Shown]:
    """Return held receipts for an invoice that a person took this one from; all of it was read."""
    undecided = [one for one in others if one.state.is_undecided and one.invoice != payment.invoice]
    unread = {one.invoice for one in undecided if one.inputs is None}
    read = [_again(one) for one in undecided if one.inputs is not None]
    return [one for one in read if one.is_held and one.payment.invoice not in unread]


def _together(
    work: UnitOfWork,
    shown: Sequence[Shown],
    invoice: Invoice,
    used: Mapping[PaymentId, UsedReferences],
    *,
    own: PaymentId,
    at: datetime,
) -> Acted:
    """Decide the receipts that are left: together when they settle the invoice, else each alone."""
    present = work.invoices.lock(invoice.id)
    alone = {
        one.payment.id: _inputs(work, one, present, used[one.payment.id], at=at) for one in shown
    }
    parts = joined(receipts_of(alone))
    verdicts = {payment: match(inputs) for payment, inputs in parts.items()}
    decisions = {verdict.decision for verdict in verdicts.values()}
    shares = _shares(present, parts) if decisions == {Decision.APPROVE} else {}
    settled = bool(shares)
    waits = Decision.WAIT in decisions <= SETTLING
    acted: Acted = {}
    for one in sorted(shown, key=lambda each: each.payment.id):
        payment, id_ = one.payment, one.payment.id
        now = work.invoices.lock(invoice.id)
        if id_ in parts and (settled or waits):
            inputs, verdict = parts[id_], verdicts[id_]
            if settled or verdict.decision is Decision.WAIT:
                acted[id_] = act_on(
                    work, payment, now, inputs=inputs, verdict=verdict, counts_as=shares.get(id_)
                )
            else:
                acted[id_] = hold(work, payment, now, inputs=alone[id_], verdict=match(alone[id_]))
        elif id_ == own or one.is_held:
            inputs = alone[id_]
            acted[id_] = act_on(work, payment, now, inputs=inputs, verdict=match(inputs))
    return acted


def _shares(invoice: Invoice, parts: Mapping[PaymentId, MatchInputs]) -> Mapping[PaymentId, Money]:
    """Return what each part settles in the invoice's currency; empty when one would settle nothing.

    Parts in riel of an invoice in dollars settle it in full by their weights; nothing is converted.
    """
    ids = sorted(parts)
    paid = [parts[id_].evidence.known(parts[id_].evidence.amount) for id_ in ids]
    amounts = [amount for amount in paid if amount is not None]
    if all(amount.currency == invoice.currency for amount in amounts):
        return dict(zip(ids, amounts, strict=True))
    shares = spread(invoice.due_minor, [amount.minor for amount in amounts])
    if not all(shares):
        return {}
    return {id_: Money(share, invoice.currency) for id_, share in zip(ids, shares, strict=True)}


def _again(payment: Payment) -> Shown:
    before = payment.inputs
    assert before is not None, "it was read"
    return Shown(
        payment=payment,
        evidence=before.evidence,
        bank=before.bank,
        try_again_at=before.try_again_at,
    )


def _inputs(
    work: UnitOfWork, one: Shown, invoice: Invoice | None, used: UsedReferences, *, at: datetime
) -> MatchInputs:
    return MatchInputs(
        evidence=one.evidence,
        expected=expected_payments(work, one.payment, invoice, evidence=one.evidence),
        used=used,
        at=at,
        bank=one.bank,
        try_again_at=one.try_again_at,
    )


def _used(
    work: UnitOfWork, shown: Sequence[Shown], *, at: datetime
) -> Mapping[PaymentId, UsedReferences]:
    """Register what each shows, and find what resembles it; in an order that cannot deadlock."""
    used = {}
    for one in sorted(shown, key=lambda each: each.payment.id):
        payment = one.payment
        keys = reference_keys(one.evidence, payment.submitted_at)
        found = work.references.register(payment.id, keys, at=at)
        before = payment.inputs
        if before is not None and before.used.elsewhere:
            found = attrs.evolve(found, elsewhere=True)
        used[payment.id] = found.with_file(work.payments.same_file(payment.id))
    for one in sorted(shown, key=_by_money):
        id_ = one.payment.id
        used[id_] = used[id_].with_near(work.payments.near(id_, one.evidence))
    return used


def _by_money(one: Shown) -> tuple[str, int]:
    amount = one.evidence.known(one.evidence.amount)
    return ("", 0) if amount is None else (amount.currency.code, amount.minor)
