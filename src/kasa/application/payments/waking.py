"""A safety net: payments whose moment has passed without anybody looking at them."""

from datetime import datetime, timedelta

import attrs

from kasa.application.payments.verifying import judge_unread
from kasa.application.ports.system import Clock
from kasa.application.ports.work import UnitOfWorkFactory
from kasa.application.workflows.sweeping import every_shop, shops_after
from kasa.domain.identity.access import Actor
from kasa.domain.kernel.ids import TenantId
from kasa.domain.payments.events import BankAskDue
from kasa.domain.payments.states import PaymentState
from kasa.domain.payments.waiting import wakes_at

LATE = timedelta(minutes=10)
"""A job that is only a little late still comes by itself."""

UNREAD_AFTER = timedelta(hours=26)
"""Longer than its job tries to read a payment, and the job after that to send it to a person."""

PAYMENTS_OF_A_SHOP = 100


@attrs.frozen(kw_only=True, eq=False)
class WakeWaiting:
    """Have every payment looked at again that still waits for a moment in the past.

    Each has a job for its moment; this finds those whose job was lost or gave up, whenever it
    runs. One that was never read goes to a person after a day. Twice changes nothing: a payment is
    looked at once for each moment.
    """

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(self) -> int:
        """Look through every shop, and return how many payments were woken."""
        return every_shop(self._tenants, self.shop)

    def _tenants(self, after: TenantId | None) -> tuple[TenantId, ...]:
        with self.unit_of_work.platform() as work:
            return shops_after(work, after)

    def shop(self, tenant: TenantId) -> int:
        """Wake the payments of one shop, the oldest 100 at most."""
        scope, now = Actor.system(tenant), self.clock.now()
        with self.unit_of_work.read_only(scope) as view:
            page = view.payments.listed(states=(PaymentState.WAITING,), limit=PAYMENTS_OF_A_SHOP)
            waiting = [view.payments.show(one.id) for one in page.items]
        late = [
            one.id
            for one in waiting
            if (moment := wakes_at(one)) is not None and moment + LATE <= now
        ]
        if late:
            with self.unit_of_work(scope) as work:
                work.events.record(*(BankAskDue(subject=one, at=now) for one in late), at=now)
        return len(late) + self._unread(scope, now)

    def _unread(self, scope: Actor, now: datetime) -> int:
        """Judge what nobody read as it is, one payment a unit of work, and count it."""
        with self.unit_of_work.read_only(scope) as view:
            page = view.payments.listed(states=(PaymentState.SUBMITTED,), limit=PAYMENTS_OF_A_SHOP)
        late = [one.id for one in page.items if one.submitted_at + UNREAD_AFTER <= now]
        for one in late:
            with self.unit_of_work(scope) as work:
                payment, _ = work.payments.lock_parts(one)
                if payment.state is PaymentState.SUBMITTED:
                    judge_unread(work, payment, at=now)
        return len(late)
