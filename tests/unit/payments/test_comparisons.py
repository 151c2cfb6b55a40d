"""Amount, currency, time and date of a receipt beside what is expected (payments.md, section 4)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import attrs
import pytest

from kasa.adapters.conformance.receipts import DUE, acleda, due
from kasa.adapters.conformance.strategies_payments import PAID_AT, read
from kasa.domain.kernel.money import KHR, USD, Currency, Money
from kasa.domain.payments.comparisons import (
    compare_amount,
    compare_currency,
    compare_reference_date,
    compare_time,
    is_sign_confusion,
    seen_currency,
)
from kasa.domain.payments.evidence import (
    ABSENT,
    UNREADABLE,
    FieldReading,
    FieldState,
    Precision,
    Source,
)
from kasa.domain.payments.finding import Finding, Result
from kasa.domain.payments.reasons import Reason

DOLLARS = Money(625, USD)
CONTESTED: FieldReading[Money] = FieldReading(state=FieldState.CONTESTED, candidates=(DUE,))
BOTH = (DUE, DOLLARS)
WINDOW = "2026-09-13T01:21:00+00:00/2026-09-14T03:36:00+00:00"
MINUTE = timedelta(minutes=1)
MATCH, DIFFERS, LOST = Result.MATCH, Result.DIFFERS, Result.UNREADABLE


def finding(result: Result, code: Reason | None = None, **facts: Any) -> Finding:
    """Return a whole finding."""
    return Finding(result=result, code=code, **facts)


AMOUNTS: list[tuple[FieldReading[Money], tuple[Money, ...], Finding]] = [
    (read(DUE), (DUE,), finding(MATCH, Reason.AMOUNT_MATCH, expected="25000 KHR", seen=str(DUE))),
    (
        read(DOLLARS),
        BOTH,
        finding(MATCH, Reason.AMOUNT_MATCH, expected="25000 KHR / 6.25 USD", seen="6.25 USD"),
    ),
    (UNREADABLE, (DUE,), finding(LOST, Reason.AMOUNT_UNREADABLE, expected="25000 KHR")),
    (ABSENT, (DUE,), finding(LOST, Reason.AMOUNT_UNREADABLE, expected="25000 KHR")),
    (CONTESTED, (DUE,), finding(LOST, Reason.AMOUNT_CONTESTED, expected="25000 KHR")),
    (read(DUE), (), finding(LOST, Reason.NO_INVOICE, seen="25000 KHR")),
    (
        read(DOLLARS),
        (DUE,),
        finding(DIFFERS, Reason.CURRENCY_DIFFERS, expected="25000 KHR", seen="6.25 USD"),
    ),
    (
        read(Money(24_999, KHR)),
        (DUE,),
        finding(DIFFERS, Reason.AMOUNT_UNDER, expected="25000 KHR", seen="24999 KHR"),
    ),
    (
        read(Money(25_001, KHR)),
        (DUE,),
        finding(DIFFERS, Reason.AMOUNT_OVER, expected="25000 KHR", seen="25001 KHR"),
    ),
    (
        read(Money(26_000, KHR)),
        (DUE, Money(30_000, KHR)),
        finding(DIFFERS, Reason.AMOUNT_OVER, expected="25000 KHR / 30000 KHR", seen="26000 KHR"),
    ),
    (
        read(Money(425_000, KHR)),
        BOTH,
        finding(
            LOST, Reason.AMOUNT_SIGN_UNCLEAR, expected="25000 KHR / 6.25 USD", seen="425000 KHR"
        ),
    ),
]


@pytest.mark.parametrize(("seen", "wanted", "found"), AMOUNTS)
def test_amounts(seen: FieldReading[Money], wanted: tuple[Money, ...], found: Finding) -> None:
    """An amount is exactly one of those due, or under all, or over one, in its own currency."""
    assert found == compare_amount(acleda(amount=seen), due(amounts=wanted))


CONFUSED = [
    (Money(425_000, KHR), DUE, True),
    (DUE, Money(425_000, KHR), True),
    (Money(250_004, KHR), DUE, True),
    (Money(725_000, KHR), DUE, False),
    (Money(250_007, KHR), DUE, False),
    (Money(250_040, KHR), DUE, False),
    (DUE, DUE, False),
    (Money(5_625, USD), DOLLARS, True),
    (Money(6_253, USD), DOLLARS, True),
    (Money(6_200, USD), Money(600, USD), True),
    (Money(6_200, USD), Money(6_250, USD), False),
    (Money(6_700, USD), Money(600, USD), False),
    (Money(6_201, USD), Money(600, USD), False),
]


@pytest.mark.parametrize(("seen", "wanted", "confused"), CONFUSED)
def test_sign_confusion(seen: Money, wanted: Money, *, confused: bool) -> None:
    """One more digit at an end may be a sign, of the minor units or of the whole ones."""
    assert confused is is_sign_confusion(seen, wanted)


CURRENCIES: list[tuple[dict[str, Any], tuple[Money, ...], Finding]] = [
    ({}, BOTH, finding(MATCH, expected="KHR / USD", seen="KHR")),
    ({}, (DUE, Money(1, KHR)), finding(MATCH, expected="KHR", seen="KHR")),
    (
        {"amount": read(DOLLARS), "currency": read(USD)},
        (DUE,),
        finding(DIFFERS, Reason.CURRENCY_DIFFERS, expected="KHR", seen="USD"),
    ),
    (
        {"amount": read(DOLLARS)},
        (DUE,),
        finding(LOST, Reason.CURRENCY_UNREADABLE, expected="KHR"),
    ),
    (
        {"amount": ABSENT, "currency": ABSENT},
        (DUE,),
        finding(LOST, Reason.CURRENCY_UNREADABLE, expected="KHR"),
    ),
    (
        {"amount": CONTESTED, "currency": read(USD)},
        (DUE,),
        finding(DIFFERS, Reason.CURRENCY_DIFFERS, expected="KHR", seen="USD"),
    ),
    ({}, (), finding(LOST, Reason.NO_INVOICE, seen="KHR")),
]


@pytest.mark.parametrize(("changes", "wanted", "found"), CURRENCIES)
def test_currencies(changes: dict[str, Any], wanted: tuple[Money, ...], found: Finding) -> None:
    """The currency is the headline's own, and each wanted one is named once."""
    assert found == compare_currency(acleda(**changes), due(amounts=wanted))


