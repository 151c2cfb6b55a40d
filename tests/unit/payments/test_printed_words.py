"""Printed numbers, units, ids and accounts: one word as a whole result (section 12)."""

from typing import Any

import pytest

from kasa.domain.kernel.money import CURRENCIES, KHR, USD, Currency, Money
from kasa.domain.payments.banks.shapes import IdForm
from kasa.domain.payments.receipts.id_forms import digit_places, fitted
from kasa.domain.payments.receipts.printed import (
    PrintedAmount,
    PrintedNumber,
    currency_of_code,
    parse_number,
    parse_token,
    print_amount,
    sign_currency,
)
from kasa.domain.payments.receipts.printed_party import account_in, is_account_line
from kasa.domain.payments.recognition import Box, Word


def number(digits: str, decimals: int = 0, *, apart: bool = False) -> PrintedNumber:
    """Return a printed number."""
    return PrintedNumber(digits, decimals, apart)


TOKENS: list[tuple[str, bool, PrintedAmount | None]] = [
    ("25,000", False, PrintedAmount(number=number("25000"))),
    ("$5.25", False, PrintedAmount(number=number("525", 2), currency=USD, signed=True)),
    ("5.25$", False, PrintedAmount(number=number("525", 2), currency=USD, signed=True)),
    (
        "-\u17db25,000",
        False,
        PrintedAmount(number=number("25000"), currency=KHR, signed=True, minus=True),
    ),
    ("+25,000KHR", False, PrintedAmount(number=number("25000"), currency=KHR)),
    ("\u221225,000KHR", False, PrintedAmount(number=number("25000"), currency=KHR, minus=True)),
    ("x25,000KHR", False, PrintedAmount(number=number("25000"), currency=KHR, noise=True)),
    ("(25,000KHR)", False, PrintedAmount(number=number("25000"), currency=KHR)),
    ("25,000KHB", False, PrintedAmount(number=number("25000"), noise=True)),
    ("25,000.", False, PrintedAmount(number=number("25000"))),
    ("25,000,.)", False, PrintedAmount(number=number("25000"))),
    ("x25,000", False, PrintedAmount(number=number("25000"), noise=True)),
    (
        "x25,000$",
        False,
        PrintedAmount(number=number("25000"), currency=USD, signed=True, noise=True),
    ),
    (
        "$25,000x",
        False,
        PrintedAmount(number=number("25000"), currency=USD, signed=True, noise=True),
    ),
    ("25,000x", False, PrintedAmount(number=number("25000"), noise=True)),
    ("\u179a25,000", False, PrintedAmount(number=number("25000"), noise=True)),
    (
        "\u179a25,000",
        True,
        PrintedAmount(number=number("25000"), currency=KHR, signed=True),
    ),
    ("\u179a25.50", True, PrintedAmount(number=number("2550", 2))),
    ("25,00", False, PrintedAmount(number=number("2500", 2))),
    ("2,50,000", False, None),
    ("abcde25", False, None),
    ("Trx", False, None),
]


@pytest.mark.parametrize(("text", "khmer_only", "amount"), TOKENS)
def test_one_printed_word(text: str, *, khmer_only: bool, amount: PrintedAmount | None) -> None:
    """A word is a number with its sign, code and minus; what else touches it is noise."""
    assert amount == parse_token(text, khmer_only=khmer_only)


SEPARATED = [("25000", False), ("25,000", True), ("5.25", True), ("0", False)]


@pytest.mark.parametrize(("text", "apart"), SEPARATED)
def test_separated_numbers(text: str, *, apart: bool) -> None:
    """A number tells whether it was printed with groups or decimals."""
    found = parse_number(text)
    assert found is not None
    assert apart is found.is_separated


PROOF = [
    ("$99", False),
    ("$100", True),
    ("$100.50", False),
    ("$999.00", False),
    ("$1,000.00", True),
    ("\u17db1,000", False),
    ("1000USD", False),
]


@pytest.mark.parametrize(("text", "needed"), PROOF)
def test_dollar_signs_that_need_proof(text: str, *, needed: bool) -> None:
    """A signed whole number from 100 on, or 1,000.00, may be riel; a code never is."""
    found = parse_token(text)
    assert found is not None
    assert needed is found.needs_dollar_proof


