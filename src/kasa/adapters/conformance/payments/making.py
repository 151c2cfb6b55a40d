"""Payments, pictures and accounts ready made for the suites of payments."""

from datetime import datetime
from typing import Any

import attrs
from hypothesis import strategies as st

from kasa.adapters.conformance.receipts import due, judged_at
from kasa.adapters.conformance.strategies_payments import NAMES, PAID_AT, match_inputs
from kasa.application.ports.bundle import Ports
from kasa.application.ports.payments import EvidencePicture, StoredEvidence
from kasa.domain.identity.access import Actor
from kasa.domain.kernel.ids import (
    AccountId,
    ContactId,
    CustomerId,
    EvidenceId,
    FileId,
    InvoiceId,
    PaymentId,
    SubmissionId,
)
from kasa.domain.kernel.money import KHR, USD, Money
from kasa.domain.payments.account import AcceptedName, BankCode, ReceivingAccount
from kasa.domain.payments.evidence import PaymentEvidence, Source
from kasa.domain.payments.matching import MatchInputs, match
from kasa.domain.payments.payment import Payment
from kasa.domain.payments.states import PaymentState


def new_payment(ports: Ports, at: datetime = PAID_AT, **facts: Any) -> Payment:
    """Return a payment that was just submitted."""
    payment = Payment(id=PaymentId(ports.ids.new(at)), submitted_at=at, source=Source.SCREENSHOT)
    return attrs.evolve(payment, **facts)


def judged(payment: Payment, evidence: PaymentEvidence) -> Payment:
    """Return a payment with the verdict on an evidence."""
    inputs = MatchInputs(evidence=evidence, expected=(due(),), at=judged_at())
    return payment.judged(inputs, match(inputs))


def added(
    ports: Ports, owner: Actor, payment: Payment | None = None, *, digest: str = ""
) -> Payment:
    """Store a payment, with a picture when its digest is given, and return it."""
    payment = payment or new_payment(ports)
    sent = [picture_of(ports, payment, digest)] if digest else []
    with ports.unit_of_work(owner) as work:
        work.payments.add(payment, sent)
    return payment


def picture_of(ports: Ports, payment: Payment, digest: str) -> StoredEvidence:
    """Return a picture that was sent for a payment and was not read yet."""
    return StoredEvidence(
        id=EvidenceId(ports.ids.new(PAID_AT)),
        payment=payment.id,
        source=Source.SCREENSHOT,
        picture=EvidencePicture(
            file=FileId(ports.ids.new(PAID_AT)), storage_key=f"receipts/{digest}", sha256=digest
        ),
    )


def new_account(ports: Ports, *names: str, **facts: Any) -> ReceivingAccount:
    """Return a receiving account at ABA."""
    account = ReceivingAccount(
        id=AccountId(ports.ids.new(PAID_AT)),
        bank=BankCode("ABA"),
        number="010959385",
        names=tuple(AcceptedName(name) for name in names or NAMES),
        currency=KHR,
    )
    return attrs.evolve(account, **facts)


@st.composite
def payments(draw: st.DrawFn) -> Payment:
    """Draw payments in every state, judged and not, with every optional fact and without."""
    ids = st.uuids(version=4)
    amounts = st.none() | st.builds(Money, st.integers(1, 10**12), st.sampled_from([KHR, USD]))
    payment = Payment(
        id=PaymentId(draw(ids)),
        submitted_at=PAID_AT,
        source=draw(st.sampled_from(Source)),
        invoice=draw(st.none() | ids.map(InvoiceId)),
        invoice_number=draw(st.sampled_from(["", "INV-2026-000001"])),
        customer=draw(st.none() | ids.map(CustomerId)),
        submitted_by=draw(st.none() | ids),
        contact=draw(st.none() | ids.map(ContactId)),
        reason=draw(st.sampled_from(["", "ត្រឹមត្រូវ: seen at the bank"])),
        unallocated=draw(amounts),
        approvals=draw(st.integers(0, 3)),
        state=draw(st.sampled_from(PaymentState)),
        decided_by=draw(st.none() | ids),
        decided_at=draw(st.none() | st.just(PAID_AT)),
        submission=draw(st.none() | ids.map(SubmissionId)),
        asked_at=draw(st.none() | st.just(PAID_AT)),
        waits_until=draw(st.none() | st.just(PAID_AT)),
    )
    if draw(st.booleans()):
        inputs = draw(match_inputs())
        payment = payment.judged(inputs, match(inputs))
    return attrs.evolve(payment, amount=draw(amounts))
