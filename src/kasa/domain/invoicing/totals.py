"""The arithmetic of a document: one named rule for net and one for gross prices.

NET is EN 16931 (BR-CO-10 to 17): line amounts are rounded first, tax once per rate group. GROSS
keeps the price that was shown: tax is taken out of each rate group's sum, and gross never moves.
All figures are whole minor units; intermediates are exact.
"""

from collections.abc import Sequence
from decimal import Decimal
from enum import StrEnum

import attrs

from kasa.domain.invoicing.discount import Charge, Discount
from kasa.domain.invoicing.line_item import LINES_LIMIT, LineItem, TooManyDiscounts, amounts_of
from kasa.domain.invoicing.shares import discounted, document_shares
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


@attrs.frozen(kw_only=True, slots=False)  # Made per line, and three times as fast without slots.
class LineTotal:
    """One line: ``amount`` is quantity times price, ``discount`` what its own discounts took.

    ``group`` is the index of its rate group, ``document_discount`` its share of the document's
    discounts, ``tax_share`` its part of the group's tax (for reports and e-invoices; the tax
    itself is rounded per group).
    """

    amount: int
    discount: int
    document_discount: int
    tax_share: int
    group: int

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
    amounts = amounts_of(lines, currency)
    values = [discounted(line, at, currency) for line, at in zip(lines, amounts, strict=True)]
    told = [*(line.rate for line in lines), *(charge.rate for charge in charges)]
    rates = _rates(told)
    places = _places(told, rates)
    figures = _Figures(
        amounts=amounts,
        values=values,
        shares=document_shares(lines, values, discounts, currency),
        extra=[charge.of(currency) for charge in charges],
        line_groups=places[: len(lines)],
        charge_groups=places[len(lines) :],
    )
    groups = [_group(index, rate, figures, mode=mode) for index, rate in enumerate(rates)]
    totals = _joined(figures, groups, mode=mode, currency=currency)
    if max([totals.gross, *amounts, *figures.extra]) >= MINOR_LIMIT:
        raise MoneyOutOfRange(currency=currency.code)
    return totals


@attrs.frozen(kw_only=True)
class _Figures:
    """Line amounts, what line discounts leave, shares of document discounts, charges, groups."""

    amounts: list[int]
    values: list[int]
    shares: list[list[int]]
    extra: list[int]
    line_groups: list[int]
    charge_groups: list[int]


@attrs.frozen(kw_only=True)
class _Group:
    """One rate group; the tax shares of its lines, of the discounts and of its charges."""

    total: GroupTotal
    lines: dict[int, int]
    off: list[int]
    discounts: list[int]
    charges: dict[int, int]


def _group(index: int, rate: TaxRate, figures: _Figures, *, mode: PriceMode) -> _Group:
    lines = [at for at, group in enumerate(figures.line_groups) if group == index]
    charges = [at for at, group in enumerate(figures.charge_groups) if group == index]
    values = [figures.values[at] for at in lines]
    extra = [figures.extra[at] for at in charges]
    off = [sum(share[at] for at in lines) for share in figures.shares]
    less, more = sum(off), sum(extra)
    value = sum(values) - less + more
    tax, less_tax, more_tax = mode.tax(value, rate), mode.tax(less, rate), mode.tax(more, rate)
    base = value if mode is PriceMode.NET else value - tax
    return _Group(
        total=GroupTotal(rate=rate, base=base, tax=tax),
        lines=dict(zip(lines, spread(tax + less_tax - more_tax, values), strict=True)),
        off=off,
        discounts=spread(less_tax, off),
        charges=dict(zip(charges, spread(more_tax, extra), strict=True)),
    )


def _joined(
    figures: _Figures, groups: list[_Group], *, mode: PriceMode, currency: Currency
) -> Totals:
    line_tax = {at: tax for group in groups for at, tax in group.lines.items()}
    charge_tax = {at: tax for group in groups for at, tax in group.charges.items()}
    taken = [sum(parts) for parts in zip(*figures.shares, strict=True)] or [0] * len(line_tax)
    net, tax = sum(group.total.base for group in groups), sum(group.total.tax for group in groups)
    return Totals(
        mode=mode,
        currency=currency,
        lines=tuple(
            LineTotal(
                amount=amount,
                discount=amount - value,
                document_discount=off,
                tax_share=line_tax[at],
                group=group,
            )
            for at, (amount, value, off, group) in enumerate(
                zip(figures.amounts, figures.values, taken, figures.line_groups, strict=True)
            )
        ),
        discounts=tuple(
            DiscountTotal(given=sum(share), parts=_parts(groups, at))
            for at, share in enumerate(figures.shares)
        ),
        charges=tuple(
            ChargeTotal(amount=amount, group=figures.charge_groups[at], tax_share=charge_tax[at])
            for at, amount in enumerate(figures.extra)
        ),
        groups=tuple(group.total for group in groups),
        net=net,
        tax=tax,
        gross=net + tax,
    )


def _parts(groups: list[_Group], at: int) -> tuple[DiscountPart, ...]:
    """Return what the document discount at an index took from each group it reached."""
    return tuple(
        DiscountPart(group=index, amount=group.off[at], tax_share=group.discounts[at])
        for index, group in enumerate(groups)
        if group.off[at]
    )


def _check_counts(
    lines: Sequence[LineItem], discounts: Sequence[Discount], charges: Sequence[Charge]
) -> None:
    if len(lines) > LINES_LIMIT:
        raise TooManyLines(limit=LINES_LIMIT)
    if len(discounts) > DISCOUNTS_LIMIT or len(charges) > CHARGES_LIMIT:
        raise TooManyDiscounts


def _rates(rates: Sequence[TaxRate]) -> list[TaxRate]:
    """Return one rate per group in an order that does not depend on that of the lines."""
    best: dict[GroupKey, TaxRate] = {}
    last: TaxRate | None = None
    for rate in rates:
        if rate == last:  # Lines mostly share one rate, and a decimal is slow to hash.
            continue
        last = rate
        seen = best.setdefault(rate.key, rate)
        best[rate.key] = min(seen, rate, key=lambda one: (one.label, one.exemption_reason))
    return sorted(best.values(), key=lambda rate: (-rate.percent, rate.category))


def _places(told: Sequence[TaxRate], rates: Sequence[TaxRate]) -> list[int]:
    """Return for each rate the index of its group."""
    order = {rate.key: index for index, rate in enumerate(rates)}
    places: list[int] = []
    last: TaxRate | None = None
    for rate in told:
        if rate != last:
            last, place = rate, order[rate.key]
        places.append(place)
    return places
