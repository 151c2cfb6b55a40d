"""Bank alerts come in: each is kept once, joins the payment it belongs to, or waits."""

import unicodedata
from datetime import datetime
from hashlib import sha256
from typing import ClassVar

import attrs

from kasa.application.payments.alert_joining import (
    as_sent,
    join,
    may_take,
    shown_alerts,
    shown_payments,
)
from kasa.application.payments.judging import judge_again
from kasa.application.ports.bank_alerts import JOIN_SPAN
from kasa.application.ports.system import Clock, Ids
from kasa.application.ports.work import Collided, UnitOfWork, UnitOfWorkFactory
from kasa.application.workflows.expecting import expected_payments
from kasa.domain.identity.access import Actor, Permission
from kasa.domain.kernel.ids import AlertId, PaymentId
from kasa.domain.payments.alerts.alert import KEPT_FOR, BankAlert
from kasa.domain.payments.alerts.joining import partner, strength
from kasa.domain.payments.alerts.reading import AlertFlag, Envelope, Refusal, read_alert, trust
from kasa.domain.payments.events import (
    BankAlertFlagged,
    BankAlertTaken,
)
from kasa.domain.payments.matching import Decision, MatchInputs, match
from kasa.domain.payments.merging import merge
from kasa.domain.payments.payment import Payment
from kasa.domain.payments.states import PaymentState


@attrs.frozen(kw_only=True)
class AlertMessage:
    """A message as it came; ``received_at`` is when it was posted, now when nobody says."""

    envelope: Envelope
    text: str
    received_at: datetime | None = None


@attrs.frozen(kw_only=True)
class TakenAlert:
    """What was made of a message: an alert, and its payment if it has one, or the refusal.

    ``again``: it was known before, and nothing changed but perhaps its flags.
    """

    refusal: Refusal | None = None
    alert: BankAlert | None = None
    payment: Payment | None = None
    again: bool = False


@attrs.frozen(kw_only=True, eq=False)
class TakeBankAlert:
    """Take a bank's message: keep it once, join it, and judge the payment that it belongs to.

    What a program passes on counts as ingested, whatever its envelope says.
    Untrusted words and other messages are an answer, not an error, and are not kept. Alone it
    approves only what names its open invoice and differs in nothing. Raises ``Collided`` when a
    receipt of the same money is judged at the same moment; the call may be repeated.
    """

    permission: ClassVar[Permission] = Permission.TAKE_ALERTS

    unit_of_work: UnitOfWorkFactory
    clock: Clock
    ids: Ids

    def __call__(self, actor: Actor, message: AlertMessage) -> TakenAlert:
        """Judge the envelope, read the words, and keep what they tell."""
        actor.require(self.permission)
        now = self.clock.now()
        if actor.client is not None:
            passed_on = attrs.evolve(message.envelope, ingested=True)
            message = attrs.evolve(message, envelope=passed_on)
        read = self._read(message, now)
        with self.unit_of_work(actor) as work:
            if isinstance(read, Refusal):
                return work.answer(_refused(work, message, read, at=now))
            there = work.alerts.add(read)
            if there is not None:
                return work.answer(_again(work, there, message, at=now))
            payment = _joined(work, read, at=now) or self._alone(work, actor, read, at=now)
            taken = read if payment is None else read.joined(payment.id)
            event = BankAlertTaken(
                subject=read.id,
                amount=read.credit.amount,
                source=read.source.value,
                payment=taken.payment,
                flags=read.flags,
            )
            work.events.record(event, at=now)
            return work.answer(TakenAlert(alert=taken, payment=payment))

    def _read(self, message: AlertMessage, now: datetime) -> BankAlert | Refusal:
        envelope = message.envelope
        source = trust(envelope)
        if isinstance(source, Refusal):
            return source
        received_at = min(message.received_at or now, now)
        credit = read_alert(message.text, envelope.bot, received_at)
        if isinstance(credit, Refusal):
            return credit
        return BankAlert(
            id=AlertId(self.ids.new(now)),
            bot=envelope.bot.removeprefix("@"),
            chat=envelope.chat,
            message=envelope.message,
            source=source,
            received_at=received_at,
            digest=_digest(message.text),
            credit=credit,
            flags=credit.flags,
        )

    def _alone(
        self, work: UnitOfWork, actor: Actor, alert: BankAlert, *, at: datetime
    ) -> Payment | None:
        """Make a payment of an alert that names its invoice and would be approved, else none."""
        payment = payment_of(self.ids, alert, actor, at=at)
        inputs = MatchInputs(
            evidence=alert.evidence,
            expected=expected_payments(work, payment, None, evidence=alert.evidence),
            at=at,
        )
        if match(inputs).decision is not Decision.APPROVE:
            return None
        return pay_alone(work, alert, payment, at=at)


