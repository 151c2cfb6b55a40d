"""Printed amounts and moments: exact forms only, in Latin and Khmer writing.

Source: payments.md, section 12. What does not follow these forms is not readable; nothing guesses.
"""

import re
import unicodedata

import attrs

from kasa.domain.kernel.money import CURRENCIES, KHR, USD, Currency, Money
from kasa.domain.kernel.text import KHMER_DIGITS

NUMBER_LENGTH_MAX = 13
LETTERS_TO_MISREAD_ONE = 6
DOLLAR, RIEL_SIGN = "$", "៛"
MINUS_SIGNS = "-−–"
SIGNS = {
    DOLLAR: "USD",
    RIEL_SIGN: "KHR",
    "€": "EUR",
    "£": "GBP",
    "₹": "INR",
    "฿": "THB",
    "₫": "VND",
    "¥": "CNY",
}
WORDS = {
    "ដុល្លារ": USD,
    "ដុល្លា": USD,
    "ដុល្លារអាមេរិក": USD,
    "dollar": USD,
    "dollars": USD,
    "រៀល": KHR,
    "riel": KHR,
    "riels": KHR,
}
KHMER_RIEL_READINGS = ("៖រ", "រំ", "រ", "៖", RIEL_SIGN)
"""What Tesseract's Khmer data makes of the riel sign, which it cannot print."""
_PLAIN = re.compile(r"(?:0|[1-9][0-9]*)(?:[.,]([0-9]{1,2}))?")
_GROUPED = re.compile(r"[1-9][0-9]{0,2}([.,])[0-9]{3}(?:\1[0-9]{3})*(?:(?!\1)[.,]([0-9]{1,2}))?")
_VOWELS_BELOW = str.maketrans("\u17bc\u17bd", "\u17bb\u17bb")
_UNSEEN = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff"))


def folded(text: str) -> str:
    """Return text with Khmer digits as 0 to 9, composed, without characters of no width."""
    return unicodedata.normalize("NFC", text).translate(_UNSEEN).translate(KHMER_DIGITS)


@attrs.frozen
class PrintedNumber:
    """A number as printed, without its sign: all digits, and how many of them are decimals.

    Two numbers are equal with and without separators; ``is_separated`` tells which it was.
    """

    digits: str
    decimals: int
    is_separated: bool = attrs.field(default=False, eq=False)

    def money(self, unit: Currency) -> Money | None:
        """Return it as an amount above 0, or None when the currency has no such amount."""
        whole = self.digits[: len(self.digits) - self.decimals]
        rest = self.digits[len(whole) :]
        if unit.exponent == 0:
            minor = int(whole) if not rest.strip("0") else 0
        else:
            minor = int(whole + rest.ljust(unit.exponent, "0")) if len(rest) <= unit.exponent else 0
        return Money(minor, unit) if minor else None


def parse_number(text: str) -> PrintedNumber | None:
    """Return a printed number, or None when its grouping is impossible.

    Groups of three behind one kind of separator; one separator before exactly three digits always
    groups; decimals are one or two digits behind another, or the only, separator.
    """
    plain = folded(text)
    if not plain.isascii() or len(plain) > NUMBER_LENGTH_MAX:
        return None
    found = _GROUPED.fullmatch(plain)
    decimals = found[2] if found else None
    if found is None:
        found = _PLAIN.fullmatch(plain)
        if found is None:
            return None
        decimals = found[1]
    digits = re.sub("[.,]", "", plain)
    return PrintedNumber(digits, len(decimals or ""), digits != plain)


def currency_of_code(text: str, *, exact: bool = False) -> Currency | None:
    """Return the currency of a code or word, with at most one wrong letter in KHR or USD."""
    word = folded(text).strip(".,:;()").lower()
    if word in WORDS:
        return WORDS[word]
    code = word.upper()
    if code in CURRENCIES:
        return CURRENCIES[code]
    if exact or len(code) != 3 or not (code.isascii() and code.isalpha()):
        return _near_word(word) if not exact else None
    for unit in (KHR, USD):
        if sum(a != b for a, b in zip(code, unit.code, strict=True)) == 1:
            return unit
    return None


