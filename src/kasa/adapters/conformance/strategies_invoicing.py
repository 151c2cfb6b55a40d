"""Tax rates, discounts, lines, invoices, customers and series, for property tests."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

import attrs
from hypothesis import strategies as st

from kasa.adapters.conformance.strategies_kernel import (
    exchange_rates,
    metadata,
    moments,
    names,
    notes,
    phones,
)
from kasa.domain.invoicing.accounting_currency import accounting_figures
from kasa.domain.invoicing.content import DocumentKind, InvoiceContent
from kasa.domain.invoicing.customer import LANGUAGES, Customer, CustomerDetails
from kasa.domain.invoicing.discount import Charge, Discount
from kasa.domain.invoicing.invoice import Invoice, InvoiceState
from kasa.domain.invoicing.line_item import LineItem
from kasa.domain.invoicing.numbering import DEFAULT_TEMPLATE, Series
from kasa.domain.invoicing.snapshot import Snapshot
from kasa.domain.invoicing.tax import NEEDS_REASON, TaxCategory, TaxRate
from kasa.domain.invoicing.totals import PriceMode
from kasa.domain.kernel.ids import (
    AccountId,
    CustomerId,
    InvoiceId,
    PaymentId,
    ProductId,
    SkuId,
    uuid7,
)
from kasa.domain.kernel.moments import business_date
from kasa.domain.kernel.money import EUR, KHR, PLN, USD, Currency, ExchangeRate, Money

UNITS = (KHR, USD, EUR, PLN)
RIEL_RATE_MOST = 12_000
"""Drawn documents ask for little more than 8 x 10^10: 4 lines of 10^6 x 10^4, and as much tax.

