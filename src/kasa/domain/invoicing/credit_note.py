"""Credit notes: parts of an invoice taken back, rounded so that they sum to it exactly."""

from datetime import date, datetime
from enum import StrEnum

import attrs

from kasa.domain.invoicing.accounting_currency import AccountingFigures
from kasa.domain.invoicing.numbering import InvoiceNumber
from kasa.domain.invoicing.snapshot import Snapshot
from kasa.domain.kernel.errors import Invalid
from kasa.domain.kernel.ids import CreditNoteId, InvoiceId
from kasa.domain.kernel.money import Money

NOTES_LIMIT = 50
TEXT_LIMIT = 500


class CreditTooMuch(Invalid):
    """More than what is left of this line or charge cannot be credited."""

    code = "credit.too_much"


class CreditLineInvalid(Invalid):
    """A credit note names lines or charges that the invoice has, each once, above 0."""

    code = "credit.line"


class CreditReason(StrEnum):
    """Why something is credited."""

    RETURN = "return"
    PRICE_CORRECTION = "price_correction"
    CANCELLATION = "cancellation"
    GOODWILL = "goodwill"
    OTHER = "other"


@attrs.frozen(kw_only=True)
class CreditPart:
    """An amount to credit, before document discounts, of one line or one charge (from 1)."""

    amount: Money
    line_no: int | None = None
    charge_no: int | None = None

    def __attrs_post_init__(self) -> None:
        if (self.line_no is None) == (self.charge_no is None) or self.amount.minor <= 0:
            raise CreditLineInvalid


@attrs.frozen(kw_only=True)
class CreditFigures:
    """What a note takes: ``discount`` given back, per group ``bases`` and ``taxes``, the sums.

    Groups are those of the invoice's totals, in their order.
    """

    discount: int
    bases: tuple[int, ...]
    taxes: tuple[int, ...]
    net: int
    tax: int
    total: int


@attrs.frozen(kw_only=True)
class CreditNote:
    """A credit note, issued in one step and never changed."""

    id: CreditNoteId
    invoice: InvoiceId
    number: InvoiceNumber
    issue_date: date
    issued_at: datetime
    reason: CreditReason
    text: str
    parts: tuple[CreditPart, ...]
    figures: CreditFigures
    accounting: AccountingFigures | None
    snapshot: Snapshot
