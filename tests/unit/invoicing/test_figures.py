"""One document of two rates, told by hand in both price modes, and credited in two notes."""

from datetime import date
from decimal import Decimal

import attrs
import pytest

from kasa.domain.invoicing.accounting_currency import AccountingFigures
from kasa.domain.invoicing.credit_note import (
    CreditFigures,
    CreditPart,
    CreditTooMuch,
    accounting_of_note,
    everything_left,
    figures,
    merged,
)
from kasa.domain.invoicing.discount import Charge, Discount
from kasa.domain.invoicing.line_item import LineItem, TooManyDiscounts
from kasa.domain.invoicing.tax import TaxCategory, TaxRate
from kasa.domain.invoicing.totals import (
    ChargeTotal,
    DiscountPart,
    DiscountTotal,
    GroupTotal,
    LineTotal,
    PriceMode,
    TooManyLines,
    Totals,
    compute,
)
from kasa.domain.kernel.money import EUR, KHR, USD, CurrencyMismatch, ExchangeRate, Money

VAT = TaxRate(category=TaxCategory.STANDARD, percent=Decimal(20), label="VAT")
ZERO = TaxRate(category=TaxCategory.ZERO)
RATE = ExchangeRate(
    base=EUR, quote=KHR, rate=Decimal(4001), on=date(2026, 11, 20), source="merchant"
)


def cents(minor: int) -> Money:
    """Return an amount."""
    return Money(minor, EUR)


def line(no: int, price: int, rate: TaxRate = VAT, percent: int = 0) -> LineItem:
    """Return one piece, with a discount of its own."""
    return LineItem(
        no=no,
        text="Rice",
        quantity=Decimal(1),
        price=Decimal(price),
        rate=rate,
        discounts=(Discount(percent=Decimal(percent)),),
    )


LINES = [line(1, 12), line(2, 24, percent=10), line(3, 5, ZERO)]
OFF = Discount(percent=Decimal(10), rate=VAT)
FEE = Charge(text="Delivery", amount=cents(600), rate=VAT)
GROSS = Totals(
    mode=PriceMode.GROSS,
    currency=EUR,
    lines=(
        LineTotal(amount=1200, discount=0, document_discount=120, tax_share=200, group=0),
        LineTotal(amount=2400, discount=240, document_discount=216, tax_share=360, group=0),
        LineTotal(amount=500, discount=0, document_discount=0, tax_share=0, group=1),
    ),
    discounts=(DiscountTotal(given=336, parts=(DiscountPart(group=0, amount=336, tax_share=56),)),),
    charges=(ChargeTotal(amount=600, group=0, tax_share=100),),
    groups=(GroupTotal(rate=VAT, base=3020, tax=604), GroupTotal(rate=ZERO, base=500, tax=0)),
    net=3520,
    tax=604,
    gross=4124,
)
FIRST = (CreditPart(line_no=1, amount=cents(600)), CreditPart(charge_no=1, amount=cents(300)))
REST = (
    CreditPart(line_no=1, amount=cents(600)),
    CreditPart(line_no=2, amount=cents(2160)),
    CreditPart(line_no=3, amount=cents(500)),
    CreditPart(charge_no=1, amount=cents(300)),
)


def test_gross_prices_in_full() -> None:
    """Tax is taken out of each rate's sum, and shared by lines, discounts and charges."""
    found = compute(LINES, [OFF], [FEE], mode=PriceMode.GROSS, currency=EUR)
    assert GROSS == found
    assert (576, 600) == (found.discount_total, found.charge_total)


