"""An honest receipt is approved; no lie is, alone, in pairs, or beside what confirms the rest."""

import json
from collections.abc import Callable
from datetime import timedelta
from itertools import combinations

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kasa.adapters.conformance.receipts import FIRST
from kasa.adapters.conformance.strategies_payments import OWN_CODE, evidence, read
from kasa.adapters.conformance.strategies_verdicts import (
    OTHER_NUMBER,
    Honest,
    amounts_due,
    confirming_alert,
    confirming_answer,
    digits,
    honest,
)
from kasa.adapters.postgres.rows import text_of, value_of
from kasa.domain.kernel.money import KHR, USD, Money
from kasa.domain.payments.comparisons import is_sign_confusion
from kasa.domain.payments.evidence import ABSENT, Direction, Outcome, PaymentEvidence, Source
from kasa.domain.payments.matching import Decision, MatchInputs, MatchVerdict, match
from kasa.domain.payments.merging import merge
from kasa.domain.payments.recipients import AccountLikeness, account_likeness
from kasa.domain.payments.references import UsedReferences

Lie = Callable[[Honest, st.DataObject], Honest]
"""Changes what a receipt shows; the reference that was used before is told beside it."""

USED = UsedReferences(first=FIRST)


def shows(one: Honest, **changes: object) -> Honest:
    """Return the receipt with other fields."""
    return attrs.evolve(one, evidence=attrs.evolve(one.evidence, **changes))  # type: ignore[arg-type]  # fields of the evidence, by name


def amount(one: Honest, data: st.DataObject) -> Honest:
    """Another amount, which no currency sign explains."""
    other = data.draw(
        amounts_due().filter(
            lambda found: found.currency == one.amount.currency and found != one.amount
        )
        | st.sampled_from([-1, 1]).map(lambda off: Money(one.amount.minor + off, KHR))
    )
    shown = Money(max(1, other.minor), one.amount.currency)
    if shown == one.amount or is_sign_confusion(shown, one.amount):
        shown = Money(one.amount.minor * 7 + 666, one.amount.currency)
    return shows(one, amount=read(shown))


def currency(one: Honest, _: st.DataObject) -> Honest:
    """The same figure in the other currency."""
    unit = USD if one.amount.currency == KHR else KHR
    return shows(one, amount=read(Money(one.amount.minor, unit)), currency=read(unit))


def recipient(one: Honest, data: st.DataObject) -> Honest:
    """Another person, at another account."""
    ours = one.expected.accounts[0].number
    number = data.draw(
        digits(9).filter(lambda found: account_likeness(found, ours) is AccountLikeness.DIFFERS)
    )
    return shows(one, recipient_name=read("ZWXQ JFJZ", seen=2), recipient_account=read(number))


def future(one: Honest, data: st.DataObject) -> Honest:
    """Paid after it was sent."""
    after = data.draw(st.timedeltas(timedelta(minutes=11), timedelta(days=300)))
    return shows(one, paid_at=read(one.expected.submitted_at + after))


def id_date(one: Honest, data: st.DataObject) -> Honest:
    """A printed day far from the day inside the reference."""
    day = data.draw(st.integers(10, 90))
    told = (one.expected.submitted_at - timedelta(days=day)).timetuple()
    inside = f"{told.tm_year % 10}{told.tm_yday:03d}1234567"
    recent = one.expected.submitted_at
    return shows(one, references={"acleda.ref": read(inside)}, paid_at=read(recent))


def old(one: Honest, data: st.DataObject) -> Honest:
    """Paid before the invoice was there."""
    assert one.expected.issued_at is not None
    before = data.draw(st.timedeltas(timedelta(hours=24, seconds=1), timedelta(days=300)))
    return shows(one, paid_at=read(one.expected.issued_at - before))


def bank(one: Honest, data: st.DataObject) -> Honest:
    """Another bank of the receiver, known or not."""
    names = ["Wing Bank", "KB PRASAC BANK", "Bank of Nowhere", "Oriental Bank Plc."]
    return shows(one, recipient_bank=read(data.draw(st.sampled_from(names))))


def not_final(one: Honest, data: st.DataObject) -> Honest:
    """A transfer that is not finished."""
    states = [state for state in Outcome if state is not Outcome.FINAL]
    return shows(one, outcome=read(data.draw(st.sampled_from(states))))


def incoming(one: Honest, _: st.DataObject) -> Honest:
    """A card of money that somebody received."""
    return shows(one, direction=read(Direction.RECEIVED), recipient_account=ABSENT)


def other_invoice(one: Honest, data: st.DataObject) -> Honest:
    """A remark that names another open invoice."""
    text = data.draw(st.sampled_from([OTHER_NUMBER, OTHER_NUMBER.lower().replace("-", " ")]))
    return shows(one, remark=read(text))


def used_reference(one: Honest, _: st.DataObject) -> Honest:
    """A reference that settled something before."""
    return one


