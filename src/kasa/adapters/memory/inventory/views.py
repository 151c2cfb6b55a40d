"""What may be read of catalogue and stock, in memory."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from kasa.adapters.memory.inventory.ledger import read_book
from kasa.adapters.memory.inventory.tables import (
    COUNTS,
    LEVELS,
    MOVEMENTS,
    PRODUCTS,
    RESERVATIONS,
    page,
)
from kasa.adapters.memory.tables import Readable
from kasa.application.ports.inventory import MovementFilter, OwedRow, StockRow, Valuation
from kasa.domain.inventory.level import Level, StockBook
from kasa.domain.inventory.movement import MovementKind, MovementReason, StockMovement
from kasa.domain.inventory.product import Product, code_key
from kasa.domain.inventory.reservation import Reservation, ReservationState
from kasa.domain.inventory.stocktake import StockCount
from kasa.domain.kernel.errors import NotFound
from kasa.domain.kernel.ids import CountId, LocationId, ProductId, SkuId
from kasa.domain.kernel.moments import Period
from kasa.domain.kernel.paging import Cursor, Page

SALES = {MovementKind.CONSUME, MovementKind.RETURN}


class MemoryInventoryViews:
    """Reads catalogue and stock of one tenant."""

    def __init__(self, rows: Readable) -> None:
        self._rows = rows

    def product(self, id: ProductId) -> Product:
        """Return a product, or raise NotFound."""
        found = self._rows.read(PRODUCTS).get(id)
        if found is None:
            raise NotFound
        return found

    def find(self, code: str) -> Product:
        """Return the product of a SKU code or of a barcode, or raise NotFound."""
        products = self._rows.read(PRODUCTS).values()
        for product in products:
            if product.sku.key == code_key(code):
                return product
        for product in products:
            if product.sku.barcode == code:
                return product
        raise NotFound

    def products(
        self,
        *,
        archived: bool = False,
        external_ref: str | None = None,
        updated_from: datetime | None = None,
        after: Cursor | None = None,
        limit: int = 25,
    ) -> Page[Product]:
        """Return a page of products by code; with ``archived`` the archived ones instead."""
        products = self._rows.read(PRODUCTS).values()
        wanted = [
            row
            for row in products
            if (row.archived_at is not None) is archived
            and external_ref in {None, row.external_ref}
            and (updated_from is None or row.updated_at >= updated_from)
        ]
        return page(wanted, lambda row: (row.sku.key, row.id), after=after, limit=limit)

    def level(self, product: ProductId) -> StockRow:
        """Return the level of a product at the default location, or raise NotFound."""
        level = self._rows.read(LEVELS).get((SkuId(product), LocationId(self._rows.tenant)))
        if level is None:
            raise NotFound
        return self._row(level)

    def levels(self, *, after: Cursor | None = None, limit: int = 25) -> Page[StockRow]:
        """Return a page of tracked levels of products not archived, by code."""
        return self._rows_of(self._listed(), after=after, limit=limit)

    def low(
        self, since: datetime | None, *, after: Cursor | None = None, limit: int = 25
    ) -> Page[StockRow]:
        """Return a page of counted levels with no more available than their low mark, by code."""
        low = [
            row
            for row in self._listed()
            if row.level.counted(since)
            and row.level.low_at is not None
            and row.level.available <= row.level.low_at
        ]
        return self._rows_of(low, after=after, limit=limit)

    def owed(self, *, after: Cursor | None = None, limit: int = 25) -> Page[OwedRow]:
        """Return a page of lines that wait for goods, longest waiting first."""
        owing = [
            OwedRow(
                reservation=row.id,
                source=row.source,
                product=ProductId(row.sku),
                code=self.product(ProductId(row.sku)).sku.code,
                owed=row.owed,
                owed_at=row.owed_at or row.at,
            )
            for row in self._rows.read(RESERVATIONS).values()
            if row.owed
        ]
        return page(
            owing, lambda row: (row.owed_at.isoformat(), row.reservation), after=after, limit=limit
        )

    def reservations(
        self,
        *,
        state: ReservationState | None = ReservationState.HELD,
        sku: SkuId | None = None,
        after: Cursor | None = None,
        limit: int = 25,
    ) -> Page[Reservation]:
        """Return a page of reservations, oldest first."""
        found = [
            row
            for row in self._rows.read(RESERVATIONS).values()
            if (state is None or row.state is state) and (sku is None or row.sku == sku)
        ]
        return page(found, lambda row: (row.at.isoformat(), row.id), after=after, limit=limit)

    def reservations_of(self, kind: str, source: UUID) -> tuple[Reservation, ...]:
        """Return the reservations of a source in the order of its lines."""
        found = [
            row
            for row in self._rows.read(RESERVATIONS).values()
            if (row.source.kind, row.source.id) == (kind, source)
        ]
        return tuple(sorted(found, key=lambda row: row.source.line or 0))

    def movements(
        self, wanted: MovementFilter, *, after: Cursor | None = None, limit: int = 25
    ) -> Page[StockMovement]:
        """Return a page of movements, newest first."""
        found = [row for row in self._rows.read(MOVEMENTS).values() if _fits(row, wanted)]
        return page(
            found,
            lambda row: (f"{row.at.isoformat()}/{row.version:020d}", row.id),
            after=after,
            limit=limit,
            newest=True,
        )

    def valuation(self) -> Valuation:
        """Return what all goods on hand cost."""
        there = [level for level in self._rows.read(LEVELS).values() if level.on_hand]
        return Valuation(
            value_minor=sum(level.value_minor for level in there),
            skus=len(there),
            without_cost=sum(1 for level in there if not level.value_minor),
        )

    def cost_of_goods(self, period: Period) -> int:
        """Return what the goods cost that left for sales in a period, less those that came back."""
        return -sum(
            row.d_value
            for row in self._rows.read(MOVEMENTS).values()
            if row.at in period and (row.kind in SALES or row.reason is MovementReason.REVERSED)
        )

    def count(self, id: CountId) -> StockCount:
        """Return a stocktake with its lines, or raise NotFound."""
        found = self._rows.read(COUNTS).get(id)
        if found is None:
            raise NotFound
        return found

    def book(self, skus: Collection[SkuId], location: LocationId) -> StockBook:
        """Return levels and SKUs as they are, unlocked, or raise NotFound."""
        return read_book(self._rows, skus, location)

    def _row(self, level: Level) -> StockRow:
        product = self.product(ProductId(level.sku))
        return StockRow(
            product=product.id,
            name=product.name,
            code=product.sku.code,
            unit=product.sku.unit,
            scale=product.sku.scale,
            level=level,
            archived=product.archived_at is not None,
        )

    def _listed(self) -> list[StockRow]:
        rows = [self._row(level) for level in self._rows.read(LEVELS).values() if level.tracked]
        return [row for row in rows if not row.archived]

    def _rows_of(self, rows: list[StockRow], *, after: Cursor | None, limit: int) -> Page[StockRow]:
        return page(rows, lambda row: (code_key(row.code), row.product), after=after, limit=limit)


def _fits(row: StockMovement, wanted: MovementFilter) -> bool:
    return (
        (wanted.sku is None or row.sku == wanted.sku)
        and (wanted.source is None or row.source.id == wanted.source)
        and (not wanted.kinds or row.kind in wanted.kinds)
        and (wanted.period is None or row.at in wanted.period)
    )
