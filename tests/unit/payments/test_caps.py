"""Each gate caps at its figure, and not before (payments.md, section 5)."""

from datetime import timedelta
from typing import Any

import attrs
import pytest

from kasa.adapters.conformance.receipts import (
    DUE,
    PERFECT,
    aba_success,
    alert,
    codes,
    due,
    judge,
    unknown_bank,
)
from kasa.adapters.conformance.strategies_payments import (
    PAID_AT,
    read,
)
from kasa.domain.kernel.money import KHR, USD, Money
from kasa.domain.payments.case import BankAnswer
from kasa.domain.payments.evidence import (
    ABSENT,
    UNREADABLE,
    Direction,
    FieldReading,
    FieldState,
    Outcome,
    PaymentEvidence,
    ReceiptKind,
    Source,
)
from kasa.domain.payments.expected_payment import (
    BankCheck,
    ExpectedPayment,
    MatchPolicy,
)
from kasa.domain.payments.matching import (
    Decision,
)
from kasa.domain.payments.references import UsedReferences

CAPPED: list[tuple[str, PaymentEvidence, ExpectedPayment, dict[str, Any], int, str]] = [
    (
        "no receipt",
        attrs.evolve(PERFECT, receipt=read(ReceiptKind.CODE)),
        due(),
        {},
        0,
        "not_a_receipt",
    ),
    ("nothing read", unknown_bank(success_word=False, labels=1), due(), {}, 50, "unreadable"),
    ("pending", attrs.evolve(PERFECT, outcome=read(Outcome.PENDING)), due(), {}, 15, "not_final"),
    (
        "outcome lost",
        attrs.evolve(PERFECT, outcome=UNREADABLE),
        due(),
        {},
        79,
        "outcome_unreadable",
    ),
    (
        "received",
        aba_success(direction=read(Direction.RECEIVED)),
        due(),
        {},
        30,
        "direction_incoming",
    ),
    (
        "direction lost",
        attrs.evolve(PERFECT, direction=ABSENT),
        due(),
        {},
        70,
        "direction_unreadable",
    ),
    (
        "currency lost",
        attrs.evolve(PERFECT, amount=UNREADABLE, currency=ABSENT),
        due(),
        {},
        60,
        "amount_unreadable",
    ),
    (
        "amount contested",
        attrs.evolve(PERFECT, amount=FieldReading(state=FieldState.CONTESTED, candidates=(DUE,))),
        due(),
        {},
        60,
        "amount_contested",
    ),
    (
        "sign taken for a digit",
        attrs.evolve(PERFECT, amount=read(Money(250_004, KHR)), debited=ABSENT),
        due(),
        {},
        60,
        "amount_sign_unclear",
    ),
    (
        "bank",
        attrs.evolve(PERFECT, recipient_bank=read("ACLEDA Bank Plc.")),
        due(),
        {},
        40,
        "bank_differs",
    ),
    ("no reference", attrs.evolve(PERFECT, references={}), due(), {}, 75, "reference_unreadable"),
    ("too old", PERFECT, due(issued_at=PAID_AT + timedelta(days=2)), {}, 40, "too_old"),
    (
        "future",
        attrs.evolve(
            PERFECT,
            paid_at=read(PAID_AT + timedelta(minutes=16)),
            references={"aba.trx": read("48010202442")},
        ),
        due(),
        {},
        20,
        "in_future",
    ),
    (
        "another invoice",
        attrs.evolve(PERFECT, remark=read("INV 2026-000002")),
        due(other_open=("INV-2026-000002",)),
        {},
        30,
        "other_invoice",
    ),
    ("no invoice", attrs.evolve(PERFECT, remark=ABSENT), due(answered=False), {}, 70, "no_invoice"),
    ("bank says failed", PERFECT, due(), {"bank": BankAnswer.FAILED}, 40, "bank_failed"),
    ("bank does not know", PERFECT, due(), {"bank": BankAnswer.NOT_FOUND}, 60, "bank_not_found"),
    (
        "seen elsewhere",
        PERFECT,
        due(),
        {"used": UsedReferences(elsewhere=True)},
        60,
        "seen_elsewhere",
    ),
    (
        "near duplicate",
        PERFECT,
        due(),
        {"used": UsedReferences(suspicions=("near_duplicate",))},
        60,
        "near_duplicate",
    ),
    (
        "own transfer",
        attrs.evolve(PERFECT, payer_account=read("010 959 385")),
        due(),
        {},
        60,
        "own_transfer",
    ),
    (
        "own name",
        attrs.evolve(PERFECT, payer_name=read("TESTAS. AND MOCKAR.")),
        due(),
        {},
        60,
        "own_transfer",
    ),
    (
        "rows disagree",
        attrs.evolve(PERFECT, debited=read(Money(26_000, KHR))),
        due(),
        {},
        60,
        "amount_contested",
    ),
    (
        "implausible rate",
        attrs.evolve(PERFECT, debited=read(Money(400, USD))),
        due(),
        {},
        60,
        "amount_contested",
    ),
    (
        "automatic approval off",
        PERFECT,
        due(policy=MatchPolicy(auto_approve=False)),
        {},
        79,
        "auto_off",
    ),
    (
        "over the ceiling",
        PERFECT,
        due(policy=MatchPolicy(ceilings=(Money(24_999, KHR),))),
        {},
        79,
        "over_ceiling",
    ),
    (
        "bank check required",
        PERFECT,
        due(policy=MatchPolicy(bank_check=BankCheck.REQUIRE)),
        {},
        79,
        "confirmation_required",
    ),
    (
        "ingested alert alone",
        alert(source=Source.ALERT_INGESTED, remark=read("INV-2026-000001")),
        due(),
        {},
        79,
        "confirmation_required",
    ),
    (
        "stale",
        PERFECT,
        due(submitted_at=PAID_AT + timedelta(days=7, seconds=1), issued_at=PAID_AT),
        {},
        79,
        "stale",
    ),
]


