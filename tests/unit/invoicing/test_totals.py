"""Totals: exact, never negative, one rule for net prices and one for gross prices."""

from decimal import Decimal
from fractions import Fraction

import attrs
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kasa.adapters.conformance.strategies_invoicing import contents
from kasa.domain.invoicing.content import InvoiceContent
from kasa.domain.invoicing.discount import (
    Charge,
    Discount,
    DiscountTarget,
)
from kasa.domain.invoicing.line_item import (
    LineItem,
    TooManyDiscounts,
)
from kasa.domain.invoicing.tax import (
    NO_TAX,
    TaxCategory,
    TaxRate,
)
from kasa.domain.invoicing.totals import PriceMode, TooManyLines, Totals, compute
from kasa.domain.kernel.money import (
    EUR,
    KHR,
    USD,
    Currency,
    CurrencyMismatch,
    Money,
    MoneyOutOfRange,
    rounded,
)


def standard(percent: str) -> TaxRate:
    """Return a standard rate."""
    return TaxRate(category=TaxCategory.STANDARD, percent=Decimal(percent))


def line(no: int, price: str, rate: TaxRate = NO_TAX, quantity: str = "1") -> LineItem:
    """Return a line."""
    return LineItem(no=no, text="Rice", quantity=Decimal(quantity), price=Decimal(price), rate=rate)


def gross(*lines: LineItem, unit: Currency = EUR) -> Totals:
    """Return the totals of gross prices."""
    return compute(lines, mode=PriceMode.GROSS, currency=unit)


@given(content=contents())
def test_sums_agree_and_nothing_is_negative(content: InvoiceContent) -> None:
    """Net and tax are gross, groups sum to totals, no figure is below 0."""
    totals = content.totals()
    assert totals.gross == totals.net + totals.tax
    assert totals.net == sum(group.base for group in totals.groups)
    assert totals.tax == sum(group.tax for group in totals.groups)
    figures = [totals.net, totals.tax, totals.gross, totals.discount_total]
    figures += [figure for group in totals.groups for figure in (group.base, group.tax)]
    figures += [one for row in totals.lines for one in (row.amount, row.discount, row.left)]
    figures += [one for row in totals.lines for one in (row.document_discount, row.tax_share)]
    assert min(figures) >= 0


@given(content=contents())
def test_a_discount_gives_no_more_than_it_finds(content: InvoiceContent) -> None:
    """What a document discount gives is within its amount and within what its lines had left."""
    totals = content.totals()
    for wanted, given_ in zip(content.discounts, totals.discounts, strict=True):
        assert given_.given == sum(part.amount for part in given_.parts)
        if wanted.amount is not None:
            assert given_.given <= wanted.amount.minor
    shares = sum(row.document_discount for row in totals.lines)
    assert shares == sum(one.given for one in totals.discounts)
    assert all(row.document_discount <= row.value for row in totals.lines)


@given(content=contents(mode=PriceMode.GROSS))
def test_gross_prices_never_move(content: InvoiceContent) -> None:
    """The gross total is the sum of what was shown, and tax fits its base within one unit."""
    totals = content.totals()
    shown = sum(row.left for row in totals.lines) + totals.charge_total
    assert totals.gross == shown
    for group in totals.groups:
        exact = rounded(Fraction(group.rate.percent) * group.base, 100)
        assert abs(group.tax - exact) <= 1


@given(content=contents(mode=PriceMode.NET))
def test_net_prices_follow_the_standard(content: InvoiceContent) -> None:
    """Each group's base is the exact sum of its lines and charges, its tax rounded once."""
    totals = content.totals()
    for index, group in enumerate(totals.groups):
        members = sum(row.left for row in totals.lines if row.group == index)
        members += sum(one.amount for one in totals.charges if one.group == index)
        assert group.base == members
        assert group.tax == rounded(Fraction(group.rate.percent) * members, 100)


@given(content=contents())
def test_line_amounts_equal_the_exact_fractions(content: InvoiceContent) -> None:
    """Scaled integers give what fractions give."""
    for item, row in zip(content.lines, content.totals().lines, strict=True):
        exact = Fraction(item.quantity) * Fraction(item.price) * content.currency.scale
        assert row.amount == rounded(exact)


@given(content=contents())
def test_tax_shares_are_exact(content: InvoiceContent) -> None:
    """Per group: tax of lines less that of discounts plus that of charges is the group's tax."""
    totals = content.totals()
    for index, group in enumerate(totals.groups):
        lines = [row for row in totals.lines if row.group == index]
        parts = [part for one in totals.discounts for part in one.parts if part.group == index]
        extra = [one for one in totals.charges if one.group == index]
        assert group.tax == (
            sum(row.tax_share for row in lines)
            - sum(part.tax_share for part in parts)
            + sum(one.tax_share for one in extra)
        )
        if totals.mode is PriceMode.GROSS:
            assert all(row.tax_share <= row.value for row in lines)


@given(content=contents(discounted=False), data=st.data())
def test_order_of_lines_does_not_matter(content: InvoiceContent, data: st.DataObject) -> None:
    """Without document discounts the sums are the same for every order of lines."""
    order = data.draw(st.permutations(content.lines))
    lines = tuple(attrs.evolve(item, no=no) for no, item in enumerate(order, start=1))
    other = attrs.evolve(content, lines=lines).totals()
    found = content.totals()
    assert (found.groups, found.gross) == (other.groups, other.gross)


@given(content=contents())
def test_a_discount_of_nothing_changes_nothing(content: InvoiceContent) -> None:
    """Neither 0 percent nor an amount of 0 moves any figure."""
    assume(len(content.discounts) < 3)
    nothing = (Discount(percent=Decimal(0)), Discount(amount=Money.zero(content.currency)))
    found = content.totals()
    other = attrs.evolve(content, discounts=(*content.discounts, *nothing)).totals()
    assert (found.lines, found.groups) == (other.lines, other.groups)


