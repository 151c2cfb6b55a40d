"""Counting what is really there: open, enter, look at the differences, commit or cancel."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import ClassVar

import attrs

from kasa.application.entitlements import Entitlements
from kasa.application.inventory.receiving import quantity_of
from kasa.application.ports.system import Clock, Ids
from kasa.application.ports.work import UnitOfWork, UnitOfWorkFactory
from kasa.application.workflows.stock_keeping import act_of, home, keep_stock
from kasa.domain.identity.access import Actor, Permission
from kasa.domain.inventory.events import StockCountCancelled, StockCounted, StockCountOpened
from kasa.domain.inventory.goods import OnReserved
from kasa.domain.inventory.level import StockUntracked
from kasa.domain.inventory.movement import MovementKind, Source
from kasa.domain.inventory.stock import StockChange
from kasa.domain.inventory.stocktake import (
    COUNT_LINES_LIMIT,
    CountLine,
    CountState,
    CountTooManyLines,
    StockCount,
    commit,
)
from kasa.domain.inventory.unit import QuantityInvalid
from kasa.domain.kernel.ids import CountId, ProductId, SkuId
from kasa.domain.subscriptions.plan import Feature

COUNT = "count"


@attrs.frozen(kw_only=True)
class CountedLine:
    """What was counted of a product, in its unit; a paper sheet says when."""

    product: ProductId
    counted: Decimal
    counted_at: datetime | None = None


@attrs.frozen(kw_only=True, eq=False)
class OpenCount:
    """Start counting, everything or some products; one count at a time."""

    permission: ClassVar[Permission] = Permission.ADJUST_STOCK
    feature: ClassVar[Feature] = Feature.INVENTORY

    unit_of_work: UnitOfWorkFactory
    clock: Clock
    ids: Ids

    def __call__(self, actor: Actor, products: Sequence[ProductId] = ()) -> StockCount:
        """Return the open count, or raise ``count.open``; one left for 7 days makes room."""
        actor.require(self.permission)
        now = self.clock.now()
        if len(products) > COUNT_LINES_LIMIT:
            raise CountTooManyLines(limit=COUNT_LINES_LIMIT)
        with self.unit_of_work(actor) as work:
            Entitlements(work, at=now).require(self.feature)
            work.products.several(products)
            self._make_room(work, now)
            count = StockCount(
                id=CountId(self.ids.new(now)),
                location=home(work),
                opened_at=now,
                changed_at=now,
                skus=tuple(SkuId(product) for product in products),
            )
            work.counts.add(count)
            opened = StockCountOpened(subject=count.id, location=count.location)
            work.events.record(opened, at=now)
            return work.answer(count)

    def _make_room(self, work: UnitOfWork, now: datetime) -> None:
        before = work.counts.opened(home(work))
        if before is not None and before.stale(now):
            work.counts.save(before.closed(CountState.CANCELLED, at=now))
            work.events.record(StockCountCancelled(subject=before.id), at=now)


@attrs.frozen(kw_only=True, eq=False)
class EnterCount:
    """Enter what was counted; each line remembers what the level said at that moment."""

    permission: ClassVar[Permission] = Permission.ADJUST_STOCK
    feature: ClassVar[Feature] = Feature.INVENTORY

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(self, actor: Actor, count_id: CountId, lines: Sequence[CountedLine]) -> StockCount:
        """Return the count with the lines, each in place of an earlier one."""
        actor.require(self.permission)
        now = self.clock.now()
        with self.unit_of_work(actor) as work:
            Entitlements(work, at=now).require(self.feature)
            count = work.counts.lock(count_id)
            count.require_open(now)
            entered = count.entered(_seen(work, count, lines, now), at=now)
            work.counts.save(entered)
            return work.answer(entered)


def _seen(
    work: UnitOfWork, count: StockCount, lines: Sequence[CountedLine], now: datetime
) -> list[CountLine]:
    if len(lines) > COUNT_LINES_LIMIT:
        raise CountTooManyLines(limit=COUNT_LINES_LIMIT)
    book = work.stock.lock({SkuId(line.product) for line in lines}, count.location)
    found = []
    for no, line in enumerate(lines, 1):
        sku = book.sku(SkuId(line.product))
        level = book.level((sku.id, count.location))
        if not level.tracked:
            raise StockUntracked(line_no=no)
        if line.counted < 0 or not line.counted.is_finite():
            raise QuantityInvalid(line_no=no)
        version, on_hand = level.version, level.on_hand
        if line.counted_at is not None:
            count.require_moment(line.counted_at, at=now)
            version, on_hand = work.stock.seen(level.place, line.counted_at)
        found.append(
            CountLine(
                sku=sku.id,
                counted=quantity_of(sku, line.counted, None, no) if line.counted else 0,
                counted_at=line.counted_at or now,
                seen_version=version,
                seen_on_hand=on_hand,
            )
        )
    return found


@attrs.frozen(kw_only=True, eq=False)
class CommitCount:
    """Correct every counted level by what its own line showed; what moved since stays moved."""

    permission: ClassVar[Permission] = Permission.ADJUST_STOCK
    feature: ClassVar[Feature] = Feature.INVENTORY

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(
        self, actor: Actor, count_id: CountId, *, on_reserved: OnReserved = OnReserved.REFUSE
    ) -> StockCount:
        """Return the committed count, or raise ``count.impossible`` or ``stock.reserved``."""
        actor.require(self.permission)
        now = self.clock.now()
        with self.unit_of_work(actor) as work:
            Entitlements(work, at=now).require(self.feature)
            count = work.counts.lock(count_id)
            closed = count.closed(CountState.COMMITTED, at=now)
            act = act_of(work, Source(COUNT, count.id), at=now)
            book = work.stock.lock(count.lines, count.location)
            book = book.holding(work.stock.held(count.lines))
            change = keep_stock(work, commit(count, book, act, on_reserved=on_reserved), act)
            work.counts.save(closed)
            work.events.record(_counted(closed, change), at=now)
            return work.answer(closed)


def _counted(count: StockCount, change: StockChange) -> StockCounted:
    moved = [row for row in change.movements if row.kind is MovementKind.COUNT]
    return StockCounted(
        subject=count.id,
        lines=len(count.lines),
        differences=len(moved),
        value=sum(row.d_value for row in moved),
    )


@attrs.frozen(kw_only=True, eq=False)
class CancelCount:
    """Drop a count; nothing changes."""

    permission: ClassVar[Permission] = Permission.ADJUST_STOCK

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(self, actor: Actor, count_id: CountId) -> StockCount:
        """Return it cancelled, or raise ``count.closed``."""
        actor.require(self.permission)
        now = self.clock.now()
        with self.unit_of_work(actor) as work:
            cancelled = work.counts.lock(count_id).closed(CountState.CANCELLED, at=now)
            work.counts.save(cancelled)
            work.events.record(StockCountCancelled(subject=cancelled.id), at=now)
            return work.answer(cancelled)
