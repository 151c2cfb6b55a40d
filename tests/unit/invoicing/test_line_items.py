"""Figures and texts of lines, taxes, discounts and charges that are out of range."""

from decimal import Decimal

import pytest

from kasa.domain.invoicing.discount import Charge, ChargeInvalid, Discount, DiscountInvalid
from kasa.domain.invoicing.line_item import LineItem, LinePrice, LineQuantity, LineText
from kasa.domain.invoicing.tax import (
    NO_TAX,
    TaxCategory,
    TaxPercentInvalid,
    TaxRate,
    TaxReasonRequired,
)
from kasa.domain.kernel.money import EUR, Money


def line(no: int, price: str, quantity: str = "1") -> LineItem:
    """Return a line."""
    return LineItem(
        no=no, text="Rice", quantity=Decimal(quantity), price=Decimal(price), rate=NO_TAX
    )


@pytest.mark.parametrize("quantity", ["0", "-1", "1000000001", "0.0000001", "NaN", "Infinity"])
def test_quantities_out_of_range_are_refused(quantity: str) -> None:
    """A quantity is above 0, at most 10^9, with at most 6 decimals."""
    with pytest.raises(LineQuantity) as refused:
        line(3, "1.00", quantity=quantity)
    assert 3 == refused.value.facts["line_no"]


@pytest.mark.parametrize("price", ["-0.01", "1000000000000", "0.0000001", "NaN", "-Infinity"])
def test_prices_out_of_range_are_refused(price: str) -> None:
    """A price is 0 or more, below 10^12, with at most 6 decimals."""
    with pytest.raises(LinePrice):
        line(1, price)


@pytest.mark.parametrize("text", ["", "x" * 1001, " x"])
def test_texts_out_of_range_are_refused(text: str) -> None:
    """A line has a text of 1 to 1,000 characters, trimmed."""
    with pytest.raises(LineText):
        LineItem(no=1, text=text, quantity=Decimal(1), price=Decimal(1), rate=NO_TAX)


@pytest.mark.parametrize(
    ("category", "percent"),
    [("S", "100.0001"), ("S", "-1"), ("S", "1.00001"), ("S", "NaN"), ("Z", "1"), ("O", "7")],
)
def test_percents_out_of_range_are_refused(category: str, percent: str) -> None:
    """A percent is 0 to 100 with 4 decimals, above 0 only in category S."""
    with pytest.raises(TaxPercentInvalid):
        TaxRate(
            category=TaxCategory(category), percent=Decimal(percent), exemption_reason="because"
        )


@pytest.mark.parametrize("category", ["E", "AE", "G", "K", "O"])
def test_no_tax_needs_a_reason(category: str) -> None:
    """Where tax is not charged the document says why."""
    with pytest.raises(TaxReasonRequired):
        TaxRate(category=TaxCategory(category))


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"percent": Decimal(5), "amount": Money(5, EUR)},
        {"percent": Decimal("100.0001")},
        {"percent": Decimal(-1)},
        {"amount": Money(-1, EUR)},
    ],
)
def test_discounts_out_of_range_are_refused(values: dict[str, object]) -> None:
    """A discount is a percent up to 100 or an amount, one of the two."""
    with pytest.raises(DiscountInvalid):
        Discount(**values)  # type: ignore[arg-type]  # wrong values are the test


def test_a_charge_is_not_negative() -> None:
    """Corrections are credit notes."""
    with pytest.raises(ChargeInvalid):
        Charge(text="Rebate", amount=Money(-1, EUR), rate=NO_TAX)
