"""A person decides about alerts of nobody: which invoice, which receipt, or none."""

from typing import ClassVar

import attrs

from kasa.application.payments.alert_joining import join, shown_alerts, shown_payments
from kasa.application.payments.alerting import pay_alone, payment_of
from kasa.application.payments.judging import judge_again
from kasa.application.ports.system import Clock, Ids
from kasa.application.ports.work import Collided, UnitOfWorkFactory
from kasa.application.workflows.expecting import known_invoice
from kasa.domain.identity.access import Actor, Permission
from kasa.domain.kernel.errors import Conflict
from kasa.domain.kernel.ids import AlertId, InvoiceId, PaymentId
from kasa.domain.payments.alerts.alert import BankAlert
from kasa.domain.payments.alerts.joining import Strength, strength
from kasa.domain.payments.events import BankAlertAssigned, BankAlertIgnored, BankAlertJoined
from kasa.domain.payments.merging import merge
from kasa.domain.payments.payment import Payment
from kasa.domain.payments.rules import ALERTS
from kasa.domain.payments.states import AlreadyDecided


class AlertOfAnother(Conflict):
    """This alert cannot belong to this payment: the amount or the time is another one."""

    code = "alert.of_another"


class PaymentHasAlert(Conflict):
    """This payment has its alert already."""

    code = "alert.payment_has_one"


@attrs.frozen(kw_only=True, eq=False)
class AssignAlert:
    """Say which invoice an alert is for: a payment is made of it and judged.

    Raises ``alert.assigned``, ``alert.ignored``, or NotFound for an unknown alert or invoice.
    """

    permission: ClassVar[Permission] = Permission.DECIDE_PAYMENTS

    unit_of_work: UnitOfWorkFactory
    clock: Clock
    ids: Ids

    def __call__(self, actor: Actor, alert_id: AlertId, invoice: InvoiceId) -> Payment:
        """Make the payment; the verdict approves it, or sends it to review."""
        actor.require(self.permission)
        now = self.clock.now()
        with self.unit_of_work(actor) as work:
            number = known_invoice(work, invoice)
            alert = work.alerts.lock(alert_id)
            payment = payment_of(self.ids, alert, actor, at=now)
            alert.joined(payment.id)
            answering = payment.assigned(invoice, number)
            judged = pay_alone(work, alert, answering, at=now)
            event = BankAlertAssigned(subject=alert.id, payment=payment.id, invoice=invoice)
            work.events.record(event, at=now)
            return work.answer(judged)


@attrs.frozen(kw_only=True, eq=False)
class IgnoreAlert:
    """Put an alert aside that is for no invoice; twice is once. Raises ``alert.assigned``."""

    permission: ClassVar[Permission] = Permission.DECIDE_PAYMENTS

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(self, actor: Actor, alert_id: AlertId) -> BankAlert:
        """Store that nobody needs to look at it."""
        actor.require(self.permission)
        now = self.clock.now()
        with self.unit_of_work(actor) as work:
            alert = work.alerts.lock(alert_id)
            ignored = alert.ignored(at=now, by=actor.author)
            if ignored != alert:
                work.alerts.save(ignored)
                work.events.record(BankAlertIgnored(subject=alert.id), at=now)
            return work.answer(ignored)


@attrs.frozen(kw_only=True, eq=False)
class JoinAlert:
    """Say that an alert belongs to a receipt that it may belong to; that is judged again.

    What differs in the receipt still differs. Raises ``alert.of_another``, ``alert.assigned``,
    ``alert.ignored``, ``alert.payment_has_one`` or ``payment.already_decided``.
    """

    permission: ClassVar[Permission] = Permission.DECIDE_PAYMENTS

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(self, actor: Actor, alert_id: AlertId, payment_id: PaymentId) -> Payment:
        """Join them and judge the payment."""
        actor.require(self.permission)
        now = self.clock.now()
        with self.unit_of_work(actor) as work:
            payment, _ = work.payments.lock_parts(payment_id)
            alert = work.alerts.lock(alert_id)
            alert.joined(payment.id)
            _require_fit(payment, alert)
            if not join(work, alert, payment):
                raise Collided(retry_after=1)
            work.events.record(BankAlertJoined(subject=alert.id, payment=payment.id), at=now)
            assert payment.inputs is not None, "it fits, so it was read"
            known = merge(payment.inputs.evidence, alert.evidence)
            return work.answer(judge_again(work, payment, known, at=now))


def _require_fit(payment: Payment, alert: BankAlert) -> None:
    if not payment.state.is_undecided:
        raise AlreadyDecided(state=payment.state.value, wanted="join")
    if payment.inputs is not None and payment.inputs.evidence.sources & ALERTS:
        raise PaymentHasAlert
    (mine,) = shown_alerts([alert])
    if not any(strength(mine, one) is not Strength.NONE for one in shown_payments([payment])):
        raise AlertOfAnother
