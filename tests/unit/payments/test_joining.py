"""Which alert belongs to which screenshot: strong, firm, weak, and never two at once."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kasa.adapters.conformance.receipts import aba_success, alert, due, judged_at
from kasa.adapters.conformance.strategies_payments import (
    MOMENTS,
    PAID_AT,
    amounts,
    evidence,
    expected_payments,
    read,
)
from kasa.domain.kernel.money import USD, Money
from kasa.domain.payments.alerts.joining import Shown, Strength, may_join, partner, strength
from kasa.domain.payments.evidence import UNREADABLE, PaymentEvidence, Precision, Source
from kasa.domain.payments.expected_payment import ExpectedPayment
from kasa.domain.payments.finding import Result
from kasa.domain.payments.matching import Decision, MatchInputs, MatchVerdict, match
from kasa.domain.payments.merging import merge

PAYER = {"payer_name": read("IPSUM SOKHANA"), "payer_account": read("*564")}


def message(**changes: Any) -> PaymentEvidence:
    """Return a bound alert with its payer."""
    return alert(**{**PAYER, **changes})


def told(shown: PaymentEvidence, alerted: PaymentEvidence, number: str = "") -> Strength:
    """Return how surely an alert belongs to a picture."""
    return strength(
        Shown(id="alert", evidence=alerted),
        Shown(id="payment", evidence=shown, invoice_number=number),
    )


def judged(shown: PaymentEvidence, expected: ExpectedPayment) -> MatchVerdict:
    """Return the verdict on an evidence that nobody showed before."""
    return match(MatchInputs(evidence=shown, expected=(expected,), at=judged_at()))


@pytest.mark.parametrize(
    ("alerted", "shown"),
    [
        ({}, {"payway.trx": "178935606000001"}),
        ({"references": {"aba.ft": read("100FT36457911034")}}, {"aba.ft": "100FT36457911034"}),
        ({"references": {"bakong.hash8": read("ab32be50")}}, {"bakong.hash8": "AB32BE50"}),
        (
            {"references": {"bakong.hash8": read("ab32be50")}},
            {"bakong.hash": "ab32be50" + "0" * 56},
        ),
        ({"references": {"payer.ref": read("62570012345")}}, {"acleda.ref": "62570012345"}),
    ],
)
def test_an_id_in_common_is_strong(alerted: dict[str, Any], shown: dict[str, str]) -> None:
    """The purchase, the reference, the hash or its beginning, the payer bank's own id."""
    ids = {scheme: read(value) for scheme, value in shown.items()}
    picture = aba_success(references=ids, paid_at=UNREADABLE)
    assert Strength.STRONG is told(picture, alert(**alerted))
    other = Money(25_001, USD)
    assert Strength.NONE is told(aba_success(references=ids, amount=read(other)), alert(**alerted))
    far = aba_success(references=ids, paid_at=read(PAID_AT + timedelta(days=3)))
    assert Strength.WEAK is told(far, alert(**alerted))


@pytest.mark.parametrize(
    ("shown", "found"),
    [
        ({"payer_account": read("000 146 564")}, Strength.FIRM),
        ({"payer_account": read("000***564")}, Strength.FIRM),
        ({"payer_name": read("Sokhana Ipsum")}, Strength.FIRM),
        ({"payer_account": read("000 146 565")}, Strength.WEAK),
        ({"payer_account": read("64")}, Strength.WEAK),
        ({"payer_name": read("DARA SOK")}, Strength.WEAK),
        ({}, Strength.WEAK),
        ({**PAYER, "paid_at": read(PAID_AT + timedelta(minutes=2))}, Strength.FIRM),
        ({**PAYER, "paid_at": read(PAID_AT - timedelta(seconds=121))}, Strength.NONE),
        ({**PAYER, "paid_at": UNREADABLE}, Strength.WEAK),
        ({**PAYER, "precision": Precision.DAY}, Strength.WEAK),
        (
            {**PAYER, "precision": Precision.DAY, "paid_at": read(PAID_AT - timedelta(days=1))},
            Strength.NONE,
        ),
        ({**PAYER, "references": {"payway.trx": read("178935606000002")}}, Strength.WEAK),
    ],
)
def test_the_payer_and_the_minute_are_firm(shown: dict[str, Any], found: Strength) -> None:
    """Within two minutes, by the end of the account or the name; an id that differs takes it."""
    assert found is told(aba_success(**shown), message())


