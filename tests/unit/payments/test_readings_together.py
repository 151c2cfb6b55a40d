"""Readings of one picture complete each other, and never make up what none of them shows."""

from datetime import UTC, datetime

import pytest

from kasa.domain.kernel.money import KHR, USD, Money
from kasa.domain.payments.evidence import Outcome, Precision
from kasa.domain.payments.recognition import Languages, Reading
from tests.unit.payments.drawn import Line, evidence_of, reading

BOTH, ENGLISH, KHMER = Languages.BOTH, Languages.ENGLISH, Languages.KHMER
DAY = datetime(2026, 9, 13, 17, tzinfo=UTC)
MORNING = datetime(2026, 9, 14, 3, 21, tzinfo=UTC)
EVENING = datetime(2026, 9, 14, 15, 21, tzinfo=UTC)


def wing(
    *,
    headline: Line = ("- $5.25", 40),
    under: tuple[Line, ...] = ("Transfer to KASA SHOP",),
    date: str = "14-09-2026 10:21:54 AM",
    trx: str = "00023472625736TG",
    languages: Languages = BOTH,
) -> Reading:
    """Return a reading of a wallet's receipt; its reference holds 14 September 2026."""
    return reading(
        "Success",
        headline,
        *under,
        f"Date and Time:||{date}",
        "From Account:||108796722",
        "To Account:||000123456",
        f"Transaction ID:||{trx}",
        languages=languages,
    )


MOMENTS: list[tuple[tuple[str, ...], datetime, Precision]] = [
    (("14-09-2026 10:21 ae", "14-x9-2026 10:21 PM"), EVENING, Precision.MINUTE),
    (("14-09-2026 10:21 ae", "xx 10:21 AM"), MORNING, Precision.MINUTE),
    (("14-09-2026 10:21", "xx 10:22 AM"), DAY, Precision.DAY),
    (("14-09-2026 10:21", "xx 10:21 AM", "xx 10:21 PM"), DAY, Precision.DAY),
    (("14-09-2026 10:21", "xx 110:21 AM"), DAY, Precision.DAY),
    (("14-09-2026 10:21", "xx 10:21 AMEN"), DAY, Precision.DAY),
    (("14-09-2026 10:21", "14-09-2026 10:21 AM"), MORNING, Precision.MINUTE),
]


@pytest.mark.parametrize(("dates", "at", "precision"), MOMENTS)
def test_am_and_pm_from_another_reading(
    dates: tuple[str, ...], at: datetime, precision: Precision
) -> None:
    """AM or PM counts where another reading of the line shows it right behind the same time."""
    seen = evidence_of(*(wing(date=date) for date in dates))
    assert (at, precision) == (seen.paid_at.value, seen.precision)


TIMES: list[tuple[tuple[tuple[str, Languages], ...], datetime, Precision]] = [
    ((("14-09-2026", BOTH), ("14-09-2026 10:21 PM", ENGLISH)), EVENING, Precision.MINUTE),
    ((("14-09-2026 10:2l", BOTH), ("14-09-2026 10:21 PM", KHMER)), EVENING, Precision.MINUTE),
    ((("14-09-2026", BOTH), ("15-09-2026 10:21 PM", ENGLISH)), DAY, Precision.DAY),
    (
        (
            ("14-09-2026", BOTH),
            ("14-09-2026 10:21 PM", ENGLISH),
            ("14-09-2026 10:27 PM", KHMER),
        ),
        DAY,
        Precision.DAY,
    ),
    (
        (("14-09-2026 10:21 AM", BOTH), ("14-09-2026 10:21 PM", ENGLISH)),
        MORNING,
        Precision.MINUTE,
    ),
]


@pytest.mark.parametrize(("dates", "at", "precision"), TIMES)
def test_a_time_of_day_from_another_reading(
    dates: tuple[tuple[str, Languages], ...], at: datetime, precision: Precision
) -> None:
    """A day takes its time from the other readings when they agree on one of that day."""
    seen = evidence_of(*(wing(date=date, languages=languages) for date, languages in dates))
    assert (at, precision) == (seen.paid_at.value, seen.precision)


