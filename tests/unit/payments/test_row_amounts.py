"""Labelled amounts contradict a headline or agree with it, also when their currency is lost."""

import pytest

from kasa.domain.kernel.money import CURRENCIES, KHR, USD, Money
from kasa.domain.payments.banks.shapes import Part
from kasa.domain.payments.receipts.printed import PrintedAmount, parse_number
from kasa.domain.payments.receipts.row_amounts import agrees, rows_of_part
from kasa.domain.payments.receipts.seen_amounts import SeenAmount
from kasa.domain.payments.recognition import Box, Languages, Reading
from tests.unit.payments.drawn import Line, evidence_of, reading

PRICE = Money(86_49, USD)


def seen(
    digits: str,
    *,
    top: int = 0,
    unit: str | None = "USD",
    confidence: int = 95,
    doubtful: bool = False,
    part: Part = Part.DEBIT,
) -> SeenAmount:
    """Return an amount behind a label."""
    number = parse_number(digits)
    assert number
    currency = CURRENCIES.get(unit or "")
    return SeenAmount(
        printed=PrintedAmount(number=number, currency=currency),
        box=Box(100, top, 80, 20),
        row=0,
        part=part,
        languages=Languages.BOTH,
        confidence=confidence,
        doubtful=doubtful,
    )


ROWS: list[tuple[tuple[SeenAmount, ...], tuple[Money, ...]]] = [
    ((seen("86.49"),), (PRICE,)),
    ((seen("36.49"), seen("36.49"), seen("86.49")), (PRICE,)),
    ((seen("36.49"), seen("86.48"), seen("86.48")), (Money(86_48, USD),)),
    ((seen("1.00", top=60), seen("86.49")), (PRICE, Money(1_00, USD))),
    ((seen("345,960", unit="KHR"), seen("845,960", unit="KHR")), (Money(345_960, KHR),)),
    ((seen("86.49", doubtful=True),), ()),
    ((seen("691.92", unit=None), seen("86.49", doubtful=True)), ()),
    ((seen("691.92", unit=None), seen("86.48", doubtful=True)), (Money(691_92, USD),)),
    ((seen("86.49", part=Part.FEE),), ()),
    ((seen("691.92", unit=None),), (Money(691_92, USD),)),
    ((seen("691.92", unit=None, confidence=79),), (Money(691_92, USD),)),
    (
        (seen("691.92", unit=None, confidence=79), seen("691.92", unit="USD", doubtful=True)),
        (),
    ),
    ((seen("86.49", unit=None),), ()),
    ((seen("345,960", unit=None),), ()),
    ((seen("27", unit=None),), ()),
    ((seen("691.92", unit=None), seen("86.49", unit=None)), ()),
]


@pytest.mark.parametrize(("amounts", "wanted"), ROWS)
def test_rows(amounts: tuple[SeenAmount, ...], wanted: tuple[Money, ...]) -> None:
    """One value for each place; a number without its currency counts only if it fits in none."""
    assert wanted == rows_of_part(amounts, Part.DEBIT, PRICE)


def test_rows_without_a_headline() -> None:
    """Without a headline the most seen value stands, and a bare number says nothing."""
    assert (Money(1_00, USD),) == rows_of_part((seen("1.00"),), Part.DEBIT, None)
    assert () == rows_of_part((seen("691.92", unit=None),), Part.DEBIT, None)


@pytest.mark.parametrize(
    ("money", "headline", "wanted"),
    [
        (Money(3_000, KHR), Money(1_00, USD), True),
        (Money(5_000, KHR), Money(1_00, USD), True),
        (Money(2_999, KHR), Money(1_00, USD), False),
        (Money(5_001, KHR), Money(1_00, USD), False),
        (Money(1_00, USD), Money(4_000, KHR), True),
        (Money(1_00, USD), Money(1_01, USD), False),
    ],
)
def test_amounts_that_agree(money: Money, headline: Money, *, wanted: bool) -> None:
    """Equal in one currency, or in a plausible rate in the other."""
    assert wanted is agrees(money, headline)


