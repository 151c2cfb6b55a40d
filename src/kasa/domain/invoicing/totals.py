"""The arithmetic of a document: one named rule for net and one for gross prices.

NET is EN 16931 (BR-CO-10 to 17): line amounts are rounded first, tax once per rate group. GROSS
keeps the price that was shown: tax is taken out of each rate group's sum, and gross never moves.
All figures are whole minor units; intermediates are exact.
"""

from collections.abc import Sequence
from decimal import Decimal
from enum import StrEnum

import attrs

from kasa.domain.invoicing.discount import Charge, Discount, DiscountTarget
from kasa.domain.invoicing.line_item import LINES_LIMIT, LineItem, TooManyDiscounts
from kasa.domain.invoicing.tax import TaxCategory, TaxRate
from kasa.domain.kernel.errors import Invalid
from kasa.domain.kernel.money import MINOR_LIMIT, Currency, MoneyOutOfRange, rounded, spread

RULE = "totals/1"
DISCOUNTS_LIMIT = 10
CHARGES_LIMIT = 10
_WHOLE = 100 * 10**4

GroupKey = tuple[TaxCategory, Decimal]


class TooManyLines(Invalid):
    """A document has at most 500 lines."""

    code = "invoice.too_many_lines"


class PriceMode(StrEnum):
    """Whether prices are without tax (net) or have it inside (gross)."""

    NET = "net"
    GROSS = "gross"

    def tax(self, value: int, rate: TaxRate) -> int:
        """Return the tax on, or inside, a sum of this price mode, rounded once."""
        part = rate.ten_thousandths
        whole = _WHOLE if self is PriceMode.NET else _WHOLE + part
        return rounded(value * part, whole)


@attrs.frozen(kw_only=True)
class LineTotal:
    """One line: ``amount`` is quantity times price, ``discount`` what its own discounts took.

    ``document_discount`` is its share of the document's discounts, ``tax_share`` its part of the
    group's tax (for reports and e-invoices; the tax itself is rounded per group).
    """

    amount: int
    discount: int
    document_discount: int
    tax_share: int

    @property
    def value(self) -> int:
        """The line after its own discounts, before those of the document."""
        return self.amount - self.discount

    @property
    def left(self) -> int:
        """The line after all discounts."""
        return self.value - self.document_discount


@attrs.frozen(kw_only=True)
class DiscountPart:
    """What a document discount took from one rate group (its index), and the tax inside it."""

    group: int
    amount: int
    tax_share: int


@attrs.frozen(kw_only=True)
class DiscountTotal:
    """What a document discount really gave, and from which groups."""

    given: int
    parts: tuple[DiscountPart, ...]


@attrs.frozen(kw_only=True)
class ChargeTotal:
    """A charge, its rate group (index) and the tax inside it."""

    amount: int
    group: int
    tax_share: int


@attrs.frozen(kw_only=True)
class GroupTotal:
    """The sum of one tax category and percent, and its tax."""

    rate: TaxRate
    base: int
    tax: int

    @property
    def key(self) -> GroupKey:
        """Category and percent."""
        return self.rate.key


@attrs.frozen(kw_only=True)
class Totals:
    """Every figure of a document in minor units of ``currency``, and the rule that made them."""

    mode: PriceMode
    currency: Currency
    lines: tuple[LineTotal, ...]
    discounts: tuple[DiscountTotal, ...]
    charges: tuple[ChargeTotal, ...]
    groups: tuple[GroupTotal, ...]
    net: int
    tax: int
    gross: int
    rule: str = RULE

    @property
    def discount_total(self) -> int:
        """Everything that discounts of lines and of the document really took off."""
        lines = sum(line.discount for line in self.lines)
        return lines + sum(discount.given for discount in self.discounts)

    @property
    def charge_total(self) -> int:
        """The sum of the charges."""
        return sum(charge.amount for charge in self.charges)


