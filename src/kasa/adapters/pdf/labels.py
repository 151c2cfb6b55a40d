"""The words of a printed document, in one language or in two."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import attrs

from kasa.application.ports.documents import PrintLanguage
from kasa.application.ports.wording import Language, Wording
from kasa.domain.invoicing.content import DocumentKind
from kasa.domain.invoicing.document import DocumentType, InvoiceDocument
from kasa.domain.kernel.money import ExchangeRate, Money

LABELS = (
    *("Invoice", "Tax invoice", "Commercial invoice", "Credit note", "Draft", "Void", "Paid"),
    *("Number", "Date", "Due date", "Bill to", "Walk-in customer", "TIN", "Phone", "For invoice"),
    *("No.", "Description", "Quantity", "Unit price", "Amount", "Subtotal", "Discount"),
    *("Total before tax", "Tax", "included", "Total", "Credit used", "Amount due"),
    *("To pay in riel", "Total in {currency}", "Exchange rate", "Scan to pay with KHQR"),
    *("Verify payment", "Pay online", "Account", "Paid on {date}", "Reason"),
    *("Page {number} of {total}", "National Bank of Cambodia", "Tax department", "Market"),
    "Shop's own rate",
)
"""Every message a document prints; a test holds the catalogues to it."""

_LANGUAGES = {
    PrintLanguage.KHMER: (Language.KHMER,),
    PrintLanguage.ENGLISH: (Language.ENGLISH,),
    PrintLanguage.KHMER_ENGLISH: (Language.KHMER, Language.ENGLISH),
}
_TITLES = {
    DocumentKind.TAX_INVOICE: "Tax invoice",
    DocumentKind.COMMERCIAL_INVOICE: "Commercial invoice",
    DocumentKind.PLAIN: "Invoice",
}
_SOURCES = {
    "nbc_daily": "National Bank of Cambodia",
    "gdt_monthly": "Tax department",
    "market": "Market",
    "merchant": "Shop's own rate",
}


@attrs.frozen(kw_only=True)
class Labels:
    """Says what a document prints; the first language is the document's main one."""

    wording: Wording
    language: PrintLanguage
    khmer_digits: bool = False

    @property
    def main(self) -> Language:
        """The language of amounts and names."""
        return _LANGUAGES[self.language][0]

    def each(self, message: str, values: Mapping[str, object] | None = None) -> tuple[str, ...]:
        """Return a message once for each language, without saying the same twice."""
        said = (self.wording.sentence(message, one, values) for one in _LANGUAGES[self.language])
        return tuple(dict.fromkeys(said))

    def inline(self, message: str, values: Mapping[str, object] | None = None) -> str:
        """Return a message in all languages on one line."""
        return " / ".join(self.each(message, values))

    def stacked(self, message: str) -> str:
        """Return a message in all languages, one below the other."""
        return "\n".join(self.each(message))

    def money(self, amount: Money) -> str:
        """Return an amount as it is printed."""
        return self.wording.money(amount, self.main, khmer_digits=self.khmer_digits)

    def day(self, on: date) -> str:
        """Return a day as it is printed."""
        return self.wording.day(on, self.main, numeric=True)

    def title(self, document: InvoiceDocument) -> str:
        """Return what the document is."""
        if document.type is DocumentType.CREDIT_NOTE:
            return self.inline("Credit note")
        return self.inline(_TITLES[document.kind])

    def rate(self, rate: ExchangeRate) -> str:
        """Return an exchange rate with its source and day."""
        source = self.inline(_SOURCES[rate.source])
        figure = f"1 {rate.base.code} = {number(rate.rate)} {rate.quote.code}"
        return f"{figure} ({source}, {self.day(rate.on)})"


def number(value: Decimal, places: int = 0) -> str:
    """Return a number grouped by thousands, with at least ``places`` decimals, no idle zeros."""
    whole, _, decimals = f"{value:f}".partition(".")
    kept = decimals.rstrip("0").ljust(places, "0")
    return f"{int(whole):,}" + (f".{kept}" if kept else "")