def acleda(headline: str, debit: str) -> tuple[str, ...]:
    """Return the lines of a receipt with a debited amount."""
    return (
        "ជោគជ័យ",
        "ប្រតិបត្តិការ KHQR ទៅ",
        "KASA SHOP",
        headline,
        "គណនីកាត់ប្រាក់ចេញ||DARA VEASNA",
        f"ទឹកប្រាក់កាត់ចេញ||{debit}",
        "លេខយោង||61501907550",
    )


@pytest.mark.parametrize(
    ("debit", "minor"),
    [
        ("-86.49 ដុល្លារ", 86_49),
        ("-86.49 ដូល្លារ", 86_49),
        ("-86.49 ដួល្លារ", 86_49),
        ("-86.49 ដុល្លាវ", 86_49),
        ("-86.49 xyzw", 86_49),
    ],
)
def test_a_debit_whose_word_is_misread_still_contradicts(debit: str, minor: int) -> None:
    """A forged headline does not pass because the currency of the true row was misread."""
    debited = evidence_of(reading(*acleda("691.92 $", debit))).debited
    assert Money(minor, USD) == debited.value


def test_a_row_at_the_place_of_the_headline_is_no_second_one() -> None:
    """Readings of the headline itself are no labelled rows beside it."""
    card = ("Completed", "Amount||25,000 KHR", "Transaction ID||TX83A72K9", "Paid to||KASA SHOP")
    other = (card[0], "Amount||25,000 KHP", *card[2:])
    assert not evidence_of(reading(*card), reading(*other)).amount_rows


def vattanac(*headline: Line) -> Reading:
    """Return a receipt whose labelled row repeats the headline's amount."""
    return reading(
        *headline,
        "លេខប្រតិបត្តិការ||001FTRA26257XWY9",
        "កាលបរិច្ឆេទ||14 កញ្ញា 2026, 02:21 PM",
        "ទៅ||KASA SHOP",
        "ចំនួនទឹកប្រាក់||$3.05",
    )


def test_a_row_never_stands_for_a_headline_that_cannot_be_read() -> None:
    """It repeats the headline: alone it tells the currency, and nothing of the amount."""
    covered = evidence_of(vattanac("Lorem Pisetha"))
    assert ("vattanac.receipt", None, USD) == (
        covered.layout,
        covered.amount.value,
        covered.currency.value,
    )
    both = evidence_of(vattanac(("$3.05", 40)))
    assert (Money(3_05, USD), (Money(3_05, USD),)) == (both.amount.value, both.amount_rows)


REPEATED: list[tuple[tuple[str, ...], str, Money | None]] = [
    (("340,200",), "-340,200 រៀល", Money(340_200, KHR)),
    (("340,200 §", "340,200 3"), "-340,200 រៀល", Money(340_200, KHR)),
    (("57.00",), "-57.00 ដុល្លារ", Money(57_00, USD)),
    (("340,200", "840,200"), "-340,200 រៀល", None),
    (("340,200",), "-340,201 រៀល", None),
    (("340,200",), "-85.05 ដុល្លារ", None),
    (("340,200",), "-340,200", None),
    (("340,200 $",), "-340,200 រៀល", None),
]


@pytest.mark.parametrize(("headlines", "debit", "amount"), REPEATED)
def test_a_row_of_the_same_figures_gives_its_currency(
    headlines: tuple[str, ...], debit: str, amount: Money | None
) -> None:
    """A headline whose sign is lost has the currency of the row that repeats all its figures."""
    pages = []
    for headline in headlines:
        lines: list[Line] = list(acleda(headline, debit))
        lines[3] = (headline, 40)
        pages.append(reading(*lines))
    seen = evidence_of(*pages).amount
    assert amount == (seen.value if seen.is_read else None)
