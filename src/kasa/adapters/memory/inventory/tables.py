"""The tables of catalogue and stock in memory."""

from collections.abc import Callable, Iterable
from typing import TypeVar
from uuid import UUID

from kasa.adapters.memory.tables import Table
from kasa.application.ports.work import LockRank
from kasa.domain.inventory.level import Level, Place
from kasa.domain.inventory.movement import StockMovement
from kasa.domain.inventory.product import Product
from kasa.domain.inventory.reservation import Reservation
from kasa.domain.inventory.stocktake import StockCount
from kasa.domain.kernel.ids import CountId, MovementId, ProductId, ReservationId
from kasa.domain.kernel.paging import PAGE_LIMIT, Cursor, Page

RowT = TypeVar("RowT")

PRODUCTS = Table[ProductId, Product]("products", LockRank.DOCUMENTS)
COUNTS = Table[CountId, StockCount]("stock_counts", LockRank.DOCUMENTS)
LEVELS = Table[Place, Level]("stock_levels", LockRank.STOCK)
MOVEMENTS = Table[MovementId, StockMovement]("stock_movements")
MOVEMENT_KEYS = Table[str, MovementId]("stock_movement_keys")
REVERSALS = Table[MovementId, MovementId]("stock_movement_reversals")
RESERVATIONS = Table[ReservationId, Reservation]("stock_reservations")


def page(
    rows: Iterable[RowT],
    order: Callable[[RowT], tuple[str, UUID]],
    *,
    after: Cursor | None,
    limit: int,
    newest: bool = False,
) -> Page[RowT]:
    """Return a page of rows in the order of a text and an identifier."""
    ordered = sorted(rows, key=order, reverse=newest)
    if after is not None:
        last = (after.keys[0], after.id)
        ordered = [row for row in ordered if order(row) != last and (order(row) < last) is newest]
    size = min(max(limit, 1), PAGE_LIMIT)
    items = tuple(ordered[:size])
    if len(ordered) <= size:
        return Page(items)
    text, last_id = order(items[-1])
    return Page(items, Cursor((text,), last_id))
