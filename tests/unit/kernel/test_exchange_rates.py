"""Exchange rates: one direction, one source, rounded once."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kasa.adapters.conformance.strategies_kernel import exchange_rates
from kasa.domain.kernel.money import (
    KHR,
    USD,
    Currency,
    CurrencyMismatch,
    ExchangeRate,
    Money,
    RateInvalid,
)


def rate(
    text: str, base: Currency = USD, quote: Currency = KHR, source: str = "nbc_daily"
) -> ExchangeRate:
    """Return an exchange rate of a day."""
    return ExchangeRate(
        base=base, quote=quote, rate=Decimal(text), on=date(2026, 11, 2), source=source
    )


@pytest.mark.parametrize(
    "bad", ["0", "-1", "1000000000", "0.0000001", "NaN", "Infinity", "-Infinity", "sNaN"]
)
def test_a_rate_is_a_positive_number(bad: str) -> None:
    """Above 0, below 10^9, at most six decimals, and a number."""
    with pytest.raises(RateInvalid):
        rate(bad)


def test_a_rate_joins_two_currencies_and_has_a_known_source() -> None:
    """A currency has no rate to itself, and a rate without source is not one."""
    with pytest.raises(RateInvalid):
        rate("1", quote=USD)
    with pytest.raises(RateInvalid):
        rate("4100", source="somebody")


@pytest.mark.parametrize(
    ("minor", "text", "result"),
    [(1_000, "4100", 41_000), (1, "4099.5", 41), (-250, "4000", -10_000), (0, "4100", 0)],
)
def test_conversion_is_rounded_once(minor: int, text: str, result: int) -> None:
    """Dollars become whole riel."""
    assert Money(result, KHR) == rate(text).convert(Money(minor, USD))


@given(quoted=exchange_rates(), minor=st.integers(-1000, 1000))
def test_conversion_is_exact_before_its_rounding(quoted: ExchangeRate, minor: int) -> None:
    """At most half a minor unit lies between the exact value and the result."""
    result = quoted.convert(Money(minor, quoted.base))
    exact = Fraction(quoted.rate) * Fraction(minor, quoted.base.scale) * quoted.quote.scale
    assert quoted.quote == result.currency
    assert abs(result.minor - exact) <= Fraction(1, 2)


def test_only_the_base_is_converted() -> None:
    """A rate goes in one direction."""
    with pytest.raises(CurrencyMismatch):
        rate("4100").convert(Money(1, KHR))
