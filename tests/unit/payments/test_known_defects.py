"""Faults seen in comparable systems, each held by name (payments.md, section 18)."""

import attrs
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from kasa.adapters.conformance.receipts import (
    DUE,
    FIRST,
    HINT,
    PAYWAY,
    PERFECT,
    aba_success,
    acleda,
    alert,
    codes,
    due,
    judge,
)
from kasa.adapters.conformance.strategies_payments import (
    read,
)
from kasa.domain.kernel.money import KHR, USD, Money
from kasa.domain.payments.evidence import (
    ABSENT,
    PaymentEvidence,
    Source,
)
from kasa.domain.payments.finding import Result
from kasa.domain.payments.matching import (
    Decision,
)
from kasa.domain.payments.merging import merge
from kasa.domain.payments.references import UsedReferences
from kasa.domain.payments.states import PaymentState


@given(minor=st.integers(1, 10**12), confirmed=st.booleans())
@example(minor=25_001, confirmed=True)
@example(minor=24_999, confirmed=False)
@example(minor=26_250, confirmed=False)
def test_a_wrong_amount_stays_at_most_at_30(minor: int, confirmed: bool) -> None:  # noqa: FBT001  # drawn
    """No other signal buys back a wrong amount; a sign taken for a digit is at most 60."""
    assume(minor != DUE.minor)
    amount = Money(minor, KHR)
    seen = attrs.evolve(PERFECT, amount=read(amount), debited=ABSENT)
    if confirmed:
        joined = attrs.evolve(seen, references={**seen.references, **PAYWAY})
        seen = merge(joined, alert(amount=read(amount)))
    verdict = judge(seen, due(payer_hints=(HINT,)))
    limit = 60 if "amount_sign_unclear" in codes(verdict) else 30
    assert verdict.points <= limit
    assert verdict.decision is Decision.REVIEW


@pytest.mark.parametrize("off", [-1, 1])
def test_one_minor_unit_off_differs(off: int) -> None:
    """There is no tolerance."""
    verdict = judge(aba_success(amount=read(Money(DUE.minor + off, KHR))))
    assert Result.DIFFERS is verdict.outcome("amount").result
    assert ["amount_under", "amount_over"][off > 0] in codes(verdict)


@pytest.mark.parametrize("minor", [610, 625, 595, 25_000, 2_500_000])
def test_no_rate_makes_an_amount_match(minor: int) -> None:
    """Dollars never settle a riel invoice that names no dollar amount."""
    amount = Money(minor, USD)
    verdict = judge(aba_success(amount=read(amount), currency=read(USD)))
    assert Result.DIFFERS is verdict.outcome("currency").result
    assert verdict.points <= 20
    assert "currency_differs" in codes(verdict)


def test_the_riel_total_of_a_dollar_invoice_matches() -> None:
    """Each amount that settles the invoice matches in its own currency, exactly."""
    wanted = due(amounts=(Money(625, USD), DUE))
    assert Decision.APPROVE is judge(aba_success(), wanted).decision
    dollars = aba_success(amount=read(Money(625, USD)), currency=read(USD))
    assert Decision.APPROVE is judge(dollars, wanted).decision


def test_no_date_caps_at_75() -> None:
    """No date is not a passed date check."""
    verdict = judge(
        attrs.evolve(PERFECT, paid_at=ABSENT, references={"aba.trx": read("48010202442")})
    )
    assert 75 == min(row.cap for row in verdict.outcomes)
    assert "time_unreadable" in codes(verdict)


def test_no_expected_recipient_caps_at_70() -> None:
    """A shop without receiving accounts never approves on amount and date."""
    verdict = judge(PERFECT, due(accounts=()))
    assert 70 == min(row.cap for row in verdict.outcomes)
    assert ["no_recipient_configured"] == codes(verdict)


def test_a_printed_date_that_contradicts_the_reference_caps_at_50() -> None:
    """A misread or edited date is caught by the day inside the reference."""
    verdict = judge(acleda(references={"acleda.ref": read("62000012345")}))
    assert 50 == verdict.points
    assert ["reference_date_differs"] == codes(verdict)


@pytest.mark.parametrize("state", list(PaymentState))
def test_a_duplicate_of_any_payment_is_a_duplicate(state: PaymentState) -> None:
    """Rejected and reversed payments keep their references; the answer carries the first use."""
    used = UsedReferences(first=attrs.evolve(FIRST, state=state))
    verdict = judge(PERFECT, used=used)
    assert (Decision.DUPLICATE, 0) == (verdict.decision, verdict.points)
    assert used.first == verdict.first_use
    assert ["reference_used"] == codes(verdict)


def test_the_same_picture_is_a_duplicate() -> None:
    """The same file needs no reading to be known."""
    used = UsedReferences().with_file(attrs.evolve(FIRST, same_file=True))
    verdict = judge(PaymentEvidence(source=Source.SCREENSHOT, layout=""), used=used)
    assert Decision.DUPLICATE is verdict.decision
    assert "same_file" == codes(verdict)[0]


def test_an_id_of_eleven_digits_is_a_reference() -> None:
    """Ids of 13 digits or fewer are not telephone numbers."""
    assert Result.MATCH is judge(aba_success()).outcome("reference").result
