"""How every change of stock ends, and how long goods are kept while evidence is read."""

from datetime import date, datetime

import attrs

from kasa.application.entitlements import Entitlements
from kasa.application.ports.work import UnitOfWork
from kasa.domain.inventory.events import facts
from kasa.domain.inventory.giving import fill_owed
from kasa.domain.inventory.level import Act
from kasa.domain.inventory.movement import Source, effective_day
from kasa.domain.inventory.reservation import Reservation, kept_until
from kasa.domain.inventory.stock import StockChange
from kasa.domain.inventory.valuation import CostCurrencyFixed
from kasa.domain.kernel.events import Event
from kasa.domain.kernel.ids import LocationId
from kasa.domain.kernel.moments import business_date
from kasa.domain.payments.events import EvidenceSubmitted
from kasa.domain.subscriptions.plan import Feature
from kasa.domain.tenancy.tenant import TenantProfile


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


def hold_cost_currency(work: UnitOfWork, before: TenantProfile, after: TenantProfile) -> None:
    """Raise ``stock.cost_currency_fixed`` when a profile would value goods in another currency."""
    if before.cost_currency != after.cost_currency and work.stock.is_valued():
        raise CostCurrencyFixed(currency=before.cost_currency.code)


def keep_stock(work: UnitOfWork, change: StockChange, act: Act) -> StockChange:
    """Give freed goods to those who paid and wait, store everything, and record the facts.

    Returns the whole change. Nothing decided is nothing stored.
    """
    free = {level.sku for level in change.levels.values() if level.owed > 0 and level.free > 0}
    if free:
        waiting = work.stock.owed(free)
        rows = [row for row in waiting if row.id not in change.reservations]
        change = change.then(fill_owed(change.book.holding(rows), act))
    if any(movement.d_value > 0 for movement in change.movements):
        work.stock.value_in(work.tenant.profile.cost_currency)
    if change:
        work.stock.keep(change)
    work.events.record(*facts(change, act), at=act.at)
    return change


def keep_hold(work: UnitOfWork, event: Event, *, at: datetime) -> tuple[Reservation, ...]:
    """Keep the goods of an invoice for at least 72 h while evidence for it is read.

    Returns the reservations that got more time; any other event changes nothing.
    """
    if not isinstance(event, EvidenceSubmitted) or event.invoice is None:
        return ()
    held = [row for row in work.stock.reservations("invoice", event.invoice) if row.held]
    if not held:
        return ()
    book = work.stock.lock({row.sku for row in held}, home(work))
    change = StockChange(book=book)
    for row in work.stock.reservations("invoice", event.invoice):
        until = kept_until(row, at=at) if row.held else row.expires_at
        if until != row.expires_at:
            change = change.with_reservation(attrs.evolve(row, expires_at=until))
    if change:
        work.stock.keep(change)
    return tuple(change.reservations.values())
