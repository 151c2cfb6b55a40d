"""Lines of a document: what is sold, how much of it, at which price and tax."""

from collections.abc import Sequence
from decimal import Decimal

import attrs

from kasa.domain.invoicing.decimals import fits
from kasa.domain.invoicing.discount import Discount, DiscountTarget
from kasa.domain.invoicing.tax import TaxRate
from kasa.domain.kernel.errors import Invalid
from kasa.domain.kernel.ids import ProductId, SkuId
from kasa.domain.kernel.money import Currency, rounded
from kasa.domain.kernel.text import cleaned

LINES_LIMIT = 500
LINE_DISCOUNTS_LIMIT = 5
QUANTITY_LIMIT = 10**9
PRICE_LIMIT = 10**12
PLACES = 6
TEXT_LIMIT = 1000
PIECE = "C62"


class LineQuantity(Invalid):
    """A quantity is above 0, at most 10^9, with at most 6 decimals."""

    code = "line.quantity"


class LinePrice(Invalid):
    """A unit price is 0 or more, below 10^12, with at most 6 decimals."""

    code = "line.price"


class LineText(Invalid):
    """A line needs a text of at most 1,000 characters."""

    code = "line.text"


class TooManyDiscounts(Invalid):
    """A line has at most 5 discounts; a document at most 10, and 10 charges."""

    code = "discount.too_many"


@attrs.frozen(kw_only=True)
class LineItem:
    """One line: ``price`` for one unit in major units, ``quantity`` in units or packs.

    ``unit_code`` is of UN/ECE Recommendation 20 or a pack of the SKU. ``product`` and ``sku``
    name what leaves the stock; a line of free text has neither. ``no`` counts from 1.
    """

    no: int
    text: str
    quantity: Decimal
    price: Decimal
    rate: TaxRate
    unit_code: str = PIECE
    discounts: tuple[Discount, ...] = ()
    product: ProductId | None = None
    sku: SkuId | None = None
    sku_code: str = ""

    def __attrs_post_init__(self) -> None:
        check_figures(self.no, self.quantity, self.price, self.discounts)
        if not self.text or len(self.text) > TEXT_LIMIT:
            raise LineText(line_no=self.no)
        if cleaned(self.text, limit=TEXT_LIMIT, lines=True) != self.text:
            raise LineText("a line's text has to be trimmed and normalised", line_no=self.no)

    def amount(self, currency: Currency) -> int:
        """Return quantity times price in minor units, rounded once (totals, step 1)."""
        return amounts_of((self,), currency)[0]


def amounts_of(lines: Sequence[LineItem], currency: Currency) -> list[int]:
    """Return quantity times price of each line in minor units, each rounded once, exactly."""
    scale = currency.scale
    return [
        rounded(pieces * units * scale, parts * shares)
        for line in lines
        for (pieces, parts), (units, shares) in (
            (line.quantity.as_integer_ratio(), line.price.as_integer_ratio()),
        )
    ]


@attrs.frozen(kw_only=True)
class WantedLine:
    """A line as a person asks for it; what is left out comes from the catalogue.

    Without a product it needs ``text`` and ``price``.
    """

    quantity: Decimal
    product: ProductId | None = None
    text: str | None = None
    price: Decimal | None = None
    unit_code: str | None = None
    rate: TaxRate | None = None
    discounts: tuple[Discount, ...] = ()

    @classmethod
    def of(cls, line: LineItem) -> "WantedLine":
        """Return what asks for exactly this line."""
        return cls(
            quantity=line.quantity,
            product=line.product,
            text=line.text,
            price=line.price,
            unit_code=line.unit_code,
            rate=line.rate,
            discounts=line.discounts,
        )


def check_figures(
    no: int, quantity: Decimal, price: Decimal, discounts: tuple[Discount, ...]
) -> None:
    """Return when the figures of a line are in range, or raise ``line.*`` with its number."""
    if not fits(quantity, PLACES, QUANTITY_LIMIT + 1) or not 0 < quantity <= QUANTITY_LIMIT:
        raise LineQuantity(line_no=no)
    if not fits(price, PLACES, PRICE_LIMIT):
        raise LinePrice(line_no=no)
    if len(discounts) > LINE_DISCOUNTS_LIMIT:
        raise TooManyDiscounts(line_no=no)
    if not all(discount.aims_at_all for discount in discounts):
        raise DiscountTarget(line_no=no)
