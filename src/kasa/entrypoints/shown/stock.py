"""Levels, movements, reservations and stocktakes as they are shown."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import attrs

from kasa.domain.inventory.level import Level
from kasa.domain.inventory.movement import Source, StockMovement
from kasa.domain.inventory.reservation import Reservation
from kasa.domain.inventory.stock import StockDone
from kasa.domain.inventory.unit import in_units
from kasa.entrypoints.shown.values import maybe, moment


@attrs.frozen(kw_only=True)
class SourceShown:
    """What moved or keeps goods: its kind, its identifier, and perhaps its line."""

    kind: str
    id: UUID
    line: int | None

    @classmethod
    def of(cls, source: Source) -> "SourceShown":
        """Return a source as it is shown."""
        return cls(kind=source.kind, id=source.id, line=source.line)


@attrs.frozen(kw_only=True)
class StockShown:
    """What is there of a product, in its unit; what is reserved and owed is not available.

    ``value_minor`` is what the goods on hand cost, in minor units of the shop's cost currency.
    """

    product_id: UUID
    name: str
    code: str
    unit: str
    scale: int
    on_hand: str
    reserved: str
    owed: str
    available: str
    value_minor: int
    low_at: str | None
    tracked: bool
    archived: bool
    counted_at: datetime | None
    moved_at: datetime | None
    version: int

    @classmethod
    def of(cls, row: Any) -> "StockShown":
        """Return a row of stock as it is shown."""
        level: Level = row.level
        return cls(
            product_id=row.product,
            name=row.name,
            code=row.code,
            unit=row.unit,
            scale=row.scale,
            on_hand=in_units(level.on_hand, row.scale),
            reserved=in_units(level.reserved, row.scale),
            owed=in_units(level.owed, row.scale),
            available=in_units(level.available, row.scale),
            value_minor=level.value_minor,
            low_at=None if level.low_at is None else in_units(level.low_at, row.scale),
            tracked=level.tracked,
            archived=row.archived,
            counted_at=maybe(moment, level.counted_at),
            moved_at=maybe(moment, level.moved_at),
            version=level.version,
        )


@attrs.frozen(kw_only=True)
class LevelShown:
    """The figures of a product after an act, in base units: one unit is 10 to its ``scale``."""

    product_id: UUID
    on_hand: int
    reserved: int
    owed: int
    available: int
    version: int

    @classmethod
    def of(cls, level: Level) -> "LevelShown":
        """Return a level as it is shown."""
        return cls(
            product_id=level.sku,
            on_hand=level.on_hand,
            reserved=level.reserved,
            owed=level.owed,
            available=level.available,
            version=level.version,
        )


@attrs.frozen(kw_only=True)
class MovementShown:
    """A change of one level and the figures after it, in base units.

    Values are minor units of the shop's cost currency.
    """

    id: UUID
    product_id: UUID
    version: int
    kind: str
    reason: str | None
    note: str
    source: SourceShown
    on_hand: int
    reserved: int
    owed: int
    value_minor: int
    on_hand_after: int
    reserved_after: int
    owed_after: int
    value_after_minor: int
    at: datetime
    effective_on: date
    by: UUID | None
    reverses: UUID | None
    cost_unknown: bool

    @classmethod
    def of(cls, row: StockMovement) -> "MovementShown":
        """Return a movement as it is shown."""
        return cls(
            id=row.id,
            product_id=row.sku,
            version=row.version,
            kind=row.kind.value,
            reason=None if row.reason is None else row.reason.value,
            note=row.note,
            source=SourceShown.of(row.source),
            on_hand=row.d_on_hand,
            reserved=row.d_reserved,
            owed=row.d_owed,
            value_minor=row.d_value,
            on_hand_after=row.on_hand_after,
            reserved_after=row.reserved_after,
            owed_after=row.owed_after,
            value_after_minor=row.value_after,
            at=moment(row.at),
            effective_on=row.effective_on,
            by=row.by,
            reverses=row.reverses,
            cost_unknown=row.cost_unknown,
        )


@attrs.frozen(kw_only=True)
class ReservationShown:
    """Goods kept for a source, in base units: ``taken`` have left, ``owed`` are to come."""

    id: UUID
    product_id: UUID
    source: SourceShown
    quantity: int
    taken: int
    owed: int
    returned: int
    state: str
    reason: str | None
    at: datetime
    expires_at: datetime | None
    owed_at: datetime | None
    note: str

    @classmethod
    def of(cls, row: Reservation) -> "ReservationShown":
        """Return a reservation as it is shown."""
        return cls(
            id=row.id,
            product_id=row.sku,
            source=SourceShown.of(row.source),
            quantity=row.quantity,
            taken=row.taken,
            owed=row.owed,
            returned=row.returned,
            state=row.state.value,
            reason=None if row.reason is None else row.reason.value,
            at=moment(row.at),
            expires_at=maybe(moment, row.expires_at),
            owed_at=maybe(moment, row.owed_at),
            note=row.note,
        )


@attrs.frozen(kw_only=True)
class StockMoved:
    """What an act by hand did: what moved, and the levels and reservations that it touched."""

    id: UUID
    movements: tuple[MovementShown, ...]
    levels: tuple[LevelShown, ...]
    reservations: tuple[ReservationShown, ...]

    @classmethod
    def of(cls, done: StockDone) -> "StockMoved":
        """Return the answer to an act as it is shown."""
        return cls(
            id=done.id,
            movements=tuple(MovementShown.of(row) for row in done.movements),
            levels=tuple(LevelShown.of(level) for level in done.levels),
            reservations=tuple(ReservationShown.of(row) for row in done.reservations),
        )


@attrs.frozen(kw_only=True)
class OwedShown:
    """A line that was paid and waits for goods, in base units."""

    reservation_id: UUID
    product_id: UUID
    code: str
    source: SourceShown
    owed: int
    owed_at: datetime

    @classmethod
    def of(cls, row: Any) -> "OwedShown":
        """Return a row of what is owed as it is shown."""
        return cls(
            reservation_id=row.reservation,
            product_id=row.product,
            code=row.code,
            source=SourceShown.of(row.source),
            owed=row.owed,
            owed_at=moment(row.owed_at),
        )