IDS: list[tuple[str, str | None]] = [
    ("0002347262 5736TG", "00023472625736TG"),
    ("OOO23472625736TG", "00023472625736TG"),
    ("000234726257 3 6TG", "00023472625736TG"),
    ("0002347262S73OTI", "00023472625730T1"),
    ("0002347 2625 73 6TG", None),
    ("000234726257X6TG9", None),
]


@pytest.mark.parametrize(("printed", "value"), IDS)
def test_a_marked_id_is_known_torn_and_misread(printed: str, value: str | None) -> None:
    """Up to three words make an id of its bank's form; digits are mended, letters are not."""
    found = evidence_of(wing(trx=printed)).references.get("wing.trx")
    assert value == (found.value if found else None)


def test_a_marked_id_tells_the_layout() -> None:
    """General labels beside a mended id of a bank's mark are that bank's receipt."""
    labels = ("លេខប្រតិបត្តិការ||OO1FTRA26257XWY9", "កាលបរិច្ឆេទ||14 កញ្ញា 2026, 02:21 PM")
    assert "vattanac.receipt" == evidence_of(reading(*labels)).layout
    plain = ("លេខប្រតិបត្តិការ||OO2FTRA26257XWY9", labels[1])
    assert "generic" == evidence_of(reading(*plain)).layout


NAMES: list[tuple[tuple[Line, ...], str, bool]] = [
    (("Transfer to KASA COFFEE", "AND TEA"), "KASA COFFEE AND TEA", False),
    (("Transfer to KASA COFFEE", ("||AND TEA")), "KASA COFFEE", False),
    (("KASA COFFEE", "AND TEA"), "KASA COFFEE", True),
    (("Transfer to KASA COFFEE",), "KASA COFFEE", False),
]


@pytest.mark.parametrize(("under", "name", "cut"), NAMES)
def test_a_name_under_the_headline(under: tuple[Line, ...], name: str, *, cut: bool) -> None:
    """A name goes on in the next line at its edge; a running one only behind its words."""
    seen = evidence_of(wing(under=under)).recipient_name
    assert (name, cut) == (seen.value, seen.cut)


def test_a_name_in_two_writings_is_a_misreading() -> None:
    """A reading that mixes Khmer and Latin letters in a name is believed last."""
    mixed = wing(under=("Transfer to KASA ម៉ SHOP",), languages=ENGLISH)
    whole = wing(under=("Transfer to KASA SHOP",))
    assert "KASA SHOP" == evidence_of(mixed, whole).recipient_name.value


SIGNS: list[tuple[tuple[tuple[str, Languages], ...], Money | None]] = [
    ((("- ¥25,000", BOTH),), None),
    ((("- ¥25,000", BOTH), ("- រ25,000", KHMER)), Money(25_000, KHR)),
    ((("- 245,000", BOTH), ("- រ45,000", KHMER)), Money(45_000, KHR)),
    ((("- 45,000", BOTH), ("- រ45,000", KHMER)), Money(45_000, KHR)),
    ((("- 5,000", BOTH), ("- រ45,000", KHMER)), None),
    ((("- 246,000", BOTH), ("- រ45,000", KHMER)), None),
    ((("- រ45,000", KHMER),), None),
    ((("- $80៨", KHMER),), None),
    ((("- $8០", KHMER),), Money(8_000, USD)),
]


@pytest.mark.parametrize(("headlines", "amount"), SIGNS)
def test_signs_of_a_headline(
    headlines: tuple[tuple[str, Languages], ...], amount: Money | None
) -> None:
    """No foreign sign seen once, no sign that may be the digit beside it, no mixed digits."""
    pages = [wing(headline=(text, 40), languages=languages) for text, languages in headlines]
    seen = evidence_of(*pages).amount
    assert amount == (seen.value if seen.is_read else None)


def test_vowels_below_are_read_for_each_other() -> None:
    """A success word with another vowel below, and one letter misread, is that word."""
    card = ("-25,000 KHR", "KASA SHOP", "លេខកូដប្រតិបត្តិការ||12345678901")
    more = ("ថ្ងៃធ្វើប្រតិបត្តិការ||កញ្ញា 14, 2026 | 10:21AM", "ទូទាត់ពី||Savings (098 765 432)")
    assert Outcome.FINAL == evidence_of(reading("រូបរាល់", *card, *more)).outcome.value
    assert not evidence_of(reading("រូបវាល់", *card, *more)).outcome.is_read
