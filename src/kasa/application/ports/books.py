"""Whether what is stored as a total is what its rows add up to."""

from enum import StrEnum
from typing import Protocol

import attrs

from kasa.domain.kernel.ids import TenantId
from kasa.domain.subscriptions.plan import Meter


class Total(StrEnum):
    """A figure that is kept beside the rows it sums up.

    Stock: base units and value by movements, the number of movements, and what reservations hold
    and owe. Invoices: what is due (gross less entries) and how many entries there are. Numbers:
    how many a series gave in a year, and the last of them. Credit: a customer's balance. Usage:
    the live rows of a capacity meter.
    """

    STOCK_ON_HAND = "stock.on_hand"
    STOCK_RESERVED = "stock.reserved"
    STOCK_OWED = "stock.owed"
    STOCK_VALUE = "stock.value"
    STOCK_MOVEMENTS = "stock.movements"
    STOCK_HELD = "stock.held"
    STOCK_OWING = "stock.owing"
    INVOICE_DUE = "invoice.due"
    INVOICE_ENTRIES = "invoice.entries"
    NUMBERS_GIVEN = "numbers.given"
    NUMBERS_LAST = "numbers.last"
    CREDIT_BALANCE = "credit.balance"
    USAGE_PRODUCTS = "usage.products"
    USAGE_CUSTOMERS = "usage.customers"
    USAGE_STORAGE = "usage.storage"
    USAGE_RECEIPTS = "usage.receipts"

    @property
    def meter(self) -> Meter | None:
        """The capacity meter that it is, or None."""
        context, _, name = self.value.partition(".")
        return Meter(name) if context == "usage" else None

    @property
    def is_stock(self) -> bool:
        """Whether the audit of stock tells of it too."""
        return self.value.startswith("stock.")


@attrs.frozen(kw_only=True)
class Difference:
    """A stored total that is not what its rows add up to; both in the total's own unit.

    ``thing`` names whose total it is: an identifier, a series with its year as ``INV/2026``, a
    customer with a currency as ``<identifier>/KHR``, or the meter.
    """

    tenant: TenantId
    total: Total
    thing: str
    stored: int
    counted: int

    @property
    def by(self) -> int:
        """How much too much is stored; below 0 when it is too little."""
        return self.stored - self.counted


class BookViews(Protocol):
    """The totals of one tenant against their rows."""

    def differences(self) -> tuple[Difference, ...]:
        """Return every total that differs, by total and thing; none is the good answer.

        All of them are compared at one moment.
        """