def compute(
    lines: Sequence[LineItem],
    discounts: Sequence[Discount] = (),
    charges: Sequence[Charge] = (),
    *,
    mode: PriceMode,
    currency: Currency,
) -> Totals:
    """Return the totals of a document: line, discounts in list order, charges, tax per group.

    A discount above what is left on its lines is cut to it. Raise ``invoice.too_many_lines``,
    ``discount.target``, ``money.*``.
    """
    _check_counts(lines, discounts, charges)
    amounts = [line.amount(currency) for line in lines]
    values = [_discounted(line, amount, currency) for line, amount in zip(lines, amounts, strict=True)]
    shares = _document_shares(lines, values, discounts, currency)
    taken = [sum(column) for column in zip(*shares, strict=True)] or [0] * len(lines)
    extra = [charge.of(currency) for charge in charges]
    rates = _rates([line.rate for line in lines] + [charge.rate for charge in charges])
    order = {rate.key: index for index, rate in enumerate(rates)}
    in_lines = [order[line.rate.key] for line in lines]
    in_charges = [order[charge.rate.key] for charge in charges]
    groups, line_tax, charge_tax = [], [0] * len(lines), [0] * len(charges)
    parts: list[list[DiscountPart]] = [[] for _ in discounts]
    for index, rate in enumerate(rates):
        mine = [at for at, group in enumerate(in_lines) if group == index]
        added = [at for at, group in enumerate(in_charges) if group == index]
        off = [sum(share[at] for at in mine) for share in shares]
        figures = _group(
            rate, [values[at] for at in mine], off, [extra[at] for at in added], mode=mode
        )
        groups.append(figures.total)
        for at, share in zip(mine, figures.lines, strict=True):
            line_tax[at] = share
        for at, share in zip(added, figures.charges, strict=True):
            charge_tax[at] = share
        for part, amount, share in zip(parts, off, figures.discounts, strict=True):
            if amount:
                part.append(DiscountPart(group=index, amount=amount, tax_share=share))
    net, tax = sum(group.base for group in groups), sum(group.tax for group in groups)
    if max([net + tax, *amounts, *extra]) >= MINOR_LIMIT:
        raise MoneyOutOfRange(currency=currency.code)
    return Totals(
        mode=mode,
        currency=currency,
        lines=tuple(
            LineTotal(
                amount=amount,
                discount=amount - value,
                document_discount=off_line,
                tax_share=share,
            )
            for amount, value, off_line, share in zip(amounts, values, taken, line_tax, strict=True)
        ),
        discounts=tuple(
            DiscountTotal(given=sum(share), parts=tuple(part))
            for share, part in zip(shares, parts, strict=True)
        ),
        charges=tuple(
            ChargeTotal(amount=amount, group=group, tax_share=share)
            for amount, group, share in zip(extra, in_charges, charge_tax, strict=True)
        ),
        groups=tuple(groups),
        net=net,
        tax=tax,
        gross=net + tax,
    )


@attrs.frozen
class _Group:
    """One rate group and the tax shares of its lines, discounts and charges."""

    total: GroupTotal
    lines: list[int]
    discounts: list[int]
    charges: list[int]


def _group(
    rate: TaxRate, values: list[int], off: list[int], extra: list[int], *, mode: PriceMode
) -> _Group:
    less, more = sum(off), sum(extra)
    value = sum(values) - less + more
    tax, less_tax, more_tax = mode.tax(value, rate), mode.tax(less, rate), mode.tax(more, rate)
    base = value if mode is PriceMode.NET else value - tax
    return _Group(
        GroupTotal(rate=rate, base=base, tax=tax),
        spread(tax + less_tax - more_tax, values),
        spread(less_tax, off),
        spread(more_tax, extra),
    )


def _check_counts(
    lines: Sequence[LineItem], discounts: Sequence[Discount], charges: Sequence[Charge]
) -> None:
    if len(lines) > LINES_LIMIT:
        raise TooManyLines(limit=LINES_LIMIT)
    if len(discounts) > DISCOUNTS_LIMIT or len(charges) > CHARGES_LIMIT:
        raise TooManyDiscounts


def _discounted(line: LineItem, amount: int, currency: Currency) -> int:
    """Return what the line's own discounts leave of its amount."""
    left = amount
    for discount in line.discounts:
        left -= discount.of(left, currency)
    return left


def _document_shares(
    lines: Sequence[LineItem],
    values: Sequence[int],
    discounts: Sequence[Discount],
    currency: Currency,
) -> list[list[int]]:
    """Return, per discount in list order, what it takes from each line."""
    left = list(values)
    shares = []
    for discount in discounts:
        aimed = _aimed(lines, discount)
        pool = [amount if hit else 0 for amount, hit in zip(left, aimed, strict=True)]
        share = spread(discount.of(sum(pool), currency), pool)
        left = [amount - part for amount, part in zip(left, share, strict=True)]
        shares.append(share)
    return shares


def _aimed(lines: Sequence[LineItem], discount: Discount) -> list[bool]:
    """Return for each line whether a discount aims at it, or raise ``discount.target``."""
    if discount.aims_at_all:
        return [True] * len(lines)
    if discount.lines is not None:
        if not discount.lines <= {line.no for line in lines}:
            raise DiscountTarget
        return [line.no in discount.lines for line in lines]
    assert discount.rate is not None
    hits = [line.rate.key == discount.rate.key for line in lines]
    if not any(hits):
        raise DiscountTarget
    return hits


def _rates(rates: Sequence[TaxRate]) -> list[TaxRate]:
    """Return one rate per group in an order that does not depend on that of the lines."""
    best: dict[GroupKey, TaxRate] = {}
    for rate in rates:
        seen = best.setdefault(rate.key, rate)
        best[rate.key] = min(seen, rate, key=lambda one: (one.label, one.exemption_reason))
    return sorted(best.values(), key=lambda rate: (-rate.percent, rate.category))
