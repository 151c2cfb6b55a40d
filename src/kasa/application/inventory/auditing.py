"""Whether levels are what their movements say; a difference is told, never silently repaired."""

from typing import ClassVar

import attrs

from kasa.application.ports.inventory import Drift
from kasa.application.ports.system import Clock
from kasa.application.ports.work import UnitOfWorkFactory
from kasa.application.workflows.stock_keeping import home
from kasa.application.workflows.sweeping import every_shop, shops_after
from kasa.domain.identity.access import Actor, Permission
from kasa.domain.inventory.audit import rebuilt
from kasa.domain.inventory.events import StockDrifted, StockRebuilt
from kasa.domain.inventory.level import Level
from kasa.domain.kernel.ids import ProductId, SkuId, TenantId


@attrs.frozen(kw_only=True)
class StockAudit:
    """The levels that differ from their movements or reservations; none is the good answer."""

    drifts: tuple[Drift, ...] = ()


@attrs.frozen(kw_only=True)
class Rebuilt:
    """A level before and after it was written anew from its movements."""

    before: Level
    after: Level


@attrs.frozen(kw_only=True, eq=False)
class AuditStock:
    """Compare every level with its movements and reservations."""

    permission: ClassVar[Permission] = Permission.ADJUST_STOCK

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(self, actor: Actor) -> StockAudit:
        """Return the levels that differ, and record ``StockDrifted`` for each."""
        actor.require(self.permission)
        now = self.clock.now()
        with self.unit_of_work(actor) as work:
            drifts = work.stock.drifts()
            told = [
                StockDrifted(subject=row.place[0], location=row.place[1], checks=row.checks)
                for row in drifts
            ]
            work.events.record(*told, at=now)
            return work.answer(StockAudit(drifts=drifts))


@attrs.frozen(kw_only=True, eq=False)
class RebuildLevel:
    """Write a level anew from its movements; recorded with both figures."""

    permission: ClassVar[Permission] = Permission.ADJUST_STOCK

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(self, actor: Actor, product_id: ProductId) -> Rebuilt:
        """Return the level before and after."""
        actor.require(self.permission)
        now = self.clock.now()
        with self.unit_of_work(actor) as work:
            place = (SkuId(product_id), home(work))
            before = work.stock.lock({place[0]}, place[1]).level(place)
            after = rebuilt(before, work.stock.history(place))
            work.stock.rewrite(after)
            told = StockRebuilt(
                subject=place[0], location=place[1], before=_figures(before), after=_figures(after)
            )
            work.events.record(told, at=now)
            return work.answer(Rebuilt(before=before, after=after))


def _figures(level: Level) -> dict[str, int]:
    return {
        "on_hand": level.on_hand,
        "reserved": level.reserved,
        "owed": level.owed,
        "value": level.value_minor,
        "version": level.version,
    }


@attrs.frozen(kw_only=True, eq=False)
class AuditEveryStock:
    """The nightly audit: every shop, one after the other."""

    unit_of_work: UnitOfWorkFactory
    audit: AuditStock

    def __call__(self) -> int:
        """Return how many levels differ in all."""
        return every_shop(
            self._tenants, lambda tenant: len(self.audit(Actor.system(tenant)).drifts)
        )

    def _tenants(self, after: TenantId | None) -> tuple[TenantId, ...]:
        with self.unit_of_work.platform() as work:
            return shops_after(work, after)
