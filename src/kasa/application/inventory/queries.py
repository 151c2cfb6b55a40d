"""What members may read about catalogue and stock."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import ClassVar
from uuid import UUID

import attrs

from kasa.application.ports.inventory import MovementFilter, OwedRow, StockRow, Valuation
from kasa.application.ports.work import UnitOfWorkFactory
from kasa.domain.identity.access import Actor, Permission
from kasa.domain.inventory.movement import MovementKind, StockMovement
from kasa.domain.inventory.product import Product
from kasa.domain.inventory.reservation import Reservation, ReservationState, StockOutcome
from kasa.domain.inventory.stocktake import Difference, StockCount, differences
from kasa.domain.kernel.ids import CountId, InvoiceId, ProductId, SkuId
from kasa.domain.kernel.moments import Period
from kasa.domain.kernel.paging import Cursor, Page

FIRST_MOMENT = datetime(1, 1, 2, tzinfo=UTC)
LAST_MOMENT = datetime(9999, 12, 30, tzinfo=UTC)


@attrs.frozen(kw_only=True, eq=False)
class InventoryQueries:
    """What members may read about products, levels, movements, reservations and stocktakes."""

    permission: ClassVar[Permission] = Permission.READ

    unit_of_work: UnitOfWorkFactory

    def product(self, actor: Actor, product_id: ProductId) -> Product:
        """Return a product, or raise NotFound."""
        actor.require(self.permission)
        with self.unit_of_work.read_only(actor) as view:
            return view.stock.product(product_id)

    def find(self, actor: Actor, code: str) -> Product:
        """Return the product of a SKU code or a barcode, or raise NotFound."""
        actor.require(self.permission)
        with self.unit_of_work.read_only(actor) as view:
            return view.stock.find(code)

    def products(
        self,
        actor: Actor,
        *,
        archived: bool = False,
        external_ref: str | None = None,
        updated_from: datetime | None = None,
        after: Cursor | None = None,
        limit: int = 25,
    ) -> Page[Product]:
        """Return a page of products by code."""
        actor.require(self.permission)
        with self.unit_of_work.read_only(actor) as view:
            return view.stock.products(
                archived=archived,
                external_ref=external_ref,
                updated_from=updated_from,
                after=after,
                limit=limit,
            )

    def level(self, actor: Actor, product_id: ProductId) -> StockRow:
        """Return the level of a product, or raise NotFound."""
        actor.require(self.permission)
        with self.unit_of_work.read_only(actor) as view:
            return view.stock.level(product_id)

    def levels(
        self, actor: Actor, *, after: Cursor | None = None, limit: int = 25
    ) -> Page[StockRow]:
        """Return a page of levels by code."""
        actor.require(self.permission)
        with self.unit_of_work.read_only(actor) as view:
            return view.stock.levels(after=after, limit=limit)

    def low(self, actor: Actor, *, after: Cursor | None = None, limit: int = 25) -> Page[StockRow]:
        """Return a page of levels at or below their low mark, by code."""
        actor.require(self.permission)
        with self.unit_of_work.read_only(actor) as view:
            return view.stock.low(view.tenant.inventory_since, after=after, limit=limit)

    def owed(self, actor: Actor, *, after: Cursor | None = None, limit: int = 25) -> Page[OwedRow]:
        """Return a page of paid lines that wait for goods, longest waiting first."""
        actor.require(self.permission)
        with self.unit_of_work.read_only(actor) as view:
            return view.stock.owed(after=after, limit=limit)

    def reservations(
        self,
        actor: Actor,
        *,
        state: ReservationState | None = ReservationState.HELD,
        after: Cursor | None = None,
        limit: int = 25,
    ) -> Page[Reservation]:
        """Return a page of reservations, oldest first; those held unless asked otherwise."""
        actor.require(self.permission)
        with self.unit_of_work.read_only(actor) as view:
            return view.stock.reservations(state=state, after=after, limit=limit)

    def fulfilment(self, actor: Actor, invoice_id: InvoiceId) -> StockOutcome:
        """Return how far the goods of an invoice are; nothing for one without goods."""
        actor.require(self.permission)
        with self.unit_of_work.read_only(actor) as view:
            rows = view.stock.reservations_of("invoice", invoice_id)
            return StockOutcome(reservations=rows)

    def movements(
        self,
        actor: Actor,
        wanted: MovementFilter | None = None,
        *,
        after: Cursor | None = None,
        limit: int = 25,
    ) -> Page[StockMovement]:
        """Return a page of movements, newest first."""
        actor.require(self.permission)
        with self.unit_of_work.read_only(actor) as view:
            part = wanted or MovementFilter()
            return view.stock.movements(part, after=after, limit=limit)

    def moved(
        self,
        actor: Actor,
        *,
        product_id: ProductId | None = None,
        source: UUID | None = None,
        kinds: Sequence[MovementKind] = (),
        since: datetime | None = None,
        until: datetime | None = None,
        after: Cursor | None = None,
        limit: int = 25,
    ) -> Page[StockMovement]:
        """Return a page of movements, newest first; of one product NotFound when it is missing.

        The period is half-open; without an end it has none.
        """
        actor.require(self.permission)
        start, end = since or FIRST_MOMENT, until or LAST_MOMENT
        if start >= end:
            return Page(())
        wanted = MovementFilter(
            sku=None if product_id is None else SkuId(product_id),
            source=source,
            kinds=kinds,
            period=None if since is None and until is None else Period(start, end),
        )
        with self.unit_of_work.read_only(actor) as view:
            if product_id is not None:
                view.stock.product(product_id)
            return view.stock.movements(wanted, after=after, limit=limit)

    def valuation(self, actor: Actor) -> Valuation:
        """Return what all goods on hand cost, in the cost currency."""
        actor.require(self.permission)
        with self.unit_of_work.read_only(actor) as view:
            return view.stock.valuation()

    def cost_of_goods(self, actor: Actor, period: Period) -> int:
        """Return what goods sold in a half-open period cost, less what came back."""
        actor.require(self.permission)
        with self.unit_of_work.read_only(actor) as view:
            return view.stock.cost_of_goods(period)

    def count(self, actor: Actor, count_id: CountId) -> StockCount:
        """Return a stocktake with its lines, or raise NotFound."""
        actor.require(self.permission)
        with self.unit_of_work.read_only(actor) as view:
            return view.stock.count(count_id)

    def differences(self, actor: Actor, count_id: CountId) -> tuple[Difference, ...]:
        """Return what committing a stocktake would change now, in units and value."""
        actor.require(self.permission)
        with self.unit_of_work.read_only(actor, snapshot=True) as view:
            count = view.stock.count(count_id)
            return differences(count, view.stock.book(count.lines, count.location))
