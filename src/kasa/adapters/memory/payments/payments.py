"""Payments and what was sent for them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

import attrs

from kasa.adapters.memory.payments.rows import (
    EVIDENCE,
    MONEY,
    PAYMENTS,
    evidence_of,
    same_file,
)
from kasa.adapters.memory.tables import Readable, Working
from kasa.application.ports.payments import StoredEvidence
from kasa.domain.kernel.ids import ContactId, CustomerId, InvoiceId, PaymentId
from kasa.domain.payments.evidence import PaymentEvidence
from kasa.domain.payments.expected_payment import PayerHint, payer_hint
from kasa.domain.payments.payment import Payment
from kasa.domain.payments.references import FirstUse
from kasa.domain.payments.resemblance import resembles
from kasa.domain.payments.states import PaymentState

HINTS_LIMIT = 20


class MemoryPayments:
    """Payments of one unit of work."""

    def __init__(self, rows: Working) -> None:
        self._rows = rows

    def lock(self, id: PaymentId) -> Payment:
        """Return the payment, locked until the unit of work ends, or raise NotFound."""
        return self._rows.lock(PAYMENTS, id)

    def lock_parts(self, id: PaymentId) -> tuple[Payment, tuple[Payment, ...]]:
        """Return the payment and the others of its submission, locked in the order of ids."""
        submission = self.get(id).submission
        every = [
            one.id
            for one in self._rows.read(PAYMENTS).values()
            if one.id == id or (submission is not None and one.submission == submission)
        ]
        found = [self.lock(one) for one in sorted(every)]
        (mine,) = (one for one in found if one.id == id)
        return mine, tuple(one for one in found if one.id != id)

    def get(self, id: PaymentId) -> Payment:
        """Return the payment without a lock, or raise NotFound."""
        return self._rows.get(PAYMENTS, id)

    def add(self, payment: Payment, evidence: Sequence[StoredEvidence] = ()) -> None:
        """Store a new payment with what was sent for it."""
        self._rows.add(PAYMENTS, payment.id, payment)
        self.attach(payment.id, evidence)

    def save(self, payment: Payment, evidence: PaymentEvidence | None = None) -> None:
        """Store a locked payment, and what was read of it."""
        self._rows.save(PAYMENTS, payment.id, payment)
        sent = self.evidence_of(payment.id)
        if evidence is not None and sent:
            self._rows.write(EVIDENCE)[sent[0].id] = attrs.evolve(sent[0], evidence=evidence)

    def evidence_of(self, id: PaymentId) -> tuple[StoredEvidence, ...]:
        """Return everything that was sent for a payment, in the order sent."""
        return evidence_of(self._rows, id)

    def attach(self, id: PaymentId, evidence: Sequence[StoredEvidence]) -> None:
        """Store further evidence for a locked payment."""
        for row in evidence:
            if row.payment != id:
                raise RuntimeError("evidence belongs to its payment")
            self._rows.add(EVIDENCE, row.id, row)

    def same_file(self, id: PaymentId) -> FirstUse | None:
        """Return the earliest other payment that one of its pictures was sent for before."""
        return same_file(self._rows, id)

    def near(self, id: PaymentId, evidence: PaymentEvidence) -> tuple[str, ...]:
        """Return the suspicions that other payments give: near_duplicate, same_transfer."""
        amount = evidence.known(evidence.amount)
        if amount is not None:
            self._rows.claim(MONEY, [amount])
        return near(self._rows, evidence, id)

    def payers(
        self, customers: Collection[CustomerId]
    ) -> Mapping[CustomerId, tuple[PayerHint, ...]]:
        """Return who paid for each customer in approved payments, at most 20, newest first."""
        return {customer: self._payers(customer) for customer in customers}

    def _payers(self, customer: CustomerId) -> tuple[PayerHint, ...]:
        hints = [
            hint
            for one in reversed(tuple(self._rows.read(PAYMENTS).values()))
            if one.customer == customer and one.state is PaymentState.APPROVED
            if one.inputs is not None and (hint := payer_hint(one.inputs.evidence)) is not None
        ]
        return tuple(hints[:HINTS_LIMIT])

    def submitted_since(self, at: datetime, *, contact: ContactId | None = None) -> int:
        """Count the payments submitted after a moment, by all or by one contact."""
        payments = self._rows.read(PAYMENTS).values()
        return sum(
            one.submitted_at > at and (contact is None or one.contact == contact)
            for one in payments
        )

    def asked_since(self, at: datetime, contact: ContactId) -> int:
        """Count the payments for which a contact was asked for a better picture."""
        return sum(
            one.contact == contact and one.asked_at is not None and one.asked_at > at
            for one in self._rows.read(PAYMENTS).values()
        )

    def of_invoice(self, invoice: InvoiceId) -> tuple[Payment, ...]:
        """Return the payments meant for an invoice, oldest first."""
        return tuple(one for one in self._rows.read(PAYMENTS).values() if one.invoice == invoice)


def near(
    rows: Readable, evidence: PaymentEvidence, besides: PaymentId | None = None
) -> tuple[str, ...]:
    """Return the suspicions that payments, duplicates left out, give an evidence."""
    amount = evidence.known(evidence.amount)
    found = {
        reason.value
        for one in rows.read(PAYMENTS).values()
        if one.id != besides
        and one.duplicate_of is None
        and one.inputs is not None
        and one.amount == amount
        for reason in resembles(evidence, one.inputs.evidence)
    }
    return tuple(sorted(found))
