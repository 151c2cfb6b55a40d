"""Forms and keys of references, and what only resembles them (payments.md, 9 and 10)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kasa.adapters.conformance.receipts import DUE, aba_success, acleda
from kasa.adapters.conformance.strategies_payments import PAID_AT, evidence, read
from kasa.domain.kernel.money import KHR, Money
from kasa.domain.payments.evidence import (
    ABSENT,
    Direction,
    FieldReading,
    FieldState,
    PaymentEvidence,
    Precision,
    Source,
)
from kasa.domain.payments.reasons import Reason
from kasa.domain.payments.references import (
    FORMS,
    FirstUse,
    Reference,
    UsedReferences,
    is_well_formed,
    normalised,
    paid_day,
    reference_keys,
)
from kasa.domain.payments.resemblance import bank_of, resembles

GOOD = {
    "payway.trx": "178935606000001",
    "aba.trx": "48010202442",
    "aba.ft": "100FT48010202442",
    "acleda.ref": "62570012345",
    "wing.trx": "000234726257ATLA",
    "vattanac.trx": "001FTRA26257ATLA",
    "canadia.ft": "FT26257ABCDE",
    "cp.trx": "CP2625712345",
    "sathapana.trx": "099QORT262571234",
    "amk.trx": "17893560600000001",
    "prasac.ref": "MB12345678901234",
    "ppc.trx": "123456789",
    "prince.ref": "123456789",
    "bakong.hash": "ab" * 32,
    "bakong.hash8": "0a1b2c3d",
    "plb.ref": "12345",
    "generic.ref": "A1B2C3",
    "alert": "-100123:42",
}


@pytest.mark.parametrize("scheme", sorted(FORMS))
def test_forms(scheme: str) -> None:
    """Each scheme has its exact form: one character less, more, or foreign is not it."""
    good = GOOD[scheme]
    assert is_well_formed(scheme, good)
    assert is_well_formed(scheme, f" {good[:2]} {good[2:]} ")
    assert not is_well_formed(scheme, good + "?")
    assert not is_well_formed(scheme, "?" + good[1:])
    if scheme not in {"generic.ref", "alert"}:
        assert not is_well_formed(scheme, good[:-1])
        assert not is_well_formed(scheme, good + good[-1])


def test_forms_of_unknown_banks() -> None:
    """6 to 32 letters and digits with at least one digit; apv and unknown schemes never."""
    assert is_well_formed("generic.ref", "1" * 32)
    assert is_well_formed("generic.ref", "ABCDE1")
    assert not is_well_formed("generic.ref", "1" * 33)
    assert not is_well_formed("generic.ref", "ABC12")
    assert not is_well_formed("generic.ref", "ABCDEF")
    assert not is_well_formed("payway.apv", "123456")
    assert not is_well_formed("payer.ref", "48010202442")
    assert set(GOOD) == set(FORMS)


def test_letter_case() -> None:
    """Hashes are lower case, all other ids upper case, both without spaces."""
    assert "0a1b2c3d" == normalised("bakong.hash8", "0A1B 2C3D")
    assert "FT26257ABCDE" == normalised("canadia.ft", "ft26257 abcde")


def keys(scheme: str, **changes: Any) -> list[str]:
    """Return the keys of a receipt that shows one reference."""
    receipt = acleda(references={scheme: read(GOOD[scheme])}, **changes)
    return [key.value for key in reference_keys(receipt, PAID_AT).read]


SECOND = {"precision": Precision.SECOND}
KEYED: list[tuple[str, dict[str, Any], list[str]]] = [
    ("aba.trx", {"paid_at": ABSENT, "amount": ABSENT}, ["48010202442"]),
    ("ppc.trx", {}, ["123456789|2026-09-14"]),
    ("ppc.trx", {"paid_at": ABSENT}, []),
    ("prince.ref", {}, ["123456789|2026-09-14"]),
    ("generic.ref", {}, ["A1B2C3|2026-09-14"]),
    ("bakong.hash8", {}, ["0a1b2c3d|2026-09-14|25000 KHR"]),
    ("bakong.hash8", {"amount": ABSENT}, []),
    ("bakong.hash8", {"paid_at": ABSENT}, []),
    ("plb.ref", SECOND, ["12345|2026-09-14T03:21:00+00:00|25000 KHR"]),
    ("plb.ref", {}, []),
    ("plb.ref", {**SECOND, "amount": ABSENT}, []),
    ("plb.ref", {**SECOND, "paid_at": ABSENT}, []),
]


@pytest.mark.parametrize(("scheme", "changes", "wanted"), KEYED)
def test_keys(scheme: str, changes: dict[str, Any], wanted: list[str]) -> None:
    """Ids that are not unique alone are keyed with day, amount or second, or not at all."""
    assert wanted == keys(scheme, **changes)


def test_the_day_may_come_from_another_reference() -> None:
    """Without a printed date the day inside a reference dates the others; day is the bank's."""
    both = {"acleda.ref": read("62570012345"), "ppc.trx": read("123456789")}
    found = reference_keys(acleda(paid_at=ABSENT, references=both), PAID_AT).read
    assert ("123456789|2026-09-14") in [key.value for key in found]
    late = datetime(2026, 9, 14, 17, 30, tzinfo=UTC)
    assert "2026-09-15" == str(paid_day(acleda(paid_at=read(late)), PAID_AT))


def test_candidates_are_apart() -> None:
    """Contested ids are looked up, well-formed ones only; typed ids give nothing; all sorted."""
    contested: FieldReading[str] = FieldReading(
        state=FieldState.CONTESTED, candidates=("48010202443", "48010202441", "4801")
    )
    receipt = aba_success(references={"aba.trx": contested, "aba.ft": read(GOOD["aba.ft"])})
    found = reference_keys(receipt, PAID_AT)
    assert (Reference("aba.ft", GOOD["aba.ft"]),) == found.read
    assert ["48010202441", "48010202443"] == [key.value for key in found.candidates]
    typed = reference_keys(aba_success(source=Source.MANUAL), PAID_AT)
    assert ((), ()) == (typed.read, typed.candidates)


