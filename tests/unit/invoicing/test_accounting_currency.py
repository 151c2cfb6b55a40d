"""Riel figures: whole, adding up, rounded to the step that the shop asks for."""

from datetime import date
from decimal import Decimal

import attrs
import pytest

from kasa.domain.invoicing.accounting_currency import (
    accounting_figures,
    is_stale,
    riel_to_pay,
)
from kasa.domain.invoicing.line_item import LineItem
from kasa.domain.invoicing.tax import TaxCategory, TaxRate
from kasa.domain.invoicing.totals import PriceMode, compute
from kasa.domain.kernel.money import EUR, KHR, PLN, USD, ExchangeRate, Money

RATE = ExchangeRate(
    base=USD, quote=KHR, rate=Decimal(4085), on=date(2026, 11, 20), source="nbc_daily"
)


def test_figures_of_a_tax_invoice_add_up() -> None:
    """Gross and each tax are converted by themselves; net is what remains."""
    rates = [TaxRate(category=TaxCategory.STANDARD, percent=Decimal(one)) for one in (10, 7)]
    lines = [
        LineItem(no=no, text="Rice", quantity=Decimal(1), price=Decimal("12.34"), rate=rate)
        for no, rate in enumerate(rates, start=1)
    ]
    found = accounting_figures(compute(lines, mode=PriceMode.NET, currency=USD), RATE)
    assert (KHR, (5025, 3513)) == (found.currency, found.taxes)
    assert (109355, 8538, 100817) == (found.gross, found.tax, found.net)


@pytest.mark.parametrize(
    ("cents", "step", "riel"),
    [
        (1234, 1, 50409),
        (1234, 100, 50400),
        (1236, 100, 50500),
        (100, 1000, 4000),
        (1, 100, None),
        (2, 100, 100),
        (0, 100, None),
    ],
)
def test_riel_to_pay_are_rounded_to_the_step(cents: int, step: int, riel: int | None) -> None:
    """To the nearest step, ties up; nothing due and nothing left are no amount."""
    expected = None if riel is None else Money(riel, KHR)
    assert expected == riel_to_pay(Money(cents, USD), RATE, step=step)


def test_a_tie_goes_up() -> None:
    """4,050 riel at a step of 100 are 4,100."""
    rate = attrs.evolve(RATE, rate=Decimal(4050))
    assert Money(4100, KHR) == riel_to_pay(Money(100, USD), rate, step=100)


def test_riel_need_a_riel_rate() -> None:
    """Without a rate, of another currency or into another, there are no riel to pay."""
    zloty = ExchangeRate(
        base=USD, quote=PLN, rate=Decimal(4), on=date(2026, 11, 20), source="market"
    )
    assert riel_to_pay(Money(100, USD), None, step=1) is None
    assert riel_to_pay(Money(100, EUR), RATE, step=1) is None
    assert riel_to_pay(Money(100, USD), zloty, step=1) is None


@pytest.mark.parametrize(
    ("source", "day", "stale"),
    [
        ("nbc_daily", date(2026, 11, 20), False),
        ("nbc_daily", date(2026, 11, 19), True),
        ("gdt_monthly", date(2026, 10, 1), False),
        ("gdt_monthly", date(2026, 9, 30), True),
        ("gdt_monthly", date(2025, 11, 20), True),
        ("merchant", date(2020, 1, 1), False),
        ("market", date(2020, 1, 1), False),
    ],
)
def test_rates_age_by_their_source(source: str, day: date, stale: bool) -> None:  # noqa: FBT001  # a column of the table
    """The daily rate is of the day, the monthly one of the month before; others never age."""
    rate = attrs.evolve(RATE, source=source, on=day)
    assert stale == is_stale(rate, date(2026, 11, 20))
