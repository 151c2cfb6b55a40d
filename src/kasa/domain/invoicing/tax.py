"""Tax rates by the categories of EN 16931 (UNTDID 5305)."""

from decimal import Decimal
from enum import StrEnum

import attrs

from kasa.domain.invoicing.decimals import fits, scaled
from kasa.domain.kernel.errors import Invalid
from kasa.domain.kernel.text import cleaned

PERCENT_PLACES = 4
PERCENT_LIMIT = 100
LABEL_LIMIT = 60
REASON_LIMIT = 300


class TaxPercentInvalid(Invalid):
    """A tax percent is 0 to 100 with at most 4 decimals, and above 0 only in category S."""

    code = "tax.percent"


class TaxReasonRequired(Invalid):
    """Categories E, AE, G, K and O need the reason why no tax is charged."""

    code = "tax.reason_required"


class TaxCategory(StrEnum):
    """Standard, zero rated, exempt, reverse charge, export, intra-community, outside of tax."""

    S = "S"
    Z = "Z"
    E = "E"
    AE = "AE"
    G = "G"
    K = "K"
    O = "O"  # noqa: E741 - the code of EN 16931 is this letter


NEEDS_REASON = frozenset(TaxCategory) - {TaxCategory.S, TaxCategory.Z}


@attrs.frozen(kw_only=True)
class TaxRate:
    """A category and its percent; ``label`` is what documents print, such as VAT."""

    category: TaxCategory
    percent: Decimal = Decimal(0)
    label: str = attrs.field(default="", converter=lambda text: cleaned(text, limit=LABEL_LIMIT))
    exemption_reason: str = attrs.field(
        default="", converter=lambda text: cleaned(text, limit=REASON_LIMIT)
    )

    def __attrs_post_init__(self) -> None:
        if not fits(self.percent, PERCENT_PLACES, PERCENT_LIMIT + 1) or self.percent > 100:
            raise TaxPercentInvalid
        if self.percent and self.category is not TaxCategory.S:
            raise TaxPercentInvalid(category=self.category.value)
        if self.category in NEEDS_REASON and not self.exemption_reason:
            raise TaxReasonRequired(category=self.category.value)

    @property
    def key(self) -> tuple[TaxCategory, Decimal]:
        """The group of a document that it belongs to."""
        return self.category, self.percent

    @property
    def ten_thousandths(self) -> int:
        """The percent times 10^4."""
        return scaled(self.percent, PERCENT_PLACES)


NO_TAX = TaxRate(category=TaxCategory.O, exemption_reason="Not registered for VAT")