def _near_word(word: str) -> Currency | None:
    """Return the currency of a Khmer word with one letter lost, or in the longer one misread.

    The vowels below a letter are read for each other.
    """
    read = word.translate(_VOWELS_BELOW)
    for known in ("ដុល្លារ", "រៀល"):
        if read == known:
            return WORDS[known]
        places = range(1, len(known))
        if len(read) >= 3 and read in {known[:at] + known[at + 1 :] for at in places}:
            return WORDS[known]
        differing = sum(a != b for a, b in zip(read, known, strict=False))
        if len(read) == len(known) >= LETTERS_TO_MISREAD_ONE and differing == 1:
            return WORDS[known]
    return None


@attrs.frozen(kw_only=True)
class PrintedAmount:
    """A number with what was read of its currency on the same line.

    ``signed`` tells that a sign rather than a code or word gave the currency, ``sign_first`` that
    it stood before the number, ``minus`` that a minus did, ``noise`` that something unknown
    touched the number.
    """

    number: PrintedNumber
    currency: Currency | None = None
    signed: bool = False
    minus: bool = False
    noise: bool = False
    sign_first: bool = attrs.field(default=False, eq=False)

    @property
    def money(self) -> Money | None:
        """The amount, or None without a currency or when that has no such amount."""
        return self.number.money(self.currency) if self.currency else None

    @property
    def needs_dollar_proof(self) -> bool:
        """Whether a dollar sign may be a misread riel sign: a whole number from 100 on.

        With zeros as decimals from 1,000 on: riel are printed so, and dollars are, too.
        """
        if not self.signed or self.currency != USD:
            return False
        whole = self.number.digits[: len(self.number.digits) - self.number.decimals]
        rest = self.number.digits[len(whole) :]
        return not rest.strip("0") and len(whole) >= (4 if rest else 3)


_TOKEN = re.compile(r"([^0-9]{0,4})([0-9][0-9.,]{0,16})([^0-9]{0,4})")


def parse_token(text: str, *, khmer_only: bool = False) -> PrintedAmount | None:
    """Return the amount that one printed word holds: ``-៛25,000``, ``$5.25``, ``25,000``.

    In a reading by the Khmer data alone its readings of the riel sign are the sign. Digits of both
    writings in one number are noise; only the round zeros look alike.
    """
    found = _TOKEN.fullmatch(folded(text))
    if found is None or _is_mixed(text):
        return None
    body, tail = found[2], found[3]
    while body and body[-1] in ".,":
        body, tail = body[:-1], body[-1] + tail
    number = parse_number(body)
    if number is None:
        return None
    before = found[1]
    minus = any(mark in before for mark in MINUS_SIGNS)
    for mark in MINUS_SIGNS + "+( ":
        before = before.replace(mark, "")
    behind = tail.strip(".,)")
    in_front = _sign(before, khmer_only=khmer_only)
    unit = in_front or _sign(behind, khmer_only=khmer_only)
    if unit is None and behind:
        code = currency_of_code(behind, exact=True)
        if code is not None:
            return PrintedAmount(number=number, currency=code, minus=minus, noise=bool(before))
    if unit == KHR and khmer_only and number.money(KHR) is None:
        unit = None
    noise = bool(behind if in_front else before) or bool(behind and unit is None)
    return PrintedAmount(
        number=number,
        currency=unit,
        signed=unit is not None,
        minus=minus,
        noise=noise,
        sign_first=in_front is not None,
    )


def _is_mixed(text: str) -> bool:
    latin = any("0" <= letter <= "9" for letter in text)
    return latin and any("\u17e1" <= letter <= "\u17e9" for letter in text)


def sign_currency(text: str, *, khmer_only: bool = False) -> Currency | None:
    """Return the currency of a word that is nothing but a sign."""
    return _sign(folded(text).strip(MINUS_SIGNS + " .,"), khmer_only=khmer_only)


def _sign(text: str, *, khmer_only: bool) -> Currency | None:
    if text in SIGNS:
        return CURRENCIES[SIGNS[text]]
    return KHR if khmer_only and text in KHMER_RIEL_READINGS else None


def print_amount(amount: Money, style: str = "{} {}", *, european: bool = False) -> str:
    """Return an amount above 0 as banks print it; ``style`` takes the number and the code."""
    whole, _, decimals = amount.text.partition(".")
    grouped = f"{int(whole):,}"
    text = f"{grouped}.{decimals}" if decimals else grouped
    if european:
        text = text.translate(str.maketrans(".,", ",."))
    return style.format(text, amount.currency.code)