@given(seen=evidence())
def test_keys_are_sorted_and_disjoint(seen: PaymentEvidence) -> None:
    """Whatever is read, keys come sorted, once, and no candidate is a key that was read."""
    found = reference_keys(seen, PAID_AT)
    assert list(found.read) == sorted(set(found.read))
    assert list(found.candidates) == sorted(set(found.candidates))
    assert not set(found.read) & set(found.candidates)


def test_what_is_known_of_use_adds_up() -> None:
    """The same picture counts before a reference; suspicions are kept once, sorted."""
    first = FirstUse.__new__(FirstUse)
    used = UsedReferences(suspicions=("same_transfer",)).with_near(
        ("near_duplicate", "same_transfer")
    )
    assert ("near_duplicate", "same_transfer") == used.suspicions
    assert used is used.with_file(None)
    assert first is attrs.evolve(used).with_file(first).first


def other(**changes: Any) -> PaymentEvidence:
    """Return a payment of another moment and another id, but of the same amount."""
    far = aba_success(
        references={"aba.trx": read("99999999999")}, paid_at=read(PAID_AT + timedelta(minutes=9))
    )
    return attrs.evolve(far, **changes)


NEAR_ID = {"aba.trx": read("48010202443")}
NEAR = [
    ("far apart", other(), set()),
    ("one character", other(references=NEAR_ID), {"near_duplicate"}),
    ("two characters", other(references={"aba.trx": read("48010202433")}), set()),
    ("another scheme", other(references={"ppc.trx": read("480102024")}), set()),
    (
        "a day later",
        other(references=NEAR_ID, paid_at=read(PAID_AT + timedelta(days=1))),
        {"near_duplicate"},
    ),
    ("two days later", other(references=NEAR_ID, paid_at=read(PAID_AT + timedelta(days=2))), set()),
    ("no date", other(references=NEAR_ID, paid_at=ABSENT), {"near_duplicate"}),
    ("no amount", other(references=NEAR_ID, amount=ABSENT), set()),
    ("other amount", other(references=NEAR_ID, amount=read(Money(1, KHR))), set()),
    (
        "same minute",
        other(references={}, paid_at=read(PAID_AT + timedelta(seconds=59))),
        {"near_duplicate"},
    ),
    ("same minute, clearly other id", other(paid_at=read(PAID_AT)), set()),
    (
        "same minute, three apart",
        other(paid_at=read(PAID_AT), references={"aba.trx": read("48010202119")}),
        {"near_duplicate"},
    ),
    (
        "same minute, other bank",
        other(paid_at=read(PAID_AT), references={}, layout="acleda.receipt"),
        set(),
    ),
    (
        "same minute, unknown bank",
        other(paid_at=read(PAID_AT), references={}, layout="generic"),
        {"near_duplicate"},
    ),
    ("same day only", other(paid_at=read(PAID_AT), references={}, precision=Precision.DAY), set()),
    ("the same id", other(references={"aba.trx": read("48010202442")}), set()),
    (
        "other leg",
        other(direction=read(Direction.RECEIVED), paid_at=read(PAID_AT + timedelta(minutes=2))),
        {"same_transfer"},
    ),
    (
        "other leg, later",
        other(
            direction=read(Direction.RECEIVED),
            paid_at=read(PAID_AT + timedelta(minutes=2, seconds=1)),
        ),
        set(),
    ),
    (
        "other leg, other bank",
        other(
            direction=read(Direction.RECEIVED),
            paid_at=read(PAID_AT + timedelta(minutes=1)),
            layout="acleda.receipt",
        ),
        set(),
    ),
    (
        "other leg, no id",
        other(
            direction=read(Direction.RECEIVED),
            paid_at=read(PAID_AT + timedelta(minutes=1)),
            references={},
        ),
        set(),
    ),
]


@pytest.mark.parametrize(("seen", "found"), [row[1:] for row in NEAR], ids=[row[0] for row in NEAR])
def test_likeness(seen: PaymentEvidence, found: set[str]) -> None:
    """Two payments are alike by id, minute or leg, never across amounts; both ways alike."""
    assert found == resembles(aba_success(), seen) == resembles(seen, aba_success())


@given(one=evidence(), two=evidence())
def test_likeness_is_symmetric_and_needs_the_amount(
    one: PaymentEvidence, two: PaymentEvidence
) -> None:
    """Which came first is irrelevant, and different amounts are never alike."""
    assert resembles(one, two) == resembles(two, one)
    if one.known(one.amount) != two.known(two.amount):
        assert frozenset[Reason]() == resembles(one, two)


@given(digits=st.text("0123456789", min_size=11, max_size=11), place=st.integers(0, 10))
def test_one_digit_apart_is_always_near(digits: str, place: int) -> None:
    """Whichever digit of an id was changed, it is noticed."""
    changed = digits[:place] + str((int(digits[place]) + 1) % 10) + digits[place + 1 :]
    one = aba_success(references={"aba.trx": read(digits)})
    two = aba_success(references={"aba.trx": read(changed)}, paid_at=ABSENT)
    assert {Reason.NEAR_DUPLICATE} == resembles(one, two)
    assert DUE == one.amount.value


def test_banks_of_screens() -> None:
    """A layout tells whose screen it is; the general one does not."""
    assert ("ABA", "ACLEDA", None) == (
        bank_of(aba_success()),
        bank_of(acleda()),
        bank_of(aba_success(layout="generic")),
    )
