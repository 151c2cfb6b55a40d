"""Usage counters in memory."""

from datetime import date

from kasa.adapters.memory.tables import Table, Working
from kasa.application.ports.work import LockRank
from kasa.domain.subscriptions.plan import Meter

USAGE = Table[tuple[Meter, date], int]("usage_counters", LockRank.USAGE)


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

    def used(self, meter: Meter, *, period: date) -> int:
        """Return what is used, 0 when nothing was counted yet."""
        return self._rows.read(USAGE).get((meter, period), 0)
