"""What members may read of the banks' alerts."""

from typing import ClassVar

import attrs

from kasa.application.payments.alert_joining import shown_alerts, shown_payments
from kasa.application.ports.bank_alerts import JOIN_SPAN, AlertSummary
from kasa.application.ports.payments import PaymentSummary
from kasa.application.ports.system import Clock
from kasa.application.ports.work import UnitOfWorkFactory
from kasa.domain.identity.access import Actor, Permission
from kasa.domain.kernel.ids import AlertId, PaymentId
from kasa.domain.kernel.paging import PAGE_DEFAULT, Cursor, Page
from kasa.domain.payments.alerts.alert import KEPT_FOR
from kasa.domain.payments.alerts.joining import Strength, strength


@attrs.frozen(kw_only=True, eq=False)
class AlertQueries:
    """Alerts as they are listed, and what they may belong to."""

    permission: ClassVar[Permission] = Permission.READ

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def alerts(
        self,
        actor: Actor,
        *,
        unassigned: bool = False,
        after: Cursor | None = None,
        limit: int = PAGE_DEFAULT,
    ) -> Page[AlertSummary]:
        """Return a page of alerts, oldest first; ``unassigned`` ones want a person."""
        actor.require(self.permission)
        with self.unit_of_work.read_only(actor) as view:
            return view.alerts.listed(unassigned=unassigned, after=after, limit=limit)

    def alert(self, actor: Actor, alert_id: AlertId) -> AlertSummary:
        """Return an alert, or raise NotFound."""
        actor.require(self.permission)
        with self.unit_of_work.read_only(actor) as view:
            return AlertSummary.of(view.alerts.show(alert_id))

    def may_belong_to(self, actor: Actor, alert_id: AlertId) -> tuple[PaymentSummary, ...]:
        """Return the payments that an alert of nobody may belong to, as far as amount and time."""
        actor.require(self.permission)
        now = self.clock.now()
        with self.unit_of_work.read_only(actor) as view:
            alert = view.alerts.show(alert_id)
            if alert.payment is not None:
                return ()
            credit = alert.credit
            waiting = view.alerts.without_alert(
                credit.amount, since=now - JOIN_SPAN, near=credit.paid_at
            )
        (mine,) = shown_alerts([alert])
        fitting = {one.id for one in shown_payments(waiting) if _fits(strength(mine, one))}
        return tuple(PaymentSummary.of(one) for one in waiting if one.id in fitting)

    def of_payment(self, actor: Actor, payment_id: PaymentId) -> tuple[AlertSummary, ...]:
        """Return the alerts of nobody that may belong to a payment, as far as amount and time."""
        actor.require(self.permission)
        now = self.clock.now()
        with self.unit_of_work.read_only(actor) as view:
            payment = view.payments.show(payment_id)
            if payment.amount is None:
                return ()
            alerts = view.alerts.unjoined(
                payment.amount, since=now - KEPT_FOR, near=payment.paid_at
            )
        shown = shown_payments([payment])
        return tuple(
            AlertSummary.of(alert)
            for alert, mine in zip(alerts, shown_alerts(alerts), strict=True)
            if any(_fits(strength(mine, one)) for one in shown)
        )


def _fits(found: Strength) -> bool:
    return found is not Strength.NONE