@pytest.mark.parametrize(
    ("seen", "wanted", "facts", "cap", "code"),
    [row[1:] for row in CAPPED],
    ids=[row[0] for row in CAPPED],
)
def test_caps(
    seen: PaymentEvidence, wanted: ExpectedPayment, facts: dict[str, Any], cap: int, code: str
) -> None:
    """Each failed gate caps at the figure of section 5, and says why first."""
    verdict = judge(seen, wanted, **facts)
    assert cap == min(row.cap for row in verdict.outcomes)
    assert code == codes(verdict)[0]
    assert Decision.REVIEW is verdict.decision


NOT_CAPPED: list[tuple[str, PaymentEvidence, ExpectedPayment]] = [
    ("at the ceiling", PERFECT, due(policy=MatchPolicy(ceilings=(DUE,)))),
    ("ceiling of another currency", PERFECT, due(policy=MatchPolicy(ceilings=(Money(1, USD),)))),
    ("exactly stale", PERFECT, due(submitted_at=PAID_AT + timedelta(days=7), issued_at=PAID_AT)),
    ("oldest", PERFECT, due(issued_at=PAID_AT + timedelta(hours=24))),
    ("latest", attrs.evolve(PERFECT, paid_at=read(PAID_AT + timedelta(minutes=15))), due()),
    (
        "fee",
        attrs.evolve(PERFECT, debited=read(Money(25_500, KHR)), fee=read(Money(500, KHR))),
        due(),
    ),
    ("plausible rate", attrs.evolve(PERFECT, debited=read(Money(625, USD))), due()),
    (
        "ingest trusted",
        alert(source=Source.ALERT_INGESTED, remark=read("INV-2026-000001")),
        due(policy=MatchPolicy(trust_ingest=True)),
    ),
    ("network, not a bank", attrs.evolve(PERFECT, recipient_bank=read("Bakong")), due()),
    ("bank answer found", attrs.evolve(PERFECT), due()),
]


@pytest.mark.parametrize(
    ("seen", "wanted"), [row[1:] for row in NOT_CAPPED], ids=[row[0] for row in NOT_CAPPED]
)
def test_the_edges_that_still_pass(seen: PaymentEvidence, wanted: ExpectedPayment) -> None:
    """Limits are inside: exactly at them nothing is capped."""
    verdict = judge(seen, wanted)
    assert (100, Decision.APPROVE) == (min(row.cap for row in verdict.outcomes), verdict.decision)
