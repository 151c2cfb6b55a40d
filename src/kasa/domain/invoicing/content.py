"""What a draft says, and an issued invoice keeps."""

from enum import StrEnum

import attrs

from kasa.domain.invoicing.discount import Charge, Discount
from kasa.domain.invoicing.line_item import LineItem, WantedLine
from kasa.domain.invoicing.totals import PriceMode, Totals, compute
from kasa.domain.kernel.errors import Invalid
from kasa.domain.kernel.foreign import NO_METADATA, Metadata
from kasa.domain.kernel.ids import AccountId, CustomerId
from kasa.domain.kernel.money import Currency, ExchangeRate
from kasa.domain.kernel.text import cleaned

TERMS_LIMIT = 2000
TERMS_DAYS_LIMIT = 365


class TermsInvalid(Invalid):
    """Payment terms are 0 to 365 days."""

    code = "invoice.terms"


class DocumentKind(StrEnum):
    """What the document is by law (Cambodia: GDT Notification 4908, 2019)."""

    TAX_INVOICE = "tax_invoice"
    COMMERCIAL_INVOICE = "commercial_invoice"
    PLAIN = "plain"


@attrs.frozen(kw_only=True)
class InvoiceContent:
    """What a draft says and an issued invoice keeps.

    ``terms_days`` None means the shop's own; ``rate`` is into the accounting currency and
    ``account`` the receiving account, None for the shop's usual one. ``note`` and ``terms`` are
    printed.
    """

    currency: Currency
    mode: PriceMode
    kind: DocumentKind
    language: str = "km_en"
    customer: CustomerId | None = None
    lines: tuple[LineItem, ...] = ()
    discounts: tuple[Discount, ...] = ()
    charges: tuple[Charge, ...] = ()
    terms_days: int | None = None
    rate: ExchangeRate | None = None
    account: AccountId | None = None
    note: str = ""
    terms: str = ""

    def __attrs_post_init__(self) -> None:
        if self.terms_days is not None and not 0 <= self.terms_days <= TERMS_DAYS_LIMIT:
            raise TermsInvalid
        if [line.no for line in self.lines] != list(range(1, len(self.lines) + 1)):
            raise ValueError("lines are numbered from 1 on")
        cleaned(self.note, limit=TERMS_LIMIT, lines=True)
        cleaned(self.terms, limit=TERMS_LIMIT, lines=True)

    def totals(self) -> Totals:
        """Return its totals by the present rule."""
        return compute(
            self.lines, self.discounts, self.charges, mode=self.mode, currency=self.currency
        )


@attrs.frozen(kw_only=True)
class WantedInvoice:
    """A draft as a person asks for it; None stands for what the shop usually does.

    ``external_ref`` and ``metadata`` are another system's and stand on no document.
    """

    lines: tuple[WantedLine, ...] = ()
    customer: CustomerId | None = None
    currency: Currency | None = None
    mode: PriceMode | None = None
    kind: DocumentKind | None = None
    language: str | None = None
    discounts: tuple[Discount, ...] = ()
    charges: tuple[Charge, ...] = ()
    terms_days: int | None = None
    rate: ExchangeRate | None = None
    account: AccountId | None = None
    note: str = ""
    terms: str = ""
    external_ref: str | None = None
    metadata: Metadata = NO_METADATA

    @classmethod
    def of(cls, content: InvoiceContent) -> "WantedInvoice":
        """Return what asks for exactly this content; nothing is left to shop or catalogue."""
        return cls(
            lines=tuple(WantedLine.of(line) for line in content.lines),
            customer=content.customer,
            currency=content.currency,
            mode=content.mode,
            kind=content.kind,
            language=content.language,
            discounts=content.discounts,
            charges=content.charges,
            terms_days=content.terms_days,
            rate=content.rate,
            account=content.account,
            note=content.note,
            terms=content.terms,
        )
