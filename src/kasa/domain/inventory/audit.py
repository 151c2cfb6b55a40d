"""Whether a level is what its movements and reservations say, and how to write it anew."""

from collections.abc import Sequence

import attrs

from kasa.domain.inventory.level import Level
from kasa.domain.inventory.movement import StockMovement
from kasa.domain.inventory.reservation import Reservation


def rebuilt(level: Level, movements: Sequence[StockMovement]) -> Level:
    """Return the level that its movements, in order of version, add up to."""
    return attrs.evolve(
        level,
        on_hand=sum(row.d_on_hand for row in movements),
        reserved=sum(row.d_reserved for row in movements),
        owed=sum(row.d_owed for row in movements),
        value_minor=sum(row.d_value for row in movements),
        version=len(movements),
        moved_at=movements[-1].at if movements else None,
    )


def drift(
    level: Level, movements: Sequence[StockMovement], reservations: Sequence[Reservation]
) -> tuple[str, ...]:
    """Return the names of the checks that a level fails; empty when all of it agrees.

    ``movements`` are all of the level, in order of version; ``reservations`` likewise.
    """
    sums, last = rebuilt(level, movements), movements[-1] if movements else None
    after = (0, 0, 0, 0) if last is None else _after(last)
    checks = {
        "on_hand": level.on_hand == sums.on_hand,
        "reserved": level.reserved == sums.reserved,
        "owed": level.owed == sums.owed,
        "value": level.value_minor == sums.value_minor,
        "version": [row.version for row in movements] == list(range(1, level.version + 1)),
        "after": after == (level.on_hand, level.reserved, level.owed, level.value_minor),
        "held": level.reserved == sum(row.quantity for row in reservations if row.held),
        "owing": level.owed == sum(row.owed for row in reservations),
        "waiting": not level.owed or level.free <= 0,
    }
    return tuple(name for name, holds in checks.items() if not holds)


def _after(row: StockMovement) -> tuple[int, int, int, int]:
    return (row.on_hand_after, row.reserved_after, row.owed_after, row.value_after)
