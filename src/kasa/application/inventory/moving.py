"""Corrections by hand, goods that come back, and the undoing of one movement."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

import attrs

from kasa.application.entitlements import Entitlements
from kasa.application.inventory.receiving import listed, quantity_of
from kasa.application.ports.system import Clock, Ids
from kasa.application.ports.work import UnitOfWorkFactory
from kasa.application.workflows.stock_keeping import act_of, home, keep_stock
from kasa.domain.identity.access import Actor, Permission
from kasa.domain.inventory.goods import Correction, OnReserved, adjust, undo
from kasa.domain.inventory.level import StockBook, StockedSku
from kasa.domain.inventory.movement import MovementReason, Source
from kasa.domain.inventory.returning import Disposition, ReturnedLine, ReturnNothing, return_goods
from kasa.domain.inventory.stock import StockDone
from kasa.domain.inventory.unit import QuantityInvalid
from kasa.domain.kernel.ids import InvoiceId, LocationId, MovementId, ProductId, SkuId
from kasa.domain.subscriptions.plan import Feature

ADJUSTMENT, UNDO, INVOICE = "adjustment", "undo", "invoice"


@attrs.frozen(kw_only=True)
class AdjustedLine:
    """A correction of one product in its unit: by ``delta``, or ``set_to`` what is there.

    ``set_to`` comes with the version of the level that the person saw.
    """

    product: ProductId
    reason: MovementReason | None
    delta: Decimal | None = None
    set_to: Decimal | None = None
    expected_version: int | None = None
    note: str = ""


@attrs.frozen(kw_only=True, eq=False)
class AdjustStock:
    """Correct levels by hand, with a reason; all lines or none."""

    permission: ClassVar[Permission] = Permission.ADJUST_STOCK
    feature: ClassVar[Feature] = Feature.INVENTORY

    unit_of_work: UnitOfWorkFactory
    clock: Clock
    ids: Ids

    def __call__(
        self,
        actor: Actor,
        lines: Sequence[AdjustedLine],
        *,
        on_reserved: OnReserved = OnReserved.REFUSE,
        on: date | None = None,
    ) -> StockDone:
        """Return what moved; ``on`` is for reports."""
        actor.require(self.permission)
        now = self.clock.now()
        adjustment = self.ids.new(now)
        with self.unit_of_work(actor) as work:
            Entitlements(work, at=now).require(self.feature)
            act = act_of(work, Source(ADJUSTMENT, adjustment), at=now, day=on)
            skus = listed(line.product for line in lines)
            book = work.stock.lock(skus, home(work))
            book = book.holding(work.stock.held(skus))
            corrections = _corrections(book, home(work), lines, adjustment)
            change = adjust(book, corrections, act, on_reserved=on_reserved)
            return work.answer(StockDone.of(keep_stock(work, change, act), adjustment))


def _corrections(
    book: StockBook, location: LocationId, lines: Sequence[AdjustedLine], adjustment: UUID
) -> list[Correction]:
    found = []
    for no, line in enumerate(lines, 1):
        sku = book.sku(SkuId(line.product))
        found.append(
            Correction(
                place=(sku.id, location),
                key=f"{ADJUSTMENT}:{adjustment}:{no}",
                reason=line.reason,
                delta=_signed(sku, line.delta, no),
                set_to=_signed(sku, line.set_to, no),
                expected_version=line.expected_version,
                note=line.note,
            )
        )
    return found


def _signed(sku: StockedSku, quantity: Decimal | None, line_no: int) -> int | None:
    if quantity is None:
        return None
    if not quantity.is_finite():
        raise QuantityInvalid(line_no=line_no)
    size = quantity_of(sku, abs(quantity), None, line_no) if quantity else 0
    return -size if quantity < 0 else size


@attrs.frozen(kw_only=True)
class BroughtBack:
    """Goods of one line of an invoice, in the SKU's unit or a pack, and where they go."""

    line_no: int
    quantity: Decimal
    unit_code: str | None = None
    disposition: Disposition = Disposition.RESTOCK


@attrs.frozen(kw_only=True, eq=False)
class ReturnGoods:
    """Take goods of an invoice back without a credit note; money is not touched."""

    permission: ClassVar[Permission] = Permission.ADJUST_STOCK
    feature: ClassVar[Feature] = Feature.INVENTORY

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(
        self, actor: Actor, invoice_id: InvoiceId, lines: Sequence[BroughtBack]
    ) -> StockDone:
        """Return what moved; ``return.nothing`` where the line has no goods."""
        actor.require(self.permission)
        now = self.clock.now()
        with self.unit_of_work(actor) as work:
            Entitlements(work, at=now).require(self.feature)
            act = act_of(work, Source(INVOICE, invoice_id), at=now)
            found = {row.source.line: row for row in work.stock.reservations(INVOICE, invoice_id)}
            if not found or not {line.line_no for line in lines} <= found.keys():
                raise ReturnNothing
            book = work.stock.lock({row.sku for row in found.values()}, home(work))
            book = book.holding(work.stock.reservations(INVOICE, invoice_id))
            returned = []
            for line in lines:
                row = found[line.line_no]
                sku = book.sku(row.sku)
                quantity = quantity_of(sku, line.quantity, line.unit_code, line.line_no)
                returned.append(ReturnedLine(row.id, quantity, line.disposition))
            change = keep_stock(work, return_goods(book, returned, act), act)
            return work.answer(StockDone.of(change, invoice_id))


@attrs.frozen(kw_only=True, eq=False)
class UndoMovement:
    """Move back what one movement by hand moved, once; the movement itself stays."""

    permission: ClassVar[Permission] = Permission.ADJUST_STOCK
    feature: ClassVar[Feature] = Feature.INVENTORY

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(
        self,
        actor: Actor,
        movement_id: MovementId,
        *,
        on_reserved: OnReserved = OnReserved.REFUSE,
    ) -> StockDone:
        """Return what moved; ``movement.not_reversible`` for what invoices moved."""
        actor.require(self.permission)
        now = self.clock.now()
        with self.unit_of_work(actor) as work:
            Entitlements(work, at=now).require(self.feature)
            movement = work.stock.movement(movement_id)
            act = act_of(work, Source(UNDO, movement_id), at=now)
            book = work.stock.lock({movement.sku}, movement.location)
            book = book.holding(work.stock.held({movement.sku}))
            change = undo(
                book,
                movement,
                act,
                reversed_already=work.stock.is_reversed(movement_id),
                on_reserved=on_reserved,
            )
            return work.answer(StockDone.of(keep_stock(work, change, act), movement_id))
