"""Every worked example of the verdict (payments.md, section 6)."""

import attrs
import pytest

from kasa.adapters.conformance.receipts import (
    HINT,
    JOINED,
    PAYWAY,
    aba_success,
    acleda,
    alert,
    bank_found,
    due,
    judge,
    unknown_bank,
)
from kasa.adapters.conformance.strategies_payments import (
    NAMES,
    OWN_CODE,
    read,
)
from kasa.domain.kernel.money import KHR, Money
from kasa.domain.payments.account import AcceptedAccount, BankCode
from kasa.domain.payments.evidence import (
    ABSENT,
    UNREADABLE,
    PaymentEvidence,
    Source,
)
from kasa.domain.payments.expected_payment import (
    ExpectedPayment,
)
from kasa.domain.payments.matching import (
    Decision,
    MatchVerdict,
)
from kasa.domain.payments.merging import merge

INITIALS = AcceptedAccount(bank=BankCode("ABA"), number="010959385", names=(NAMES[1],))


def summed(verdict: MatchVerdict) -> tuple[int, int]:
    """Return the sum of a verdict's points and its lowest cap."""
    return sum(row.points for row in verdict.outcomes), min(row.cap for row in verdict.outcomes)


WRONG = acleda(
    amount=read(Money(26_000, KHR)),
    debited=ABSENT,
    payer_name=read(HINT.name),
    payer_account=read("000 146 564"),
    remark=read("INV-2026-000001"),
)

EXAMPLES: dict[str, tuple[PaymentEvidence, ExpectedPayment, int, int, Decision]] = {
    "aba success screen": (aba_success(), due(), 80, 100, Decision.APPROVE),
    "derived initials": (aba_success(), due(accounts=(INITIALS,)), 65, 70, Decision.REVIEW),
    "payway alert joined": (JOINED, due(), 109, 100, Decision.APPROVE),
    "acleda, everything": (acleda(), due(), 94, 100, Decision.APPROVE),
    "acleda, printed date lost": (acleda(paid_at=UNREADABLE), due(), 82, 100, Decision.APPROVE),
    "acleda, scrolled": (
        acleda(paid_at=ABSENT, references={}),
        due(),
        62,
        75,
        Decision.REVIEW,
    ),
    "riel sign not recognised": (
        acleda(amount=UNREADABLE, currency=UNREADABLE, debited=ABSENT),
        due(),
        49,
        60,
        Decision.REVIEW,
    ),
    "unknown bank": (unknown_bank(), due(), 85, 100, Decision.APPROVE),
    "unknown bank, no success word": (
        unknown_bank(success_word=False, outcome=UNREADABLE),
        due(),
        85,
        79,
        Decision.REVIEW,
    ),
    "alert alone": (alert(), due(answered=False), 87, 70, Decision.REVIEW),
    "alert that names the invoice": (
        alert(remark=read("inv 2026 000001")),
        due(answered=False),
        92,
        100,
        Decision.APPROVE,
    ),
    "own code found": (
        bank_found(),
        due(answered=False, own_codes=frozenset({OWN_CODE})),
        108,
        100,
        Decision.APPROVE,
    ),
    "short hash, receiver unreadable": (
        merge(
            acleda(recipient_account=UNREADABLE, recipient_name=UNREADABLE, debited=ABSENT),
            bank_found(source=Source.SHORT_HASH, own_code=None),
        ),
        due(),
        79,
        70,
        Decision.REVIEW,
    ),
    "paid to someone else": (
        acleda(recipient_account=read("092 375 070"), recipient_name=read("IPSUM SOKHANA")),
        due(),
        74,
        10,
        Decision.REVIEW,
    ),
    "amount wrong, all else perfect": (
        merge(
            attrs.evolve(WRONG, references={**WRONG.references, **PAYWAY}),
            alert(amount=read(Money(26_000, KHR)), payer_name=ABSENT),
        ),
        due(payer_hints=(HINT,)),
        80,
        30,
        Decision.REVIEW,
    ),
    "date contradicts the reference": (
        acleda(references={"acleda.ref": read("62000012345")}),
        due(),
        90,
        50,
        Decision.REVIEW,
    ),
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_worked_examples(name: str) -> None:
    """Each worked example of section 6 has its sum, its cap and its decision."""
    seen, wanted, points, cap, decision = EXAMPLES[name]
    verdict = judge(seen, wanted)
    assert (points, cap, decision) == (*summed(verdict), verdict.decision)
    assert min(points, cap, 100) == verdict.points
