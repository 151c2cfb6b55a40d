"""What follows from points and caps, and why (payments.md, section 7)."""

from datetime import timedelta

import attrs
import pytest

from kasa.adapters.conformance.receipts import (
    DUE,
    JOINED,
    PAYWAY,
    PERFECT,
    aba_success,
    alert,
    codes,
    due,
    judge,
    judged_at,
)
from kasa.adapters.conformance.strategies_payments import (
    NAMES,
    PAID_AT,
    read,
)
from kasa.domain.kernel.money import KHR, Money
from kasa.domain.payments.case import BankAnswer
from kasa.domain.payments.evidence import (
    ABSENT,
    Outcome,
)
from kasa.domain.payments.expected_payment import (
    ExpectedPayment,
    MatchPolicy,
)
from kasa.domain.payments.finding import Result
from kasa.domain.payments.matching import (
    Ask,
    Decision,
    MatchInputs,
    match,
)
from kasa.domain.payments.merging import merge


def test_the_lowest_cap_is_the_first_reason() -> None:
    """Reasons are ordered by cap, then by table; the customer is asked when they can help."""
    bad = attrs.evolve(
        PERFECT,
        outcome=read(Outcome.FAILED),
        paid_at=ABSENT,
        references={},
        recipient_bank=read("ACLEDA"),
    )
    verdict = judge(bad)
    assert ["not_final", "bank_differs", "reference_unreadable", "time_unreadable"] == codes(
        verdict
    )
    assert "failed" == verdict.outcome("outcome").detail
    assert Ask.CUSTOMER is verdict.ask
    assert Ask.MEMBER is judge(attrs.evolve(PERFECT, references={})).ask


def test_an_approval_names_what_agreed() -> None:
    """An approved payment says what matched."""
    assert ["amount_match", "recipient_match"] == codes(judge(aba_success()))
    assert "alert_joined" in codes(judge(JOINED))


def test_a_raised_threshold_is_named() -> None:
    """What passes every gate but not the shop's own threshold is not sure enough."""
    verdict = judge(aba_success(), due(policy=MatchPolicy(threshold=81)))
    assert (Decision.REVIEW, 80, ["below_threshold"]) == (
        verdict.decision,
        verdict.points,
        codes(verdict),
    )
    assert Decision.APPROVE is judge(aba_success(), due(policy=MatchPolicy(threshold=80))).decision


@pytest.mark.parametrize("threshold", [79, 101])
def test_the_threshold_is_never_lowered(threshold: int) -> None:
    """A shop may be stricter, not looser."""
    with pytest.raises(ValueError, match="80 to 100"):
        MatchPolicy(threshold=threshold)


def test_candidates_are_never_approved() -> None:
    """What only may be meant is shown, and a person chooses."""
    one, two = due(candidate=True), due(candidate=True, number="INV-2026-000002")
    alone = match(MatchInputs(evidence=PERFECT, expected=(one,), at=judged_at()))
    both = match(MatchInputs(evidence=PERFECT, expected=(one, two), at=judged_at()))
    other = due(candidate=True, amounts=(Money(1, KHR),))
    mixed = match(MatchInputs(evidence=PERFECT, expected=(other, one), at=judged_at()))
    assert (70, "no_invoice") == (alone.points, codes(alone)[0])
    assert (70, "several_invoices", Ask.CUSTOMER) == (both.points, codes(both)[0], both.ask)
    assert (70, "no_invoice") == (mixed.points, codes(mixed)[0])


def test_without_an_invoice_the_receiver_is_still_judged() -> None:
    """Evidence that fits nothing is compared with the shop's accounts."""
    verdict = judge(PERFECT, due(amounts=(), candidate=True, number="", answered=False))
    assert Result.MATCH is verdict.outcome("recipient").result
    assert "no_invoice" == codes(verdict)[0]


WAITING = MatchPolicy(await_alert=timedelta(minutes=30))


def test_a_screenshot_waits_for_its_alert() -> None:
    """What would be approved waits; after that time a person confirms."""
    wanted = due(policy=WAITING)
    waits = judge(PERFECT, wanted)
    until = wanted.submitted_at + timedelta(minutes=30)
    assert (Decision.WAIT, until) == (waits.decision, waits.try_again_at)
    assert ["bank_waiting"] == codes(waits)
    late = judge(PERFECT, wanted, at=until)
    assert (Decision.REVIEW, ["confirmation_required"]) == (late.decision, codes(late))
    joined = merge(attrs.evolve(PERFECT, references={**PERFECT.references, **PAYWAY}), alert())
    assert Decision.APPROVE is judge(joined, wanted).decision


def test_only_what_would_be_approved_waits() -> None:
    """A receipt with a fault, or too few points, goes to a person at once."""
    wrong = attrs.evolve(PERFECT, outcome=read(Outcome.FAILED))
    assert Decision.REVIEW is judge(wrong, due(policy=WAITING)).decision
    weak = attrs.evolve(aba_success(), paid_at=read(PAID_AT, labelled=False))
    assert Decision.REVIEW is judge(weak, due(policy=WAITING)).decision


def test_a_bank_answer_that_is_due_is_waited_for() -> None:
    """While the bank may still answer and nothing differs, the payment waits."""
    later = judged_at() + timedelta(seconds=2)
    unsure = attrs.evolve(PERFECT, recipient_account=ABSENT, recipient_name=ABSENT)
    waits = judge(unsure, bank=BankAnswer.DUE, try_again_at=later)
    assert (Decision.WAIT, later) == (waits.decision, waits.try_again_at)
    assert "bank_waiting" in codes(waits)
    assert Decision.APPROVE is judge(PERFECT, bank=BankAnswer.DUE).decision
    wrong = attrs.evolve(unsure, outcome=read(Outcome.FAILED))
    assert Decision.REVIEW is judge(wrong, bank=BankAnswer.DUE).decision


def test_the_library_recipe() -> None:
    """One's own fields are enough: names, numbers, moments."""
    wanted = ExpectedPayment.of(
        DUE,
        [NAMES[0]],
        ["010959385"],
        issued_at=PAID_AT,
        submitted_at=PAID_AT,
    )
    assert Decision.APPROVE is judge(aba_success(), wanted).decision
    by_number = aba_success(recipient_name=ABSENT, recipient_account=read("010959385"))
    assert 85 == judge(by_number, wanted).points
    nameless = ExpectedPayment.of(DUE, [NAMES[0]], [], issued_at=PAID_AT, submitted_at=PAID_AT)
    assert Decision.APPROVE is judge(aba_success(), nameless).decision
