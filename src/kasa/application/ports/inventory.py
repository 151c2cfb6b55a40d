"""Catalogue, stock and stocktakes of one tenant: what is stored, and what may be read of it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

import attrs

from kasa.domain.inventory.level import Level, Place, StockBook
from kasa.domain.inventory.movement import MovementKind, Source, StockMovement
from kasa.domain.inventory.product import Product, SkuCode
from kasa.domain.inventory.reservation import Reservation, ReservationState
from kasa.domain.inventory.stock import StockChange
from kasa.domain.inventory.stocktake import StockCount
from kasa.domain.kernel.ids import (
    CountId,
    LocationId,
    MovementId,
    ProductId,
    ReservationId,
    SkuId,
)
from kasa.domain.kernel.moments import Period
from kasa.domain.kernel.money import Currency
from kasa.domain.kernel.paging import Cursor, Page


@attrs.frozen(kw_only=True)
class StockRow:
    """A level beside the words of its product, as lists show it."""

    product: ProductId
    name: str
    code: SkuCode
    unit: str
    scale: int
    level: Level
    archived: bool = False


@attrs.frozen(kw_only=True)
class OwedRow:
    """A line that was paid and waits for goods."""

    reservation: ReservationId
    source: Source
    product: ProductId
    code: SkuCode
    owed: int
    owed_at: datetime


@attrs.frozen(kw_only=True)
class Valuation:
    """What the goods on hand cost, in minor units of the cost currency."""

    value_minor: int
    skus: int
    without_cost: int


@attrs.frozen(kw_only=True)
class Drift:
    """A level and the checks that it fails (``domain.inventory.audit``)."""

    place: Place
    checks: tuple[str, ...]


@attrs.frozen(kw_only=True)
class MovementFilter:
    """Which movements are wanted; the period is half-open."""

    sku: SkuId | None = None
    source: UUID | None = None
    kinds: Sequence[MovementKind] = ()
    period: Period | None = None


class ProductStore(Protocol):
    """The catalogue of one tenant."""

    def add(self, product: Product) -> None:
        """Store a new product and its level at every location.

        Raises ``sku.taken`` or ``barcode.taken``; an archived product keeps its code.
        """

    def get(self, id: ProductId) -> Product:
        """Return a product without locking it, or raise NotFound."""

    def several(self, ids: Collection[ProductId]) -> Mapping[ProductId, Product]:
        """Return products without locking them, or raise NotFound when one is missing."""

    def lock(self, id: ProductId) -> Product:
        """Return a product, locked until the unit of work ends, or raise NotFound."""

    def save(self, product: Product) -> None:
        """Store a product that was locked in the same unit of work, or raise as ``add`` does."""

    def by_code(self, code: str) -> Product | None:
        """Return the product of a SKU code, in any spelling of the same key, or None."""

    def by_barcode(self, barcode: str) -> Product | None:
        """Return the product of exactly this barcode, or None."""


class StockLedger(Protocol):
    """Levels, movements and reservations; what a level guards is read while it is locked."""

    def lock(self, skus: Collection[SkuId], location: LocationId) -> StockBook:
        """Lock levels in key order and return them with their SKUs, or raise NotFound.

        A missing and a foreign SKU are the same. Reservations are not part of the answer.
        """

    def reservations(self, kind: str, source: UUID) -> tuple[Reservation, ...]:
        """Return the reservations of a source in the order of its lines, released ones too."""

    def reservation(self, id: ReservationId) -> Reservation:
        """Return a reservation, or raise NotFound; read it again once its level is locked."""

    def held(self, skus: Collection[SkuId]) -> tuple[Reservation, ...]:
        """Return what is held of some SKUs, oldest first."""

    def expired(self, skus: Collection[SkuId], now: datetime) -> tuple[Reservation, ...]:
        """Return what is held of some SKUs although its time is over; at the moment it is."""

    def owed(self, skus: Collection[SkuId]) -> tuple[Reservation, ...]:
        """Return what is owed of some SKUs, longest waiting first, at most 200 per SKU."""

    def keep(self, change: StockChange) -> None:
        """Store movements, levels and reservations together.

        The levels were locked in the same unit of work; a level whose version is not the locked
        one, or a movement key that exists, is a bug and raises ``RuntimeError``.
        """

    def movement(self, id: MovementId) -> StockMovement:
        """Return a movement, or raise NotFound."""

    def is_reversed(self, id: MovementId) -> bool:
        """Tell whether a movement was undone."""

    def seen(self, place: Place, at: datetime) -> tuple[int, int]:
        """Return version and on hand after the last movement at or before a moment, else 0, 0."""

    def due(self, now: datetime, *, limit: int) -> tuple[SkuId, ...]:
        """Return SKUs with expired reservations, or with owed goods that are free by now."""

    def manual_count(self) -> int:
        """Count the reservations by hand that are held."""

    def is_valued(self) -> bool:
        """Tell whether any movement ever moved value; until the work ends none will be valued."""

    def value_in(self, unit: Currency) -> None:
        """Hold the currency that goods are valued in; raise ``Collided`` when it just changed."""

    def drifts(self) -> tuple[Drift, ...]:
        """Return every level that is not what its movements and reservations say, by SKU."""

    def history(self, place: Place) -> tuple[StockMovement, ...]:
        """Return all movements of a level by rising version."""

    def rewrite(self, level: Level) -> None:
        """Store a locked level as it is, without a movement: only to rebuild a drifted one."""


class CountStore(Protocol):
    """Stocktakes of one tenant."""

    def add(self, count: StockCount) -> None:
        """Store a new stocktake, or raise ``count.open`` when one is open at its location."""

    def lock(self, id: CountId) -> StockCount:
        """Return a stocktake with its lines, locked until the work ends, or raise NotFound."""

    def opened(self, location: LocationId) -> StockCount | None:
        """Return the open stocktake of a location, locked, or None."""

    def save(self, count: StockCount) -> None:
        """Store a stocktake that was locked in the same unit of work, with its lines."""


class InventoryViews(Protocol):
    """What may be read of catalogue and stock; pages hold at most 100 rows."""

    def product(self, id: ProductId) -> Product:
        """Return a product, or raise NotFound."""

    def find(self, code: str) -> Product:
        """Return the product of a SKU code or of a barcode, or raise NotFound."""

    def products(
        self,
        *,
        archived: bool = False,
        external_ref: str | None = None,
        updated_from: datetime | None = None,
        after: Cursor | None = None,
        limit: int = 25,
    ) -> Page[Product]:
        """Return a page of products by code; with ``archived`` the archived ones instead.

        With ``external_ref`` only the one with exactly this reference, with ``updated_from`` only
        those that changed since.
        """

    def level(self, product: ProductId) -> StockRow:
        """Return the level of a product at the default location, or raise NotFound."""

    def levels(self, *, after: Cursor | None = None, limit: int = 25) -> Page[StockRow]:
        """Return a page of tracked levels of products not archived, by code."""

    def low(
        self, since: datetime | None, *, after: Cursor | None = None, limit: int = 25
    ) -> Page[StockRow]:
        """Return a page of counted levels with no more available than their low mark, by code."""

    def owed(self, *, after: Cursor | None = None, limit: int = 25) -> Page[OwedRow]:
        """Return a page of lines that wait for goods, longest waiting first."""

    def reservations(
        self,
        *,
        state: ReservationState | None = ReservationState.HELD,
        sku: SkuId | None = None,
        after: Cursor | None = None,
        limit: int = 25,
    ) -> Page[Reservation]:
        """Return a page of reservations, oldest first."""

    def reservations_of(self, kind: str, source: UUID) -> tuple[Reservation, ...]:
        """Return the reservations of a source in the order of its lines."""

    def movements(
        self, wanted: MovementFilter, *, after: Cursor | None = None, limit: int = 25
    ) -> Page[StockMovement]:
        """Return a page of movements, newest first."""

    def valuation(self) -> Valuation:
        """Return what all goods on hand cost."""

    def cost_of_goods(self, period: Period) -> int:
        """Return what the goods cost that left for sales in a period, less those that came back.

        The period is half-open and counts the moment of the movement.
        """

    def count(self, id: CountId) -> StockCount:
        """Return a stocktake with its lines, or raise NotFound."""

    def book(self, skus: Collection[SkuId], location: LocationId) -> StockBook:
        """Return levels and SKUs as they are, unlocked, or raise NotFound: for previews."""
