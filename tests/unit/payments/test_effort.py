"""The ladder: when a picture is read again (payments.md, section 12; property 19)."""

from datetime import timedelta

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kasa.domain.kernel.money import KHR, Money
from kasa.domain.payments.effort import next_effort, upright
from kasa.domain.payments.evidence import UNREADABLE, PaymentEvidence
from kasa.domain.payments.expected_payment import ExpectedPayment
from kasa.domain.payments.finding import Result
from kasa.domain.payments.matching import Decision, MatchInputs, MatchVerdict, RuleOutcome, match
from kasa.domain.payments.recognition import Effort, RecognizedText
from kasa.domain.payments.rules import RULES
from tests.unit.payments.drawn import NEAR, evidence_of, reading
from tests.unit.payments.test_reading import ABA_CARD

ALL = frozenset(Effort)
EXPECTED = ExpectedPayment.of(
    Money(25_000, KHR),
    ("KASA SHOP",),
    ("000123456",),
    issued_at=NEAR - timedelta(hours=3),
    submitted_at=NEAR,
)


def verdict_on(evidence: PaymentEvidence, expected: ExpectedPayment = EXPECTED) -> MatchVerdict:
    """Return the dry verdict on an evidence."""
    return match(MatchInputs(evidence=evidence, expected=(expected,), at=NEAR))


def with_results(verdict: MatchVerdict, results: dict[str, Result]) -> MatchVerdict:
    """Return a verdict whose rows have other results."""

    def changed(row: RuleOutcome) -> RuleOutcome:
        return attrs.evolve(row, result=results.get(row.rule, row.result))

    return attrs.evolve(
        verdict, decision=Decision.REVIEW, outcomes=tuple(map(changed, verdict.outcomes))
    )


GOOD = evidence_of(reading(*ABA_CARD))
APPROVED = verdict_on(GOOD)


def test_nothing_is_read_again_after_an_approval() -> None:
    """A first reading that decides is the only one."""
    assert Decision.APPROVE is APPROVED.decision
    assert next_effort(GOOD, APPROVED, (Effort.FIRST,), ALL) is None


def test_what_is_missing_is_read_again() -> None:
    """A lost amount asks for the sign pass, and for the following steps in order."""
    lost = attrs.evolve(GOOD, amount=UNREADABLE)
    verdict = verdict_on(lost)
    tried: tuple[Effort, ...] = (Effort.FIRST,)
    while (effort := next_effort(lost, verdict, tried, ALL)) is not None:
        tried = (*tried, effort)
    assert tried == (
        Effort.FIRST,
        Effort.SIGNS,
        Effort.LARGER,
        Effort.LOCAL_CONTRAST,
        Effort.SECOND_ENGINE,
    )


def test_a_picture_without_text_is_turned() -> None:
    """Fewer than 60 well-read characters ask for the other turns first."""
    poor = attrs.evolve(GOOD, amount=UNREADABLE, text_characters=59)
    assert Effort.TURNED is next_effort(poor, verdict_on(poor), (Effort.FIRST,), ALL)


@pytest.mark.parametrize("gate", ["outcome", "direction", "bank"])
def test_some_differences_end_it_at_once(gate: str) -> None:
    """An unfinished or received transfer, or another bank, is not read again."""
    verdict = with_results(APPROVED, {gate: Result.DIFFERS, "time": Result.UNREADABLE})
    assert next_effort(GOOD, verdict, (Effort.FIRST,), ALL) is None


@pytest.mark.parametrize("gate", ["amount", "currency", "recipient"])
def test_money_and_receiver_end_it_when_read_twice(gate: str) -> None:
    """One misreading does not end it, two readings do: no shopping for an approval."""
    verdict = with_results(APPROVED, {gate: Result.DIFFERS, "time": Result.UNREADABLE})
    assert Effort.SIGNS is next_effort(GOOD, verdict, (Effort.FIRST,), ALL)
    twice = attrs.evolve(GOOD, full_readings=2)
    assert next_effort(twice, verdict, (Effort.FIRST, Effort.SIGNS), ALL) is None


def test_what_is_no_receipt_is_not_read_again() -> None:
    """Another picture with enough text ends the ladder; the target never continues it."""
    other = with_results(APPROVED, {"receipt": Result.DIFFERS, "time": Result.UNREADABLE})
    assert next_effort(GOOD, other, (Effort.FIRST,), ALL) is None
    target = with_results(APPROVED, {"target": Result.UNREADABLE})
    assert next_effort(GOOD, target, (Effort.FIRST,), ALL) is None


@pytest.mark.parametrize("gate", ["amount", "currency", "recipient"])
def test_one_reading_alone_proves_no_difference(gate: str) -> None:
    """Where money or receiver differ after one reading only, a second one is taken."""
    differing = with_results(APPROVED, {gate: Result.DIFFERS})
    assert Effort.SIGNS is next_effort(GOOD, differing, (Effort.FIRST,), ALL)
    twice = attrs.evolve(GOOD, full_readings=2)
    assert next_effort(twice, differing, (Effort.FIRST, Effort.SIGNS), ALL) is None


@given(
    results=st.dictionaries(
        st.sampled_from([rule.name for rule in RULES]), st.sampled_from(Result)
    ),
    available=st.frozensets(st.sampled_from(Effort)),
    characters=st.integers(0, 200),
)
def test_the_ladder_ends(
    results: dict[str, Result], available: frozenset[Effort], characters: int
) -> None:
    """Whatever the verdict says, at most six efforts are taken, each once and available."""
    evidence = attrs.evolve(GOOD, text_characters=characters)
    verdict = with_results(APPROVED, results)
    tried: tuple[Effort, ...] = (Effort.FIRST,)
    while (effort := next_effort(evidence, verdict, tried, available)) is not None:
        tried = (*tried, effort)
        assert effort in available
    assert len(tried) == len(set(tried)) <= len(Effort)


def test_the_best_turn_replaces_the_others() -> None:
    """The turn with the most well-read characters stays alone, upright where all are equal."""
    lying = reading("i l", "x")
    turned = attrs.evolve(reading(*ABA_CARD, effort=Effort.TURNED), turn=90)
    text = RecognizedText(readings=(lying, turned), width=9, height=9)
    assert (turned,) == upright(text).readings
    still = RecognizedText(readings=(lying,), width=9, height=9)
    assert still == upright(still)