LIES: tuple[Lie, ...] = (
    *(amount, currency, recipient, future, id_date, old, bank, not_final, incoming),
    *(other_invoice, used_reference),
)


def told(one: Honest, lies: tuple[Lie, ...], data: st.DataObject) -> MatchInputs:
    """Return what is judged after some lies were told."""
    shown = one
    for lie in lies:
        shown = lie(shown, data)
    return shown.inputs(used=USED if used_reference in lies else UsedReferences())


def confirmed(one: Honest, inputs: MatchInputs, confirmations: str) -> MatchInputs:
    """Return it beside a bank's word on the honest payment."""
    own = OWN_CODE if "code" in confirmations else None
    beside = {
        "": (),
        "alert": (confirming_alert(one),),
        "ingested": (confirming_alert(one, source=Source.ALERT_INGESTED),),
        "hash": (confirming_answer(one),),
        "code": (confirming_answer(one, own_code=OWN_CODE),),
        "alert, code": (confirming_alert(one), confirming_answer(one, own_code=own)),
    }[confirmations]
    (wanted,) = inputs.expected
    codes = frozenset() if own is None else frozenset({own})
    return attrs.evolve(
        inputs,
        evidence=merge(inputs.evidence, *beside),
        expected=(attrs.evolve(wanted, own_codes=codes),),
    )


CONFIRMATIONS = ("", "alert", "ingested", "hash", "code", "alert, code")


@pytest.mark.A8
@given(one=honest(), beside=st.sampled_from(CONFIRMATIONS))
def test_an_honest_receipt_is_approved(one: Honest, beside: str) -> None:
    """Of any invoice, in any layout; and what confirms it never lowers its points."""
    alone = match(one.inputs())
    assert Decision.APPROVE is alone.decision
    both = match(confirmed(one, one.inputs(), beside))
    assert Decision.APPROVE is both.decision
    assert alone.points <= both.points


@pytest.mark.A8
@pytest.mark.parametrize("lie", LIES, ids=lambda lie: lie.__name__)
@given(one=honest(), beside=st.sampled_from(CONFIRMATIONS), data=st.data())
@settings(max_examples=30)
def test_no_lie_is_approved(lie: Lie, one: Honest, beside: str, data: st.DataObject) -> None:
    """Whatever confirms the rest, what contradicts one thing goes to a person, or was used."""
    verdict = match(confirmed(one, told(one, (lie,), data), beside))
    assert Decision.APPROVE is not verdict.decision
    assert verdict.points < 80


@pytest.mark.A8
@given(
    one=honest(),
    lies=st.sampled_from(list(combinations(LIES, 2))),
    beside=st.sampled_from(CONFIRMATIONS),
    data=st.data(),
)
@settings(max_examples=150)
def test_no_two_lies_help_each_other(
    one: Honest, lies: tuple[Lie, ...], beside: str, data: st.DataObject
) -> None:
    """Two lies are approved as little as one."""
    assert Decision.APPROVE is not match(confirmed(one, told(one, lies, data), beside)).decision


@given(
    one=honest(),
    lie=st.sampled_from(LIES),
    beside=st.sampled_from(CONFIRMATIONS),
    data=st.data(),
)
def test_a_contradicting_source_never_raises_points(
    one: Honest, lie: Lie, beside: str, data: st.DataObject
) -> None:
    """A second receipt that lies beside an honest one adds nothing to it."""
    both = confirmed(one, one.inputs(), beside)
    lying = told(one, (lie,), data)
    merged = attrs.evolve(both, evidence=merge(both.evidence, lying.evidence), used=lying.used)
    assert match(merged).points <= match(both).points


def replayed(inputs: MatchInputs) -> MatchVerdict:
    """Return the verdict on inputs as they were stored."""
    return match(value_of(json.loads(text_of(inputs)), MatchInputs))


@pytest.mark.A8
@given(
    one=honest(),
    lies=st.lists(st.sampled_from(LIES), max_size=2, unique=True).map(tuple),
    beside=st.sampled_from(CONFIRMATIONS),
    data=st.data(),
)
def test_what_was_stored_gives_the_verdict_again(
    one: Honest, lies: tuple[Lie, ...], beside: str, data: st.DataObject
) -> None:
    """Inputs and verdict survive being stored, and one gives the other."""
    inputs = confirmed(one, told(one, lies, data), beside)
    verdict = match(inputs)
    assert verdict == replayed(inputs)
    assert verdict == value_of(json.loads(text_of(verdict)), MatchVerdict)


@given(first=evidence(), second=evidence(), one=honest())
def test_whatever_is_merged_has_one_verdict(
    first: PaymentEvidence, second: PaymentEvidence, one: Honest
) -> None:
    """The order of sources is irrelevant to the verdict, and one of them twice counts once."""
    verdict = match(one.inputs(evidence=merge(first, second)))
    assert verdict == match(one.inputs(evidence=merge(second, first)))
    assert verdict == match(one.inputs(evidence=merge(first, second, first)))
