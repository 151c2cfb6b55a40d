"""Exact money: whole minor units of a currency, one rounding function, one way to share.

Source of the currency table: ISO 4217, but for the riel, which has no decimals in use; ISO gives
it two.
"""

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar, Self

import attrs

from kasa.domain.kernel.errors import Invalid

MINOR_LIMIT = 10**15
RATE_LIMIT = 10**9
RATE_DECIMALS = 6
_AMOUNT = re.compile(r"-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,6})?\Z")


class MoneySyntax(Invalid):
    """The text is not an amount: digits, at most one point, nothing else."""

    code = "money.syntax"


class MoneyTooPrecise(Invalid):
    """The amount has more decimals than its currency."""

    code = "money.too_precise"


class MoneyOutOfRange(Invalid):
    """The amount is too large: fewer than 10^15 minor units are possible."""

    code = "money.out_of_range"


class CurrencyMismatch(Invalid):
    """Amounts of two currencies cannot be added or compared."""

    code = "money.currency_mismatch"


class CurrencyUnknown(Invalid):
    """kasa does not know this currency."""

    code = "currency.unknown"


class RateInvalid(Invalid):
    """An exchange rate is above 0, below 10^9 and has at most 6 decimals."""

    code = "rate.invalid"


@attrs.frozen
class Currency:
    """A currency: ISO code, decimals in use, ISO number, printed sign."""

    code: str
    exponent: int
    numeric: str
    symbol: str

    @property
    def scale(self) -> int:
        """Minor units in one major unit."""
        scale: int = 10**self.exponent
        return scale


KHR = Currency("KHR", 0, "116", "៛")
USD = Currency("USD", 2, "840", "$")
EUR = Currency("EUR", 2, "978", "€")
PLN = Currency("PLN", 2, "985", "zł")
CURRENCIES: dict[str, Currency] = {
    row.code: row
    for row in (
        KHR,
        USD,
        EUR,
        PLN,
        Currency("THB", 2, "764", "฿"),
        Currency("CNY", 2, "156", "¥"),
        Currency("GBP", 2, "826", "£"),
        Currency("CHF", 2, "756", "CHF"),
        Currency("SGD", 2, "702", "SGD"),
        Currency("INR", 2, "356", "INR"),
        Currency("VND", 0, "704", "₫"),
        Currency("JPY", 0, "392", "¥"),
        Currency("CLP", 0, "152", "CLP"),
    )
}


def currency(code: str) -> Currency:
    """Return the currency of an ISO code, or raise ``currency.unknown``."""
    found = CURRENCIES.get(code)
    if found is None:
        raise CurrencyUnknown(currency=code[:8])
    return found


