"""Money is exact."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kasa.adapters.conformance.strategies_kernel import currencies, moneys
from kasa.domain.kernel.money import (
    CURRENCIES,
    KHR,
    MINOR_LIMIT,
    USD,
    Currency,
    CurrencyMismatch,
    CurrencyUnknown,
    Money,
    MoneyOutOfRange,
    MoneySyntax,
    MoneyTooPrecise,
    currency,
    rounded,
    spread,
)

WEIGHTS = st.lists(st.integers(0, 10**12), min_size=1, max_size=30)
BAD_AMOUNTS = (
    "NaN",
    "Infinity",
    "-inf",
    "1e9",
    "1E9",
    "1_000",
    "1,000",
    "１２",
    "១២",
    "٣",
    "²",
    "",
    " ",
    " 1",
    "1 ",
    "1\n",
    "+1",
    "--1",
    "-",
    ".5",
    "5.",
    "1.2.3",
    "01",
    "00",
    "0x10",
    "1/2",
    "$1",
    "1 USD",
    "1234567890123456",
    "1\u200b0",
    "−1",
)


@given(amount=moneys())
def test_text_is_read_as_it_was_written(amount: Money) -> None:
    """The canonical text of an amount is that amount, with exactly the currency's decimals."""
    assert amount == Money.parse(amount.text, amount.currency)
    decimals = amount.text.partition(".")[2]
    assert amount.currency.exponent == len(decimals)


@pytest.mark.parametrize("text", BAD_AMOUNTS)
@pytest.mark.parametrize("unit", [KHR, USD])
def test_what_is_no_amount_is_refused(text: str, unit: Currency) -> None:
    """Only ASCII digits with at most one point are an amount: never a guess."""
    with pytest.raises(MoneySyntax) as refused:
        Money.parse(text, unit)
    assert refused.value.code == "money.syntax"


@pytest.mark.parametrize(("text", "unit"), [("1.0", KHR), ("1.234", USD), ("0.000001", USD)])
def test_too_many_decimals_are_refused(text: str, unit: Currency) -> None:
    """More decimals than the currency has are an error, also when they are zeros."""
    with pytest.raises(MoneyTooPrecise) as refused:
        Money.parse(text, unit)
    assert unit.exponent == refused.value.facts["decimals"]


@pytest.mark.parametrize(
    ("text", "unit", "minor"),
    [
        ("0", USD, 0),
        ("-0.5", USD, -50),
        ("12", USD, 1200),
        ("12.3", USD, 1230),
        ("12.34", USD, 1234),
        ("40000", KHR, 40000),
        ("-1", KHR, -1),
        ("9999999999999.99", USD, MINOR_LIMIT - 1),
    ],
)
def test_amounts_are_read_to_the_minor_unit(text: str, unit: Currency, minor: int) -> None:
    """Missing decimals are zeros."""
    assert Money(minor, unit) == Money.parse(text, unit)


@pytest.mark.parametrize("minor", [MINOR_LIMIT, -MINOR_LIMIT, 10**30])
def test_amounts_end(minor: int) -> None:
    """An amount has fewer than 10^15 minor units."""
    with pytest.raises(MoneyOutOfRange):
        Money(minor, KHR)


def test_large_text_is_out_of_range() -> None:
    """Fifteen digits of a currency with decimals are too many minor units."""
    with pytest.raises(MoneyOutOfRange):
        Money.parse("999999999999999", USD)


@pytest.mark.parametrize("minor", [1.0, True, Decimal(1), "1", Fraction(1)])
def test_minor_units_are_whole_numbers(minor: Any) -> None:
    """Nothing but an int is taken for minor units, not even a bool."""
    with pytest.raises(TypeError):
        Money(minor, KHR)


@given(
    left=moneys(USD, least=-(10**12), most=10**12), right=moneys(USD, least=-(10**12), most=10**12)
)
def test_sums_are_exact(left: Money, right: Money) -> None:
    """Adding and taking away are inverse, and the order of amounts is that of minor units."""
    assert left == left + right - right
    assert left - right == -(right - left)
    assert (left < right) == (left.minor < right.minor)
    assert (left <= right) == (not left > right)
    assert (left >= right) == (not left < right)
    assert bool(left) == (left != Money.zero(USD))


@pytest.mark.parametrize(
    "operation", ["__add__", "__sub__", "__lt__", "__le__", "__gt__", "__ge__"]
)
def test_currencies_do_not_mix(operation: str) -> None:
    """Amounts of two currencies are neither added nor compared, also of equal exponent."""
    with pytest.raises(CurrencyMismatch) as refused:
        getattr(Money(1, USD), operation)(Money(1, currency("EUR")))
    assert {"left": "USD", "right": "EUR"} == refused.value.facts


