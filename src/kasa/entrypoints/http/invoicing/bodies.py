"""What is sent of drafts: lines, discounts, charges, rates, as values of the domain."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

import attrs
import msgspec
from msgspec import UNSET, UnsetType

from kasa.domain.invoicing.content import DocumentKind, WantedInvoice
from kasa.domain.invoicing.discount import Charge, Discount
from kasa.domain.invoicing.line_item import WantedLine
from kasa.domain.invoicing.tax import TaxCategory, TaxRate
from kasa.domain.invoicing.totals import PriceMode
from kasa.domain.kernel.ids import AccountId, CustomerId, ProductId
from kasa.domain.kernel.money import ExchangeRate, currency
from kasa.entrypoints.http.wire import (
    Amount,
    CurrencyCode,
    MoneyIn,
    Pairs,
    Paragraph,
    Quantity,
    Reference,
    Version,
    Word,
    currency_or_none,
    metadata,
    money,
)

Percent = Annotated[
    str, msgspec.Meta(pattern=r"^(0|[1-9][0-9]{0,2})(\.[0-9]{1,4})?\Z", max_length=8)
]
LineNo = Annotated[int, msgspec.Meta(ge=1, le=500)]
Short = Annotated[str, msgspec.Meta(max_length=200)]
Lines = Annotated[tuple["LineIn", ...], msgspec.Meta(max_length=500)]
Discounts = Annotated[tuple["DiscountIn", ...], msgspec.Meta(max_length=10)]
Charges = Annotated[tuple["ChargeIn", ...], msgspec.Meta(max_length=10)]
Days = Annotated[int, msgspec.Meta(ge=0, le=365)]
Language = Literal["km", "en", "km_en"]
Source = Literal["nbc_daily", "gdt_monthly", "market", "merchant"]


class TaxIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A tax rate: a category of EN 16931; a reason where no tax is charged."""

    category: TaxCategory
    percent: Percent = "0"
    label: Annotated[str, msgspec.Meta(max_length=60)] = ""
    exemption_reason: Annotated[str, msgspec.Meta(max_length=300)] = ""


class DiscountIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A percent or an amount off; a document's may name lines, or one tax rate."""

    percent: Percent | None = None
    amount: MoneyIn | None = None
    lines: Annotated[tuple[LineNo, ...], msgspec.Meta(max_length=500)] | None = None
    tax: TaxIn | None = None
    text: Short = ""


class LineIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A line: of a product, or with a text and a price of its own.

    ``price`` is for one unit in the invoice's currency; what is left out comes from the product.
    """

    quantity: Quantity
    product_id: UUID | None = None
    text: Annotated[str, msgspec.Meta(max_length=1000)] | None = None
    price: Amount | None = None
    unit_code: Word | None = None
    tax: TaxIn | None = None
    discounts: Annotated[tuple[DiscountIn, ...], msgspec.Meta(max_length=5)] = ()


class ChargeIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Delivery, packing and the like, on top of the lines."""

    text: Short
    amount: MoneyIn
    tax: TaxIn


class RateIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many ``quote`` one ``base`` is on a day."""

    base: CurrencyCode
    quote: CurrencyCode
    rate: Quantity
    on: date
    source: Source = "merchant"
    reference: Short = ""


class InvoiceIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A draft; what is left out is what the shop usually does."""

    lines: Lines = ()
    customer_id: UUID | None = None
    currency: CurrencyCode | None = None
    prices: PriceMode | None = None
    kind: DocumentKind | None = None
    language: Language | None = None
    discounts: Discounts = ()
    charges: Charges = ()
    terms_days: Days | None = None
    rate: RateIn | None = None
    account_id: UUID | None = None
    note: Paragraph = ""
    terms: Paragraph = ""
    external_ref: Reference | None = None
    metadata: Pairs = msgspec.field(default_factory=dict)