def rounded(numerator: int | Fraction, denominator: int = 1) -> int:
    """Round a fraction to the nearest integer, ties away from zero (2.5 -> 3, -2.5 -> -3).

    The only rounding function of the package. ``denominator`` is above 0 and spares hot loops a
    ``Fraction``.
    """
    top, bottom = numerator.numerator, numerator.denominator * denominator
    if top < 0:
        return -((bottom - 2 * top) // (2 * bottom))
    return (2 * top + bottom) // (2 * bottom)


def spread(total: int, weights: Sequence[int]) -> list[int]:
    """Share ``total`` >= 0 by ``weights`` >= 0; the shares sum to it (largest remainder).

    Missing units go one by one to the largest fractional part, ties to the lower index. All
    weights 0: all shares are 0, and ``total`` must be 0.
    """
    whole = sum(weights)
    if total < 0 or min(weights, default=0) < 0:
        raise ValueError("spread takes no negative numbers")
    if whole == 0:
        if total:
            raise ValueError("nothing to spread the total over")
        return [0] * len(weights)
    shares = [total * weight // whole for weight in weights]
    missing = total - sum(shares)
    if missing:
        rests = [total * weight % whole for weight in weights]
        by_rest = sorted(range(len(weights)), key=rests.__getitem__, reverse=True)
        for index in by_rest[:missing]:
            shares[index] += 1
    return shares


@attrs.frozen(order=False)
class Money:
    """An amount in whole minor units of one currency; there is no division, only ``split``."""

    minor: int
    currency: Currency

    def __attrs_post_init__(self) -> None:
        if type(self.minor) is not int:
            raise TypeError("minor units are an int")
        if not -MINOR_LIMIT < self.minor < MINOR_LIMIT:
            raise MoneyOutOfRange(currency=self.currency.code)

    @classmethod
    def parse(cls, text: str, unit: Currency) -> Self:
        """Read the canonical text of an amount, or raise ``money.*``."""
        if not _AMOUNT.match(text):
            raise MoneySyntax
        whole, _, decimals = text.removeprefix("-").partition(".")
        if len(decimals) > unit.exponent:
            raise MoneyTooPrecise(currency=unit.code, decimals=unit.exponent)
        minor = int(whole + decimals.ljust(unit.exponent, "0"))
        return cls(-minor if text.startswith("-") else minor, unit)

    @classmethod
    def zero(cls, unit: Currency) -> Self:
        """Return nothing of a currency."""
        return cls(0, unit)

    @property
    def text(self) -> str:
        """The canonical text, with exactly the currency's decimals."""
        digits = str(abs(self.minor)).rjust(self.currency.exponent + 1, "0")
        cut = len(digits) - self.currency.exponent
        sign = "-" if self.minor < 0 else ""
        return f"{sign}{digits[:cut]}.{digits[cut:]}" if self.currency.exponent else sign + digits

    def part(self, fraction: Fraction) -> "Money":
        """Return a part of it, rounded once."""
        return Money(rounded(self.minor * fraction), self.currency)

    def split(self, weights: Sequence[int]) -> list["Money"]:
        """Share it by weights; the shares sum to it."""
        sign = -1 if self.minor < 0 else 1
        return [Money(sign * part, self.currency) for part in spread(abs(self.minor), weights)]

    def _same(self, other: "Money") -> int:
        if self.currency != other.currency:
            raise CurrencyMismatch(left=self.currency.code, right=other.currency.code)
        return other.minor

    def __add__(self, other: "Money") -> "Money":
        return Money(self.minor + self._same(other), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.minor - self._same(other), self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.minor, self.currency)

    def __bool__(self) -> bool:
        return self.minor != 0

    def __lt__(self, other: "Money") -> bool:
        return self.minor < self._same(other)

    def __le__(self, other: "Money") -> bool:
        return self.minor <= self._same(other)

    def __gt__(self, other: "Money") -> bool:
        return self.minor > self._same(other)

    def __ge__(self, other: "Money") -> bool:
        return self.minor >= self._same(other)

    def __str__(self) -> str:
        return f"{self.text} {self.currency.code}"


@attrs.frozen(kw_only=True)
class ExchangeRate:
    """How many ``quote`` one ``base`` is, on a day, by a named source; one direction only."""

    SOURCES: ClassVar[tuple[str, ...]] = ("nbc_daily", "gdt_monthly", "market", "merchant")

    base: Currency
    quote: Currency
    rate: Decimal
    on: date
    source: str
    reference: str = ""

    def __attrs_post_init__(self) -> None:
        exponent = self.rate.as_tuple().exponent
        if not isinstance(exponent, int) or not 0 < self.rate < RATE_LIMIT:
            raise RateInvalid
        if -exponent > RATE_DECIMALS or self.source not in self.SOURCES or self.base == self.quote:
            raise RateInvalid

    def convert(self, amount: Money) -> Money:
        """Convert an amount of ``base``, rounded once to the minor unit of ``quote``."""
        if amount.currency != self.base:
            raise CurrencyMismatch(left=amount.currency.code, right=self.base.code)
        exact = Fraction(self.rate) * amount.minor * self.quote.scale
        return Money(rounded(exact, self.base.scale), self.quote)
