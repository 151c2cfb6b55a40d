"""Usage counters: one conditional statement each, so that two at once never pass a limit."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import text

from kasa.adapters.postgres.books import LIVE
from kasa.adapters.postgres.connection import TenantConnection
from kasa.application.ports.work import LockRank
from kasa.domain.subscriptions.plan import CAPACITY_PERIOD, Meter

_SPEND = text(
    "INSERT INTO usage_counters AS u (tenant_id, meter, period_start, used) "
    "SELECT :tenant, :meter, CAST(:start AS date), CAST(:n AS bigint) "
    "WHERE CAST(:n AS bigint) <= CAST(:limit AS bigint) "
    "ON CONFLICT (tenant_id, meter, period_start) DO UPDATE SET used = u.used + :n "
    "WHERE u.used <= CAST(:limit AS bigint) - CAST(:n AS bigint) RETURNING used"
)
_RELEASE = text(
    "UPDATE usage_counters SET used = greatest(used - :n, 0) "
    "WHERE tenant_id = :tenant AND meter = :meter AND period_start = :start RETURNING used"
)
_HOLD = text(
    "INSERT INTO usage_counters AS u (tenant_id, meter, period_start, used) "
    "VALUES (:tenant, :meter, :start, 0) "
    "ON CONFLICT (tenant_id, meter, period_start) DO UPDATE SET used = u.used RETURNING used"
)
_RECOUNT = {
    meter: text(
        f"UPDATE usage_counters SET used = coalesce((SELECT {rest}), 0) "
        "WHERE tenant_id = :tenant AND meter = :meter AND period_start = :start RETURNING used"
    )
    for meter, rest in LIVE.items()
}
_USED = text(
    "SELECT used FROM usage_counters "
    "WHERE tenant_id = :tenant AND meter = :meter AND period_start = :start"
)
_COUNTED = text(
    "SELECT meter, period_start, used FROM usage_counters WHERE tenant_id = :tenant "
    "AND period_start IN (CAST(:start AS date), CAST(:capacity AS date))"
)


class PostgresUsage:
    """Counters of one tenant."""

    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def spend(self, meter: Meter, n: int, *, period: date, limit: int) -> int | None:
        """Add ``n`` >= 0 while the sum stays within ``limit``; return it, or None."""
        self._rows.claim(LockRank.USAGE, (meter, period))
        found = self._rows.scalar(_SPEND, meter=meter.value, start=period, n=n, limit=limit)
        return None if found is None else int(found)

    def release(self, meter: Meter, n: int, *, period: date) -> int:
        """Take ``n`` >= 0 back, at most what is used, and return what is left."""
        self._rows.claim(LockRank.USAGE, (meter, period))
        return int(self._rows.scalar(_RELEASE, meter=meter.value, start=period, n=n) or 0)

    def recount(self, meter: Meter) -> tuple[int, int]:
        """Set a capacity meter to its live rows, and return what it was and what it is.

        The counter is held before the rows are counted: what others are adding counts itself.
        """
        self._rows.claim(LockRank.USAGE, (meter, CAPACITY_PERIOD))
        place = {"meter": meter.value, "start": CAPACITY_PERIOD}
        before = self._rows.scalar(_HOLD, **place)
        return int(before), int(self._rows.scalar(_RECOUNT[meter], **place))

    def used(self, meter: Meter, *, period: date) -> int:
        """Return what is used, 0 when nothing was counted yet."""
        return int(self._rows.scalar(_USED, meter=meter.value, start=period) or 0)


class PostgresUsageViews:
    """Reads of the counters of one tenant."""

    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def counted(self, period: date) -> Mapping[Meter, int]:
        """Return what is used of the meters that counted anything."""
        rows = self._rows.all(_COUNTED, start=period, capacity=CAPACITY_PERIOD)
        found = {(Meter(row["meter"]), row["period_start"]): row["used"] for row in rows}
        return {
            meter: used
            for (meter, start), used in found.items()
            if start == (CAPACITY_PERIOD if meter.is_capacity else period)
        }
