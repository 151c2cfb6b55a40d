"""What the simulation knows of a shop by itself: who is there, what was really paid, and by whom.

It is told nothing by kasa but identifiers; what kasa says is held against it.
"""

from collections import Counter
from datetime import datetime
from enum import StrEnum

import attrs

from kasa.domain.identity.access import Actor
from kasa.domain.kernel.ids import (
    CountId,
    CustomerId,
    FileId,
    InvoiceId,
    PaymentId,
    ProductId,
    ReservationId,
    TenantId,
)
from kasa.domain.kernel.money import Currency, Money


class Story(StrEnum):
    """What a receipt is in truth."""

    HONEST = "honest"
    PART = "part of it"
    TOO_MUCH = "too much"
    SHOWN_AGAIN = "shown again"
    OTHER_RECEIVER = "paid to somebody else"
    LONG_AGO = "paid long ago"
    NOT_YET = "paid tomorrow"
    EDITED = "an old reference on a new receipt"
    ELSEWHERE = "a reference of another shop"
    PENDING = "not final"
    NO_RECEIPT = "a picture of a cat"
    CLAIM = "said to be paid by the code"
    CASH = "cash"
    ALERT = "told by the bank alone"


LIES = frozenset(
    {
        Story.OTHER_RECEIVER,
        Story.LONG_AGO,
        Story.NOT_YET,
        Story.EDITED,
        Story.ELSEWHERE,
        Story.PENDING,
        Story.NO_RECEIPT,
    }
)
"""What the machine must never approve."""


@attrs.frozen(kw_only=True)
class Transfer:
    """Money that really moved; ``number`` is the same for every picture of it."""

    number: int
    amount: Money
    paid_at: datetime
    payer: str
    payer_account: str
    reference: str


@attrs.frozen(kw_only=True)
class Goods:
    """A product; what is not ``tracked`` is never counted."""

    id: ProductId
    price: int
    tracked: bool


@attrs.define(kw_only=True)
class Claim:
    """A payment as it was sent: what it is in truth, and the transfer that it shows.

    ``touched`` is how often its invoice had been touched when it came; ``plain`` tells that
    nothing else was going on: it has to be approved unless somebody touches the invoice.
    """

    id: PaymentId
    story: Story
    invoice: InvoiceId | None
    transfer: Transfer | None = None
    picture: bytes = b""
    touched: int = 0
    plain: bool = False


@attrs.define(kw_only=True)
class Shop:
    """One shop of the world."""

    number: int
    tenant: TenantId
    currency: Currency
    receiver: str
    account: str
    owner: Actor
    clerk: Actor
    viewer: Actor
    goods: list[Goods] = attrs.Factory(list)
    customers: list[CustomerId] = attrs.Factory(list)
    drafts: list[InvoiceId] = attrs.Factory(list)
    invoices: list[InvoiceId] = attrs.Factory(list)
    claims: list[Claim] = attrs.Factory(list)
    counts: list[CountId] = attrs.Factory(list)
    reservations: list[ReservationId] = attrs.Factory(list)
    files: list[FileId] = attrs.Factory(list)
    coded: set[InvoiceId] = attrs.Factory(set)
    paid_by_code: set[InvoiceId] = attrs.Factory(set)
    touched: Counter[InvoiceId] = attrs.Factory(Counter)
    refunded: Counter[tuple[CustomerId, Currency]] = attrs.Factory(Counter)

    def touch(self, *invoices: InvoiceId | None) -> None:
        """Note that something happens to invoices."""
        self.touched.update(one for one in invoices if one is not None)
