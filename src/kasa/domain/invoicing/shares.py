"""How discounts reach lines: each in its turn, cut to what is left, shared without a rest."""

from collections.abc import Sequence

from kasa.domain.invoicing.discount import Discount, DiscountTarget
from kasa.domain.invoicing.line_item import LineItem
from kasa.domain.kernel.money import Currency, spread


def discounted(line: LineItem, amount: int, currency: Currency) -> int:
    """Return what the line's own discounts leave of its amount."""
    left = amount
    for discount in line.discounts:
        left -= discount.of(left, currency)
    return left


def document_shares(
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
        if not {line.no for line in lines}.issuperset(discount.lines):
            raise DiscountTarget
        return [line.no in discount.lines for line in lines]
    assert discount.rate is not None
    hits = [line.rate.key == discount.rate.key for line in lines]
    if not any(hits):
        raise DiscountTarget
    return hits
