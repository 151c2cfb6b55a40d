"""The banks' messages in memory."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

import attrs

from kasa.adapters.memory.payments.rows import PAYMENTS, first_owner
from kasa.adapters.memory.tables import Readable, Table, Working
from kasa.application.ports.bank_alerts import FITTING_LIMIT, AlertSummary
from kasa.application.ports.work import LockRank
from kasa.domain.kernel.errors import NotFound
from kasa.domain.kernel.ids import AlertId, PaymentId
from kasa.domain.kernel.money import Money
from kasa.domain.kernel.paging import PAGE_LIMIT, Cursor, Page
from kasa.domain.payments.alerts.alert import BankAlert
from kasa.domain.payments.evidence import Source
from kasa.domain.payments.payment import Payment
from kasa.domain.payments.references import ReferenceKeys, UsedReferences
from kasa.domain.payments.states import PaymentState

ALERTS = Table[AlertId, BankAlert]("bank_alerts", LockRank.ALERTS)
FoundT = TypeVar("FoundT", BankAlert, Payment)
CONFIRMABLE = frozenset({PaymentState.WAITING, PaymentState.IN_REVIEW, PaymentState.APPROVED})


class MemoryAlerts:
    """The banks' messages of one unit of work."""

    def __init__(self, rows: Working) -> None:
        self._rows = rows

    def add(self, alert: BankAlert) -> AlertId | None:
        """Keep a new alert, or return the one that has its place or a key of it."""
        there = self.at(alert.chat, alert.message)
        if there is not None:
            return there
        keys = set(alert.keys)
        for other in self._rows.read(ALERTS).values():
            if keys & set(other.keys):
                return other.id
        self._rows.add(ALERTS, alert.id, alert)
        return None

    def at(self, chat: int, message: int) -> AlertId | None:
        """Return the alert of a message, or None."""
        found = (
            one.id
            for one in self._rows.read(ALERTS).values()
            if (one.chat, one.message) == (chat, message)
        )
        return next(found, None)

    def lock(self, id: AlertId) -> BankAlert:
        """Return the alert, locked until the unit of work ends, or raise NotFound."""
        return self._rows.lock(ALERTS, id)

    def save(self, alert: BankAlert) -> None:
        """Store the flags of a locked alert and whether it is put aside."""
        now = self._rows.get(ALERTS, alert.id)
        self._rows.save(ALERTS, alert.id, attrs.evolve(alert, payment=now.payment))

    def join(self, id: AlertId, payment: PaymentId) -> bool:
        """Give an alert to a payment; false when another one has it, or it is put aside."""
        alert = self._rows.get(ALERTS, id)
        if alert.payment is not None or alert.ignored_at is not None:
            return False
        self._rows.write(ALERTS)[id] = alert.joined(payment)
        return True

    def hold(self, amount: Money) -> None:
        """Do nothing: a unit of work holds the whole tenant."""

    def unjoined(
        self, amount: Money, *, since: datetime, near: datetime | None = None
    ) -> tuple[BankAlert, ...]:
        """Return the alerts of a money that wait for their payment."""
        return unjoined(self._rows, amount, since, near)

    def without_alert(
        self, amount: Money, *, since: datetime, near: datetime | None = None
    ) -> tuple[Payment, ...]:
        """Return the payments of a money that have no alert."""
        return without_alert(self._rows, amount, since, near)

    def used(self, payment: PaymentId, keys: ReferenceKeys) -> UsedReferences:
        """Return the earliest other payment that has one of these keys."""
        return UsedReferences(first=first_owner(self._rows, keys, payment))

    def of_payment(self, id: PaymentId) -> tuple[BankAlert, ...]:
        """Return the alerts that belong to a payment, oldest first."""
        return tuple(one for one in self._rows.read(ALERTS).values() if one.payment == id)


def unjoined(
    rows: Readable, amount: Money, since: datetime, near: datetime | None
) -> tuple[BankAlert, ...]:
    """Return the alerts of a money that wait for their payment."""
    found = [
        one
        for one in rows.read(ALERTS).values()
        if one.payment is None
        and one.ignored_at is None
        and one.credit.amount == amount
        and one.received_at >= since
    ]
    return tuple(_nearest(found, near, lambda one: one.credit.paid_at))


def without_alert(
    rows: Readable, amount: Money, since: datetime, near: datetime | None
) -> tuple[Payment, ...]:
    """Return the payments of a money that have no alert."""
    taken = {one.payment for one in rows.read(ALERTS).values()}
    found = [
        one
        for one in rows.read(PAYMENTS).values()
        if one.state in CONFIRMABLE
        and one.source is Source.SCREENSHOT
        and one.inputs is not None
        and one.amount == amount
        and one.submitted_at >= since
        and one.id not in taken
    ]
    return tuple(_nearest(found, near, lambda one: one.paid_at))


def _nearest(
    found: Sequence[FoundT], near: datetime | None, paid_at: Callable[[FoundT], datetime | None]
) -> list[FoundT]:
    """Return what was paid nearest to a moment first, the newest of equally near ones first."""
    newest = sorted(found, key=lambda one: one.id, reverse=True)

    def apart(one: FoundT) -> timedelta:
        at = paid_at(one)
        return timedelta.max if at is None or near is None else abs(at - near)

    return sorted(newest, key=apart)[:FITTING_LIMIT]


class MemoryAlertViews:
    """Reads of the banks' messages."""

    def __init__(self, rows: Readable) -> None:
        self._rows = rows

    def show(self, id: AlertId) -> BankAlert:
        """Return an alert, or raise NotFound."""
        found = self._rows.read(ALERTS).get(id)
        if found is None:
            raise NotFound
        return found

    def listed(
        self, *, unassigned: bool = False, after: Cursor | None = None, limit: int = 25
    ) -> Page[AlertSummary]:
        """Return a page of alerts, oldest first."""
        size = min(limit, PAGE_LIMIT)
        found = sorted(one for one in self._rows.read(ALERTS) if (after is None or one > after.id))
        alerts = [self._rows.read(ALERTS)[one] for one in found]
        wanted = [
            one
            for one in alerts
            if not unassigned or (one.payment is None and one.ignored_at is None)
        ]
        shown = wanted[:size]
        more = Cursor((), shown[-1].id) if len(wanted) > size else None
        return Page(tuple(AlertSummary.of(one) for one in shown), more)

    def unjoined(
        self, amount: Money, *, since: datetime, near: datetime | None = None
    ) -> tuple[BankAlert, ...]:
        """Return the alerts of a money that wait for their payment."""
        return unjoined(self._rows, amount, since, near)

    def without_alert(
        self, amount: Money, *, since: datetime, near: datetime | None = None
    ) -> tuple[Payment, ...]:
        """Return the payments of a money that have no alert."""
        return without_alert(self._rows, amount, since, near)