SEEN: list[tuple[dict[str, Any], Currency | None]] = [
    ({}, KHR),
    ({"currency": read(USD)}, None),
    ({"currency": UNREADABLE}, KHR),
    ({"currency": FieldReading(state=FieldState.CONTESTED, candidates=(KHR, USD))}, None),
    ({"amount": CONTESTED, "currency": read(USD)}, USD),
    ({"amount": CONTESTED, "currency": UNREADABLE}, None),
    ({"amount": read(DUE, source=Source.MANUAL), "currency": read(USD)}, USD),
]


@pytest.mark.parametrize(("changes", "currency"), SEEN)
def test_the_seen_currency(changes: dict[str, Any], currency: Currency | None) -> None:
    """The amount's currency counts unless the sign on its line is contested or another."""
    assert currency == seen_currency(acleda(**changes))


SUBMITTED = PAID_AT + timedelta(minutes=5)
LATEST = SUBMITTED + timedelta(minutes=10)
EARLIEST = PAID_AT - timedelta(hours=26)
TIMES: list[tuple[datetime, Precision, Finding]] = [
    (PAID_AT, Precision.MINUTE, finding(MATCH, points=8)),
    (LATEST, Precision.MINUTE, finding(MATCH, points=8)),
    (LATEST + MINUTE, Precision.MINUTE, finding(DIFFERS, Reason.IN_FUTURE, cap=20, points=8)),
    (EARLIEST, Precision.SECOND, finding(MATCH, points=8)),
    (EARLIEST - MINUTE, Precision.SECOND, finding(DIFFERS, Reason.TOO_OLD, points=8)),
]


@pytest.mark.parametrize(("at", "precision", "found"), TIMES)
def test_times(at: datetime, precision: Precision, found: Finding) -> None:
    """A printed moment lies from a day before the issue to ten minutes after the submission."""
    evidence = acleda(paid_at=read(at), precision=precision)
    whole = attrs.evolve(found, expected=WINDOW, seen=at.isoformat())
    assert whole == compare_time(evidence, due())


DAYS = [
    (datetime(2026, 9, 13, 5, tzinfo=UTC), finding(MATCH, points=8, seen="2026-09-13")),
    (datetime(2026, 9, 14, 16, 59, tzinfo=UTC), finding(MATCH, points=8, seen="2026-09-14")),
    (
        datetime(2026, 9, 14, 17, tzinfo=UTC),
        finding(DIFFERS, Reason.IN_FUTURE, cap=20, points=8, seen="2026-09-15"),
    ),
    (
        datetime(2026, 9, 12, 16, 59, tzinfo=UTC),
        finding(DIFFERS, Reason.TOO_OLD, points=8, seen="2026-09-12"),
    ),
]


