"""How every change of stock ends: waiting customers served, rows stored, facts recorded."""

from datetime import date, datetime

from kasa.application.entitlements import Entitlements
from kasa.application.ports.work import UnitOfWork
from kasa.domain.inventory.events import facts
from kasa.domain.inventory.giving import fill_owed
from kasa.domain.inventory.level import Act
from kasa.domain.inventory.movement import Source, effective_day
from kasa.domain.inventory.stock import StockChange
from kasa.domain.kernel.ids import LocationId
from kasa.domain.kernel.moments import business_date
from kasa.domain.subscriptions.plan import Feature


def act_of(work: UnitOfWork, source: Source, *, at: datetime, day: date | None = None) -> Act:
    """Return who moves goods, why and when; ``day`` is what reports show, today unless stated."""
    tenant = work.tenant
    on = Entitlements(work, at=at).covers(Feature.INVENTORY)
    return Act(
        tenant=tenant.id,
        source=source,
        at=at,
        day=effective_day(day, business_date(at, tenant.zone)),
        by=work.author,
        since=tenant.inventory_since if on else None,
    )


def home(work: UnitOfWork) -> LocationId:
    """Return the location of a shop that has only one."""
    return LocationId(work.tenant.id)


def keep_stock(work: UnitOfWork, change: StockChange, act: Act) -> StockChange:
    """Give freed goods to those who paid and wait, store everything, and record the facts.

    Returns the whole change. Nothing decided is nothing stored.
    """
    free = {level.sku for level in change.levels.values() if level.owed > 0 and level.free > 0}
    if free:
        waiting = work.stock.owed(free)
        rows = [row for row in waiting if row.id not in change.reservations]
        change = change.then(fill_owed(change.book.holding(rows), act))
    if change:
        work.stock.keep(change)
    work.events.record(*facts(change, act), at=act.at)
    return change
