"""The figures of a document in the currency that the tax office counts in.

Source for the riel: GDT Notification 4908 (2019), known second-hand; a document is converted at
its own frozen rate, each tax by itself, and the net is what remains, so that the column adds up.
"""

from datetime import date

import attrs

from kasa.domain.invoicing.totals import Totals
from kasa.domain.kernel.errors import Invalid
from kasa.domain.kernel.money import KHR, Currency, ExchangeRate, Money, rounded


class RateRequired(Invalid):
    """A document in another currency needs the exchange rate of its day."""

    code = "invoice.rate_required"


@attrs.frozen(kw_only=True)
class AccountingFigures:
    """A document in its accounting currency; ``taxes`` follow the groups of its totals."""

    rate: ExchangeRate
    taxes: tuple[int, ...]
    net: int
    tax: int
    gross: int

    @property
    def currency(self) -> Currency:
        """The accounting currency."""
        return self.rate.quote


def accounting_figures(totals: Totals, rate: ExchangeRate) -> AccountingFigures:
    """Return the figures of a document at its frozen rate; ``net + tax == gross``."""
    taxes = tuple(_converted(group.tax, totals, rate) for group in totals.groups)
    gross, tax = _converted(totals.gross, totals, rate), sum(taxes)
    return AccountingFigures(rate=rate, taxes=taxes, net=gross - tax, tax=tax, gross=gross)


def _converted(minor: int, totals: Totals, rate: ExchangeRate) -> int:
    return rate.convert(Money(minor, totals.currency)).minor


def riel_to_pay(due: Money, rate: ExchangeRate | None, *, step: int) -> Money | None:
    """Return the riel that settle what is due, rounded to ``step`` riel with ties up, or None.

    None when there is no riel rate for the currency, nothing is due, or it rounds to nothing.
    """
    if rate is None or rate.quote != KHR or rate.base != due.currency or due.minor <= 0:
        return None
    riel = rounded(rate.convert(due).minor, step) * step
    return Money(riel, KHR) if riel else None


def is_stale(rate: ExchangeRate, issued_on: date) -> bool:
    """Return whether a rate is older than its source allows; a warning, never a refusal.

    The daily rate of the national bank is that of the issue date, the monthly one of the tax
    department that of the month before; rates that the shop sets itself are never stale.
    """
    if rate.source == "gdt_monthly":
        months = (issued_on.year - rate.on.year) * 12 + issued_on.month - rate.on.month
        return months > 1
    return rate.source == "nbc_daily" and rate.on < issued_on
