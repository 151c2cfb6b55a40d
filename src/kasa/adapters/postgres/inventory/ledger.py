"""Levels, movements and reservations of a unit of work."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from kasa.adapters.postgres.connection import Row, TenantConnection
from kasa.adapters.postgres.constraints import StoreFault
from kasa.adapters.postgres.inventory import statements
from kasa.adapters.postgres.inventory.values import (
    level_of,
    level_row,
    movement_of,
    movement_row,
    reservation_of,
    reservation_row,
    rows_text,
    stocked_of,
)
from kasa.application.ports.inventory import Drift
from kasa.application.ports.work import Collided, LockRank
from kasa.domain.inventory.level import Level, Place, StockBook
from kasa.domain.inventory.movement import StockMovement
from kasa.domain.inventory.reservation import Reservation
from kasa.domain.inventory.stock import StockChange
from kasa.domain.kernel.errors import NotFound
from kasa.domain.kernel.ids import LocationId, MovementId, ReservationId, SkuId
from kasa.domain.kernel.money import Currency


def book_of(rows: Sequence[Row], wanted: Collection[SkuId]) -> StockBook:
    """Return levels and their SKUs, or raise NotFound when one is missing."""
    levels = {level.place: level for level in map(level_of, rows)}
    if len(levels) < len(set(wanted)):
        raise NotFound
    skus = {sku.id: sku for sku in map(stocked_of, rows)}
    return StockBook(levels=levels, skus=skus)


class PostgresStock:
    """The stock of one tenant."""

    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def lock(self, skus: Collection[SkuId], location: LocationId) -> StockBook:
        """Lock levels in key order and return them with their SKUs, or raise NotFound."""
        wanted = sorted(set(skus))
        self._rows.claim(LockRank.STOCK, *((sku, location) for sku in wanted))
        found = self._rows.all(statements.LOCK, skus=wanted, location=location)
        return book_of(found, wanted)

    def reservations(self, kind: str, source: UUID) -> tuple[Reservation, ...]:
        """Return the reservations of a source in the order of its lines."""
        return self._reservations(statements.OF_SOURCE, kind=kind, source=source)

    def reservation(self, id: ReservationId) -> Reservation:
        """Return a reservation, or raise NotFound."""
        return reservation_of(self._rows.get(statements.RESERVATION, id=id))

    def held(self, skus: Collection[SkuId]) -> tuple[Reservation, ...]:
        """Return what is held of some SKUs, oldest first."""
        return self._reservations(statements.HELD, skus=list(skus))

    def expired(self, skus: Collection[SkuId], now: datetime) -> tuple[Reservation, ...]:
        """Return what is held of some SKUs although its time is over."""
        return self._reservations(statements.EXPIRED, skus=list(skus), now=now)

    def owed(self, skus: Collection[SkuId]) -> tuple[Reservation, ...]:
        """Return what is owed of some SKUs, longest waiting first, at most 200 per SKU."""
        most = statements.OWED_PER_SKU
        return self._reservations(statements.OWED, skus=list(skus), most=most)

    def keep(self, change: StockChange) -> None:
        """Store movements, levels and reservations together."""
        for place in change.levels:
            self._rows.require_claim(LockRank.STOCK, place)
        levels = [level_row(level, change.was(place)) for place, level in change.levels.items()]
        sent = (len(change.movements), len(levels), len(change.reservations))
        if sent != self._written(change, levels):
            raise RuntimeError("a level was not locked before it moved")

    def _written(
        self, change: StockChange, levels: Sequence[dict[str, Any]]
    ) -> tuple[int, int, int]:
        try:
            row = self._rows.get(
                statements.WRITE,
                movements=rows_text([movement_row(row) for row in change.movements]),
                levels=rows_text(levels),
                reservations=rows_text([reservation_row(r) for r in change.reservations.values()]),
            )
        except StoreFault as fault:
            if not fault.sqlstate.startswith("23"):
                raise
            raise RuntimeError("what moved was not locked, or moves a second time") from fault
        return (row["moved"], row["changed"], row["kept"])

    def movement(self, id: MovementId) -> StockMovement:
        """Return a movement, or raise NotFound."""
        return movement_of(self._rows.get(statements.MOVEMENT, id=id))

    def is_reversed(self, id: MovementId) -> bool:
        """Tell whether a movement was undone."""
        return bool(self._rows.scalar(statements.REVERSED, id=id))

    def seen(self, place: Place, at: datetime) -> tuple[int, int]:
        """Return version and on hand after the last movement at or before a moment, else 0, 0."""
        row = self._rows.first(statements.SEEN, sku=place[0], location=place[1], at=at)
        return (0, 0) if row is None else (row["version"], row["on_hand_after"])

    def due(self, now: datetime, *, limit: int) -> tuple[SkuId, ...]:
        """Return SKUs with expired reservations, or with owed goods that are free by now."""
        return tuple(row["sku_id"] for row in self._rows.all(statements.DUE, now=now, limit=limit))

    def manual_count(self) -> int:
        """Count the reservations by hand that are held."""
        return int(self._rows.scalar(statements.MANUAL))

    def is_valued(self) -> bool:
        """Tell whether any movement ever moved value; until the work ends none will be valued."""
        self._rows.first(statements.VALUE_NONE)
        return bool(self._rows.scalar(statements.VALUED))

    def value_in(self, unit: Currency) -> None:
        """Hold the currency that goods are valued in; raise ``Collided`` when it just changed."""
        self._rows.first(statements.VALUE_SOME)
        if self._rows.scalar(statements.COST_CURRENCY) != unit.code:
            raise Collided(retry_after=1)

    def drifts(self) -> tuple[Drift, ...]:
        """Return every level that is not what its movements and reservations say, by SKU."""
        return tuple(
            Drift(
                place=(row["sku_id"], row["location_id"]),
                checks=tuple(name for name in statements.CHECKS if not row[name]),
            )
            for row in self._rows.all(statements.DRIFTS)
        )

    def history(self, place: Place) -> tuple[StockMovement, ...]:
        """Return all movements of a level by rising version."""
        rows = self._rows.all(statements.HISTORY, sku=place[0], location=place[1])
        return tuple(map(movement_of, rows))

    def rewrite(self, level: Level) -> None:
        """Store a locked level as it is, without a movement."""
        self._rows.require_claim(LockRank.STOCK, level.place)
        self._rows.write(
            statements.REWRITE,
            sku=level.sku,
            location=level.location,
            on_hand=level.on_hand,
            reserved=level.reserved,
            owed=level.owed,
            value_minor=level.value_minor,
            version=level.version,
            moved_at=level.moved_at,
        )

    def _reservations(self, statement: Any, **values: Any) -> tuple[Reservation, ...]:
        return tuple(map(reservation_of, self._rows.all(statement, **values)))
