"""A payment that is judged takes along the bank's alert that belongs to it."""

from collections.abc import Sequence
from datetime import datetime

from kasa.application.ports.bank_alerts import JOIN_SPAN
from kasa.application.ports.payments import StoredEvidence
from kasa.application.ports.work import UnitOfWork
from kasa.application.workflows.expecting import expected_payments
from kasa.domain.kernel.ids import AlertId, EvidenceId, PaymentId
from kasa.domain.payments.alerts.alert import KEPT_FOR, BankAlert
from kasa.domain.payments.alerts.joining import Shown, Strength, may_join, partner, strength
from kasa.domain.payments.evidence import PaymentEvidence, Source
from kasa.domain.payments.matching import Decision, MatchInputs, MatchVerdict, match
from kasa.domain.payments.merging import merge
from kasa.domain.payments.payment import Payment
from kasa.domain.payments.references import reference_keys
from kasa.domain.payments.rules import ALERTS


def with_alert(
    work: UnitOfWork, payment: Payment, evidence: PaymentEvidence, *, at: datetime
) -> PaymentEvidence:
    """Return what is known of a locked payment, with the alert that waited for it, joined to it.

    Nothing joins a payment that has an alert, shows another's reference or picture, or differs in
    what the alert tells. One alert joins one payment, however many are judged at once.
    """
    amount = evidence.known(evidence.amount)
    if amount is None or payment.source is not Source.SCREENSHOT or evidence.sources & ALERTS:
        return evidence
    work.alerts.hold(amount)
    near = evidence.known(evidence.paid_at)
    alerts = work.alerts.unjoined(amount, since=at - KEPT_FOR, near=near)
    if not alerts:
        return evidence
    mine = Shown(id=payment.id, evidence=evidence, invoice_number=payment.invoice_number)
    waiting = work.alerts.without_alert(amount, since=at - JOIN_SPAN, near=near)
    found = partner(mine, shown_payments(waiting), shown_alerts(alerts), _fit)
    if found is None or not may_take(_dry(work, payment, evidence, at=at)):
        return evidence
    alert = next(one for one in alerts if one.id == found.id)
    return merge(evidence, alert.evidence) if join(work, alert, payment) else evidence


def _fit(payment: Shown[PaymentId], alert: Shown[AlertId]) -> Strength:
    return strength(alert, payment)


def may_take(verdict: MatchVerdict) -> bool:
    """Whether a payment may have an alert: it is no duplicate, and nothing differs in it."""
    return verdict.decision is not Decision.DUPLICATE and may_join(verdict)


def join(work: UnitOfWork, alert: BankAlert, payment: Payment) -> bool:
    """Give an alert to a locked payment as its evidence; false when another one has it."""
    if not work.alerts.join(alert.id, payment.id):
        return False
    work.payments.attach(payment.id, [as_sent(alert, payment)])
    return True


def as_sent(alert: BankAlert, payment: Payment) -> StoredEvidence:
    """Return an alert as what was sent for a payment; it is known by the alert's id."""
    return StoredEvidence(
        id=EvidenceId(alert.id),
        payment=payment.id,
        source=alert.source,
        evidence=alert.evidence,
    )


def shown_alerts(alerts: Sequence[BankAlert]) -> list[Shown[AlertId]]:
    """Return alerts as one side of a join."""
    return [Shown(id=alert.id, evidence=alert.evidence) for alert in alerts]


def shown_payments(payments: Sequence[Payment]) -> list[Shown[PaymentId]]:
    """Return payments that were judged as one side of a join."""
    return [
        Shown(id=one.id, evidence=one.inputs.evidence, invoice_number=one.invoice_number)
        for one in payments
        if one.inputs is not None
    ]


def _dry(
    work: UnitOfWork, payment: Payment, evidence: PaymentEvidence, *, at: datetime
) -> MatchVerdict:
    """Judge a payment as it stands, without locking, registering or storing anything."""
    used = work.alerts.used(payment.id, reference_keys(evidence, payment.submitted_at))
    inputs = MatchInputs(
        evidence=evidence,
        expected=expected_payments(work, payment, None, evidence=evidence),
        used=used.with_file(work.payments.same_file(payment.id)),
        at=at,
    )
    return match(inputs)
