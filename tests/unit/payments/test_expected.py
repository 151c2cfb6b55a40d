"""What would settle an invoice, and which invoice is meant (payments.md, section 3)."""

from datetime import timedelta
from uuid import UUID

import attrs
import pytest

from kasa.adapters.conformance.receipts import DUE, aba_success, bank_found, due
from kasa.adapters.conformance.strategies_payments import OWN_CODE, PAID_AT, SHOP, read
from kasa.domain.kernel.ids import InvoiceId
from kasa.domain.kernel.money import KHR, USD, Money
from kasa.domain.payments.account import AcceptedAccount, BankCode
from kasa.domain.payments.comparisons import (
    compare_amount,
    compare_currency,
    compare_reference_date,
    compare_time,
    is_sign_confusion,
)
from kasa.domain.payments.evidence import ABSENT, PaymentEvidence, Precision, Source
from kasa.domain.payments.expected_payment import (
    DueInvoice,
    ExpectedPayment,
    MatchPolicy,
    PayerHint,
    expected,
    named_invoice,
    payer_hint,
)
from kasa.domain.payments.finding import Finding, Result
from kasa.domain.payments.reasons import Reason

POLICY = MatchPolicy(threshold=90)
SUBMITTED = PAID_AT + timedelta(minutes=5)


def invoice(count: int, *amounts: Money, codes: frozenset[str] = frozenset()) -> DueInvoice:
    """Return an open invoice by its count."""
    return DueInvoice(
        id=InvoiceId(UUID(int=count)),
        number=f"INV-2026-{count:06d}",
        amounts=amounts or (DUE,),
        issued_at=PAID_AT - timedelta(hours=count),
        own_codes=codes,
        payer_hints=(PayerHint(name="IPSUM SOKHANA", account_tail="564"),),
    )


def wanted(
    evidence: PaymentEvidence, *invoices: DueInvoice, answers: DueInvoice | None = None
) -> tuple[ExpectedPayment, ...]:
    """Return what an evidence is compared with."""
    return expected(
        invoices,
        (SHOP,),
        POLICY,
        evidence=evidence,
        answers=None if answers is None else answers.id,
        submitted_at=SUBMITTED,
    )


def as_expected(one: DueInvoice) -> ExpectedPayment:
    """Return what settles an invoice, every field told."""
    return ExpectedPayment(
        submitted_at=SUBMITTED,
        accounts=(SHOP,),
        amounts=one.amounts,
        issued_at=one.issued_at,
        invoice=one.id,
        number=one.number,
        own_codes=one.own_codes,
        payer_hints=one.payer_hints,
        policy=POLICY,
    )


def test_the_answered_invoice_is_the_target() -> None:
    """It stands alone, whatever its amount and whatever else is named; others are remembered."""
    one, two, three = invoice(1), invoice(2), invoice(3, Money(1, KHR))
    seen = aba_success(remark=read(two.number))
    target = attrs.evolve(as_expected(three), answered=True, other_open=(one.number, two.number))
    assert (target,) == wanted(seen, one, two, three, answers=three)


def test_the_named_invoice_is_the_target() -> None:
    """By own code, bill number or remark, case, spaces and dashes ignored; not answered."""
    one, two = invoice(1), invoice(2, codes=frozenset({OWN_CODE}))
    for seen in (
        aba_success(remark=read("inv 2026-000002")),
        aba_success(bill_number=read("INV2026000002")),
        bank_found(remark=read(one.number)),
    ):
        target = attrs.evolve(as_expected(two), other_open=(one.number,))
        assert (target,) == wanted(seen, one, two)
    assert named_invoice(aba_success(own_code=OWN_CODE), [two]) is None
    assert named_invoice(bank_found(own_code="f" * 32), [two]) is None
    assert named_invoice(aba_success(remark=read("- -")), [one]) is None
    typed = aba_success(source=Source.MANUAL, remark=read(one.number))
    assert named_invoice(typed, [one]) is None


def test_candidates_fit_the_amount() -> None:
    """Of what nothing names only those of the amount may be meant, at most twenty of them."""
    other = invoice(99, Money(1, KHR), Money(25_000, USD))
    many = [invoice(count) for count in range(1, 31)]
    found = wanted(aba_success(), other, *many)
    assert [attrs.evolve(as_expected(one), candidate=True) for one in many[:20]] == list(found)
    riel = invoice(40, Money(625, USD), DUE)
    assert [riel.id] == [one.invoice for one in wanted(aba_success(), other, riel)]


