"""Stocktakes in memory."""

from kasa.adapters.memory.inventory.tables import COUNTS
from kasa.adapters.memory.tables import Working
from kasa.domain.inventory.stocktake import CountOpen, CountState, StockCount
from kasa.domain.kernel.ids import CountId, LocationId


class MemoryCounts:
    """The stocktakes of one tenant."""

    def __init__(self, rows: Working) -> None:
        self._rows = rows

    def add(self, count: StockCount) -> None:
        """Store a new stocktake, or raise ``count.open`` when one is open at its location."""
        if self._opened(count.location) is not None:
            raise CountOpen
        self._rows.add(COUNTS, count.id, count)

    def lock(self, id: CountId) -> StockCount:
        """Return a stocktake with its lines, locked until the work ends, or raise NotFound."""
        return self._rows.lock(COUNTS, id)

    def opened(self, location: LocationId) -> StockCount | None:
        """Return the open stocktake of a location, locked, or None."""
        found = self._opened(location)
        return None if found is None else self._rows.lock(COUNTS, found.id)

    def save(self, count: StockCount) -> None:
        """Store a stocktake that was locked in the same unit of work, with its lines."""
        self._rows.save(COUNTS, count.id, count)

    def _opened(self, location: LocationId) -> StockCount | None:
        rows = self._rows.read(COUNTS).values()
        return next(
            (
                count
                for count in rows
                if count.location == location and count.state is CountState.OPEN
            ),
            None,
        )
