"""Receipts as evidence, ready made for tests: everything readable, everything in order."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import attrs

from kasa.adapters.conformance.strategies_payments import NAMES, OWN_CODE, PAID_AT, SHOP, read
from kasa.domain.kernel.ids import PaymentId
from kasa.domain.kernel.money import KHR, Money
from kasa.domain.payments.evidence import (
    ABSENT,
    Direction,
    Outcome,
    PaymentEvidence,
    Precision,
    ReceiptKind,
    Source,
)
from kasa.domain.payments.expected_payment import ExpectedPayment, PayerHint
from kasa.domain.payments.matching import MatchInputs, MatchVerdict, match
from kasa.domain.payments.merging import merge
from kasa.domain.payments.references import FirstUse
from kasa.domain.payments.states import PaymentState

DUE = Money(25_000, KHR)


def aba_success(**changes: Any) -> PaymentEvidence:
    """Return the success screen of the payer: display name, no payee account, no bank name."""
    screen = PaymentEvidence(
        source=Source.SCREENSHOT,
        layout="aba.success",
        receipt=read(ReceiptKind.RECEIPT),
        outcome=read(Outcome.FINAL),
        direction=read(Direction.SENT),
        amount=read(DUE),
        currency=read(KHR),
        paid_at=read(PAID_AT),
        recipient_name=read(NAMES[0]),
        references={"aba.trx": read("48010202442")},
        labels=5,
        success_word=True,
    )
    return attrs.evolve(screen, **changes)


def acleda(**changes: Any) -> PaymentEvidence:
    """Return a receipt that prints everything: account, bank, a dated reference, the debit row."""
    receipt = aba_success(
        layout="acleda.receipt",
        recipient_account=read("010 959 385"),
        recipient_bank=read("ABA Bank"),
        debited=read(DUE),
        references={"acleda.ref": read("62570012345")},
        labels=9,
    )
    return attrs.evolve(receipt, **changes)


def unknown_bank(**changes: Any) -> PaymentEvidence:
    """Return a receipt of a bank that nobody has described, with the full account."""
    receipt = aba_success(
        layout="generic",
        recipient_account=read("010 959 385"),
        references={"generic.ref": read("A1B2C3D4")},
        labels=4,
    )
    return attrs.evolve(receipt, **changes)


def alert(**changes: Any) -> PaymentEvidence:
    """Return the message of a bound bank bot, with its dated reference."""
    message = PaymentEvidence(
        source=Source.BANK_ALERT,
        layout="payway.alert",
        amount=read(DUE),
        currency=read(KHR),
        paid_at=read(PAID_AT),
        recipient_name=read(NAMES[0]),
        payer_name=read("IPSUM SOKHANA"),
        references={"payway.trx": read("178935606000001")},
    )
    return attrs.evolve(message, **changes)


def bank_found(**changes: Any) -> PaymentEvidence:
    """Return the bank's own answer about a code that was made for the invoice."""
    answer = PaymentEvidence(
        source=Source.BANK_API,
        layout="bakong",
        amount=read(DUE),
        currency=read(KHR),
        paid_at=read(PAID_AT),
        precision=Precision.SECOND,
        references={"bakong.hash": read("ab" * 32)},
        own_code=OWN_CODE,
    )
    return attrs.evolve(answer, **changes)


def due(**changes: Any) -> ExpectedPayment:
    """Return what settles the invoice that the evidence was sent for."""
    wanted = ExpectedPayment(
        submitted_at=PAID_AT + timedelta(minutes=5),
        accounts=(SHOP,),
        amounts=(DUE,),
        issued_at=PAID_AT - timedelta(hours=2),
        number="INV-2026-000001",
        answered=True,
    )
    return attrs.evolve(wanted, **changes)


def judged_at() -> datetime:
    """Return a moment shortly after the submission of ``due``."""
    return PAID_AT + timedelta(minutes=6)


def judge(
    seen: PaymentEvidence, wanted: ExpectedPayment | None = None, **facts: Any
) -> MatchVerdict:
    """Return the verdict on one evidence for one invoice."""
    wanted = due() if wanted is None else wanted
    return match(MatchInputs(evidence=seen, expected=(wanted,), **{"at": judged_at(), **facts}))


def codes(verdict: MatchVerdict) -> list[str]:
    """Return the reason codes of a verdict."""
    return [reason.value for reason in verdict.reasons]


HINT = PayerHint(name="IPSUM SOKHANA", account_tail="564")

PAYWAY = {"payway.trx": read("178935606000001")}

FIRST = FirstUse(
    payment=PaymentId(UUID(int=7)),
    at=PAID_AT,
    state=PaymentState.REJECTED,
    invoice_number="INV-2026-000009",
)

JOINED = merge(
    aba_success(references={"aba.trx": read("48010202442"), **PAYWAY}, recipient_name=ABSENT),
    alert(),
)

PERFECT = attrs.evolve(
    acleda(),
    remark=read("INV-2026-000001"),
    payer_name=read(HINT.name),
    payer_account=read("000 146 564"),
    amount=read(DUE, engines=2),
)
