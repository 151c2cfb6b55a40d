"""What holds for every verdict and every merge (payments.md, section 18)."""

from typing import Any

import attrs
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kasa.adapters.conformance.receipts import (
    FIRST,
    aba_success,
    acleda,
    judge,
    unknown_bank,
)
from kasa.adapters.conformance.strategies_payments import (
    evidence,
    match_inputs,
)
from kasa.domain.payments.evidence import (
    ABSENT,
    UNREADABLE,
    PaymentEvidence,
    Source,
)
from kasa.domain.payments.finding import Finding, Result
from kasa.domain.payments.matching import (
    Decision,
    MatchInputs,
    match,
    scored,
    total,
)
from kasa.domain.payments.merging import merge
from kasa.domain.payments.reasons import Reason
from kasa.domain.payments.rules import REQUIRED, RULES

RESULTS = st.sampled_from(Result)
BETTER = {Result.DIFFERS: Result.UNREADABLE, Result.UNREADABLE: Result.MATCH}


@st.composite
def findings(draw: st.DrawFn) -> dict[str, Finding]:
    """Draw a result for every gate and rule, with the points that it may say."""
    return {
        rule.name: Finding(
            result=draw(RESULTS), points=draw(st.integers(0, 25)), code=Reason.UNREADABLE
        )
        for rule in RULES
    }


@pytest.mark.A8
@given(found=findings(), name=st.sampled_from([rule.name for rule in RULES]))
def test_a_better_result_never_lowers_points(found: dict[str, Finding], name: str) -> None:
    """Raising any field from differs to unreadable to match never lowers the points."""
    assume(found[name].result is not Result.MATCH)
    raised = {**found, name: attrs.evolve(found[name], result=BETTER[found[name].result])}
    assert total(scored(found)) <= total(scored(raised))


@pytest.mark.A8
@given(found=findings())
def test_a_failed_gate_never_reaches_the_threshold(found: dict[str, Finding]) -> None:
    """A gate that differs, or one of the nine that cannot be read, stays below 80."""
    points = total(scored(found))
    gates = [rule.name for rule in RULES if rule.differs < 100]
    if any(found[name].result is Result.DIFFERS for name in gates):
        assert points < 80
    if any(found[name].result is not Result.MATCH for name in REQUIRED):
        assert points < 80


@given(found=findings())
def test_points_are_the_sum_under_the_lowest_cap(found: dict[str, Finding]) -> None:
    """Points are within 0 and 100, and equal the sum of the rows, at most the lowest cap."""
    rows = scored(found)
    points = min(100, sum(row.points for row in rows), *(row.cap for row in rows))
    assert points == total(rows)
    assert 0 <= points <= 100
    closed = {row.rule for row in rows if row.result is not Result.MATCH}
    assert all(row.points == 0 for row in rows if row.rule in closed)


@given(inputs=match_inputs())
def test_an_approval_has_every_required_match(inputs: MatchInputs) -> None:
    """Approved is only what matches on the nine gates, differs nowhere, and is no candidate."""
    verdict = match(inputs)
    if verdict.decision is Decision.APPROVE:
        assert all(verdict.outcome(name).result is Result.MATCH for name in REQUIRED)
        assert not verdict.has_difference
        assert verdict.points >= 80
        assert any(not wanted.candidate for wanted in inputs.expected)
    assert (verdict.ask is not None) == (verdict.decision is Decision.REVIEW)


@given(inputs=match_inputs())
def test_a_used_reference_is_never_approved(inputs: MatchInputs) -> None:
    """Whatever else is true, what was used before is a duplicate, with its first use."""
    used = attrs.evolve(inputs.used, first=FIRST)
    verdict = match(attrs.evolve(inputs, used=used))
    assert verdict.decision is Decision.DUPLICATE
    assert verdict.first_use == FIRST
    assert verdict.points == 0


@given(seen=evidence(st.just(Source.MANUAL)), inputs=match_inputs())
def test_what_was_typed_never_approves(seen: PaymentEvidence, inputs: MatchInputs) -> None:
    """Typed evidence alone has nothing that can be compared."""
    verdict = match(attrs.evolve(inputs, evidence=seen))
    assert verdict.decision is not Decision.APPROVE
    assert verdict.outcome("amount").result is not Result.MATCH
    assert verdict.outcome("reference").result is not Result.MATCH


@given(inputs=match_inputs())
def test_the_same_inputs_give_the_same_verdict(inputs: MatchInputs) -> None:
    """A replay equals the stored verdict."""
    assert match(inputs) == match(attrs.evolve(inputs))


@given(first=evidence(), second=evidence(), third=evidence())
def test_the_order_of_evidence_is_irrelevant(
    first: PaymentEvidence, second: PaymentEvidence, third: PaymentEvidence
) -> None:
    """Merging is commutative and associative."""
    assert merge(first, second) == merge(second, first)
    assert merge(merge(first, second), third) == merge(first, merge(second, third))


@given(first=evidence(), second=evidence())
def test_the_same_evidence_twice_counts_once(
    first: PaymentEvidence, second: PaymentEvidence
) -> None:
    """Merging is idempotent."""
    assert merge(first) == merge(first, first)
    assert merge(first, second) == merge(first, second, first)
    assert merge(merge(first, second), merge(first, second)) == merge(first, second)


@given(strong=evidence(st.just(Source.BANK_ALERT)), weak=evidence(st.just(Source.SCREENSHOT)))
def test_a_lower_rank_never_changes_a_value(strong: PaymentEvidence, weak: PaymentEvidence) -> None:
    """What a higher rank read stays, whatever a lower one says."""
    merged = merge(strong, weak)
    for name in ("amount", "recipient_name", "paid_at", "outcome", "remark"):
        if getattr(strong, name).is_read:
            assert getattr(strong, name).value == getattr(merged, name).value


HONEST = (aba_success(), acleda(), unknown_bank(), acleda(paid_at=UNREADABLE))


@given(
    seen=st.sampled_from(HONEST),
    source=st.sampled_from((Source.BANK_ALERT, Source.ALERT_INGESTED, Source.SCREENSHOT)),
    lost=st.sets(st.sampled_from(("paid_at", "recipient_name", "amount", "outcome"))),
)
def test_an_agreeing_source_never_lowers_points(
    seen: PaymentEvidence, source: Source, lost: set[str]
) -> None:
    """A further source that says the same, as far as it says anything, only adds."""
    absent: dict[str, Any] = dict.fromkeys(lost, ABSENT)
    further = attrs.evolve(seen, source=source, **absent)
    assert judge(seen).points <= judge(merge(seen, further)).points