At this rate their riel stay below the 10^15 that money allows.
"""
_PERCENTS = st.one_of(
    st.sampled_from([Decimal(one) for one in ("5", "7", "10", "19", "20", "21", "23", "23.33")]),
    st.decimals(Decimal("0.0001"), 100, places=4),
)


@st.composite
def tax_rates(draw: st.DrawFn) -> TaxRate:
    """Draw tax rates of every category."""
    category = draw(st.sampled_from(TaxCategory))
    if category is TaxCategory.STANDARD:
        return TaxRate(category=category, percent=draw(_PERCENTS), label=draw(_labels()))
    reason = "Not taxed here" if category in NEEDS_REASON else ""
    return TaxRate(category=category, exemption_reason=reason, label=draw(_labels()))


def _labels() -> st.SearchStrategy[str]:
    return st.sampled_from(["", "VAT", "អាករ"])


def quantities() -> st.SearchStrategy[Decimal]:
    """Draw quantities, most of them small."""
    small = st.decimals(Decimal("0.000001"), 100, places=6)
    return st.integers(1, 50).map(Decimal) | small | st.decimals(1, 10**6, places=2)


def prices(unit: Currency) -> st.SearchStrategy[Decimal]:
    """Draw unit prices, most of them whole minor units."""
    plain = st.integers(0, 10**6).map(lambda minor: Decimal(Money(minor, unit).text))
    return plain | st.decimals(0, 10**4, places=6)


def discounts(unit: Currency, lines: Sequence[LineItem] = ()) -> st.SearchStrategy[Discount]:
    """Draw discounts; with the lines of a document some of them aim at a part of these."""
    percents = st.decimals(0, 100, places=4) | st.integers(0, 100).map(Decimal)
    plain = st.builds(Discount, percent=percents) | st.builds(
        Discount, amount=st.integers(0, 10**6).map(lambda minor: Money(minor, unit))
    )
    if not lines:
        return plain
    some = st.sets(st.sampled_from([line.no for line in lines]), min_size=1).map(_sorted)
    at_lines = st.builds(lambda one, aim: attrs.evolve(one, lines=aim), plain, some)
    rates = st.sampled_from([line.rate for line in lines])
    at_rate = st.builds(lambda one, rate: attrs.evolve(one, rate=rate), plain, rates)
    return plain | at_lines | at_rate


def _riel_rates(unit: Currency) -> st.SearchStrategy[ExchangeRate]:
    return exchange_rates(unit, KHR, most=RIEL_RATE_MOST)


def _sorted(numbers: set[int]) -> tuple[int, ...]:
    return tuple(sorted(numbers))


@st.composite
def line_items(draw: st.DrawFn, unit: Currency, no: int, rate: TaxRate) -> LineItem:
    """Draw one line in a currency, some of them of a product."""
    product = draw(st.none() | st.uuids())
    return LineItem(
        no=no,
        text=draw(st.sampled_from(["Rice 5 kg", "អង្ករ", "Two\nlines"])),
        quantity=draw(quantities()),
        price=draw(prices(unit)),
        rate=rate,
        unit_code=draw(st.sampled_from(["C62", "KGM", "carton"])),
        discounts=tuple(draw(st.lists(discounts(unit), max_size=2))),
        product=None if product is None else ProductId(product),
        sku=None if product is None else SkuId(product),
        sku_code="" if product is None else "SKU-1",
    )


@st.composite
def contents(
    draw: st.DrawFn,
    *,
    mode: PriceMode | None = None,
    unit: Currency | None = None,
    discounted: bool = True,
    customer: CustomerId | None = None,
) -> InvoiceContent:
    """Draw what invoices say: 1 to 4 lines of up to 2 rates, discounts, charges."""
    unit = unit or draw(st.sampled_from(UNITS))
    rates = draw(st.lists(tax_rates(), min_size=1, max_size=2))
    count = draw(st.integers(1, 4))
    lines = tuple(
        draw(line_items(unit, no, draw(st.sampled_from(rates)))) for no in range(1, count + 1)
    )
    amounts = st.integers(0, 10**5).map(lambda minor: Money(minor, unit))
    fees = st.builds(Charge, text=st.just("Delivery"), amount=amounts, rate=st.sampled_from(rates))
    return InvoiceContent(
        currency=unit,
        mode=mode or draw(st.sampled_from(PriceMode)),
        kind=draw(st.sampled_from(DocumentKind)),
        language=draw(st.sampled_from(LANGUAGES)),
        customer=customer,
        lines=lines,
        discounts=tuple(draw(st.lists(discounts(unit, lines), max_size=2))) if discounted else (),
        charges=tuple(draw(st.lists(fees, max_size=2))),
        terms_days=draw(st.none() | st.integers(0, 365)),
        rate=draw(st.none() | _riel_rates(unit)) if unit != KHR else None,
        account=draw(st.none() | st.uuids().map(AccountId)),
        note=draw(notes(60)),
        terms=draw(notes(60)),
    )


@st.composite
def drafts(draw: st.DrawFn, content: st.SearchStrategy[InvoiceContent] | None = None) -> Invoice:
    """Draw drafts."""
    at = draw(moments())
    invoice_id = InvoiceId(uuid7(at, draw(st.binary(min_size=10, max_size=10))))
    return Invoice.drafted(invoice_id, draw(content if content is not None else contents()), at=at)


@st.composite
def issued(draw: st.DrawFn, draft: Invoice, number: int) -> Invoice:
    """Draw issued forms of a draft: open, or paid when nothing is due."""
    at = draft.created_at + draw(st.timedeltas(timedelta(0), timedelta(days=30)))
    dated = draft.dated(business_date(at, "Asia/Phnom_Penh"), terms_days=14)
    rate = draft.content.rate
    if rate is not None:
        figures = accounting_figures(dated.totals, rate)
        dated = attrs.evolve(dated, accounting=figures, riel_step=draw(st.sampled_from([1, 100])))
    assert dated.issue_date is not None
    series = Series(name="INV", year=dated.issue_date.year)
    snapshot = Snapshot.of(f'{{"number":{number}}}')
    return dated.issued(series.written(number), snapshot, at=at)


def ended(invoice: Invoice, state: InvoiceState) -> Invoice:
    """Return an open invoice as it ends: written off, void, or with a payment under review."""
    at = invoice.updated_at
    if state is InvoiceState.UNCOLLECTIBLE:
        return invoice.written_off("moved away", at=at)
    if state is InvoiceState.VOID:
        return invoice.voided("a mistake", at=at)
    return invoice.review_started(PaymentId(uuid7(at, bytes(10))), at=at)


@st.composite
def customer_details(draw: st.DrawFn) -> CustomerDetails:
    """Draw what is known of customers, without a reference of another system."""
    return CustomerDetails(
        name=draw(names()),
        name_km=draw(st.just("") | st.just("សុខា")),
        phone=draw(st.none() | phones()),
        email=draw(st.sampled_from(["", "dara@shop.example"])),
        address=draw(notes(80)),
        tin=draw(st.sampled_from(["", "K001-100200300"])),
        country=draw(st.sampled_from(["KH", "PL"])),
        language=draw(st.sampled_from(LANGUAGES)),
        metadata=draw(metadata()),
    )


@st.composite
def customers(draw: st.DrawFn) -> Customer:
    """Draw customers, some of them archived."""
    at = draw(moments())
    return Customer(
        id=CustomerId(uuid7(at, draw(st.binary(min_size=10, max_size=10)))),
        details=draw(customer_details()),
        created_at=at,
        updated_at=at + draw(st.timedeltas(timedelta(0), timedelta(days=900))),
        archived_at=draw(st.none() | moments()),
        version=draw(st.integers(1, 1000)),
    )


def series() -> st.SearchStrategy[Series]:
    """Draw series with the usual and with other templates."""
    templates = [DEFAULT_TEMPLATE, "{series}/{yy}-{number:04d}", "{year}{series}{number:09d}"]
    return st.builds(
        Series,
        name=st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=1, max_size=8),
        year=st.integers(2020, 2099),
        first=st.integers(1, 10**6),
        template=st.sampled_from(templates),
    )


TYPES: dict[Any, st.SearchStrategy[Any]] = {
    TaxRate: tax_rates(),
    InvoiceContent: contents(),
    Invoice: drafts(),
    CustomerDetails: customer_details(),
    Customer: customers(),
    Series: series(),
}
