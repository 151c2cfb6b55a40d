"""Laws of the bank: confirmed never lowers, failed never raises, a lack changes nothing."""

from datetime import timedelta

import attrs
from hypothesis import given
from hypothesis import strategies as st

from kasa.adapters.conformance.receipts import bank_found, judge
from kasa.adapters.conformance.strategies_payments import (
    OWN_CODE,
    evidence,
    expected_payments,
    match_inputs,
    read,
)
from kasa.domain.kernel.money import KHR, Money
from kasa.domain.payments.case import BankAnswer
from kasa.domain.payments.evidence import PaymentEvidence, Source
from kasa.domain.payments.expected_payment import BankCheck, ExpectedPayment, MatchPolicy
from kasa.domain.payments.finding import Result
from kasa.domain.payments.matching import Decision, MatchInputs, match
from kasa.domain.payments.merging import merge

SCREENSHOTS = evidence(st.just(Source.SCREENSHOT))
HASH = "ab" * 32


def confirmed(seen: PaymentEvidence, *, own: bool) -> PaymentEvidence | None:
    """Return a receipt with what the bank found about it, or None when it would contradict."""
    money, paid_at = seen.known(seen.amount), seen.known(seen.paid_at)
    if money is None or paid_at is None:
        return None
    found = bank_found(
        source=Source.BANK_API if own else Source.SHORT_HASH,
        own_code=OWN_CODE if own else None,
        amount=read(money),
        currency=read(money.currency),
        paid_at=read(paid_at),
        references={"bakong.hash": read(HASH)},
    )
    return merge(seen, found)


def points(seen: PaymentEvidence, wanted: ExpectedPayment, bank: BankAnswer) -> int:
    """Return the points of a verdict."""
    return judge(seen, wanted, bank=bank).points


@given(seen=SCREENSHOTS, wanted=expected_payments())
def test_a_confirmed_hash_never_lowers(seen: PaymentEvidence, wanted: ExpectedPayment) -> None:
    """What the bank found as the receipt says it is worth as much, or more."""
    seen = attrs.evolve(
        seen, references={k: v for k, v in seen.references.items() if k != "bakong.hash8"}
    )
    with_bank = confirmed(seen, own=False)
    if with_bank is not None:
        before = points(seen, wanted, BankAnswer.NOT_ASKED)
        assert before <= points(with_bank, wanted, BankAnswer.FOUND)


@given(seen=SCREENSHOTS, wanted=expected_payments())
def test_a_paid_code_never_lowers(seen: PaymentEvidence, wanted: ExpectedPayment) -> None:
    """A receipt with the payment of our own code beside it is worth as much, or more."""
    bare = {k: v for k, v in seen.references.items() if k != "bakong.hash8"}
    seen = attrs.evolve(seen, references=bare, own_code=None)
    with_bank = confirmed(seen, own=True)
    if with_bank is not None and not wanted.candidate:
        ours = attrs.evolve(wanted, own_codes=frozenset({OWN_CODE}))
        before = points(seen, ours, BankAnswer.NOT_ASKED)
        assert before <= points(with_bank, ours, BankAnswer.FOUND)


@given(inputs=match_inputs(), bank=st.sampled_from((BankAnswer.FAILED, BankAnswer.NOT_FOUND)))
def test_a_denial_never_raises(inputs: MatchInputs, bank: BankAnswer) -> None:
    """Failed and not found lower or leave; nothing is approved over them."""
    before = match(attrs.evolve(inputs, bank=BankAnswer.NOT_ASKED))
    after = match(attrs.evolve(inputs, bank=bank))
    assert after.points <= before.points
    assert Decision.APPROVE is not after.decision
    assert Result.DIFFERS is after.outcome("bank_answer").result


@given(inputs=match_inputs())
def test_a_lack_changes_nothing(inputs: MatchInputs) -> None:
    """That the bank cannot be asked neither helps nor harms, decision and points alike."""
    before = match(attrs.evolve(inputs, bank=BankAnswer.NOT_ASKED))
    after = match(attrs.evolve(inputs, bank=BankAnswer.CANNOT_TELL))
    assert (before.points, before.decision) == (after.points, after.decision)


@given(inputs=match_inputs())
def test_waiting_for_the_bank_holds_nothing_that_is_sure(inputs: MatchInputs) -> None:
    """While an answer is due, what is approved anyway does not wait."""
    before = match(attrs.evolve(inputs, bank=BankAnswer.NOT_ASKED))
    again = inputs.at + timedelta(minutes=1)
    waits = match(attrs.evolve(inputs, bank=BankAnswer.DUE, try_again_at=again))
    if before.decision is Decision.APPROVE:
        assert Decision.APPROVE is waits.decision
    if waits.decision is Decision.WAIT:
        assert waits.try_again_at is not None


@given(seen=SCREENSHOTS, wanted=expected_payments())
def test_a_required_bank_is_never_replaced(seen: PaymentEvidence, wanted: ExpectedPayment) -> None:
    """Where the shop demands the bank's word, no receipt is approved without it."""
    strict = attrs.evolve(wanted, policy=MatchPolicy(bank_check=BankCheck.REQUIRE))
    for bank in BankAnswer:
        assert Decision.APPROVE is not judge(seen, strict, bank=bank).decision


def test_an_own_code_of_another_amount_is_never_approved() -> None:
    """Even if such an answer came through, the amount's gate holds it."""
    found = bank_found(amount=read(Money(25_001, KHR)))
    verdict = judge(found)
    assert Decision.APPROVE is not verdict.decision