def test_net_prices_in_full() -> None:
    """Tax comes on top of each rate's sum, 724.8 as 725."""
    expected = attrs.evolve(
        GROSS,
        mode=PriceMode.NET,
        lines=tuple(
            attrs.evolve(row, tax_share=tax)
            for row, tax in zip(GROSS.lines, (240, 432, 0), strict=True)
        ),
        discounts=(
            DiscountTotal(given=336, parts=(DiscountPart(group=0, amount=336, tax_share=67),)),
        ),
        charges=(ChargeTotal(amount=600, group=0, tax_share=120),),
        groups=(GroupTotal(rate=VAT, base=3624, tax=725), GroupTotal(rate=ZERO, base=500, tax=0)),
        net=4124,
        tax=725,
        gross=4849,
    )
    assert expected == compute(LINES, [OFF], [FEE], mode=PriceMode.NET, currency=EUR)


def test_two_notes_over_gross_prices() -> None:
    """The first takes half a line and half the charge, the second all that is left."""
    assert (
        CreditFigures(discount=60, bases=(700, 0), taxes=(140, 0), net=700, tax=140, total=840)
    ) == figures(GROSS, (), FIRST)
    assert REST == everything_left(GROSS, FIRST)
    assert (
        CreditFigures(
            discount=276, bases=(2320, 500), taxes=(464, 0), net=2820, tax=464, total=3284
        )
    ) == figures(GROSS, FIRST, REST)
    assert () == everything_left(GROSS, (*FIRST, *REST))


def test_riel_of_two_notes() -> None:
    """Each note is the difference of what was credited, converted in one."""
    assert (
        AccountingFigures(rate=RATE, taxes=(5601, 0), net=28007, tax=5601, gross=33608)
    ) == accounting_of_note(GROSS, RATE, (), FIRST)
    assert (
        AccountingFigures(rate=RATE, taxes=(18565, 0), net=112828, tax=18565, gross=131393)
    ) == accounting_of_note(GROSS, RATE, FIRST, REST)


def test_parts_of_one_place_are_added() -> None:
    """A line and a charge of the same number are two places."""
    parts = [CreditPart(line_no=1, amount=cents(minor)) for minor in (100, 250)]
    fee = CreditPart(charge_no=1, amount=cents(50))
    assert (CreditPart(line_no=1, amount=cents(350)), fee) == merged([*parts, fee])


def test_refused_notes_name_what_is_wrong() -> None:
    """The charge that has less, and both currencies."""
    with pytest.raises(CreditTooMuch) as charge:
        figures(GROSS, FIRST, [CreditPart(charge_no=1, amount=cents(301))])
    assert {"charge_no": 1} == charge.value.facts
    with pytest.raises(CreditTooMuch) as second:
        figures(GROSS, (), [CreditPart(line_no=2, amount=cents(2161))])
    assert {"line_no": 2} == second.value.facts
    with pytest.raises(CurrencyMismatch) as unit:
        figures(GROSS, (), [CreditPart(line_no=1, amount=Money(1, USD))])
    assert {"left": "USD", "right": "EUR"} == unit.value.facts


def test_counts_at_their_limits() -> None:
    """10 discounts and 10 charges fit, 11 charges and 501 lines do not."""
    off, fees = [Discount(amount=cents(1))] * 10, [FEE] * 11
    found = compute(LINES, off, fees[:10], mode=PriceMode.GROSS, currency=EUR)
    assert 3860 - 10 + 6000 == found.gross
    with pytest.raises(TooManyDiscounts):
        compute(LINES, (), fees, mode=PriceMode.GROSS, currency=EUR)
    with pytest.raises(TooManyLines) as refused:
        compute(LINES[:1] * 501, mode=PriceMode.GROSS, currency=EUR)
    assert {"limit": 500} == refused.value.facts


def test_one_group_has_the_first_of_its_labels() -> None:
    """Rates of one category and percent are one group, whatever the order of the lines."""
    other = attrs.evolve(VAT, label="ABC")
    for rates in ((VAT, other), (other, VAT)):
        lines = [line(no, 12, rate) for no, rate in enumerate(rates, start=1)]
        found = compute(lines, mode=PriceMode.GROSS, currency=EUR)
        assert (GroupTotal(rate=other, base=2000, tax=400),) == found.groups
