"""Goods kept by hand, and what time does to all that is kept."""

from datetime import datetime
from decimal import Decimal
from typing import ClassVar

import attrs

from kasa.application.entitlements import Entitlements
from kasa.application.inventory.receiving import quantity_of
from kasa.application.ports.jobs import Job
from kasa.application.ports.system import Clock, Ids
from kasa.application.ports.work import UnitOfWork, UnitOfWorkFactory
from kasa.application.workflows.stock_keeping import (
    act_of,
    home,
    keep_hold,
    keep_stock,
)
from kasa.application.workflows.sweeping import every_shop, shops_after
from kasa.domain.identity.access import Actor, Permission
from kasa.domain.inventory.holding import Need, expire, release, reserve, shortages
from kasa.domain.inventory.level import Act, StockBook, require_counted
from kasa.domain.inventory.movement import NOTE_LIMIT, Source
from kasa.domain.inventory.reservation import (
    MANUAL_LIMIT,
    Reservation,
    ReservationReason,
    ReservationTooMany,
    ReservationWrongState,
    manual_expiry,
)
from kasa.domain.inventory.stock import StockChange
from kasa.domain.kernel.ids import ProductId, ReservationId, SkuId, TenantId
from kasa.domain.kernel.text import note
from kasa.domain.subscriptions.plan import Feature

MANUAL, SWEEP = "manual", "sweep"
BATCH = 500


@attrs.frozen(kw_only=True)
class WantedGoods:
    """Goods to keep by hand, in the SKU's unit or a pack, until a moment, and for whom."""

    product: ProductId
    quantity: Decimal
    until: datetime
    unit_code: str | None = None
    words: str = ""


@attrs.frozen(kw_only=True, eq=False)
class ReserveStock:
    """Keep goods by hand for at most 90 days."""

    permission: ClassVar[Permission] = Permission.RECEIVE_STOCK
    feature: ClassVar[Feature] = Feature.INVENTORY

    unit_of_work: UnitOfWorkFactory
    clock: Clock
    ids: Ids

    def __call__(self, actor: Actor, wanted: WantedGoods) -> Reservation:
        """Return the reservation, or raise ``stock.insufficient`` or ``reservation.*``."""
        actor.require(self.permission)
        now = self.clock.now()
        source = Source(MANUAL, self.ids.new(now), 1)
        with self.unit_of_work(actor) as work:
            Entitlements(work, at=now).require(self.feature)
            act = act_of(work, source, at=now)
            book = work.stock.lock({SkuId(wanted.product)}, home(work))
            change = keep_stock(work, _reserved(work, book, wanted, act), act)
            rows = change.reservations.values()
            (reservation,) = [row for row in rows if row.source == source]
            return work.answer(reservation)


def _reserved(work: UnitOfWork, book: StockBook, wanted: WantedGoods, act: Act) -> StockChange:
    sku = book.sku(SkuId(wanted.product))
    place = (sku.id, home(work))
    require_counted(book.level(place), act)
    if work.stock.manual_count() >= MANUAL_LIMIT:
        raise ReservationTooMany(limit=MANUAL_LIMIT)
    need = Need(
        source=act.source,
        place=place,
        quantity=quantity_of(sku, wanted.quantity, wanted.unit_code, 1),
        expires_at=manual_expiry(wanted.until, at=act.at),
        note=note(wanted.words, NOTE_LIMIT),
    )
    change = StockChange(book=book)
    if shortages(book, [need]):
        change = expire(book.holding(work.stock.expired({sku.id}, act.at)), act)
    return change.then(reserve(change.book, [need], act))


@attrs.frozen(kw_only=True, eq=False)
class ReleaseStock:
    """Give up what is held, by hand: a reservation by hand or the one of an invoice's line."""

    permission: ClassVar[Permission] = Permission.RECEIVE_STOCK

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(self, actor: Actor, reservation_id: ReservationId) -> Reservation:
        """Return it released, or raise ``reservation.wrong_state``."""
        actor.require(self.permission)
        now = self.clock.now()
        with self.unit_of_work(actor) as work:
            seen = work.stock.reservation(reservation_id)
            book = work.stock.lock({seen.sku}, seen.location)
            row = work.stock.reservation(reservation_id)
            if not row.held:
                raise ReservationWrongState(state=row.state.value)
            act = act_of(work, row.source, at=now)
            change = release(book.holding([row]), [row], act, ReservationReason.BY_HAND)
            return work.answer(keep_stock(work, change, act).book.reservation(row.id))


@attrs.frozen(kw_only=True, eq=False)
class SweepStock:
    """Release what is held longer than promised, and fill what waits for free goods."""

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(self) -> int:
        """Look at every shop and return how many SKUs were touched; twice changes nothing."""
        return every_shop(self._tenants, self.shop)

    def _tenants(self, after: TenantId | None) -> tuple[TenantId, ...]:
        with self.unit_of_work.platform() as work:
            return shops_after(work, after)

    def shop(self, tenant: TenantId) -> int:
        """Look at one shop and return how many SKUs were touched, at most 500."""
        now = self.clock.now()
        with self.unit_of_work(Actor.system(tenant)) as work:
            skus = work.stock.due(now, limit=BATCH)
            if skus:
                act = act_of(work, Source(SWEEP, tenant), at=now)
                book = work.stock.lock(skus, home(work))
                change = expire(book.holding(work.stock.expired(skus, now)), act)
                looked = {place: change.book.level(place) for place in book.levels}
                keep_stock(work, attrs.evolve(change, levels={**looked, **change.levels}), act)
        return len(skus)


@attrs.frozen(kw_only=True, eq=False)
class KeepHold:
    """Nobody loses goods while the evidence of a payment is read: 72 h more, at most 180 days."""

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(self, job: Job) -> None:
        """Move the end of what is held for the invoice that the evidence names."""
        with self.unit_of_work.read_only(job) as view:
            submitted = view.events.event(job.event).event
        now = self.clock.now()
        with self.unit_of_work(job) as work:
            if not work.events.once(job):
                return
            keep_hold(work, submitted, at=now)
