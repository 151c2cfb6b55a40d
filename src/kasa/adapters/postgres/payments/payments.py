"""The payments of a unit of work, and what was sent for them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from kasa.adapters.postgres.connection import TenantConnection
from kasa.adapters.postgres.payments import statements
from kasa.adapters.postgres.payments.values import (
    evidence_of,
    evidence_row,
    first_use_of,
    payment_of,
    payment_row,
)
from kasa.adapters.postgres.rows import text_of, value_of
from kasa.application.ports.payments import NEAR_SPAN, StoredEvidence
from kasa.application.ports.work import LockRank
from kasa.domain.kernel.errors import NotFound
from kasa.domain.kernel.ids import ContactId, CustomerId, InvoiceId, PaymentId
from kasa.domain.kernel.money import Money
from kasa.domain.payments.evidence import PaymentEvidence
from kasa.domain.payments.expected_payment import PayerHint, payer_hint
from kasa.domain.payments.payment import Payment
from kasa.domain.payments.references import FirstUse
from kasa.domain.payments.resemblance import resembles, whole_ids


class PostgresPayments:
    """Payments of one tenant."""

    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows
        self._parts: dict[PaymentId, tuple[Payment, tuple[Payment, ...]]] = {}

    def lock(self, id: PaymentId) -> Payment:
        """Return the payment, locked until the unit of work ends, or raise NotFound."""
        self._rows.claim(LockRank.PAYMENTS, id)
        return payment_of(self._rows.get(statements.LOCK, id=id))

    def lock_parts(self, id: PaymentId) -> tuple[Payment, tuple[Payment, ...]]:
        """Return the payment and the others of its submission, locked in the order of ids.

        Nobody else changes them until the end, so they are read once until one is saved.
        """
        if id not in self._parts:
            self._parts[id] = self._locked_parts(id)
        return self._parts[id]

    def _locked_parts(self, id: PaymentId) -> tuple[Payment, tuple[Payment, ...]]:
        found = tuple(payment_of(row) for row in self._rows.all(statements.LOCK_PARTS, id=id))
        mine = next((one for one in found if one.id == id), None)
        if mine is None:
            raise NotFound
        self._rows.claim(LockRank.PAYMENTS, *(one.id for one in found))
        return mine, tuple(one for one in found if one.id != id)

    def get(self, id: PaymentId) -> Payment:
        """Return the payment without a lock, or raise NotFound."""
        return payment_of(self._rows.get(statements.GET, id=id))

    def add(self, payment: Payment, evidence: Sequence[StoredEvidence] = ()) -> None:
        """Store a new payment with what was sent for it; it counts as locked."""
        self._rows.added(LockRank.PAYMENTS, payment.id)
        self._parts.clear()
        self._rows.write(statements.ADD, **payment_row(payment))
        self.attach(payment.id, evidence)

    def save(self, payment: Payment, evidence: PaymentEvidence | None = None) -> None:
        """Store a payment that was locked in the same unit of work, and what was read of it."""
        self._rows.require_claim(LockRank.PAYMENTS, payment.id)
        self._parts.clear()
        if evidence is None:
            self._rows.write(statements.SAVE, **payment_row(payment))
        else:
            read = text_of(evidence)
            self._rows.write(statements.SAVE_READ, fields=read, **payment_row(payment))

    def evidence_of(self, id: PaymentId) -> tuple[StoredEvidence, ...]:
        """Return everything that was sent for a payment, in the order sent."""
        return tuple(evidence_of(row) for row in self._rows.all(statements.EVIDENCE_OF, id=id))

    def attach(self, id: PaymentId, evidence: Sequence[StoredEvidence]) -> None:
        """Store further evidence for a locked payment."""
        if any(row.payment != id for row in evidence):
            raise RuntimeError("evidence belongs to its payment")
        for row in evidence:
            self._rows.write(statements.ADD_EVIDENCE, **evidence_row(row))

    def same_file(self, id: PaymentId) -> FirstUse | None:
        """Return the earliest other payment that one of its pictures was sent for before."""
        row = self._rows.first(statements.SAME_FILE, id=id)
        return None if row is None else first_use_of(row, same_file=True)

    def near(self, id: PaymentId, evidence: PaymentEvidence) -> tuple[str, ...]:
        """Return the suspicions that other payments give: near_duplicate, same_transfer."""
        amount = evidence.known(evidence.amount)
        if amount is not None:
            self._hold(amount)
        return near(self._rows, evidence, id)

    def _hold(self, amount: Money) -> None:
        """Have payments of the same money wait: two that cannot see each other are no twins."""
        self._rows.claim(LockRank.REFERENCES, (amount.currency.code, amount.minor))
        self._rows.first(statements.HOLD_MONEY, currency=amount.currency.code, amount=amount.minor)

    def payers(
        self, customers: Collection[CustomerId]
    ) -> Mapping[CustomerId, tuple[PayerHint, ...]]:
        """Return who paid for each customer in approved payments, at most 20, newest first."""
        found: dict[CustomerId, list[PayerHint]] = {customer: [] for customer in customers}
        wanted = list(found)
        for row in self._rows.all(statements.PAYERS, customers=wanted) if wanted else ():
            hint = payer_hint(value_of(row["evidence"], PaymentEvidence))
            if hint is not None:
                found[row["customer_id"]].append(hint)
        return {customer: tuple(hints) for customer, hints in found.items()}

    def submitted_since(self, at: datetime, *, contact: ContactId | None = None) -> int:
        """Count the payments submitted after a moment, by all or by one contact."""
        return int(self._rows.scalar(statements.SUBMITTED, at=at, contact=contact))

    def asked_since(self, at: datetime, contact: ContactId) -> int:
        """Count the payments for which a contact was asked for a better picture.

        Two that would ask one contact wait for each other, so that both are not the last one.
        """
        self._rows.first(statements.ASK_ALONE, contact=contact)
        return int(self._rows.scalar(statements.ASKED, at=at, contact=contact))

    def of_invoice(self, invoice: InvoiceId) -> tuple[Payment, ...]:
        """Return the payments meant for an invoice, oldest first."""
        rows = self._rows.all(statements.OF_INVOICE, invoice=invoice)
        return tuple(payment_of(row) for row in rows)


def near(
    rows: TenantConnection, evidence: PaymentEvidence, besides: PaymentId | None = None
) -> tuple[str, ...]:
    """Return the suspicions that payments, duplicates left out, give an evidence."""
    amount, paid_at = evidence.known(evidence.amount), evidence.known(evidence.paid_at)
    if amount is None:
        return ()
    found_rows = rows.all(
        statements.NEAR,
        besides=besides,
        currency=amount.currency.code,
        amount=amount.minor,
        paid_at=paid_at,
        since=None if paid_at is None else paid_at - NEAR_SPAN,
        until=None if paid_at is None else paid_at + NEAR_SPAN,
        ids=sorted(whole_ids(evidence)),
    )
    others = (value_of(row["evidence"], PaymentEvidence) for row in found_rows)
    found = {reason.value for other in others for reason in resembles(evidence, other)}
    return tuple(sorted(found))
