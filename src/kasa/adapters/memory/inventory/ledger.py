"""Levels, movements and reservations in memory."""

from collections.abc import Callable, Collection
from datetime import datetime
from uuid import UUID

from kasa.adapters.memory.inventory.tables import (
    LEVELS,
    MOVEMENT_KEYS,
    MOVEMENTS,
    PRODUCTS,
    RESERVATIONS,
    REVERSALS,
)
from kasa.adapters.memory.tables import Readable, Working
from kasa.adapters.memory.tenancy import tenant_row
from kasa.application.ports.inventory import Drift
from kasa.application.ports.work import Collided
from kasa.domain.inventory.audit import drift
from kasa.domain.inventory.level import Level, Place, StockBook, StockedSku
from kasa.domain.inventory.movement import StockMovement
from kasa.domain.inventory.reservation import Reservation
from kasa.domain.inventory.stock import StockChange
from kasa.domain.kernel.errors import NotFound
from kasa.domain.kernel.ids import LocationId, MovementId, ProductId, ReservationId, SkuId
from kasa.domain.kernel.money import Currency

OWED_PER_SKU = 200


def read_book(rows: Readable, skus: Collection[SkuId], location: LocationId) -> StockBook:
    """Return levels and their SKUs, or raise NotFound when one is missing."""
    levels, products = rows.read(LEVELS), rows.read(PRODUCTS)
    places = [(sku, location) for sku in sorted(set(skus))]
    if any(place not in levels for place in places):
        raise NotFound
    found = {}
    for sku, _ in places:
        stocked = products[ProductId(sku)].sku
        found[sku] = StockedSku(
            id=sku,
            code=stocked.code,
            unit=stocked.unit,
            scale=stocked.scale,
            packs=stocked.packs,
        )
    return StockBook(levels={place: levels[place] for place in places}, skus=found)


class MemoryStock:
    """The stock of one tenant."""

    def __init__(self, rows: Working) -> None:
        self._rows = rows

    def lock(self, skus: Collection[SkuId], location: LocationId) -> StockBook:
        """Lock levels in key order and return them with their SKUs, or raise NotFound."""
        book = read_book(self._rows, skus, location)
        self._rows.claim(LEVELS, book.levels)
        return book

    def reservations(self, kind: str, source: UUID) -> tuple[Reservation, ...]:
        """Return the reservations of a source in the order of its lines."""
        found = self._where(lambda row: (row.source.kind, row.source.id) == (kind, source))
        return tuple(sorted(found, key=lambda row: row.source.line or 0))

    def reservation(self, id: ReservationId) -> Reservation:
        """Return a reservation, or raise NotFound."""
        return self._rows.get(RESERVATIONS, id)

    def held(self, skus: Collection[SkuId]) -> tuple[Reservation, ...]:
        """Return what is held of some SKUs, oldest first."""
        found = self._where(lambda row: row.held and row.sku in skus)
        return tuple(sorted(found, key=lambda row: (row.at, row.id)))

    def expired(self, skus: Collection[SkuId], now: datetime) -> tuple[Reservation, ...]:
        """Return what is held of some SKUs although its time is over."""
        return tuple(row for row in self.held(skus) if row.expired(now))

    def owed(self, skus: Collection[SkuId]) -> tuple[Reservation, ...]:
        """Return what is owed of some SKUs, longest waiting first, at most 200 per SKU."""
        found = self._where(lambda row: row.owed > 0 and row.sku in skus)
        oldest = sorted(found, key=lambda row: (row.owed_at or row.at, row.id))
        return tuple(
            row
            for sku in sorted(set(skus))
            for row in [each for each in oldest if each.sku == sku][:OWED_PER_SKU]
        )

    def keep(self, change: StockChange) -> None:
        """Store movements, levels and reservations together."""
        keys, levels = self._rows.write(MOVEMENT_KEYS), self._rows.read(LEVELS)
        for place in change.levels:
            if levels[place].version != change.was(place):
                raise RuntimeError("a level was not locked before it moved")
        for movement in change.movements:
            if movement.key in keys:
                raise RuntimeError(f"{movement.key} moves goods a second time")
            keys[movement.key] = movement.id
            self._rows.add(MOVEMENTS, movement.id, movement)
            if movement.reverses is not None:
                self._rows.add(REVERSALS, movement.reverses, movement.id)
        for place, level in change.levels.items():
            self._rows.save(LEVELS, place, level)
        self._rows.write(RESERVATIONS).update(change.reservations)

    def movement(self, id: MovementId) -> StockMovement:
        """Return a movement, or raise NotFound."""
        return self._rows.get(MOVEMENTS, id)

    def is_reversed(self, id: MovementId) -> bool:
        """Tell whether a movement was undone."""
        return id in self._rows.read(REVERSALS)

    def seen(self, place: Place, at: datetime) -> tuple[int, int]:
        """Return version and on hand after the last movement at or before a moment, else 0, 0."""
        before = [row for row in self.history(place) if row.at <= at]
        return (before[-1].version, before[-1].on_hand_after) if before else (0, 0)

    def due(self, now: datetime, *, limit: int) -> tuple[SkuId, ...]:
        """Return SKUs with expired reservations, or with owed goods that are free by now."""
        over = {row.sku for row in self._where(lambda row: row.expired(now))}
        levels = self._rows.read(LEVELS).values()
        free = {level.sku for level in levels if level.owed and level.free > 0}
        return tuple(sorted(over | free)[:limit])

    def manual_count(self) -> int:
        """Count the reservations by hand that are held."""
        return len(self._where(lambda row: row.held and row.source.kind == "manual"))

    def is_valued(self) -> bool:
        """Tell whether any movement ever moved value."""
        return any(row.d_value for row in self._rows.read(MOVEMENTS).values())

    def value_in(self, unit: Currency) -> None:
        """Hold the currency that goods are valued in; here nobody else writes meanwhile."""
        if tenant_row(self._rows).profile.cost_currency != unit:
            raise Collided(retry_after=1)

    def drifts(self) -> tuple[Drift, ...]:
        """Return every level that is not what its movements and reservations say, by SKU."""
        levels = sorted(self._rows.read(LEVELS).values(), key=lambda level: level.place)
        checked = [Drift(place=level.place, checks=self._checks(level)) for level in levels]
        return tuple(row for row in checked if row.checks)

    def _checks(self, level: Level) -> tuple[str, ...]:
        held = self._where(lambda row: row.place == level.place)
        return drift(level, self.history(level.place), held)

    def history(self, place: Place) -> tuple[StockMovement, ...]:
        """Return all movements of a level by rising version."""
        found = [row for row in self._rows.read(MOVEMENTS).values() if row.place == place]
        return tuple(sorted(found, key=lambda row: row.version))

    def rewrite(self, level: Level) -> None:
        """Store a locked level as it is, without a movement."""
        self._rows.save(LEVELS, level.place, level)

    def _where(self, wanted: Callable[[Reservation], bool]) -> list[Reservation]:
        return [row for row in self._rows.read(RESERVATIONS).values() if wanted(row)]
