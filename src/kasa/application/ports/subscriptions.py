"""Where the use of a plan is counted."""

from collections.abc import Mapping
from datetime import date
from typing import Protocol

from kasa.domain.subscriptions.plan import Meter


class UsageStore(Protocol):
    """Counters of one tenant: one per meter and period.

    ``period`` is the local date a usage period starts, or ``CAPACITY_PERIOD``.
    """

    def spend(self, meter: Meter, n: int, *, period: date, limit: int) -> int | None:
        """Add ``n`` >= 0 while the sum stays within ``limit``; return it, or None.

        One conditional statement: two at once never pass the limit together. None leaves the
        counter as it is.
        """

    def release(self, meter: Meter, n: int, *, period: date) -> int:
        """Take ``n`` >= 0 back, at most what is used, and return what is left."""

    def recount(self, meter: Meter) -> tuple[int, int]:
        """Set a capacity meter to its live rows, and return what it was and what it is.

        Nobody spends or releases between the count and the end of the unit of work.
        """

    def used(self, meter: Meter, *, period: date) -> int:
        """Return what is used, 0 when nothing was counted yet."""


class UsageViews(Protocol):
    """Reads of the counters."""

    def counted(self, period: date) -> Mapping[Meter, int]:
        """Return what is used of the meters that counted anything.

        Period meters are those of the period that starts on a day.
        """