def test_equal_exponents_are_not_equal_currencies() -> None:
    """A dollar is not a euro."""
    assert Money(100, USD) != Money(100, currency("EUR"))


@given(unit=currencies())
def test_the_table_is_found_by_code(unit: Currency) -> None:
    """Every currency is found by its ISO code, and its scale follows from its exponent."""
    assert unit is currency(unit.code)
    assert 10**unit.exponent == unit.scale


def test_the_riel_has_no_decimals() -> None:
    """ISO gives the riel two decimals; nobody has used them for decades."""
    assert (0, 2, 2, 2) == (
        KHR.exponent,
        USD.exponent,
        CURRENCIES["PLN"].exponent,
        CURRENCIES["EUR"].exponent,
    )


@pytest.mark.parametrize("code", ["XXX", "usd", "", "USDUSDUSD"])
def test_an_unknown_currency_is_refused(code: str) -> None:
    """A code that is not in the table is an error, and at most 8 letters of it are told."""
    with pytest.raises(CurrencyUnknown) as refused:
        currency(code)
    assert code[:8] == refused.value.facts["currency"]


@given(number=st.fractions(), denominator=st.integers(1, 10**6))
def test_rounding_is_nearest_and_ties_go_away_from_zero(number: Fraction, denominator: int) -> None:
    """The result is at most a half away; at exactly a half it has the larger size."""
    exact = number / denominator
    result = rounded(number, denominator)
    assert abs(result - exact) <= Fraction(1, 2)
    if abs(result - exact) == Fraction(1, 2):
        assert abs(result) > abs(exact)
    assert rounded(-number, denominator) == -result


@pytest.mark.parametrize(
    ("numerator", "denominator", "result"),
    [(5, 2, 3), (-5, 2, -3), (7, 2, 4), (1, 2, 1), (-1, 2, -1), (49, 100, 0), (0, 7, 0)],
)
def test_halves_are_rounded_up_in_size(numerator: int, denominator: int, result: int) -> None:
    """2.5 becomes 3 and -2.5 becomes -3: what shopkeepers do, and no banker's rounding."""
    assert result == rounded(numerator, denominator)


@given(total=st.integers(0, 10**15), weights=WEIGHTS)
def test_spread_loses_nothing(total: int, weights: list[int]) -> None:
    """The shares sum to the total, whatever the weights."""
    assume(any(weights))
    assert total == sum(spread(total, weights))


@given(total=st.integers(0, 10**15), weights=WEIGHTS)
def test_spread_is_fair(total: int, weights: list[int]) -> None:
    """A share is its exact part, cut or one more; no weight, no share."""
    assume(any(weights))
    for share, weight in zip(spread(total, weights), weights, strict=True):
        exact = Fraction(total * weight, sum(weights))
        assert exact - 1 < share < exact + 1
        assert weight or share == 0


@pytest.mark.parametrize(
    ("total", "weights", "shares"),
    [
        (10, [1, 1, 1], [4, 3, 3]),
        (2, [1, 1, 1], [1, 1, 0]),
        (1, [1, 3], [0, 1]),
        (0, [0, 0], [0, 0]),
        (0, [], []),
        (7, [0, 1], [0, 7]),
    ],
)
def test_missing_units_go_to_the_largest_part(
    total: int, weights: list[int], shares: list[int]
) -> None:
    """Largest remainder first, ties to the lower index."""
    assert shares == spread(total, weights)


@pytest.mark.parametrize(("total", "weights"), [(-1, [1]), (1, [-1, 2]), (1, [0, 0]), (1, [])])
def test_spread_refuses_nonsense(total: int, weights: list[int]) -> None:
    """No negative numbers, and nothing is spread over nothing."""
    with pytest.raises(ValueError, match="spread"):
        spread(total, weights)


@given(amount=moneys(), weights=WEIGHTS)
def test_a_split_sums_to_the_whole(amount: Money, weights: list[int]) -> None:
    """The shares of an amount, negative ones too, are that amount again."""
    assume(any(weights))
    assert amount == sum(amount.split(weights), Money.zero(amount.currency))


@given(minor=st.integers(-(10**12), 10**12), percent=st.integers(0, 100))
def test_a_part_is_rounded_once(minor: int, percent: int) -> None:
    """A part of an amount is its exact value, rounded."""
    part = Money(minor, KHR).part(Fraction(percent, 100))
    assert Money(rounded(Fraction(minor * percent, 100)), KHR) == part


@pytest.mark.parametrize(
    ("money", "text"),
    [
        (Money(5, USD), "0.05 USD"),
        (Money(-5, USD), "-0.05 USD"),
        (Money(0, USD), "0.00 USD"),
        (Money(40_000, KHR), "40000 KHR"),
    ],
)
def test_an_amount_names_its_currency(money: Money, text: str) -> None:
    """As text, an amount is its canonical number and the code."""
    assert text == str(money)
