"""Usage counters in memory."""

from collections.abc import Mapping
from datetime import date

from kasa.adapters.memory.files import FILES
from kasa.adapters.memory.inventory.tables import PRODUCTS
from kasa.adapters.memory.invoicing.rows import CUSTOMERS
from kasa.adapters.memory.tables import Readable, Table, Working
from kasa.application.ports.files import meter_of
from kasa.application.ports.work import LockRank
from kasa.domain.subscriptions.plan import CAPACITY_PERIOD, Meter

USAGE = Table[tuple[Meter, date], int]("usage_counters", LockRank.USAGE)


def live(rows: Readable, meter: Meter) -> int:
    """Return what a capacity meter counts: live rows, or the bytes of files."""
    if meter is Meter.PRODUCTS:
        return sum(one.archived_at is None for one in rows.read(PRODUCTS).values())
    if meter is Meter.CUSTOMERS:
        return sum(one.archived_at is None for one in rows.read(CUSTOMERS).values())
    files = rows.read(FILES).values()
    return sum(one.size_bytes for one in files if meter_of(one.kind) is meter)


class MemoryUsage:
    """Counters of one tenant."""

    def __init__(self, rows: Working) -> None:
        self._rows = rows

    def spend(self, meter: Meter, n: int, *, period: date, limit: int) -> int | None:
        """Add ``n`` >= 0 while the sum stays within ``limit``; return it, or None."""
        self._rows.claim(USAGE, [(meter, period)])
        total = self.used(meter, period=period) + n
        if total > limit:
            return None
        self._rows.write(USAGE)[meter, period] = total
        return total

    def release(self, meter: Meter, n: int, *, period: date) -> int:
        """Take ``n`` >= 0 back, at most what is used, and return what is left."""
        self._rows.claim(USAGE, [(meter, period)])
        left = max(self.used(meter, period=period) - n, 0)
        self._rows.write(USAGE)[meter, period] = left
        return left

    def recount(self, meter: Meter) -> tuple[int, int]:
        """Set a capacity meter to its live rows, and return what it was and what it is."""
        self._rows.claim(USAGE, [(meter, CAPACITY_PERIOD)])
        before, now = self.used(meter, period=CAPACITY_PERIOD), live(self._rows, meter)
        self._rows.write(USAGE)[meter, CAPACITY_PERIOD] = now
        return before, now

    def used(self, meter: Meter, *, period: date) -> int:
        """Return what is used, 0 when nothing was counted yet."""
        return self._rows.read(USAGE).get((meter, period), 0)


class MemoryUsageViews:
    """Reads of the counters of one tenant."""

    def __init__(self, rows: Readable) -> None:
        self._rows = rows

    def counted(self, period: date) -> Mapping[Meter, int]:
        """Return what is used of the meters that counted anything."""
        return {
            meter: used
            for (meter, start), used in self._rows.read(USAGE).items()
            if start == (CAPACITY_PERIOD if meter.is_capacity else period)
        }