def _digest(text: str) -> str:
    return sha256(unicodedata.normalize("NFC", text).encode()).hexdigest()


def payment_of(ids: Ids, alert: BankAlert, actor: Actor, *, at: datetime) -> Payment:
    """Return the payment that an alert makes when it stands alone."""
    return Payment(
        id=PaymentId(ids.new(at)),
        submitted_at=alert.received_at,
        source=alert.source,
        submitted_by=actor.author,
    )


def pay_alone(work: UnitOfWork, alert: BankAlert, payment: Payment, *, at: datetime) -> Payment:
    """Store a payment of an alert alone, and judge it."""
    work.payments.add(payment, [as_sent(alert, payment)])
    if not work.alerts.join(alert.id, payment.id):
        raise Collided(retry_after=1)
    return judge_again(work, payment, alert.evidence, at=at)


def _refused(
    work: UnitOfWork, message: AlertMessage, refusal: Refusal, *, at: datetime
) -> TakenAlert:
    """Return the refusal; an edit of a message that is kept is flagged there."""
    envelope = message.envelope
    if not envelope.edited or trust(attrs.evolve(envelope, edited=False)) is refusal:
        return TakenAlert(refusal=refusal)
    there = work.alerts.at(envelope.chat, envelope.message)
    if there is None:
        return TakenAlert(refusal=refusal)
    return _again(work, there, message, at=at)


def _again(work: UnitOfWork, there: AlertId, message: AlertMessage, *, at: datetime) -> TakenAlert:
    """Flag an alert whose message was edited, or whose transfer another message tells again."""
    alert, envelope = work.alerts.lock(there), message.envelope
    if (alert.chat, alert.message) != (envelope.chat, envelope.message):
        flagged = alert.flagged(AlertFlag.REPEATED)
    elif alert.digest != _digest(message.text):
        flagged = alert.flagged(AlertFlag.EDITED)
    else:
        flagged = alert
    if flagged != alert:
        work.alerts.save(flagged)
        work.events.record(BankAlertFlagged(subject=alert.id, flags=flagged.flags), at=at)
    payment = None if alert.payment is None else work.payments.get(alert.payment)
    return TakenAlert(alert=flagged, payment=payment, again=True)


def _joined(work: UnitOfWork, alert: BankAlert, *, at: datetime) -> Payment | None:
    """Join a kept alert to the payment that it belongs to and judge that again, or return None."""
    wanted = _partner_of(work, alert, at=at)
    payment = None if wanted is None else work.payments.lock_parts(wanted)[0]
    work.alerts.hold(alert.credit.amount)
    if _partner_of(work, alert, at=at) != wanted:
        raise Collided(retry_after=1)
    if payment is None or payment.inputs is None or payment.verdict is None:
        return None
    if payment.state is not PaymentState.APPROVED and not may_take(payment.verdict):
        return None
    if not join(work, alert, payment):
        raise Collided(retry_after=1)
    return judge_again(work, payment, merge(payment.inputs.evidence, alert.evidence), at=at)


def _partner_of(work: UnitOfWork, alert: BankAlert, *, at: datetime) -> PaymentId | None:
    """Return the only payment that the alert fits, if it is the only alert that fits that one."""
    amount, near = alert.credit.amount, alert.credit.paid_at
    waiting = work.alerts.without_alert(amount, since=at - JOIN_SPAN, near=near)
    alerts = work.alerts.unjoined(amount, since=at - KEPT_FOR, near=near)
    (mine,) = shown_alerts([alert])
    found = partner(mine, shown_alerts(alerts), shown_payments(waiting), strength)
    return None if found is None else found.id
