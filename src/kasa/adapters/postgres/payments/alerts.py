"""The banks' own messages of one tenant."""

from datetime import datetime
from typing import Any

from kasa.adapters.postgres.connection import Row, TenantConnection
from kasa.adapters.postgres.payments import alert_statements as statements
from kasa.adapters.postgres.payments.stores import first_owner
from kasa.adapters.postgres.payments.values import payment_of
from kasa.adapters.postgres.rows import text_of, value_of
from kasa.application.ports.bank_alerts import FITTING_LIMIT, AlertSummary
from kasa.application.ports.work import Collided, LockRank
from kasa.domain.kernel.ids import AlertId, PaymentId
from kasa.domain.kernel.money import Money
from kasa.domain.kernel.paging import PAGE_LIMIT, Cursor, Page
from kasa.domain.payments.alerts.alert import BankAlert
from kasa.domain.payments.alerts.reading import BankCredit
from kasa.domain.payments.evidence import Source
from kasa.domain.payments.payment import Payment
from kasa.domain.payments.references import Reference, ReferenceKeys, UsedReferences


class PostgresAlerts:
    """The banks' messages of one tenant, to change."""

    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def add(self, alert: BankAlert) -> AlertId | None:
        """Keep a new alert, or return the one that has its place or a key of it."""
        there = self.at(alert.chat, alert.message) or self._owner(alert.keys)
        if there is not None:
            return there
        self._rows.added(LockRank.ALERTS, alert.id)
        if not self._rows.write(statements.ADD_ALERT, **alert_row(alert)):
            raise Collided(retry_after=1)
        keys = (*alert.keys, *alert.joins)
        written = self._rows.write(
            statements.ADD_KEYS,
            id=alert.id,
            schemes=[key.scheme for key in keys],
            keys=[key.value for key in keys],
            joins=[False] * len(alert.keys) + [True] * len(alert.joins),
        )
        if written != len(keys):
            raise Collided(retry_after=1)
        return None

    def at(self, chat: int, message: int) -> AlertId | None:
        """Return the alert of a message, or None."""
        found = self._rows.scalar(statements.FOUND_AT, chat=chat, message=message)
        return None if found is None else AlertId(found)

    def _owner(self, keys: tuple[Reference, ...]) -> AlertId | None:
        found = self._rows.scalar(
            statements.FOUND_BY_KEY,
            schemes=[key.scheme for key in keys],
            keys=[key.value for key in keys],
        )
        return None if found is None else AlertId(found)

    def lock(self, id: AlertId) -> BankAlert:
        """Return the alert, locked until the unit of work ends, or raise NotFound."""
        self._rows.claim(LockRank.ALERTS, id)
        return alert_of(self._rows.get(statements.LOCK_ALERT, id=id))

    def save(self, alert: BankAlert) -> None:
        """Store the flags of a locked alert and whether it is put aside."""
        self._rows.require_claim(LockRank.ALERTS, alert.id)
        self._rows.write(
            statements.SAVE_ALERT,
            id=alert.id,
            flags=list(alert.flags),
            ignored_at=alert.ignored_at,
            ignored_by=alert.ignored_by,
        )

    def join(self, id: AlertId, payment: PaymentId) -> bool:
        """Give an alert to a payment; false when another one has it, or it is put aside."""
        return bool(self._rows.write(statements.JOIN_ALERT, id=id, payment=payment))

    def hold(self, amount: Money) -> None:
        """Have everybody wait who joins alerts and payments of this money, until the end."""
        self._rows.first(statements.HOLD_ALERTS, **_money(amount))

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
        return tuple(alert_of(row) for row in self._rows.all(statements.OF_PAYMENT, payment=id))


class PostgresAlertViews:
    """Reads of the banks' messages of one tenant."""

    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def show(self, id: AlertId) -> BankAlert:
        """Return an alert, or raise NotFound."""
        return alert_of(self._rows.get(statements.GET_ALERT, id=id))

    def listed(
        self, *, unassigned: bool = False, after: Cursor | None = None, limit: int = 25
    ) -> Page[AlertSummary]:
        """Return a page of alerts, oldest first."""
        size = min(limit, PAGE_LIMIT)
        rows = self._rows.all(
            statements.LISTED_ALERTS,
            unassigned=unassigned,
            after=None if after is None else after.id,
            size=size + 1,
        )
        shown = [alert_of(row) for row in rows[:size]]
        more = Cursor((), shown[-1].id) if len(rows) > size else None
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


def unjoined(
    rows: TenantConnection, amount: Money, since: datetime, near: datetime | None
) -> tuple[BankAlert, ...]:
    """Return the alerts of a money that wait for their payment."""
    found = rows.all(
        statements.UNJOINED, since=since, near=near, limit=FITTING_LIMIT, **_money(amount)
    )
    return tuple(alert_of(row) for row in found)


def without_alert(
    rows: TenantConnection, amount: Money, since: datetime, near: datetime | None
) -> tuple[Payment, ...]:
    """Return the payments of a money that have no alert."""
    found = rows.all(
        statements.WITHOUT_ALERT, since=since, near=near, limit=FITTING_LIMIT, **_money(amount)
    )
    return tuple(payment_of(row) for row in found)


def _money(amount: Money) -> dict[str, Any]:
    return {"currency": amount.currency.code, "amount": amount.minor}


def alert_of(row: Row) -> BankAlert:
    """Return an alert from its row."""
    return BankAlert(
        id=AlertId(row["id"]),
        bot=row["bot"],
        chat=row["chat_id"],
        message=row["message_id"],
        source=Source(row["source"]),
        received_at=row["received_at"],
        digest=row["digest"],
        credit=value_of(row["credit"], BankCredit),
        flags=tuple(row["flags"]),
        payment=row["payment_id"],
        ignored_at=row["ignored_at"],
        ignored_by=row["ignored_by"],
    )


def alert_row(alert: BankAlert) -> dict[str, Any]:
    """Return an alert as the columns of its row."""
    return {
        "id": alert.id,
        "bot": alert.bot,
        "chat": alert.chat,
        "message": alert.message,
        "source": alert.source.value,
        "received_at": alert.received_at,
        "digest": alert.digest,
        "amount": alert.credit.amount.minor,
        "currency": alert.credit.amount.currency.code,
        "paid_at": alert.credit.paid_at,
        "credit": text_of(alert.credit),
        "flags": list(alert.flags),
        "payment": alert.payment,
        "ignored_at": alert.ignored_at,
        "ignored_by": alert.ignored_by,
    }
