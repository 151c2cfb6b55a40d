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
    """Why a supply is taxed, or is not; the values are the codes of the standard."""

    STANDARD = "S"
    ZERO = "Z"
    EXEMPT = "E"
    REVERSE_CHARGE = "AE"
    EXPORT = "G"
    INTRA_COMMUNITY = "K"
    OUTSIDE = "O"


NEEDS_REASON = frozenset(TaxCategory) - {TaxCategory.STANDARD, TaxCategory.ZERO}


@attrs.frozen(kw_only=True)
class TaxRate:
    """A category and its percent; ``label`` is what documents print, such as VAT."""

    category: TaxCategory
    percent: Decimal = Decimal(0)
    label: str = ""
    exemption_reason: str = ""

    def __attrs_post_init__(self) -> None:
        cleaned(self.label, limit=LABEL_LIMIT)
        cleaned(self.exemption_reason, limit=REASON_LIMIT)
        if not fits(self.percent, PERCENT_PLACES, PERCENT_LIMIT + 1) or self.percent > 100:
            raise TaxPercentInvalid
        if self.percent and self.category is not TaxCategory.STANDARD:
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


NO_TAX = TaxRate(category=TaxCategory.OUTSIDE, exemption_reason="Not registered for VAT")