@given(content=contents())
def test_net_and_gross_agree_without_tax(content: InvoiceContent) -> None:
    """At rate 0 both rules give the same figures."""
    zero = TaxRate(category=TaxCategory.ZERO)
    free = attrs.evolve(
        content,
        lines=tuple(attrs.evolve(item, rate=zero) for item in content.lines),
        charges=tuple(attrs.evolve(one, rate=zero) for one in content.charges),
        discounts=tuple(
            attrs.evolve(one, rate=zero if one.rate is not None else None)
            for one in content.discounts
        ),
    )
    net = attrs.evolve(free, mode=PriceMode.NET).totals()
    shown = attrs.evolve(free, mode=PriceMode.GROSS).totals()
    assert attrs.evolve(net, mode=PriceMode.GROSS) == shown


@given(minor=st.integers(0, 10**12), percent=st.decimals("0.0001", 100, places=4))
def test_one_line_costs_what_is_shown(minor: int, percent: Decimal) -> None:
    """With one line and no discount the gross total is the shown price, whatever the rate."""
    price = Money(minor, EUR)
    assert minor == gross(line(1, price.text, standard(str(percent)))).gross


@pytest.mark.parametrize(
    ("price", "percent", "unit", "net", "tax"),
    [
        ("23.00", "7", EUR, 2150, 150),
        ("50000", "10", KHR, 45455, 4545),
        ("500.00", "19", EUR, 42017, 7983),
    ],
)
def test_worked_gross_prices(price: str, percent: str, unit: Currency, net: int, tax: int) -> None:
    """The worked figures of the rule for gross prices."""
    found = gross(line(1, price, standard(percent)), unit=unit)
    assert (net, tax) == (found.net, found.tax)


def test_taxes_of_two_rates_are_rounded_apart() -> None:
    """14.11 and 4.79 sum to 18.90, though both before rounding sum to 18.89."""
    lines = [line(1, "141.06", standard("10")), line(2, "47.86", standard("10.0001"))]
    found = compute(lines, mode=PriceMode.NET, currency=EUR)
    assert (1411, 479, 1890) == (*sorted((g.tax for g in found.groups), reverse=True), found.tax)


def test_discounts_run_in_list_order() -> None:
    """10 percent, then 5.00 off 100.00 leaves 85.00; the other way round 85.50."""
    percent, amount = Discount(percent=Decimal(10)), Discount(amount=Money(500, EUR))
    lines = [line(1, "100.00")]
    for order, left in (((percent, amount), 8500), ((amount, percent), 8550)):
        assert left == compute(lines, order, mode=PriceMode.GROSS, currency=EUR).gross


def test_charges_are_never_discounted() -> None:
    """A discount of everything leaves the charge."""
    everything = Discount(percent=Decimal(100))
    fee = Charge(text="Delivery", amount=Money(250, EUR), rate=NO_TAX)
    found = compute([line(1, "9.00")], [everything], [fee], mode=PriceMode.NET, currency=EUR)
    assert (250, 900) == (found.gross, found.discount_total)


def test_a_discount_reaches_its_target_only() -> None:
    """One aimed at a rate leaves lines of other rates alone."""
    lines = [line(1, "10.00", standard("10")), line(2, "10.00")]
    aimed = Discount(amount=Money(2000, EUR), rate=standard("10"))
    found = compute(lines, [aimed], mode=PriceMode.NET, currency=EUR)
    assert [1000, 0] == [row.document_discount for row in found.lines]


@pytest.mark.parametrize("aim", [{"lines": (2,)}, {"rate": standard("7")}], ids=["line", "rate"])
def test_a_target_that_is_not_there_is_refused(aim: dict[str, object]) -> None:
    """A discount that names no line of the document is an error, not a gift to nobody."""
    wrong = attrs.evolve(Discount(percent=Decimal(10)), **aim)  # type: ignore[arg-type]  # the table holds both kinds
    with pytest.raises(DiscountTarget):
        compute([line(1, "1.00")], [wrong], mode=PriceMode.NET, currency=EUR)


def test_limits_of_a_document() -> None:
    """500 lines and 10 discounts fit, one more of either is refused."""
    lines = [line(no, "1.00") for no in range(1, 502)]
    off = [Discount(percent=Decimal(1))] * 11
    assert 50000 == compute(lines[:500], mode=PriceMode.NET, currency=EUR).gross
    with pytest.raises(TooManyLines):
        compute(lines, mode=PriceMode.NET, currency=EUR)
    with pytest.raises(TooManyDiscounts):
        compute(lines[:1], off, mode=PriceMode.NET, currency=EUR)
    with pytest.raises(TooManyDiscounts):
        attrs.evolve(lines[0], discounts=tuple(off[:6]))


def test_amounts_of_another_currency_are_refused() -> None:
    """Discounts and charges are in the currency of the document."""
    off = [Discount(amount=Money(1, USD))]
    with pytest.raises(CurrencyMismatch):
        compute([line(1, "1.00")], off, mode=PriceMode.NET, currency=EUR)
    fee = [Charge(text="Delivery", amount=Money(1, USD), rate=NO_TAX)]
    with pytest.raises(CurrencyMismatch):
        compute([line(1, "1.00")], (), fee, mode=PriceMode.NET, currency=EUR)


def test_a_document_stays_below_ten_to_the_fifteen() -> None:
    """Larger totals are refused, not cut."""
    with pytest.raises(MoneyOutOfRange):
        gross(line(1, "999999999999", quantity="1000000000"))
    assert MoneyOutOfRange.code == "money.out_of_range"
