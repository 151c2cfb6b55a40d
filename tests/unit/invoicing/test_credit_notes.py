"""Credit notes sum to their invoice exactly, however it is split."""

from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kasa.adapters.conformance.strategies_invoicing import contents
from kasa.domain.invoicing.accounting_currency import accounting_figures
from kasa.domain.invoicing.content import InvoiceContent
from kasa.domain.invoicing.credit_note import (
    CreditFigures,
    CreditLineInvalid,
    CreditPart,
    CreditTooMuch,
    accounting_of_note,
    everything_left,
    figures,
)
from kasa.domain.invoicing.discount import Discount
from kasa.domain.invoicing.line_item import LineItem
from kasa.domain.invoicing.tax import TaxCategory, TaxRate
from kasa.domain.invoicing.totals import PriceMode, Totals, compute
from kasa.domain.kernel.money import EUR, KHR, USD, CurrencyMismatch, ExchangeRate, Money

VAT = TaxRate(category=TaxCategory.STANDARD, percent=Decimal(20))


def totals(*prices: str, off: str | None = None) -> Totals:
    """Return the totals of net lines at 20 percent."""
    lines = [
        LineItem(no=no, text="Rice", quantity=Decimal(1), price=Decimal(price), rate=VAT)
        for no, price in enumerate(prices, start=1)
    ]
    discounts = [Discount(amount=Money.parse(off, EUR))] if off else []
    return compute(lines, discounts, mode=PriceMode.NET, currency=EUR)


def part(no: int, amount: str) -> CreditPart:
    """Return a part of a line."""
    return CreditPart(line_no=no, amount=Money.parse(amount, EUR))


@st.composite
def splits(draw: st.DrawFn) -> tuple[Totals, list[tuple[CreditPart, ...]]]:
    """Draw an invoice and notes that credit all of it, in any split and order."""
    content: InvoiceContent = draw(contents())
    found = content.totals()
    pieces: list[CreditPart] = []
    for whole in everything_left(found, ()):
        cuts = draw(st.lists(st.integers(0, whole.amount.minor), max_size=3))
        edges = sorted({0, whole.amount.minor, *cuts})
        pieces += [
            CreditPart(
                line_no=whole.line_no,
                charge_no=whole.charge_no,
                amount=Money(high - low, found.currency),
            )
            for low, high in pairwise(edges)
        ]
    return found, [(piece,) for piece in draw(st.permutations(pieces))]


@given(split=splits())
def test_notes_sum_to_the_invoice(split: tuple[Totals, list[tuple[CreditPart, ...]]]) -> None:
    """Any split in any order: no part below 0, no prefix above the invoice, the sum exact."""
    found, notes = split
    done: list[CreditPart] = []
    taken: list[CreditFigures] = []
    for parts in notes:
        note = figures(found, done, parts)
        assert min([note.discount, note.net, note.tax, *note.bases, *note.taxes]) >= 0
        assert note.total == note.net + note.tax
        taken.append(note)
        done += parts
        assert sum(one.total for one in taken) <= found.gross
        assert sum(one.tax for one in taken) <= found.tax
    assert found.gross == sum(one.total for one in taken)
    assert found.net == sum(one.net for one in taken)
    for index, group in enumerate(found.groups):
        assert group.tax == sum(one.taxes[index] for one in taken)
        assert group.base == sum(one.bases[index] for one in taken)
    assert everything_left(found, done) == ()


@given(content=contents())
def test_a_note_over_everything_mirrors_the_invoice(content: InvoiceContent) -> None:
    """One note over all lines and charges takes exactly what the invoice asked for."""
    found = content.totals()
    parts = everything_left(found, ())
    if not parts:
        return
    note = figures(found, (), parts)
    assert (found.net, found.tax, found.gross) == (note.net, note.tax, note.total)
    assert note.discount == sum(one.given for one in found.discounts)


@given(split=splits(), rate=st.decimals("0.01", 20000, places=4))
def test_riel_of_notes_sum_to_those_of_the_invoice(
    split: tuple[Totals, list[tuple[CreditPart, ...]]], rate: Decimal
) -> None:
    """Gross, net and each tax in riel are whole, add up, and sum to the invoice's figures."""
    found, notes = split
    if found.currency == KHR:
        return
    exchange = ExchangeRate(
        base=found.currency, quote=KHR, rate=rate, on=date(2026, 11, 20), source="merchant"
    )
    whole = accounting_figures(found, exchange)
    assert whole.gross == whole.net + whole.tax
    done: list[CreditPart] = []
    rows = []
    for parts in notes:
        row = accounting_of_note(found, exchange, done, parts)
        assert row.gross == row.net + row.tax
        rows.append(row)
        done += parts
    assert whole.gross == sum(row.gross for row in rows)
    assert whole.tax == sum(row.tax for row in rows)
    for index, tax in enumerate(whole.taxes):
        assert tax == sum(row.taxes[index] for row in rows)


def test_two_lines_at_a_half_unit() -> None:
    """Two lines of 68.33 at 20 percent: notes of 82.00, then 81.99."""
    found = totals("68.33", "68.33")
    first = figures(found, (), [part(1, "68.33")])
    second = figures(found, [part(1, "68.33")], [part(2, "68.33")])
    assert (8200, 8199) == (first.total, second.total)


def test_a_document_discount_is_given_back_in_parts() -> None:
    """10.00 off 19.99, 68.33 and 200.33 at 20 percent: notes of 23.16, 79.15 and 232.07."""
    found = totals("19.99", "68.33", "200.33", off="10.00")
    parts = [part(1, "19.99"), part(2, "68.33"), part(3, "200.33")]
    notes = [figures(found, parts[:at], parts[at : at + 1]).total for at in range(3)]
    assert [2316, 7915, 23207] == notes


def test_more_than_the_line_is_refused() -> None:
    """What earlier notes took counts."""
    found = totals("10.00")
    with pytest.raises(CreditTooMuch) as refused:
        figures(found, [part(1, "6.00")], [part(1, "4.01")])
    assert 1 == refused.value.facts["line_no"]
    assert 480 == figures(found, [part(1, "6.00")], [part(1, "4.00")]).total


@pytest.mark.parametrize("parts", [(), ("2",), ("0",), ("1", "1")])
def test_lines_that_are_not_there_are_refused(parts: tuple[str, ...]) -> None:
    """A note names lines of the invoice, each once, and at least one."""
    with pytest.raises(CreditLineInvalid):
        figures(totals("10.00"), (), [part(int(no), "1.00") for no in parts])


def test_a_part_is_of_one_line_or_one_charge_and_above_nothing() -> None:
    """Neither, both, or an amount of 0 is refused."""
    one = Money(1, EUR)
    wrongs: tuple[dict[str, Any], ...] = (
        {"amount": one},
        {"amount": one, "line_no": 1, "charge_no": 1},
    )
    for wrong in wrongs:
        with pytest.raises(CreditLineInvalid):
            CreditPart(**wrong)
    with pytest.raises(CreditLineInvalid):
        CreditPart(amount=Money(0, EUR), line_no=1)


def test_a_charge_that_is_credited_too_much_is_named() -> None:
    """Charges have limits of their own."""
    with pytest.raises(CreditLineInvalid):
        figures(totals("10.00"), (), [CreditPart(charge_no=1, amount=Money(1, EUR))])


def test_amounts_are_in_the_invoice_s_currency() -> None:
    """A note in another currency is refused."""
    with pytest.raises(CurrencyMismatch):
        figures(totals("10.00"), (), [CreditPart(line_no=1, amount=Money(1, USD))])
