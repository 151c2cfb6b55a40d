"""The shop's own rules: each breaks with its own code, and only beyond its limit (section 5)."""

from datetime import timedelta

import attrs
import pytest

from kasa.adapters.conformance.receipts import acleda, alert, bank_found, due, judged_at
from kasa.adapters.conformance.strategies_payments import PAID_AT, read
from kasa.domain.kernel.money import KHR, USD, Money
from kasa.domain.payments.case import Case
from kasa.domain.payments.evidence import ABSENT, UNREADABLE, PaymentEvidence, Source
from kasa.domain.payments.expected_payment import BankCheck, MatchPolicy
from kasa.domain.payments.finding import Finding, differs, matches
from kasa.domain.payments.gates import policy
from kasa.domain.payments.reasons import Reason
from kasa.domain.payments.references import UsedReferences


def judged(evidence: PaymentEvidence, rules: MatchPolicy) -> Finding:
    """Return what a shop's rules say of an evidence."""
    wanted = due(policy=rules)
    return policy(Case(evidence=evidence, expected=wanted, used=UsedReferences(), at=judged_at()))


MINUTES = timedelta(minutes=1)
STALE = attrs.evolve(acleda(), paid_at=read(PAID_AT - timedelta(days=7) + 5 * MINUTES))
REQUIRED = MatchPolicy(bank_check=BankCheck.REQUIRE)
INGESTED = alert(source=Source.ALERT_INGESTED)
CEILING = MatchPolicy(ceilings=(Money(1, USD), Money(24_999, KHR)))
SLOW = MatchPolicy(await_alert=MINUTES)
POLICIES: list[tuple[PaymentEvidence, MatchPolicy, Reason | None]] = [
    (acleda(), MatchPolicy(), None),
    (acleda(), MatchPolicy(auto_approve=False), Reason.AUTO_OFF),
    (acleda(), CEILING, Reason.OVER_CEILING),
    (alert(), CEILING, None),
    (acleda(amount=UNREADABLE), CEILING, None),
    (acleda(amount=read(Money(24_999, KHR))), CEILING, None),
    (acleda(), REQUIRED, Reason.CONFIRMATION_REQUIRED),
    (alert(), REQUIRED, Reason.CONFIRMATION_REQUIRED),
    (bank_found(), REQUIRED, None),
    (bank_found(source=Source.SHORT_HASH), REQUIRED, None),
    (acleda(), MatchPolicy(bank_check=BankCheck.OFF), None),
    (INGESTED, MatchPolicy(), Reason.CONFIRMATION_REQUIRED),
    (INGESTED, MatchPolicy(trust_ingest=True), None),
    (STALE, MatchPolicy(), None),
    (
        attrs.evolve(STALE, paid_at=read(PAID_AT - timedelta(days=7) + 4 * MINUTES)),
        MatchPolicy(),
        Reason.STALE,
    ),
    (acleda(paid_at=ABSENT), MatchPolicy(), None),
    (acleda(paid_at=ABSENT, references={}), MatchPolicy(), None),
    (acleda(paid_at=ABSENT, references={"acleda.ref": read("62500012345")}), MatchPolicy(), None),
    (
        acleda(paid_at=ABSENT, references={"acleda.ref": read("62490012345")}),
        MatchPolicy(),
        Reason.STALE,
    ),
    (acleda(), SLOW, Reason.CONFIRMATION_REQUIRED),
    (acleda(), MatchPolicy(await_alert=MINUTES + timedelta(seconds=1)), Reason.BANK_WAITING),
    (alert(), SLOW, None),
]


@pytest.mark.parametrize(("evidence", "rules", "code"), POLICIES)
def test_policies(evidence: PaymentEvidence, rules: MatchPolicy, code: Reason | None) -> None:
    """Each of the shop's own rules breaks with its own code, and only beyond its limit."""
    wanted = matches() if code is None else differs(code)
    assert wanted == judged(evidence, rules)


def test_a_merged_alert_needs_no_trust_beside_a_picture() -> None:
    """An ingested alert asks for confirmation alone or with what was typed, not with a picture."""
    typed = acleda(source=Source.MANUAL)
    for parts, code in (
        ((INGESTED, typed), Reason.CONFIRMATION_REQUIRED),
        ((INGESTED, acleda()), None),
    ):
        evidence = attrs.evolve(INGESTED, parts=parts)
        wanted = matches() if code is None else differs(code)
        assert wanted == judged(evidence, MatchPolicy())