UNITS: list[tuple[str, dict[str, Any], Currency | None]] = [
    ("KHR", {}, KHR),
    ("khr:", {}, KHR),
    ("KHB", {}, KHR),
    ("UHD", {}, USD),
    ("UXX", {}, None),
    ("U5D", {}, None),
    ("UBD", {}, USD),
    ("KHB", {"exact": True}, None),
    ("(USD)", {"exact": True}, USD),
    ("THB", {}, CURRENCIES["THB"]),
    ("riels", {}, KHR),
    ("\u179a\u17c0\u179b", {}, KHR),
    ("\u179a\u179b", {}, None),
    ("\u178a\u17bb\u179b\u17d2\u179b\u17b6", {}, USD),
    ("\u178a\u17bb\u179b\u17d2\u17b6\u179a", {}, USD),
    ("\u178a\u17bb\u179b\u17d2\u17b6\u179a", {"exact": True}, None),
    ("KH", {}, None),
]


@pytest.mark.parametrize(("text", "how", "unit"), UNITS)
def test_codes_and_words(text: str, how: dict[str, Any], unit: Currency | None) -> None:
    """One letter of KHR or USD, or one of a Khmer word, may be misread unless it is exact."""
    assert unit == currency_of_code(text, **how)


def test_signs_alone() -> None:
    """A word that is only a sign is a currency, with minus, dots and spaces around it."""
    assert (USD, KHR) == (sign_currency("- $."), sign_currency("\u17db"))
    assert (None, KHR) == (sign_currency("\u179a"), sign_currency("\u179a", khmer_only=True))
    assert sign_currency("$5") is None


def test_printed_amounts() -> None:
    """Amounts are printed in groups with the style's places, in Europe with a comma."""
    assert "25,000 KHR" == print_amount(Money(25_000, KHR))
    assert "USD 1.234,50" == print_amount(Money(123_450, USD), "{1} {0}", european=True)


DIGITS = [
    ("[0-9]{3}", (True, True, True)),
    ("[0-9]", (True,)),
    ("MB[0-9]{2}", (False, False, True, True)),
    ("0[0-9A-Z]{2}[A-Z]7", (True, False, False, False, True)),
]


@pytest.mark.parametrize(("pattern", "places"), DIGITS)
def test_places_of_digits(pattern: str, places: tuple[bool, ...]) -> None:
    """A digit class and a fixed digit need a digit, letters and mixed classes do not."""
    assert places == digit_places(pattern)


FITTED: list[tuple[str, str, str | None]] = [
    ("12345", "[0-9]{5}", "12345"),
    ("I2O4S", "[0-9]{5}", "12045"),
    ("l2|4B", "[0-9]{5}", "12148"),
    ("1234", "[0-9]{5}", None),
    ("1234X", "[0-9]{5}", None),
    ("mb1O", "MB[0-9]{2}", "MB10"),
    ("OB10", "MB[0-9]{2}", None),
    ("2O", "[0-9][0-9A-Z]", "2O"),
]


@pytest.mark.parametrize(("text", "pattern", "value"), FITTED)
def test_mended_ids(text: str, pattern: str, value: str | None) -> None:
    """Look-alikes become digits only where a digit must stand, and only into the exact form."""
    assert value == fitted(text, IdForm(scheme="some.trx", pattern=pattern))


def test_ids_that_are_never_mended() -> None:
    """Hashes are in lower case and, like general ids, never mended."""
    short = IdForm(scheme="bakong.hash8", pattern="[0-9a-f]{8}", english_only=True)
    assert "5129e8af" == fitted("5129E8AF", short)
    assert fitted("5129eOaf", short) is None
    general = IdForm(scheme="generic.ref", pattern="[0-9]{4}")
    assert ("1234", None) == (fitted("1234", general), fitted("123O", general))


ACCOUNTS = [
    ("000 123 456", "000123456"),
    ("(000-123-456)", "000123456"),
    ("KASA 012 *** 345 ABA", "012***345"),
    ("xxxxxx345", "******345"),
    ("***345", "***345"),
    ("****45", ""),
    ("12345", ""),
    ("123456", "123456"),
    ("12 of 345678", "345678"),
    ("\u17e0\u17e1\u17e2\u17e3\u17e4\u17e5", "012345"),
    ("no number", ""),
]


@pytest.mark.parametrize(("text", "account"), ACCOUNTS)
def test_accounts_in_a_text(text: str, account: str) -> None:
    """An account has at least 6 characters with masks, of which at least 3 are digits."""
    assert account == account_in(text)


LINES = [
    (("000", "123", "456"), True),
    (("000", "123", "456", "ABCD"), True),
    (("000", "123", "456", "ABCDE"), False),
    (("14/09/2026", "102154"), False),
    (("10:21", "123456"), False),
    (("KASA",), False),
    (("***", "456", "USD"), True),
]


@pytest.mark.parametrize(("words", "only"), LINES)
def test_lines_that_are_an_account(words: tuple[str, ...], *, only: bool) -> None:
    """An account line has at most four further letters, and no date or time."""
    assert only is is_account_line([Word(text, Box(0, 0, 10, 20), 95) for text in words])
