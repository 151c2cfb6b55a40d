"""A payment: what was submitted, how it was judged, what a person decided (section 15)."""

from datetime import datetime, timedelta
from uuid import UUID

import attrs

from kasa.domain.kernel.errors import Invalid
from kasa.domain.kernel.ids import ContactId, CustomerId, InvoiceId, PaymentId, SubmissionId
from kasa.domain.kernel.money import Money
from kasa.domain.kernel.text import Note, note
from kasa.domain.payments.evidence import Precision, Source
from kasa.domain.payments.matching import MatchInputs, MatchVerdict
from kasa.domain.payments.states import PaymentState, step

CUSTOMER_WAIT = timedelta(hours=48)
"""How long a customer who was asked for a better receipt is waited for."""

REASON_MIN = 3
REASON_LIMIT = 500


class ReasonRequired(Invalid):
    """Say why, in 3 to 500 characters: a check differs, or the payment is turned down."""

    code = "payment.reason_required"


class AmountMissing(Invalid):
    """The amount could not be read; say how much was paid."""

    code = "payment.amount_required"


@attrs.frozen(kw_only=True)
class Payment:
    """One claim that money moved; only an approved one has settled anything.

    ``invoice`` is the one it answers, or that a person chose. ``amount``, ``paid_at`` and ``bank``
    are those of its evidence. ``approvals`` counts how often it was approved. ``unallocated`` is
    what no invoice and no customer credit took. ``customer`` is known once it is settled.
    ``submission`` names what came in together with it. ``asked_at`` is when its customer was asked
    for a better picture, ``waits_until`` when a waiting one has to be looked at again.
    """

    id: PaymentId
    submitted_at: datetime
    source: Source
    state: PaymentState = PaymentState.SUBMITTED
    invoice: InvoiceId | None = None
    invoice_number: str = ""
    customer: CustomerId | None = None
    submitted_by: UUID | None = None
    contact: ContactId | None = None
    submission: SubmissionId | None = None
    amount: Money | None = None
    paid_at: datetime | None = None
    precision: Precision = Precision.MINUTE
    bank: str = ""
    inputs: MatchInputs | None = None
    verdict: MatchVerdict | None = None
    decided_by: UUID | None = None
    decided_at: datetime | None = None
    reason: str = ""
    approvals: int = 0
    unallocated: Money | None = None
    duplicate_of: PaymentId | None = None
    asked_at: datetime | None = None
    waits_until: datetime | None = None
    version: int = 1

    def judged(self, inputs: MatchInputs, verdict: MatchVerdict) -> "Payment":
        """Return it with a verdict and what that was judged on; its state is another step."""
        evidence = inputs.evidence
        return attrs.evolve(
            self,
            inputs=inputs,
            verdict=verdict,
            amount=evidence.known(evidence.amount),
            paid_at=evidence.known(evidence.paid_at),
            precision=evidence.precision,
            bank=evidence.layout,
            version=self.version + 1,
        )

    def assigned(
        self, invoice: InvoiceId, number: str, customer: CustomerId | None = None
    ) -> "Payment":
        """Return it meant for an invoice, as its evidence or a person says."""
        return attrs.evolve(
            self,
            invoice=invoice,
            invoice_number=number,
            customer=customer,
            version=self.version + 1,
        )

    def paying(self, amount: Money) -> "Payment":
        """Return it with the amount that a person read, where the evidence gives none."""
        return attrs.evolve(self, amount=amount, version=self.version + 1)

    def approved(self, *, at: datetime, by: UUID | None = None, reason: str = "") -> "Payment":
        """Return it approved by the verdict, or by a person.

        Raises ``payment.already_decided``, ``payment.reason_required`` when a person approves
        although a gate differs, or ``payment.amount_required``.
        """
        state = step(self.state, PaymentState.APPROVED)
        if self.amount is None:
            raise AmountMissing
        if by is not None and self.verdict is not None and self.verdict.has_difference:
            reason = required_reason(reason)
        return attrs.evolve(
            self._decided(state, at, by=by, reason=reason), approvals=self.approvals + 1
        )

    def rejected(self, *, at: datetime, by: UUID | None, reason: str) -> "Payment":
        """Return it turned down by a person, with the reason."""
        state = step(self.state, PaymentState.REJECTED)
        return self._decided(state, at, by=by, reason=required_reason(reason))

    def reversed(self, *, at: datetime, by: UUID | None, reason: str) -> "Payment":
        """Return it undone: the bank took it back, or the approval was wrong."""
        state = step(self.state, PaymentState.REVERSED)
        undone = self._decided(state, at, by=by, reason=required_reason(reason))
        return attrs.evolve(undone, unallocated=None)

    def reopened(self) -> "Payment":
        """Return a rejected or reversed one to review; its references stay its own."""
        return self._moved(PaymentState.IN_REVIEW)

    def in_review(self) -> "Payment":
        """Return it waiting for a person."""
        if self.state is PaymentState.IN_REVIEW:
            return self
        return self._moved(PaymentState.IN_REVIEW)

    def waiting(self, until: datetime | None = None) -> "Payment":
        """Return it waiting for the bank or for the customer, to be looked at again ``until``."""
        waits = self if self.state is PaymentState.WAITING else self._moved(PaymentState.WAITING)
        return attrs.evolve(waits, waits_until=until)

    def asked(self, at: datetime) -> "Payment":
        """Return it waiting for its customer, who was asked for a better receipt."""
        return attrs.evolve(self.waiting(at + CUSTOMER_WAIT), asked_at=at)

    def duplicate(self, first: PaymentId) -> "Payment":
        """Return it as another showing of an earlier payment."""
        return attrs.evolve(self._moved(PaymentState.DUPLICATE), duplicate_of=first)

    def leaving(self, unallocated: Money) -> "Payment":
        """Return it with what nothing took; none when that is zero."""
        return attrs.evolve(self, unallocated=unallocated if unallocated.minor else None)

    def _moved(self, state: PaymentState) -> "Payment":
        moved = step(self.state, state)
        return attrs.evolve(self, state=moved, waits_until=None, version=self.version + 1)

    def _decided(
        self, state: PaymentState, at: datetime, *, by: UUID | None, reason: str
    ) -> "Payment":
        return attrs.evolve(
            self,
            state=state,
            decided_at=at,
            decided_by=by,
            reason=reason,
            waits_until=None,
            version=self.version + 1,
        )


def required_reason(text: str) -> Note:
    """Return a typed reason of 3 to 500 characters, or raise ``payment.reason_required``."""
    if len(text.strip()) < REASON_MIN:
        raise ReasonRequired
    return note(text, REASON_LIMIT)
