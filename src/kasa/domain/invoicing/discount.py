"""Discounts of a line or of a whole document, and charges on top of the lines."""

from decimal import Decimal

import attrs

from kasa.domain.invoicing.decimals import fits, scaled
from kasa.domain.invoicing.tax import PERCENT_PLACES, TaxRate
from kasa.domain.kernel.errors import Invalid
from kasa.domain.kernel.money import Currency, CurrencyMismatch, Money, rounded
from kasa.domain.kernel.text import cleaned

TEXT_LIMIT = 200
_WHOLE = 100 * 10**PERCENT_PLACES


class DiscountInvalid(Invalid):
    """A discount is either 0 to 100 percent with at most 4 decimals, or an amount from 0 up."""

    code = "discount.value"


class DiscountTarget(Invalid):
    """A discount of a document names lines, or one tax rate, that the document has."""

    code = "discount.target"


class ChargeInvalid(Invalid):
    """A charge has an amount from 0 up."""

    code = "charge.amount"


def _text(text: str) -> str:
    return cleaned(text, limit=TEXT_LIMIT)


@attrs.frozen(kw_only=True)
class Discount:
    """A percent or a fixed amount off.

    In a document's list it may aim at some ``lines`` (their numbers) or at one ``rate``; without
    either it aims at all lines. A discount of a line aims at nothing.
    """

    percent: Decimal | None = None
    amount: Money | None = None
    lines: tuple[int, ...] | None = None
    rate: TaxRate | None = None
    text: str = attrs.field(default="", converter=_text)

    def __attrs_post_init__(self) -> None:
        if (self.percent is None) == (self.amount is None):
            raise DiscountInvalid
        if self.percent is not None and not (
            fits(self.percent, PERCENT_PLACES, 101) and self.percent <= 100
        ):
            raise DiscountInvalid
        if self.amount is not None and self.amount.minor < 0:
            raise DiscountInvalid
        if self.lines is not None and (self.rate is not None or not self.lines):
            raise DiscountTarget

    @property
    def aims_at_all(self) -> bool:
        """Whether it has no target."""
        return self.lines is None and self.rate is None

    def of(self, left: int, currency: Currency) -> int:
        """Return what it takes off ``left`` minor units, never more than that."""
        if self.amount is None:
            assert self.percent is not None
            return rounded(left * scaled(self.percent, PERCENT_PLACES), _WHOLE)
        if self.amount.currency != currency:
            raise CurrencyMismatch(left=self.amount.currency.code, right=currency.code)
        return min(left, self.amount.minor)


@attrs.frozen(kw_only=True)
class Charge:
    """Delivery, packing and the like: an amount on top of the lines, never discounted.

    The amount is without tax under net prices and with it under gross prices, like the lines.
    """

    text: str = attrs.field(converter=_text)
    amount: Money
    rate: TaxRate

    def __attrs_post_init__(self) -> None:
        if self.amount.minor < 0:
            raise ChargeInvalid

    def of(self, currency: Currency) -> int:
        """Return its minor units, or raise ``money.currency_mismatch``."""
        if self.amount.currency != currency:
            raise CurrencyMismatch(left=self.amount.currency.code, right=currency.code)
        return self.amount.minor
