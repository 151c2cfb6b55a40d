"""The lines and sums of a document as they are shown."""

from decimal import Decimal
from uuid import UUID

import attrs

from kasa.domain.invoicing.content import InvoiceContent
from kasa.domain.invoicing.decimals import plain
from kasa.domain.invoicing.discount import Charge, Discount
from kasa.domain.invoicing.line_item import LineItem
from kasa.domain.invoicing.totals import LineTotal, Totals
from kasa.domain.kernel.money import Currency
from kasa.entrypoints.shown.values import MoneyOut, RateOut, TaxOut, maybe


@attrs.frozen(kw_only=True)
class DiscountShown:
    """A percent or an amount off; of a document's, ``given`` is what it really took."""

    percent: str | None
    amount: MoneyOut | None
    lines: tuple[int, ...] | None
    tax: TaxOut | None
    text: str
    given: MoneyOut | None = None

    @classmethod
    def of(cls, discount: Discount, given: MoneyOut | None = None) -> "DiscountShown":
        """Return a discount as it is shown."""
        percent: Decimal | None = discount.percent
        return cls(
            percent=maybe(plain, percent),
            amount=maybe(MoneyOut.of, discount.amount),
            lines=discount.lines,
            tax=maybe(TaxOut.of, discount.rate),
            text=discount.text,
            given=given,
        )


@attrs.frozen(kw_only=True)
class ChargeShown:
    """An amount on top of the lines."""

    text: str
    amount: MoneyOut
    tax: TaxOut

    @classmethod
    def of(cls, charge: Charge) -> "ChargeShown":
        """Return a charge as it is shown."""
        return cls(text=charge.text, amount=MoneyOut.of(charge.amount), tax=TaxOut.of(charge.rate))


@attrs.frozen(kw_only=True)
class LineShown:
    """A line: ``amount`` is quantity times price, ``discount`` what its own discounts took.

    ``document_discount`` is its share of the document's, ``total`` what is left after both.
    """

    no: int
    text: str
    quantity: str
    unit_code: str
    price: str
    tax: TaxOut
    discounts: tuple[DiscountShown, ...]
    product_id: UUID | None
    sku_code: str
    amount: MoneyOut
    discount: MoneyOut
    document_discount: MoneyOut
    total: MoneyOut
    tax_share: MoneyOut

    @classmethod
    def of(cls, line: LineItem, total: LineTotal, unit: Currency) -> "LineShown":
        """Return a line as it is shown."""
        return cls(
            no=line.no,
            text=line.text,
            quantity=plain(line.quantity),
            unit_code=line.unit_code,
            price=plain(line.price),
            tax=TaxOut.of(line.rate),
            discounts=tuple(DiscountShown.of(one) for one in line.discounts),
            product_id=line.product,
            sku_code=line.sku_code,
            amount=MoneyOut.minor(total.amount, unit),
            discount=MoneyOut.minor(total.discount, unit),
            document_discount=MoneyOut.minor(total.document_discount, unit),
            total=MoneyOut.minor(total.left, unit),
            tax_share=MoneyOut.minor(total.tax_share, unit),
        )


@attrs.frozen(kw_only=True)
class TaxSum:
    """The sum of one tax rate, and its tax."""

    tax: TaxOut
    base: MoneyOut
    amount: MoneyOut


@attrs.frozen(kw_only=True)
class TotalsShown:
    """The sums of a document; ``rule`` names the arithmetic."""

    rule: str
    discount: MoneyOut
    charges: MoneyOut
    net: MoneyOut
    tax: MoneyOut
    gross: MoneyOut
    taxes: tuple[TaxSum, ...]

    @classmethod
    def of(cls, totals: Totals) -> "TotalsShown":
        """Return the sums of a document as they are shown."""
        unit = totals.currency
        return cls(
            rule=totals.rule,
            discount=MoneyOut.minor(totals.discount_total, unit),
            charges=MoneyOut.minor(totals.charge_total, unit),
            net=MoneyOut.minor(totals.net, unit),
            tax=MoneyOut.minor(totals.tax, unit),
            gross=MoneyOut.minor(totals.gross, unit),
            taxes=tuple(
                TaxSum(
                    tax=TaxOut.of(group.rate),
                    base=MoneyOut.minor(group.base, unit),
                    amount=MoneyOut.minor(group.tax, unit),
                )
                for group in totals.groups
            ),
        )


@attrs.frozen(kw_only=True)
class ContentShown:
    """What a document says; ``prices`` are net or gross, ``terms_days`` null is the shop's."""

    kind: str
    prices: str
    currency: str
    language: str
    customer_id: UUID | None
    lines: tuple[LineShown, ...]
    discounts: tuple[DiscountShown, ...]
    charges: tuple[ChargeShown, ...]
    terms_days: int | None
    rate: RateOut | None
    account_id: UUID | None
    note: str
    terms: str

    @classmethod
    def of(cls, content: InvoiceContent, totals: Totals) -> "ContentShown":
        """Return what a document says, with its figures."""
        unit = content.currency
        return cls(
            kind=content.kind.value,
            prices=content.mode.value,
            currency=unit.code,
            language=content.language,
            customer_id=content.customer,
            lines=tuple(
                LineShown.of(line, total, unit)
                for line, total in zip(content.lines, totals.lines, strict=True)
            ),
            discounts=tuple(
                DiscountShown.of(discount, MoneyOut.minor(total.given, unit))
                for discount, total in zip(content.discounts, totals.discounts, strict=True)
            ),
            charges=tuple(ChargeShown.of(charge) for charge in content.charges),
            terms_days=content.terms_days,
            rate=maybe(RateOut.of, content.rate),
            account_id=content.account,
            note=content.note,
            terms=content.terms,
        )


@attrs.frozen(kw_only=True)
class PreviewShown:
    """What a draft would say and cost; nothing of it is stored."""

    content: ContentShown
    totals: TotalsShown
