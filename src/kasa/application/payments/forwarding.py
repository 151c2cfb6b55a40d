"""A customer who was asked for a better receipt sends it to the shop as it is."""

from typing import ClassVar

import attrs

from kasa.application.ports.system import Clock
from kasa.application.ports.work import UnitOfWorkFactory
from kasa.application.workflows.acting import send_to_shop
from kasa.domain.identity.access import Actor, Permission
from kasa.domain.kernel.errors import NotFound
from kasa.domain.kernel.ids import PaymentId
from kasa.domain.payments.payment import Payment
from kasa.domain.payments.states import PaymentState


@attrs.frozen(kw_only=True, eq=False)
class SendToShop:
    """Put a payment whose customer was asked before a person of the shop.

    A customer sends what is theirs, a member what any customer sent; twice changes nothing.
    Raises NotFound and ``payment.already_decided``.
    """

    permission: ClassVar[Permission] = Permission.SUBMIT_EVIDENCE

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(self, actor: Actor, payment_id: PaymentId) -> Payment:
        """Send it to review without another request."""
        actor.require(self.permission)
        now = self.clock.now()
        with self.unit_of_work(actor) as work:
            payment = work.payments.lock(payment_id)
            if actor.contact is not None and actor.contact != payment.contact:
                raise NotFound
            if payment.state is PaymentState.IN_REVIEW:
                return work.answer(payment)
            return work.answer(send_to_shop(work, payment, at=now))
