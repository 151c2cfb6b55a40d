"""The store of the banks' own messages, a part of the context ``payments``."""

from datetime import datetime, timedelta
from typing import Protocol

import attrs

from kasa.domain.kernel.ids import AlertId, PaymentId
from kasa.domain.kernel.money import Money
from kasa.domain.kernel.paging import Cursor, Page
from kasa.domain.payments.alerts.alert import BankAlert
from kasa.domain.payments.evidence import Source
from kasa.domain.payments.payment import Payment
from kasa.domain.payments.references import ReferenceKeys, UsedReferences

FITTING_LIMIT = 50
"""How many alerts, or payments, of one money are looked at."""

JOIN_SPAN = timedelta(days=30)
"""How far back payments without an alert are looked for."""


@attrs.frozen(kw_only=True)
class AlertSummary:
    """An alert as it is listed."""

    id: AlertId
    source: Source
    received_at: datetime
    family: str
    amount: Money
    paid_at: datetime
    payer: str
    payer_tail: str
    shop: str
    remark: str
    flags: tuple[str, ...]
    payment: PaymentId | None
    ignored_at: datetime | None

    @classmethod
    def of(cls, alert: BankAlert) -> "AlertSummary":
        """Return the line of an alert in a list."""
        credit = alert.credit
        return cls(
            id=alert.id,
            source=alert.source,
            received_at=alert.received_at,
            family=credit.family,
            amount=credit.amount,
            paid_at=credit.paid_at,
            payer=credit.payer,
            payer_tail=credit.payer_tail,
            shop=credit.shop or "",
            remark=credit.remark or credit.bill_number,
            flags=alert.flags,
            payment=alert.payment,
            ignored_at=alert.ignored_at,
        )


class AlertStore(Protocol):
    """The banks' messages; each is kept once and joins at most one payment."""

    def add(self, alert: BankAlert) -> AlertId | None:
        """Keep a new alert; or keep nothing and return the one that has its place or a key of it.

        Its place is (chat, message). A concurrent twin waits and then raises ``Collided``, or is
        the one that is returned. A kept one counts as locked.
        """

    def at(self, chat: int, message: int) -> AlertId | None:
        """Return the alert of a message, or None."""

    def lock(self, id: AlertId) -> BankAlert:
        """Return the alert, locked until the unit of work ends, or raise NotFound."""

    def save(self, alert: BankAlert) -> None:
        """Store the flags of a locked alert and whether it is put aside; its payment stays."""

    def join(self, id: AlertId, payment: PaymentId) -> bool:
        """Give an alert to a payment; false when another one has it, or it is put aside."""

    def hold(self, amount: Money) -> None:
        """Have everybody wait who joins alerts and payments of this money, until the end.

        Payments are locked before, references after it.
        """

    def unjoined(
        self, amount: Money, *, since: datetime, near: datetime | None = None
    ) -> tuple[BankAlert, ...]:
        """Return the alerts of a money that wait for their payment, at most 50.

        Those paid nearest to a moment first, or the newest first.
        """

    def without_alert(
        self, amount: Money, *, since: datetime, near: datetime | None = None
    ) -> tuple[Payment, ...]:
        """Return the payments of a money that have no alert, at most 50, ordered like alerts.

        Those that wait, are in review, or were approved, and were read from pictures.
        """

    def used(self, payment: PaymentId, keys: ReferenceKeys) -> UsedReferences:
        """Return the earliest other payment that has one of these keys; nothing is registered."""

    def of_payment(self, id: PaymentId) -> tuple[BankAlert, ...]:
        """Return the alerts that belong to a payment, oldest first."""


class AlertViews(Protocol):
    """What may be read of the banks' messages."""

    def show(self, id: AlertId) -> BankAlert:
        """Return an alert, or raise NotFound."""

    def listed(
        self, *, unassigned: bool = False, after: Cursor | None = None, limit: int = 25
    ) -> Page[AlertSummary]:
        """Return a page of alerts, oldest first; ``unassigned`` ones want a person."""

    def unjoined(
        self, amount: Money, *, since: datetime, near: datetime | None = None
    ) -> tuple[BankAlert, ...]:
        """Return the alerts of a money that wait for their payment, at most 50.

        Those paid nearest to a moment first, or the newest first.
        """

    def without_alert(
        self, amount: Money, *, since: datetime, near: datetime | None = None
    ) -> tuple[Payment, ...]:
        """Return the payments of a money that have no alert, at most 50, ordered like alerts."""
