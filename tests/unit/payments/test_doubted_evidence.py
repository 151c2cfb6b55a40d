"""Evidence that says two things, or speaks of another payment, is never approved (section 4)."""

from datetime import timedelta
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kasa.adapters.conformance.receipts import (
    DUE,
    aba_success,
    acleda,
    bank_found,
    codes,
    due,
    judge,
    unknown_bank,
)
from kasa.adapters.conformance.strategies_payments import OWN_CODE, PAID_AT, SHOP, read
from kasa.domain.kernel.money import KHR, USD
from kasa.domain.payments.evidence import (
    ABSENT,
    FieldReading,
    FieldState,
    PaymentEvidence,
    Source,
)
from kasa.domain.payments.expected_payment import CANDIDATES_LIMIT, ExpectedPayment
from kasa.domain.payments.matching import Decision
from kasa.domain.payments.merging import merge
from kasa.domain.payments.recipients import AccountLikeness, account_likeness
from kasa.domain.payments.references import reference_keys
from kasa.domain.payments.resemblance import resembles

FOREIGN = ("092375070", "092375071")
OLD = due(issued_at=PAID_AT - timedelta(days=60))
OTHER_NUMBER = "INV-2026-000002"
ANOTHER = due(other_open=(OTHER_NUMBER,))
DATED = {"acleda.ref": read("62570012345")}
LONG_AGO = {**DATED, "amk.trx": read("16000000000001234")}
CODED = due(own_codes=frozenset({"0" * 32}))


def contested(*candidates: Any) -> FieldReading[Any]:
    """Return a field that was read in several ways."""
    return FieldReading(state=FieldState.CONTESTED, candidates=candidates)


LIES: list[tuple[str, PaymentEvidence, ExpectedPayment, str]] = [
    (
        "account read as two, neither ours",
        acleda(recipient_account=contested(*FOREIGN)),
        due(),
        "account_unclear",
    ),
    (
        "unknown bank, account read as two",
        unknown_bank(recipient_account=contested(*FOREIGN), amount=read(DUE, engines=2)),
        due(),
        "account_unclear",
    ),
    (
        "day only in the reference, weeks before it was sent",
        acleda(paid_at=ABSENT, references={"acleda.ref": read("62370012345")}),
        OLD,
        "stale",
    ),
    (
        "two references, one of another year",
        acleda(paid_at=ABSENT, references=LONG_AGO),
        OLD,
        "too_old",
    ),
    (
        "day read as two, both far from the reference",
        acleda(paid_at=contested(*(PAID_AT + timedelta(days=days) for days in (-90, 90)))),
        due(),
        "reference_date_differs",
    ),
    ("sign read as two", acleda(currency=contested(KHR, USD)), due(), "currency_unreadable"),
    ("sign of another currency", acleda(currency=read(USD)), due(), "currency_unreadable"),
    (
        "names this invoice and another one",
        acleda(bill_number=read(due().number), remark=read(OTHER_NUMBER)),
        ANOTHER,
        "other_invoice",
    ),
    (
        "the bank found the code of another invoice",
        merge(bank_found(own_code=OWN_CODE), aba_success()),
        CODED,
        "other_invoice",
    ),
    (
        "no receipt, with a typed note",
        merge(
            PaymentEvidence(source=Source.MANUAL, layout="typed", remark=read("paid")),
            unknown_bank(success_word=False, labels=0),
        ),
        due(),
        "unreadable",
    ),
    (
        "no receipt, with a picture that was not read",
        merge(
            PaymentEvidence(source=Source.SCREENSHOT, layout=""),
            unknown_bank(success_word=False, labels=0),
        ),
        due(),
        "unreadable",
    ),
]


@pytest.mark.parametrize(
    ("seen", "wanted", "code"), [row[1:] for row in LIES], ids=[row[0] for row in LIES]
)
def test_what_says_two_things_goes_to_a_person(
    seen: PaymentEvidence, wanted: ExpectedPayment, code: str
) -> None:
    """A receipt that contradicts itself is reviewed, and the reason is told."""
    verdict = judge(seen, wanted)
    assert Decision.REVIEW is verdict.decision
    assert code in codes(verdict)


@given(
    numbers=st.lists(
        st.text("0123456789*", min_size=6, max_size=12).filter(
            lambda number: account_likeness(number, SHOP.number) < AccountLikeness.HELPS
        ),
        min_size=1,
        max_size=3,
    )
)
def test_a_name_never_outweighs_accounts_of_others(numbers: list[str]) -> None:
    """However an account was read, a name alone approves only where no reading speaks against."""
    likely = {account_likeness(number, SHOP.number) for number in numbers}
    verdict = judge(acleda(recipient_account=contested(*numbers)))
    speaks = likely != {AccountLikeness.ABSENT}
    assert speaks is (verdict.decision is Decision.REVIEW)


def test_an_account_read_once_as_ours_is_only_lost() -> None:
    """Where one reading is ours the account proves nothing, and the name counts by itself."""
    verdict = judge(acleda(recipient_account=contested(FOREIGN[0], SHOP.number)))
    assert 15 == verdict.outcome("recipient").points


def test_digits_between_masks_stand_in_the_number() -> None:
    """Digits shown between two masks are compared too, though their place is not known."""
    assert AccountLikeness.DIFFERS is account_likeness("12*34*56", "120000000056")
    assert AccountLikeness.MASKED is account_likeness("12*34*56", "120003400056")


def test_another_invoice_is_remembered_beyond_the_limit() -> None:
    """Of many open invoices the one that the evidence names is always among the others."""
    others = tuple(f"INV-2026-{count:06d}" for count in range(2, 40))
    assert CANDIDATES_LIMIT < len(others)
    verdict = judge(acleda(remark=read(others[-1])), due(other_open=others))
    assert "other_invoice" in codes(verdict)


def test_a_hash_and_its_short_form_have_a_key_in_common() -> None:
    """One screen may show the whole hash, another only its beginning: it is one transfer."""
    whole = reference_keys(acleda(references={"bakong.hash": read("0a1b2c3d" * 8)}), PAID_AT)
    short = reference_keys(acleda(references={"bakong.hash8": read("0a1b2c3d")}), PAID_AT)
    assert set(short.read) < set(whole.read)


def test_the_same_id_under_another_key_is_a_resemblance() -> None:
    """An id read under another scheme, or beside another day, is suspected at any distance."""
    one = acleda(paid_at=ABSENT, references=DATED)
    other = unknown_bank(references={"generic.ref": read("62570012345")})
    later = attrs.evolve(other, paid_at=read(PAID_AT + timedelta(days=30)))
    for left, right in ((one, other), (other, later)):
        assert {"near_duplicate"} == resembles(left, right) == resembles(right, left)
    assert not resembles(one, attrs.evolve(one, references={"amk.trx": read("1" * 17)}))


def test_a_payers_id_and_a_short_one_are_no_resemblance() -> None:
    """What only joins an alert to its receipt, or is short enough to come again, says nothing."""
    one = acleda(paid_at=ABSENT, references=DATED)
    joining = acleda(paid_at=ABSENT, references={"payer.ref": read("62570012345")})
    assert not resembles(one, joining)
    short = unknown_bank(references={"plb.ref": read("48010")})
    assert not resembles(short, attrs.evolve(short, paid_at=read(PAID_AT + timedelta(days=30))))
