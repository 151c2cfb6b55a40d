"""What may be read of catalogue and stock."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import text

from kasa.adapters.postgres.connection import Row, TenantConnection
from kasa.adapters.postgres.inventory import counts, products, statements
from kasa.adapters.postgres.inventory.ledger import book_of
from kasa.adapters.postgres.inventory.values import (
    level_of,
    movement_of,
    product_of,
    reservation_of,
    source_of,
)
from kasa.adapters.postgres.rows import value_of
from kasa.application.ports.inventory import MovementFilter, OwedRow, StockRow, Valuation
from kasa.domain.inventory.level import StockBook
from kasa.domain.inventory.movement import StockMovement
from kasa.domain.inventory.product import Product, code_key
from kasa.domain.inventory.reservation import Reservation, ReservationState
from kasa.domain.inventory.stocktake import StockCount
from kasa.domain.kernel.errors import NotFound
from kasa.domain.kernel.ids import CountId, LocationId, ProductId, SkuId
from kasa.domain.kernel.moments import Period
from kasa.domain.kernel.paging import PAGE_LIMIT, Cursor, Page

RowT = TypeVar("RowT")

_BEHIND_CODE = (
    "AND (CAST(:text AS text) IS NULL "
    "OR (s.code_key, p.id) > (CAST(:text AS text), CAST(:last AS uuid))) "
    "ORDER BY s.code_key, p.id LIMIT :rows"
)
_PRODUCTS = text(
    products.SHOW + "AND (p.archived_at IS NOT NULL) = CAST(:archived AS boolean) "
    "AND (CAST(:external_ref AS text) IS NULL OR p.external_ref = CAST(:external_ref AS text)) "
    "AND (CAST(:updated_from AS timestamptz) IS NULL "
    "OR p.updated_at >= CAST(:updated_from AS timestamptz)) " + _BEHIND_CODE
)
_LEVELS = (
    "SELECT l.*, p.id AS product_id, p.name, p.archived_at, s.code, s.code_key, s.unit_code, "
    "s.scale FROM stock_levels l JOIN skus s ON (s.tenant_id, s.id) = (l.tenant_id, l.sku_id) "
    "JOIN products p ON (p.tenant_id, p.id) = (s.tenant_id, s.product_id) "
    "WHERE l.tenant_id = :tenant "
)
_LEVEL = text(_LEVELS + "AND p.id = :id AND l.location_id = :tenant")
_LISTED = text(_LEVELS + "AND l.tracked AND p.archived_at IS NULL " + _BEHIND_CODE)
_LOW = text(
    _LEVELS + "AND l.tracked AND p.archived_at IS NULL AND l.counted_at >= :since "
    "AND l.on_hand - l.reserved - l.owed <= l.low_at " + _BEHIND_CODE
)
_OWED = text(
    "SELECT r.*, s.code FROM stock_reservations r "
    "JOIN skus s ON (s.tenant_id, s.id) = (r.tenant_id, r.sku_id) "
    "WHERE r.tenant_id = :tenant AND r.owed > 0 AND (CAST(:text AS timestamptz) IS NULL "
    "OR (r.owed_at, r.id) > (CAST(:text AS timestamptz), CAST(:last AS uuid))) "
    "ORDER BY r.owed_at, r.id LIMIT :rows"
)
_RESERVATIONS = text(
    "SELECT r.* FROM stock_reservations r WHERE r.tenant_id = :tenant "
    "AND (CAST(:state AS text) IS NULL OR r.state = :state) "
    "AND (CAST(:sku AS uuid) IS NULL OR r.sku_id = :sku) "
    "AND (CAST(:text AS timestamptz) IS NULL "
    "OR (r.at, r.id) > (CAST(:text AS timestamptz), CAST(:last AS uuid))) "
    "ORDER BY r.at, r.id LIMIT :rows"
)
_MOVEMENTS = text(
    "SELECT m.* FROM stock_movements m WHERE m.tenant_id = :tenant "
    "AND (CAST(:sku AS uuid) IS NULL OR m.sku_id = :sku) "
    "AND (CAST(:source AS uuid) IS NULL OR m.source_id = :source) "
    "AND (cardinality(CAST(:kinds AS text[])) = 0 OR m.kind = ANY(:kinds)) "
    "AND (CAST(:start AS timestamptz) IS NULL OR m.at >= :start) "
    "AND (CAST(:end AS timestamptz) IS NULL OR m.at < :end) "
    "AND (CAST(:text AS timestamptz) IS NULL OR (m.at, m.version, m.id) "
    "< (CAST(:text AS timestamptz), CAST(:version AS bigint), CAST(:last AS uuid))) "
    "ORDER BY m.at DESC, m.version DESC, m.id DESC LIMIT :rows"
)
_VALUATION = text(
    "SELECT coalesce(sum(value_minor), 0) AS value_minor, count(*) AS skus, "
    "count(*) FILTER (WHERE value_minor = 0) AS without_cost FROM stock_levels "
    "WHERE tenant_id = :tenant AND on_hand > 0"
)
_COST_OF_GOODS = text(
    "SELECT coalesce(-sum(d_value_minor), 0) FROM stock_movements WHERE tenant_id = :tenant "
    "AND at >= :start AND at < :end AND (kind IN ('consume', 'return') OR reason = 'reversed')"
)


def _size(limit: int) -> int:
    return min(max(limit, 1), PAGE_LIMIT)


def _behind(after: Cursor | None) -> dict[str, Any]:
    return {"text": after.keys[0] if after else None, "last": after.id if after else None}


def _page(
    rows: Sequence[Row],
    made: Callable[[Row], RowT],
    cursor: Callable[[Row], Cursor],
    *,
    limit: int,
) -> Page[RowT]:
    """Return a page; one row more than asked for was read, to know whether more follow."""
    size = _size(limit)
    more = cursor(rows[size - 1]) if len(rows) > size else None
    return Page(tuple(made(row) for row in rows[:size]), more)


def _stock_row(row: Row) -> StockRow:
    return StockRow(
        product=ProductId(row["product_id"]),
        name=row["name"],
        code=row["code"],
        unit=row["unit_code"],
        scale=row["scale"],
        level=level_of(row),
        archived=row["archived_at"] is not None,
    )


def _owed_row(row: Row) -> OwedRow:
    return value_of(
        {
            "reservation": row["id"],
            "source": source_of(row),
            "product": row["sku_id"],
            "code": row["code"],
            "owed": row["owed"],
            "owed_at": row["owed_at"],
        },
        OwedRow,
    )


class PostgresInventoryViews:
    """Reads catalogue and stock of one tenant."""

    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def product(self, id: ProductId) -> Product:
        """Return a product, or raise NotFound."""
        return product_of(self._rows.get(products.GET, id=id))

    def find(self, code: str) -> Product:
        """Return the product of a SKU code or of a barcode, or raise NotFound."""
        row = self._rows.first(products.BY_CODE, key=code_key(code))
        row = row or self._rows.first(products.BY_BARCODE, barcode=code)
        if row is None:
            raise NotFound
        return product_of(row)

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
        wanted = {"external_ref": external_ref, "updated_from": updated_from}
        size = _size(limit) + 1
        rows = self._rows.all(_PRODUCTS, archived=archived, rows=size, **wanted, **_behind(after))
        return _page(
            rows, product_of, lambda row: Cursor((row["code_key"],), row["id"]), limit=limit
        )

    def level(self, product: ProductId) -> StockRow:
        """Return the level of a product at the default location, or raise NotFound."""
        return _stock_row(self._rows.get(_LEVEL, id=product))

    def levels(self, *, after: Cursor | None = None, limit: int = 25) -> Page[StockRow]:
        """Return a page of tracked levels of products not archived, by code."""
        return self._stock_rows(_LISTED, after=after, limit=limit)

    def low(
        self, since: datetime | None, *, after: Cursor | None = None, limit: int = 25
    ) -> Page[StockRow]:
        """Return a page of counted levels with no more available than their low mark, by code."""
        return self._stock_rows(_LOW, after=after, limit=limit, since=since)

    def owed(self, *, after: Cursor | None = None, limit: int = 25) -> Page[OwedRow]:
        """Return a page of lines that wait for goods, longest waiting first."""
        rows = self._rows.all(_OWED, rows=_size(limit) + 1, **_behind(after))
        return _page(
            rows,
            _owed_row,
            lambda row: Cursor((row["owed_at"].isoformat(),), row["id"]),
            limit=limit,
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
        wanted = None if state is None else state.value
        rows = self._rows.all(
            _RESERVATIONS, state=wanted, sku=sku, rows=_size(limit) + 1, **_behind(after)
        )
        return _page(
            rows,
            reservation_of,
            lambda row: Cursor((row["at"].isoformat(),), row["id"]),
            limit=limit,
        )

    def reservations_of(self, kind: str, source: UUID) -> tuple[Reservation, ...]:
        """Return the reservations of a source in the order of its lines."""
        rows = self._rows.all(statements.OF_SOURCE, kind=kind, source=source)
        return tuple(map(reservation_of, rows))

    def movements(
        self, wanted: MovementFilter, *, after: Cursor | None = None, limit: int = 25
    ) -> Page[StockMovement]:
        """Return a page of movements, newest first."""
        rows = self._rows.all(
            _MOVEMENTS,
            sku=wanted.sku,
            source=wanted.source,
            kinds=[kind.value for kind in wanted.kinds],
            start=wanted.period.start if wanted.period else None,
            end=wanted.period.end if wanted.period else None,
            version=int(after.keys[1]) if after else None,
            rows=_size(limit) + 1,
            **_behind(after),
        )
        return _page(
            rows,
            movement_of,
            lambda row: Cursor((row["at"].isoformat(), str(row["version"])), row["id"]),
            limit=limit,
        )

    def valuation(self) -> Valuation:
        """Return what all goods on hand cost."""
        row = self._rows.get(_VALUATION)
        return Valuation(
            value_minor=int(row["value_minor"]),
            skus=row["skus"],
            without_cost=row["without_cost"],
        )

    def cost_of_goods(self, period: Period) -> int:
        """Return what the goods cost that left for sales in a period, less those that came back."""
        return int(self._rows.scalar(_COST_OF_GOODS, start=period.start, end=period.end))

    def count(self, id: CountId) -> StockCount:
        """Return a stocktake with its lines, or raise NotFound."""
        return counts.count_of(self._rows.get(counts.SHOW, id=id))

    def book(self, skus: Collection[SkuId], location: LocationId) -> StockBook:
        """Return levels and SKUs as they are, unlocked, or raise NotFound."""
        wanted = list(set(skus))
        found = self._rows.all(statements.READ, skus=wanted, location=location)
        return book_of(found, wanted)

    def _stock_rows(
        self, statement: Any, *, after: Cursor | None, limit: int, **values: Any
    ) -> Page[StockRow]:
        rows = self._rows.all(statement, rows=_size(limit) + 1, **_behind(after), **values)
        return _page(
            rows,
            _stock_row,
            lambda row: Cursor((row["code_key"],), row["product_id"]),
            limit=limit,
        )
