"""The twelve defects seen in comparable systems, each held by name (payments.md, section 18)."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import attrs
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kasa.adapters.conformance.receipts import (
    DUE,
    HINT,
    PAYWAY,
    PERFECT,
    aba_success,
    acleda,
    alert,
    bank_found,
    codes,
    due,
    judge,
)
from kasa.adapters.conformance.strategies_payments import OWN_CODE, PAID_AT, SHOP, read
from kasa.application.payments.deciding import Approval, ReferenceUsed
from kasa.application.payments.submitting import NewEvidence
from kasa.application.payments.verifying import VERIFY, VerifyPayment
from kasa.application.ports.work import Scope, StoreBusy, UnitOfWork, UnitOfWorkFactory
from kasa.domain.invoicing.invoice import InvoiceState
from kasa.domain.kernel.ids import PaymentId
from kasa.domain.kernel.money import KHR, USD, Money
from kasa.domain.payments.comparisons import is_sign_confusion
from kasa.domain.payments.evidence import ABSENT
from kasa.domain.payments.finding import Result
from kasa.domain.payments.matching import Decision
from kasa.domain.payments.merging import merge
from kasa.domain.payments.receipts.printed_dates import parse_moment
from kasa.domain.payments.recipients import AccountLikeness, account_likeness
from kasa.domain.payments.references import (
    Reference,
    ReferenceKeys,
    UsedReferences,
    reference_keys,
)
from kasa.domain.payments.states import AlreadyDecided, PaymentState
from tests.unit.payments.desk import Desk, transfer
from tests.unit.payments.drawn import evidence_of, reading

pytestmark = pytest.mark.A8


@pytest.fixture
def desk() -> Desk:
    """Return an open shop."""
    return Desk.open()


@given(minor=st.integers(1, 10**9).filter(lambda minor: minor != DUE.minor))
@example(minor=24_999)
def test_01_signals_are_not_averaged(minor: int) -> None:
    """A wrong amount stays at 0.30 though bank, alert, receiver and payer all agree."""
    wrong = Money(minor, KHR)
    seen = attrs.evolve(
        PERFECT,
        amount=read(wrong),
        debited=ABSENT,
        references={**PERFECT.references, **PAYWAY},
    )
    whole = merge(seen, alert(amount=read(wrong)), bank_found(amount=read(wrong)))
    verdict = judge(whole, due(payer_hints=(HINT,), own_codes=frozenset({OWN_CODE})))
    assert Decision.REVIEW is verdict.decision
    assert verdict.points <= (60 if is_sign_confusion(wrong, DUE) else 30)


def test_02_there_is_no_tolerance_and_no_rate() -> None:
    """One minor unit off differs; dollars never settle riel at any rate."""
    for off in (-1, 1):
        verdict = judge(acleda(amount=read(Money(DUE.minor + off, KHR)), debited=ABSENT))
        assert Result.DIFFERS is verdict.outcome("amount").result
    for rate in range(3_900, 4_201):
        dollars = Money(max(1, DUE.minor * 100 // rate), USD)
        verdict = judge(acleda(amount=read(dollars), currency=read(USD), debited=ABSENT))
        assert Result.DIFFERS is verdict.outcome("currency").result
        assert verdict.points <= 20


def test_03_an_account_is_not_contained() -> None:
    """Digits that stand somewhere in the number are not the number."""
    assert account_likeness("000", "000333444") < AccountLikeness.MASKED
    assert account_likeness("333444", "000333444") is AccountLikeness.DIFFERS
    assert account_likeness("000333444", "333444") is AccountLikeness.DIFFERS
    short = acleda(recipient_account=read("000"), recipient_name=ABSENT)
    wanted = due(accounts=(attrs.evolve(SHOP, number="000333444"),))
    assert Result.MATCH is not judge(short, wanted).outcome("recipient").result


def test_04_an_id_of_eleven_digits_is_no_telephone_number(desk: Desk) -> None:
    """It is registered, and the same transfer shown again is known by it."""
    keys = reference_keys(aba_success(), PAID_AT)
    assert (Reference("aba.trx", "48010202442"),) == keys.read
    assert PaymentState.APPROVED is desk.submit(aba_success(), desk.issue()).state
    again = desk.submit(attrs.evolve(aba_success(), labels=7), desk.issue())
    assert PaymentState.DUPLICATE is again.state


def test_05_the_headline_is_the_amount() -> None:
    """A balance, a fee, a debit, or a smaller figure is printed first and does not count."""
    seen = evidence_of(
        reading(
            "Payment successful",
            "Available balance||900.000,00 KHR",
            "Service fee||500 KHR",
            "Debited amount||6.25 USD",
            ("25.000,00 KHR", 44),
            "Paid to||KASA SHOP",
            "Txn ID||TX83A72K9",
            "Date and time||14/09/2026 10:21:54",
        )
    )
    assert Money(25_000, KHR) == seen.amount.value
    larger_below = evidence_of(
        reading(
            "Payment successful",
            "Txn ID||TX83A72K9",
            ("900.000,00 KHR", 18),
            ("25.000,00 KHR", 44),
            "Paid to||KASA SHOP",
            "Date and time||14/09/2026 10:21:54",
        )
    )
    assert Money(25_000, KHR) == larger_below.amount.value


def test_06_words_are_not_glued_and_khmer_is_read() -> None:
    """`12 34` is not 1234; Khmer digits and months are read, not thrown away."""
    glued = evidence_of(reading("Payment successful", ("12 345 KHR", 44), "Txn ID||TX83A72K9"))
    assert Money(12_345, KHR) != glued.amount.value
    khmer = parse_moment("១៤ កញ្ញា ២០២៦ | ១០:២១ ព្រឹក", PAID_AT)
    assert khmer is not None
    assert PAID_AT == khmer.at
    assert khmer == parse_moment("14 កញ្ញា 2026 | 10:21 ព្រឹក", PAID_AT)


class _Refusing:
    """A registry of references that cannot be asked."""

    def register(self, payment: PaymentId, keys: ReferenceKeys, *, at: datetime) -> UsedReferences:
        """Fail as a database does."""
        raise StoreBusy(retry_after=1)


@attrs.frozen
class _WithoutLookups:
    """Units of work whose question for references fails."""

    works: UnitOfWorkFactory

    @contextmanager
    def __call__(self, scope: Scope) -> Iterator[UnitOfWork]:
        """Open a unit of work without a registry."""
        with self.works(scope) as work:
            work.references = _Refusing()
            yield work

    def __getattr__(self, name: str) -> Any:
        return getattr(self.works, name)


def test_07_a_failed_lookup_is_no_answer(desk: Desk) -> None:
    """Nothing is approved while the question for duplicates fails; afterwards it is, once."""
    invoice = desk.issue()
    desk.reader.show(b"card", transfer(1))
    new = NewEvidence(pictures=(b"card",), invoice=invoice.id)
    (sent,) = desk.kasa.payments.submit(desk.owner, new).payments
    verify = desk.run.calls[VERIFY]
    assert isinstance(verify, VerifyPayment)
    failing = attrs.evolve(verify, unit_of_work=_WithoutLookups(desk.ports.unit_of_work))
    broken = attrs.evolve(desk.run, calls={**desk.run.calls, VERIFY: failing})
    desk.ports.worker.drain(broken)
    assert PaymentState.SUBMITTED is desk.payment(sent).state
    desk.clock.pass_time(timedelta(minutes=1))
    desk.drain()
    assert PaymentState.APPROVED is desk.payment(sent).state


def test_08_a_duplicate_of_a_rejected_payment_is_one(desk: Desk) -> None:
    """What a person turned down is not accepted because it is sent again."""
    first = desk.submit(transfer(1, 24_000), desk.issue())
    desk.kasa.payments.reject(desk.owner, first.id, version=first.version, reason="a forgery")
    again = desk.submit(attrs.evolve(transfer(1, 24_000), labels=7), desk.issue())
    assert (PaymentState.DUPLICATE, first.id) == (again.state, again.duplicate_of)


@given(text=st.text(max_size=30))
@settings(max_examples=50)
@example(text="999")
@example(text="999-09-14")
@example(text="14/09/0999 10:21")
@example(text="Sep 14")
@example(text="48010202442")
def test_09_no_date_is_no_passed_check(text: str) -> None:
    """Without a date an approval is out of reach, and garbage is no date."""
    moment = parse_moment(text, PAID_AT)
    assert moment is None or abs(moment.at.year - PAID_AT.year) <= 2
    undated = acleda(paid_at=ABSENT, references={"aba.trx": read("48010202442")})
    verdict = judge(undated, due(payer_hints=(HINT,)))
    assert 75 == min(row.cap for row in verdict.outcomes)
    assert Decision.APPROVE is not verdict.decision


def test_10_without_an_expected_receiver_nothing_is_approved() -> None:
    """A shop that told no account does not approve on amount and date."""
    verdict = judge(PERFECT, due(accounts=(), payer_hints=(HINT,)))
    assert (70, Decision.REVIEW) == (min(row.cap for row in verdict.outcomes), verdict.decision)
    assert ["no_recipient_configured"] == codes(verdict)


def test_11_a_misread_year_contradicts_the_reference() -> None:
    """A printed day far from the day inside the reference stays at 0.50."""
    wanted = due(issued_at=PAID_AT - timedelta(days=900))
    for years in (-1, 1):
        moment = PAID_AT.replace(year=PAID_AT.year + years)
        verdict = judge(acleda(paid_at=read(moment)), wanted)
        assert verdict.points <= 50
        assert Result.DIFFERS is verdict.outcome("reference_date").result


def test_12_a_duplicate_tells_its_first_use(desk: Desk) -> None:
    """Payment, invoice, moment and state of the first use come with the verdict."""
    invoice = desk.issue()
    first = desk.submit(transfer(1), invoice)
    desk.clock.pass_time(timedelta(hours=1))
    again = desk.submit(attrs.evolve(transfer(1), labels=7), desk.issue())
    assert again.verdict is not None
    use = again.verdict.first_use
    assert use is not None
    assert invoice.number is not None
    assert (first.id, invoice.id, invoice.number.text, PAID_AT, PaymentState.APPROVED, False) == (
        use.payment,
        use.invoice,
        use.invoice_number,
        use.at,
        use.state,
        use.same_file,
    )
    assert "reference_used" == codes(again.verdict)[0]
    with pytest.raises((AlreadyDecided, ReferenceUsed)):
        desk.kasa.payments.approve(
            desk.owner, again.id, Approval(version=again.version, reason="looks fine")
        )
    assert InvoiceState.PAID is desk.invoice(invoice).state
