"""A person decides: approve, reject, reverse, refund, reopen, or record cash."""

from datetime import datetime
from typing import ClassVar

import attrs

from kasa.application.ports.system import Clock, Ids
from kasa.application.ports.work import UnitOfWork, UnitOfWorkFactory
from kasa.application.workflows.expecting import invoice_of, known_invoice
from kasa.application.workflows.settling import (
    Settlement,
    Undoing,
    end_review,
    leave,
    refund,
    reopen,
    reverse,
    settle,
)
from kasa.domain.identity.access import Actor, Permission
from kasa.domain.kernel.errors import Conflict, Invalid, VersionStale
from kasa.domain.kernel.ids import InvoiceId, PaymentId
from kasa.domain.kernel.money import Money
from kasa.domain.kernel.text import note
from kasa.domain.payments.events import PaymentRejected
from kasa.domain.payments.evidence import Source
from kasa.domain.payments.payment import REASON_LIMIT, Payment
from kasa.domain.payments.references import ReferenceKeys, reference_keys
from kasa.domain.payments.states import PaymentState


class ReferenceUsed(Conflict):
    """Another payment has this reference; reverse or reopen that one instead."""

    code = "payment.reference_used"


class AmountNotPositive(Invalid):
    """An amount above 0 is needed."""

    code = "payment.amount_invalid"


@attrs.frozen(kw_only=True)
class Approval:
    """What a person decides when approving; ``version`` is the one they saw.

    ``invoice`` chooses another one, ``amount`` is needed where none was read, ``counts_as`` where
    the payment is in another currency; ``reason`` where a check differs.
    """

    version: int
    invoice: InvoiceId | None = None
    amount: Money | None = None
    counts_as: Money | None = None
    reason: str = ""


@attrs.frozen(kw_only=True, eq=False)
class ApprovePayment:
    """Approve a payment by hand and settle its invoice.

    Raises ``version.stale``, ``payment.already_decided``, ``payment.reference_used``,
    ``payment.reason_required``, ``payment.invoice_required``. Approving an approved one again
    changes nothing.
    """

    permission: ClassVar[Permission] = Permission.DECIDE_PAYMENTS

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(self, actor: Actor, payment_id: PaymentId, decision: Approval) -> Payment:
        """Register what the decision adds, then settle."""
        actor.require(self.permission)
        now = self.clock.now()
        with self.unit_of_work(actor) as work:
            found = work.payments.lock(payment_id)
            if found.state is PaymentState.APPROVED:
                return work.answer(found)
            _require_version(found, decision.version)
            payment = _chosen(work, found, decision)
            _register_all(work, payment, at=now)
            if payment.invoice != found.invoice:
                leave(work, found, payment, at=now)
            evidence = None if payment.inputs is None else payment.inputs.evidence
            invoice = invoice_of(work, payment, evidence)
            settlement = Settlement(
                reason=decision.reason,
                by=actor.author,
                by_hand=True,
                counts_as=decision.counts_as,
            )
            return work.answer(settle(work, payment, invoice, settlement, at=now))


def _require_version(payment: Payment, version: int) -> None:
    if payment.version != version:
        raise VersionStale(current_version=payment.version, state=payment.state.value)


def _chosen(work: UnitOfWork, payment: Payment, decision: Approval) -> Payment:
    if decision.amount is not None:
        _require_positive(decision.amount)
        payment = payment.paying(decision.amount)
    if decision.counts_as is not None:
        _require_positive(decision.counts_as)
    if decision.invoice is None:
        return payment
    return payment.assigned(decision.invoice, known_invoice(work, decision.invoice))


def _require_positive(amount: Money) -> None:
    if amount.minor <= 0:
        raise AmountNotPositive


def _register_all(work: UnitOfWork, payment: Payment, *, at: datetime) -> None:
    """Register every reference a payment shows, contested ones too; none may be another's."""
    if payment.inputs is None:
        return
    keys = reference_keys(payment.inputs.evidence, payment.submitted_at)
    every = ReferenceKeys(read=tuple(sorted({*keys.read, *keys.candidates})))
    first = work.references.register(payment.id, every, at=at).first
    if first is not None:
        raise ReferenceUsed(
            payment=str(first.payment), invoice=first.invoice_number, at=first.at.isoformat()
        )