def test_without_a_fit_the_shop_is_still_known() -> None:
    """Nothing expected: accounts, rules and moment stay."""
    nothing = ExpectedPayment(
        submitted_at=SUBMITTED, accounts=(SHOP,), policy=POLICY, candidate=True
    )
    assert (nothing,) == wanted(aba_success(), invoice(1, Money(1, KHR)))
    assert (nothing,) == wanted(aba_success(amount=ABSENT), invoice(1))


def test_ones_own_fields() -> None:
    """One account per number, all with the same names; without numbers by name alone."""
    made = ExpectedPayment.of(
        DUE,
        ["Dara Shop"],
        ["010959385", "012888345"],
        issued_at=PAID_AT,
        submitted_at=SUBMITTED,
        bank=BankCode("ABA"),
        policy=POLICY,
    )
    accounts = tuple(
        AcceptedAccount(bank=BankCode("ABA"), number=number, names=("Dara Shop",))
        for number in ("010959385", "012888345")
    )
    assert made == ExpectedPayment(
        submitted_at=SUBMITTED,
        issued_at=PAID_AT,
        amounts=(DUE,),
        accounts=accounts,
        answered=True,
        policy=POLICY,
    )
    bare = ExpectedPayment.of(DUE, ["Dara Shop"], [], issued_at=PAID_AT, submitted_at=SUBMITTED)
    assert (AcceptedAccount(bank=BankCode(""), names=("Dara Shop",)),) == bare.accounts
    assert MatchPolicy() == bare.policy


@pytest.mark.parametrize(
    ("account", "tail"),
    [
        ("000 146 564", "564"),
        ("(000 146 ៥៦៤)", "564"),
        ("000 14", None),
        ("12", None),
        (None, None),
    ],
)
def test_who_paid(account: str | None, tail: str | None) -> None:
    """A payer is remembered by name and the last three digits, with both or not at all."""
    number = ABSENT if account is None else read(account)
    seen = aba_success(payer_name=read("IPSUM SOKHANA"), payer_account=number)
    hint = None if tail is None else PayerHint(name="IPSUM SOKHANA", account_tail=tail)
    assert hint == payer_hint(seen)
    assert payer_hint(attrs.evolve(seen, payer_name=ABSENT)) is None


def test_comparisons_tell_what_they_compared() -> None:
    """Expected and seen are told with the result, every field of it."""
    both = due(amounts=(Money(625, USD), DUE))
    assert Finding(
        result=Result.MATCH,
        code=Reason.AMOUNT_MATCH,
        expected="6.25 USD / 25000 KHR",
        seen="25000 KHR",
    ) == compare_amount(aba_success(), both)
    assert Finding(result=Result.MATCH, expected="USD / KHR", seen="KHR") == compare_currency(
        aba_success(), both
    )
    assert Finding(
        result=Result.DIFFERS, code=Reason.CURRENCY_DIFFERS, expected="KHR", seen="USD"
    ) == compare_currency(aba_success(amount=ABSENT, currency=read(USD)), due())
    assert Finding(
        result=Result.UNREADABLE, code=Reason.NO_INVOICE, seen="KHR"
    ) == compare_currency(aba_success(), due(amounts=()))
    assert Finding(
        result=Result.MATCH,
        points=8,
        expected="2026-09-13T01:21:00+00:00/2026-09-14T03:36:00+00:00",
        seen="2026-09-14T03:21:00+00:00",
    ) == compare_time(aba_success(), due())
    assert Finding(
        result=Result.MATCH,
        points=8,
        expected="/2026-09-14T03:36:00+00:00",
        seen="2026-09-14",
    ) == compare_time(aba_success(precision=Precision.DAY), due(issued_at=None))
    assert Finding(
        result=Result.MATCH, expected="2026-09-14", seen="2026-09-14"
    ) == compare_reference_date(aba_success(references={"acleda.ref": read("62570012345")}), due())


@pytest.mark.parametrize(
    ("seen", "meant", "confused"),
    [
        (250_004, 25_000, True),
        (425_000, 25_000, True),
        (25_000, 425_000, True),
        (25_000, 250_008, True),
        (925_000, 25_000, False),
        (250_000, 25_000, False),
        (4_250_004, 25_000, False),
        (25_001, 25_000, False),
    ],
)
def test_a_sign_taken_for_a_digit(seen: int, meant: int, *, confused: bool) -> None:
    """One digit more or less at an end, and only one that a sign is taken for."""
    assert confused is is_sign_confusion(Money(seen, KHR), Money(meant, KHR))
    assert confused is is_sign_confusion(Money(seen, USD), Money(meant, USD))


def test_a_sign_before_whole_dollars() -> None:
    """Whole dollars are compared as they are printed, without their cents."""
    assert is_sign_confusion(Money(25_400, USD), Money(2_500, USD))
    assert not is_sign_confusion(Money(25_450, USD), Money(2_500, USD))