@pytest.mark.parametrize(("at", "found"), DAYS)
def test_days(at: datetime, found: Finding) -> None:
    """A printed day without a time is compared by the days of the bank's zone."""
    evidence = acleda(paid_at=read(at), precision=Precision.DAY)
    assert attrs.evolve(found, expected=WINDOW) == compare_time(evidence, due())


def test_a_time_from_a_reference() -> None:
    """Without a printed moment the day inside the reference counts, for fewer points."""
    noted: dict[str, Any] = {
        "points": 5,
        "notes": (Reason.TIME_FROM_REFERENCE,),
        "expected": WINDOW,
    }
    evidence = acleda(paid_at=ABSENT)
    assert finding(MATCH, seen="2026-09-14", **noted) == compare_time(evidence, due())
    both = {"acleda.ref": read("62570012345"), "canadia.ft": read("FT26255ABCDE")}
    older = acleda(paid_at=ABSENT, references=both)
    differing = finding(DIFFERS, Reason.TOO_OLD, seen="2026-09-12, 2026-09-14", **noted)
    assert differing == compare_time(older, due())
    older = acleda(paid_at=ABSENT, references={"acleda.ref": read("62550012345")})
    differing = finding(DIFFERS, Reason.TOO_OLD, seen="2026-09-12", **noted)
    assert differing == compare_time(older, due())


def test_a_time_without_an_issue_or_a_moment() -> None:
    """Without an issue nothing is too old, and without any day nothing can be compared."""
    evidence = acleda(paid_at=read(PAID_AT - timedelta(days=900)))
    whole = finding(
        MATCH,
        points=8,
        expected="/2026-09-14T03:36:00+00:00",
        seen="2024-03-28T03:21:00+00:00",
    )
    assert whole == compare_time(evidence, due(issued_at=None))
    nothing = acleda(paid_at=ABSENT, references={})
    assert finding(LOST, Reason.TIME_UNREADABLE) == compare_time(nothing, due())


REFERENCES = [
    (("62570012345",), finding(MATCH, expected="2026-09-14")),
    (("62560012345",), finding(MATCH, expected="2026-09-13")),
    (("62580012345",), finding(MATCH, expected="2026-09-15")),
    (("62550012345",), finding(DIFFERS, Reason.REFERENCE_DATE_DIFFERS, expected="2026-09-12")),
    (
        ("62570012345", "FT26255ABCDE"),
        finding(DIFFERS, Reason.REFERENCE_DATE_DIFFERS, expected="2026-09-12, 2026-09-14"),
    ),
    (("62570012345", "FT26257ABCDE"), finding(MATCH, expected="2026-09-14")),
]


@pytest.mark.parametrize(("values", "found"), REFERENCES)
def test_days_inside_references(values: tuple[str, ...], found: Finding) -> None:
    """Every day inside a reference is at most one day from the printed one."""
    schemes = ("acleda.ref", "canadia.ft")
    references = {scheme: read(value) for scheme, value in zip(schemes, values, strict=False)}
    evidence = acleda(references=references)
    assert attrs.evolve(found, seen="2026-09-14") == compare_reference_date(evidence, due())


CONTESTED_DAYS = [
    (0, 5, finding(LOST, seen="2026-09-14, 2026-09-19")),
    (3, 5, finding(DIFFERS, Reason.REFERENCE_DATE_DIFFERS, seen="2026-09-17, 2026-09-19")),
]


@pytest.mark.parametrize(("first", "second", "found"), CONTESTED_DAYS)
def test_contested_days(first: int, second: int, found: Finding) -> None:
    """Days that contest each other never agree, and differ when none fits the reference."""
    moments = tuple(PAID_AT + timedelta(days=days) for days in (second, first))
    contested: FieldReading[datetime] = FieldReading(state=FieldState.CONTESTED, candidates=moments)
    wanted = attrs.evolve(found, expected="2026-09-14")
    assert wanted == compare_reference_date(acleda(paid_at=contested), due())


def test_no_day_to_compare() -> None:
    """Without a printed day, or without a day inside, there is nothing to compare."""
    undated = acleda(references={"aba.trx": read("48010202442")})
    for evidence in (acleda(paid_at=ABSENT), undated):
        assert finding(LOST) == compare_reference_date(evidence, due())
