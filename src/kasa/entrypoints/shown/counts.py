"""Stocktakes as they are shown."""

from datetime import datetime
from uuid import UUID

import attrs

from kasa.domain.inventory.stocktake import Difference, StockCount
from kasa.entrypoints.shown.values import moment


@attrs.frozen(kw_only=True)
class DifferenceShown:
    """What committing a stocktake would change: base units, and their value in minor units."""

    product_id: UUID
    counted: int
    expected: int
    units: int
    value_minor: int

    @classmethod
    def of(cls, row: Difference) -> "DifferenceShown":
        """Return a difference as it is shown."""
        return cls(
            product_id=row.sku,
            counted=row.counted,
            expected=row.expected,
            units=row.units,
            value_minor=row.value,
        )


@attrs.frozen(kw_only=True)
class CountLineShown:
    """What was counted of a product, and what its level said at that moment, in base units."""

    product_id: UUID
    counted: int
    seen_on_hand: int
    counted_at: datetime


@attrs.frozen(kw_only=True)
class CountShown:
    """A stocktake; without ``products`` it is one of everything.

    ``differences`` is what committing it would change, told while it is open.
    """

    id: UUID
    state: str
    products: tuple[UUID, ...]
    lines: tuple[CountLineShown, ...]
    opened_at: datetime
    changed_at: datetime
    version: int
    differences: tuple[DifferenceShown, ...] | None = None

    @classmethod
    def of(cls, count: StockCount) -> "CountShown":
        """Return a stocktake as it is shown."""
        return cls(
            id=count.id,
            state=count.state.value,
            products=count.skus,
            lines=tuple(
                CountLineShown(
                    product_id=line.sku,
                    counted=line.counted,
                    seen_on_hand=line.seen_on_hand,
                    counted_at=moment(line.counted_at),
                )
                for line in count.lines.values()
            ),
            opened_at=moment(count.opened_at),
            changed_at=moment(count.changed_at),
            version=count.version,
        )