class InvoicePatch(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What changes of an invoice; what is left out stays.

    Of an issued one only ``external_ref``, ``metadata`` and ``internal_note`` change.
    """

    version: Version
    lines: Lines | UnsetType = UNSET
    customer_id: UUID | UnsetType | None = UNSET
    currency: CurrencyCode | UnsetType = UNSET
    prices: PriceMode | UnsetType = UNSET
    kind: DocumentKind | UnsetType = UNSET
    language: Language | UnsetType = UNSET
    discounts: Discounts | UnsetType = UNSET
    charges: Charges | UnsetType = UNSET
    terms_days: Days | UnsetType | None = UNSET
    rate: RateIn | UnsetType | None = UNSET
    account_id: UUID | UnsetType | None = UNSET
    note: Paragraph | UnsetType = UNSET
    terms: Paragraph | UnsetType = UNSET
    external_ref: Reference | UnsetType | None = UNSET
    metadata: Pairs | UnsetType = UNSET
    internal_note: Paragraph | UnsetType = UNSET


def tax(given: TaxIn) -> TaxRate:
    """Return the tax rate that was sent, or raise ``tax.*``."""
    return TaxRate(
        category=given.category,
        percent=Decimal(given.percent),
        label=given.label,
        exemption_reason=given.exemption_reason,
    )


def discount(given: DiscountIn) -> Discount:
    """Return the discount that was sent, or raise ``discount.*``."""
    return Discount(
        percent=None if given.percent is None else Decimal(given.percent),
        amount=None if given.amount is None else money(given.amount),
        lines=given.lines,
        rate=None if given.tax is None else tax(given.tax),
        text=given.text,
    )


def line(given: LineIn) -> WantedLine:
    """Return the line that was sent."""
    return WantedLine(
        quantity=Decimal(given.quantity),
        product=None if given.product_id is None else ProductId(given.product_id),
        text=given.text,
        price=None if given.price is None else Decimal(given.price),
        unit_code=given.unit_code,
        rate=None if given.tax is None else tax(given.tax),
        discounts=tuple(map(discount, given.discounts)),
    )


def charge(given: ChargeIn) -> Charge:
    """Return the charge that was sent, or raise ``charge.*``."""
    return Charge(text=given.text, amount=money(given.amount), rate=tax(given.tax))


def rate(given: RateIn) -> ExchangeRate:
    """Return the rate that was sent, or raise ``rate.*``."""
    return ExchangeRate(
        base=currency(given.base),
        quote=currency(given.quote),
        rate=Decimal(given.rate),
        on=given.on,
        source=given.source,
        reference=given.reference,
    )


def wanted(given: InvoiceIn) -> WantedInvoice:
    """Return the draft that was sent."""
    return attrs.evolve(WantedInvoice(), **_values(msgspec.structs.asdict(given)))


def merged(before: WantedInvoice, changes: Mapping[str, Any]) -> WantedInvoice:
    """Return a draft with what was sent in place of what it said."""
    return attrs.evolve(before, **_values(changes))


def _values(given: Mapping[str, Any]) -> dict[str, Any]:
    return dict(_value(field, value) for field, value in given.items())


def _value(field: str, given: Any) -> tuple[str, Any]:
    """Return a field of a draft and its value, by the name and value that were sent."""
    name, made = _MADE.get(field, (field, None))
    return name, given if made is None else made(given)


def _items(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda given: tuple(map(read, given))


def _maybe(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda given: None if given is None else read(given)


_MADE: Mapping[str, tuple[str, Callable[[Any], Any] | None]] = {
    "lines": ("lines", _items(line)),
    "discounts": ("discounts", _items(discount)),
    "charges": ("charges", _items(charge)),
    "currency": ("currency", currency_or_none),
    "prices": ("mode", None),
    "rate": ("rate", _maybe(rate)),
    "customer_id": ("customer", _maybe(CustomerId)),
    "account_id": ("account", _maybe(AccountId)),
    "metadata": ("metadata", metadata),
}
"""The fields that are named or written otherwise in a draft."""