@attrs.frozen(kw_only=True, eq=False)
class RejectPayment:
    """Turn a payment in review down; its references stay its own."""

    permission: ClassVar[Permission] = Permission.DECIDE_PAYMENTS

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(
        self, actor: Actor, payment_id: PaymentId, *, version: int, reason: str
    ) -> Payment:
        """Reject with a reason of 3 to 500 characters."""
        actor.require(self.permission)
        now = self.clock.now()
        with self.unit_of_work(actor) as work:
            payment = work.payments.lock(payment_id)
            _require_version(payment, version)
            rejected = payment.rejected(at=now, by=actor.author, reason=reason)
            end_review(work, rejected, at=now)
            work.events.record(PaymentRejected(subject=payment.id, invoice=payment.invoice), at=now)
            return work.answer(rejected)


@attrs.frozen(kw_only=True, eq=False)
class ReopenPayment:
    """Bring a rejected or reversed payment back to review."""

    permission: ClassVar[Permission] = Permission.DECIDE_PAYMENTS

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(self, actor: Actor, payment_id: PaymentId, *, version: int) -> Payment:
        """Reopen, or raise ``payment.already_decided``."""
        actor.require(self.permission)
        now = self.clock.now()
        with self.unit_of_work(actor) as work:
            payment = work.payments.lock(payment_id)
            _require_version(payment, version)
            return work.answer(reopen(work, payment, at=now))


@attrs.frozen(kw_only=True, eq=False)
class ReversePayment:
    """Undo an approved payment: the bank took it back, or the approval was wrong."""

    permission: ClassVar[Permission] = Permission.DECIDE_PAYMENTS

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(
        self,
        actor: Actor,
        payment_id: PaymentId,
        *,
        reason: str,
        goods_gone: bool | None = None,
    ) -> Payment:
        """Reverse with a reason; ``goods_gone`` unless stated means that they were delivered."""
        actor.require(self.permission)
        now = self.clock.now()
        with self.unit_of_work(actor) as work:
            payment = work.payments.lock(payment_id)
            undoing = Undoing(reason=reason, by=actor.author, goods_gone=goods_gone)
            invoice = invoice_of(work, payment)
            return work.answer(reverse(work, payment, invoice, undoing, at=now))


@attrs.frozen(kw_only=True, eq=False)
class RefundPayment:
    """Give money of an approved payment back to who paid it."""

    permission: ClassVar[Permission] = Permission.REFUND_PAYMENTS

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(
        self, actor: Actor, payment_id: PaymentId, amount: Money, *, reason: str
    ) -> Payment:
        """Refund some of what it settled, or raise ``refund.too_much``."""
        actor.require(self.permission)
        now = self.clock.now()
        with self.unit_of_work(actor) as work:
            payment = work.payments.lock(payment_id)
            invoice = invoice_of(work, payment)
            undoing = Undoing(reason=reason, by=actor.author)
            return work.answer(refund(work, payment, invoice, undoing, amount=amount, at=now))


@attrs.frozen(kw_only=True)
class Cash:
    """Money that a member took: ``text`` says how."""

    invoice: InvoiceId
    amount: Money
    text: str = ""


@attrs.frozen(kw_only=True, eq=False)
class RecordPayment:
    """Record cash, or money seen elsewhere: approved by the member who records it."""

    permission: ClassVar[Permission] = Permission.SUBMIT_EVIDENCE

    unit_of_work: UnitOfWorkFactory
    clock: Clock
    ids: Ids

    def __call__(self, actor: Actor, cash: Cash) -> Payment:
        """Store the payment and settle its invoice, without gates."""
        actor.require(self.permission)
        now = self.clock.now()
        _require_positive(cash.amount)
        with self.unit_of_work(actor) as work:
            payment = Payment(
                id=PaymentId(self.ids.new(now)),
                submitted_at=now,
                source=Source.MANUAL,
                invoice=cash.invoice,
                invoice_number=known_invoice(work, cash.invoice),
                submitted_by=actor.author,
                contact=actor.contact,
                amount=cash.amount,
                paid_at=now,
            )
            work.payments.add(payment)
            invoice = invoice_of(work, payment)
            settlement = Settlement(
                reason=note(cash.text, REASON_LIMIT), by=actor.author, by_hand=True
            )
            return work.answer(settle(work, payment, invoice, settlement, at=now))