def test_the_invoice_that_an_alert_names_is_firm_too() -> None:
    """The remark is the number of the invoice that the picture was sent for."""
    named = alert(remark=read("inv 2026 000001"))
    assert Strength.FIRM is told(aba_success(), named, "INV-2026-000001")
    assert Strength.WEAK is told(aba_success(), named, "INV-2026-000002")
    assert Strength.WEAK is told(aba_success(), named)


def _partners(ones: Sequence[str], others: Sequence[str], fits: set[str]) -> str | None:
    def fit(one: Shown[str], other: Shown[str]) -> Strength:
        pair = one.id + other.id
        strong = pair.upper() in fits
        return Strength.STRONG if strong else Strength.FIRM if pair in fits else Strength.WEAK

    every = [Shown(id=id_, evidence=alert()) for id_ in ones]
    found = partner(every[0], every, [Shown(id=id_, evidence=alert()) for id_ in others], fit)
    return None if found is None else found.id


@pytest.mark.parametrize(
    ("fits", "found"),
    [
        ({"ax"}, "x"),
        ({"ax", "ay"}, None),
        ({"ax", "bx"}, None),
        ({"ax", "by"}, "x"),
        ({"AX"}, "x"),
        ({"AX", "ay"}, "x"),
        ({"AX", "AY"}, None),
        ({"AX", "BX"}, None),
        ({"AX", "bx"}, "x"),
        ({"ax", "BX"}, None),
        (set[str](), None),
    ],
)
def test_only_a_single_pair_joins(fits: set[str], found: str | None) -> None:
    """A strong pair comes before firm ones; two that fit as well leave it to a person."""
    assert found == _partners(("a", "b"), ("x", "y"), fits)


@given(
    evidence(st.just(Source.SCREENSHOT)), expected_payments(), amounts(), st.sampled_from(MOMENTS)
)
def test_a_joined_alert_lowers_nothing(
    drawn: PaymentEvidence, expected: ExpectedPayment, amount: Money, moment: datetime
) -> None:
    """The bank's word on the same transfer never costs points."""
    shown = attrs.evolve(drawn, amount=read(amount), paid_at=read(moment))
    alerted = alert(
        amount=read(amount),
        currency=read(amount.currency),
        paid_at=read(moment),
        precision=shown.precision,
        payer_name=shown.payer_name,
        references={"payway.trx": read(f"{int(moment.timestamp())}00001")},
    )
    before = judged(shown, expected)
    if may_join(before) and not judged(alerted, expected).has_difference:
        assert before.points <= judged(merge(shown, alerted), expected).points


@given(
    evidence(st.just(Source.SCREENSHOT)),
    evidence(st.sampled_from((Source.BANK_ALERT, Source.ALERT_INGESTED))),
    expected_payments(),
)
def test_an_alert_heals_nothing_that_differs(
    shown: PaymentEvidence, alerted: PaymentEvidence, expected: ExpectedPayment
) -> None:
    """Whatever it says, a payment in which something differed is not approved by joining it."""
    before = judged(shown, expected)
    policy = {row.rule for row in before.outcomes if row.result is Result.DIFFERS} - {"policy"}
    if told(shown, alerted) >= Strength.FIRM and may_join(before) and policy:
        after = judged(merge(shown, alerted), expected)
        assert Decision.APPROVE is not after.decision
        assert all(after.outcome(rule).result is Result.DIFFERS for rule in policy)


@given(evidence(st.just(Source.BANK_ALERT)))
def test_an_alert_of_another_shop_proves_no_receiver(alerted: PaymentEvidence) -> None:
    """Its printed shop is none of the accepted names: the receiver is not readable."""
    elsewhere = alert(recipient_name=read("SOMEBODY ELSE LTD"), references=alerted.references)
    assert Result.UNREADABLE is judged(elsewhere, due()).outcome("recipient").result
    assert judged(elsewhere, due()).points <= 70
