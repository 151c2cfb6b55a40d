"""What a member does with a payment in review beside deciding it: claim, assign, ask, discard."""

from datetime import datetime, timedelta
from typing import ClassVar
from uuid import UUID

import attrs

from kasa.application.ports.system import Clock
from kasa.application.ports.work import UnitOfWorkFactory
from kasa.application.workflows.expecting import known_invoice
from kasa.application.workflows.settling import end_review, leave
from kasa.domain.identity.access import Actor, Permission
from kasa.domain.kernel.errors import VersionStale
from kasa.domain.kernel.ids import InvoiceId, PaymentId
from kasa.domain.payments.events import (
    CustomerAsked,
    PaymentAssigned,
    PaymentClaimed,
    PaymentDiscarded,
)
from kasa.domain.payments.payment import Payment
from kasa.domain.payments.reasons import Reason
from kasa.domain.payments.states import AlreadyDecided, PaymentState

CLAIM_LIFE = timedelta(minutes=5)


@attrs.frozen(kw_only=True)
class Claim:
    """Who looks at a payment, and until when others better leave it to them."""

    payment: PaymentId
    by: UUID | None
    until: datetime


@attrs.frozen(kw_only=True, eq=False)
class ClaimPayment:
    """Say that one looks at a payment in review; it binds nobody, and the last word counts.

    Raises NotFound, and ``payment.already_decided`` when nobody needs to look any more.
    """

    permission: ClassVar[Permission] = Permission.DECIDE_PAYMENTS

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(self, actor: Actor, payment_id: PaymentId) -> Claim:
        """Claim it for five minutes."""
        actor.require(self.permission)
        now = self.clock.now()
        with self.unit_of_work(actor) as work:
            payment = work.payments.get(payment_id)
            _require_undecided(payment, "claim")
            claimed = PaymentClaimed(subject=payment.id, until=now + CLAIM_LIFE)
            work.events.record(claimed, at=now)
            return work.answer(Claim(payment=payment.id, by=actor.author, until=claimed.until))


@attrs.frozen(kw_only=True, eq=False)
class AssignPayment:
    """Say which invoice an undecided payment is for; it still wants to be decided.

    Raises NotFound for an unknown payment or invoice, ``version.stale`` and
    ``payment.already_decided``.
    """

    permission: ClassVar[Permission] = Permission.DECIDE_PAYMENTS

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(
        self, actor: Actor, payment_id: PaymentId, invoice: InvoiceId, *, version: int
    ) -> Payment:
        """Assign it and return it."""
        actor.require(self.permission)
        now = self.clock.now()
        with self.unit_of_work(actor) as work:
            payment = work.payments.lock(payment_id)
            _require_version(payment, version)
            _require_undecided(payment, "assign")
            if payment.invoice == invoice:
                return work.answer(payment)
            meant = payment.assigned(invoice, known_invoice(work, invoice))
            leave(work, payment, meant, at=now)
            end_review(work, meant, at=now)
            event = PaymentAssigned(subject=meant.id, invoice=invoice, before=payment.invoice)
            work.events.record(event, at=now)
            return work.answer(meant)


@attrs.frozen(kw_only=True, eq=False)
class AskCustomerAgain:
    """Ask the customer for a clearer picture of a payment in review, and wait two days for it.

    Raises NotFound, ``version.stale`` and ``payment.already_decided``.
    """

    permission: ClassVar[Permission] = Permission.DECIDE_PAYMENTS

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(self, actor: Actor, payment_id: PaymentId, *, version: int) -> Payment:
        """Return it waiting for its customer."""
        actor.require(self.permission)
        now = self.clock.now()
        with self.unit_of_work(actor) as work:
            payment = work.payments.lock(payment_id)
            _require_version(payment, version)
            if payment.state is not PaymentState.IN_REVIEW:
                raise AlreadyDecided(state=payment.state.value, wanted="ask")
            asked = payment.asked(now)
            end_review(work, asked, at=now)
            assert asked.waits_until is not None, "whoever is asked is waited for"
            event = CustomerAsked(
                subject=asked.id,
                invoice=asked.invoice,
                reasons=(Reason.UNREADABLE.value,),
                until=asked.waits_until,
            )
            work.events.record(event, at=now)
            return work.answer(asked)


@attrs.frozen(kw_only=True, eq=False)
class DiscardPayment:
    """Put aside what is no receipt: it is rejected, and nobody is told.

    Raises NotFound, ``version.stale`` and ``payment.already_decided``.
    """

    permission: ClassVar[Permission] = Permission.DECIDE_PAYMENTS

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(self, actor: Actor, payment_id: PaymentId, *, version: int) -> Payment:
        """Return it rejected as no receipt."""
        actor.require(self.permission)
        now = self.clock.now()
        with self.unit_of_work(actor) as work:
            payment = work.payments.lock(payment_id)
            _require_version(payment, version)
            reason = Reason.NOT_A_RECEIPT.value
            discarded = payment.rejected(at=now, by=actor.author, reason=reason)
            end_review(work, discarded, at=now)
            event = PaymentDiscarded(subject=payment.id, invoice=payment.invoice)
            work.events.record(event, at=now)
            return work.answer(discarded)


def _require_version(payment: Payment, version: int) -> None:
    if payment.version != version:
        raise VersionStale(current_version=payment.version, state=payment.state.value)


def _require_undecided(payment: Payment, wanted: str) -> None:
    if not payment.state.is_undecided:
        raise AlreadyDecided(state=payment.state.value, wanted=wanted)
