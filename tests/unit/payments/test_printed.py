"""Printed numbers and amounts (payments.md, section 12; property 12)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kasa.domain.kernel.money import CURRENCIES, KHR, USD, Currency, Money
from kasa.domain.payments.receipts.printed import (
    currency_of_code,
    parse_number,
    parse_token,
    print_amount,
    sign_currency,
)

KHMER = str.maketrans("0123456789", "០១២៣៤៥៦៧៨៩")
AMOUNTS = st.one_of(
    st.builds(Money, st.integers(1, 99_999_999), st.just(KHR)),
    st.builds(Money, st.integers(1, 999_999_99), st.just(USD)),
)


@pytest.mark.parametrize(
    ("text", "unit", "minor"),
    [
        ("35,000", KHR, 35_000),
        ("125.000", KHR, 125_000),
        ("17,000.00", KHR, 17_000),
        ("30.000,00", KHR, 30_000),
        ("6000.00", KHR, 6_000),
        ("5.25", USD, 525),
        ("7.5", USD, 750),
        ("1.234.567", KHR, 1_234_567),
        ("២៥,០០០", KHR, 25_000),
        ("0.50", USD, 50),
    ],
)
def test_printed_numbers_are_read(text: str, unit: Currency, minor: int) -> None:
    """Groups of three, one kind of separator, one or two decimals; both digit sets."""
    number = parse_number(text)
    assert number is not None
    assert Money(minor, unit) == number.money(unit)


@pytest.mark.parametrize(
    "text",
    [
        "26,0003",
        "1,00.00",
        "1.2.3",
        "00",
        "007",
        "12,34,567",
        "1,234,56",
        "",
        "NaN",
        "1e9",
        "1_000",
        "12345678901234",
        "½",
        "１２",
    ],
)
def test_impossible_grouping_is_not_readable(text: str) -> None:
    """A number that no bank prints is no number."""
    assert parse_number(text) is None


@pytest.mark.parametrize(("text", "unit"), [("9,500.25", KHR), ("0", KHR), ("0.00", USD)])
def test_amounts_that_a_currency_does_not_have(text: str, unit: Currency) -> None:
    """Riel have no decimals but zeros, and nothing is no amount."""
    number = parse_number(text)
    assert number is not None
    assert number.money(unit) is None


@given(amount=AMOUNTS, european=st.booleans(), khmer=st.booleans(), style=st.integers(0, 4))
def test_what_is_printed_is_read(amount: Money, *, european: bool, khmer: bool, style: int) -> None:
    """``parse(print(x, style)) == x`` for both separators, both digit sets and all signs."""
    sign = {"KHR": "៛", "USD": "$"}[amount.currency.code]
    printed = print_amount(
        amount, ("{}", sign + "{}", "{}" + sign, "-" + sign + "{}", "-{}")[style]
    )
    if european:
        printed = print_amount(amount, "{}", european=True)
    if khmer:
        printed = printed.translate(KHMER)
    found = parse_token(printed)
    assert found is not None
    assert amount == found.number.money(amount.currency)
    if not european and style in {1, 2, 3}:
        assert amount == found.money


@given(amount=AMOUNTS, place=st.integers(0, 12), letter=st.characters(codec="utf-8"))
def test_one_changed_character_is_no_other_amount(amount: Money, place: int, letter: str) -> None:
    """A changed character gives the same amount, none, or is a change of a digit."""
    text = print_amount(amount, "{}")
    at = place % len(text)
    changed = text[:at] + letter + text[at + 1 :]
    if text[at] in "0123456789" or letter.isdigit():
        return
    number = parse_number(changed)
    assert number is None or number.money(amount.currency) in {amount, None}


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("KHR", KHR),
        ("khr", KHR),
        ("kHR", KHR),
        ("USO", USD),
        ("រៀល", KHR),
        ("ដុល្លារ", USD),
        ("riel", KHR),
        ("KH", None),
        ("XYZ", None),
        ("THB", CURRENCIES["THB"]),
        ("", None),
    ],
)
def test_codes_and_words(text: str, unit: Currency | None) -> None:
    """A code may have one wrong letter of three; a known other code is that currency."""
    assert unit == currency_of_code(text)


@pytest.mark.parametrize("text", ["រ", "៖", "៖រ", "រំ"])
def test_the_riel_sign_of_the_khmer_data(text: str) -> None:
    """What the Khmer data prints for the riel sign is the sign there, and nothing elsewhere."""
    assert KHR == sign_currency(text, khmer_only=True)
    assert sign_currency(text) is None


@pytest.mark.parametrize("text", ["4", "3", "1", "2", "8", "§", "{", "#", "+"])
def test_what_never_is_a_currency(text: str) -> None:
    """Digits and marks that other data prints for the riel sign are never a currency."""
    assert sign_currency(text) is None
    assert sign_currency(text, khmer_only=True) is None


@given(text=st.text(max_size=200))
def test_any_text_is_read_without_an_exception(text: str) -> None:
    """Whatever was recognised, nothing is raised."""
    parse_number(text)
    parse_token(text)
    parse_token(text, khmer_only=True)
    currency_of_code(text)
